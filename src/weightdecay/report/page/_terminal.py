"""What a page says, for the terminal: error against λ, the choice, the verdict."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from weightdecay.language import Words
from weightdecay.report._writing import heading, table, under
from weightdecay.report.page._data import Error, Kinds, Page, Path
from weightdecay.report.page._text import number


def page_text(page: Page, words: Words) -> Iterator[RenderableType]:
    """Return what is printed, part by part: nothing in it is read as markup.

    Parameters
    ----------
    page : Page
    words : Words
    """
    say = under(words, "report.markdown")
    language = words.language
    yield heading(getattr(page.title, language))
    yield Text(getattr(page.subtitle, language))
    if page.path is not None and page.error is not None:
        yield heading(say("error"))
        yield _errors(page.path, page.error, language)
        yield Text(getattr(page.error.over, language))
        if page.path.chosen is not None:
            yield Text(say("chosen", value=number(page.path.values[page.path.chosen], 3)))
    if page.kinds is not None:
        yield from _kinds(page.kinds, words)
    if page.verdict is not None:
        yield heading(say("verdict"))
        for told in (page.verdict.sentence, page.verdict.how, *page.verdict.notes):
            yield Text(getattr(told, language))


def _kinds(kinds: Kinds, words: Words) -> Iterator[RenderableType]:
    say = under(words, "report.markdown")
    language = words.language
    yield heading(say("kinds") if kinds.title is None else getattr(kinds.title, language))
    each = say("kind") if kinds.each is None else getattr(kinds.each, language)
    made = table(each, "λ", f"{say('error')}, 95 %", say("note"))
    for kind in kinds.kinds:
        error = number(kind.error)
        if None not in (kind.low, kind.high):
            error += f" ({number(kind.low)} … {number(kind.high)})"
        note = "" if kind.note is None else getattr(kind.note, language)
        cells = (getattr(kind.name, language), number(kind.choice, 3), error, note)
        made.add_row(*map(Text, cells))
    yield made


def _errors(path: Path, error: Error, language: str) -> RenderableType:
    heads = [f"{getattr(curve.name, language)}, 95 %" for curve in error.curves]
    made = table(getattr(path.name, language), *heads)
    for place, value in enumerate(path.values):
        cells = [number(value, 3)]
        for curve in error.curves:
            bounds = (curve.band.low[place], curve.band.high[place])
            said = number(curve.band.estimate[place])
            if None not in bounds:
                said += f" ({number(bounds[0])} … {number(bounds[1])})"
            cells.append(said)
        made.add_row(*map(Text, cells), style="bold" if place == path.chosen else "")
    return made
