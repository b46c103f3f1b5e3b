"""The static twin of a page, for readers without a browser: headings, tables, pictures."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from weightdecay.language import Words, shown
from weightdecay.report.page._data import (
    Band,
    Confusion,
    CurveFit,
    Error,
    Fit,
    Kinds,
    Norms,
    Page,
    Path,
    Seeds,
    Text,
    Training,
    Verdict,
)
from weightdecay.report.page._text import number, percent

#: Rows of a table of points: the whole is in the data.
MOST_ROWS = 12
#: Characters of a text; the whole is in the data.
LONGEST = 2_000
#: What has a meaning in Markdown, or as HTML in it, wherever it stands.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&#!{}])")
#: What makes a line one of a list.
_LIST = re.compile(r"^(\d*)([-+=.)])")


def markdown(page: Page, language: str, figures: Mapping[str, str] | None = None) -> str:
    """Return a page as Markdown, in one language.

    Parameters
    ----------
    page : Page
    language : {"en", "zh"}
    figures : mapping of str to str, optional
        Pictures: their names, and where they are, seen from the file.
    """
    blocks = _Twin(page, Words(language)).blocks(figures or {})
    return "\n\n".join(blocks) + "\n"


def escaped(said: object) -> str:
    """Return text of anybody's such that Markdown shows it as it is, on one line."""
    return _LIST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", _line(said)))


class _Twin:
    """One page in one language."""

    def __init__(self, page: Page, words: Words) -> None:
        self.page = page
        self.words = words

    def __call__(self, said: Text) -> str:
        return escaped(getattr(said, self.words.language))

    def say(self, key: str, **values: object) -> str:
        return escaped(self.words(f"report.markdown.{key}", **values))

    def about(self, measure: Text, over: Text) -> str:
        said = {"measure": measure, "over": over}
        return self.say("about", **{k: getattr(v, self.words.language) for k, v in said.items()})

    def blocks(self, figures: Mapping[str, str]) -> Iterator[str]:
        page = self.page
        yield f"# {self(page.title)}"
        yield self(page.subtitle)
        if page.verdict is not None:
            yield from self.verdict(page.verdict)
        for name, place in figures.items():
            yield f"![{escaped(name)}]({quote(place)})"
        if page.path is not None:
            yield from self.along(page, page.path)
        if page.kinds is not None:
            yield from self.kinds(page.kinds)
        for section in page.sections:
            yield f"## {self(section.title)}"
            yield from map(self, section.paragraphs)
            if section.table is not None:
                rows = [[self(cell) for cell in row] for row in section.table.rows]
                yield _table([self(column) for column in section.table.columns], rows)
        yield f"## {self.say('setup')}"
        yield _list(f"{self(line.name)}: {self(line.value)}" for line in page.setup)
        if page.thinned:
            yield _list(map(self, page.thinned))
        yield f"## {self.say('again')}"
        yield _code(page.command)
        yield ", ".join(f"{escaped(name)} {escaped(v)}" for name, v in page.versions.items())

    def verdict(self, verdict: Verdict) -> Iterator[str]:
        yield f"## {self.say('verdict')}"
        yield f"**{self(verdict.sentence)}**"
        yield self(verdict.how)
        if verdict.notes:
            yield _list(map(self, verdict.notes))

    def along(self, page: Page, path: Path) -> Iterator[str]:
        """Panels over λ, and at the chosen one."""
        at = path.chosen if path.chosen is not None else len(path.values) - 1
        if path.chosen is not None:
            yield self.say("chosen", value=self.lambdas(path)[at])
        if page.error is not None:
            yield from self.error(page.error, path)
        if page.fit is not None:
            yield from self.fit(page.fit, path, at)
        if page.norms is not None:
            yield from self.norms(page.norms, path)
        if page.training is not None:
            yield from self.training(page.training, path, at)
        if page.seeds is not None:
            yield from self.seeds(page.seeds, path)

    def lambdas(self, path: Path) -> list[str]:
        return [number(value, 3) for value in path.values]

    def over_lambda(self, path: Path, columns: Sequence[tuple[str, Iterable[str]]]) -> str:
        heads = [self(path.name)]
        cells = [self.lambdas(path)]
        if path.other is not None:
            heads.append(self(path.other.name))
            cells.append([number(value * path.other.factor, 3) for value in path.values])
        heads += [head for head, _ in columns]
        cells += [list(column) for _, column in columns]
        rows = [list(row) for row in zip(*cells, strict=True)]
        if path.chosen is not None:
            rows[path.chosen] = [f"**{cell}**" for cell in rows[path.chosen]]
        return _table(heads, rows)

    def error(self, error: Error, path: Path) -> Iterator[str]:
        yield f"## {self.say('error')}"
        yield self.about(error.measure, error.over)
        yield self.over_lambda(path, [(self(c.name), _bracketed(c.band)) for c in error.curves])
        if error.references:
            yield _list(f"{self(line.name)}: {number(line.value)}" for line in error.references)

    def fit(self, fit: Fit, path: Path, at: int) -> Iterator[str]:
        panel = fit.shown
        value = self.lambdas(path)[at]
        yield f"## {self.say('fit', value=value)}"
        if isinstance(panel, CurveFit):
            yield from self.curve(panel, at)
        else:
            yield self(panel.about)
            if isinstance(panel, Confusion):
                yield self.confusion(panel, at)
            else:
                yield self.agreement(panel.observed, panel.predicted[at])
        if fit.dependence:
            yield f"## {self.say('dependence', value=value)}"
            if fit.dependence_about is not None:
                yield self(fit.dependence_about)
        for one in fit.dependence:
            points: Sequence[Any] = one.levels if one.levels is not None else one.at or ()
            head = escaped(one.column)
            named = [escaped(p) if isinstance(p, str) else number(p) for p in points]
            band = Band(estimate=one.mean[at], low=one.low[at], high=one.high[at])
            rows = [list(row) for row in zip(named, _bracketed(band), strict=True)]
            of = self.say("probability", name=one.of) if one.of else self.say("prediction")
            yield _table([head, of], rows)

    def curve(self, panel: CurveFit, at: int) -> Iterator[str]:
        yield f"{self(panel.mean_name)}; {self(panel.band)}"
        band = Band(estimate=panel.mean[at], low=panel.low[at], high=panel.high[at])
        columns: dict[str, list[str]] = {
            self(panel.x_name): [number(x) for x in panel.x],
            self(panel.mean_name): list(_bracketed(band)),
        }
        if panel.truth is not None and panel.truth_name is not None:
            columns[self(panel.truth_name)] = [number(y) for y in panel.truth]
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        step = -(-len(rows) // MOST_ROWS)
        yield _table(list(columns), rows[::step])

    def confusion(self, panel: Confusion, at: int) -> str:
        names = [escaped(name) for name in panel.classes]
        rows = [[name, *map(str, row)] for name, row in zip(names, panel.counts[at], strict=True)]
        return _table([self.say("observed"), *names], rows)

    def agreement(self, observed: Sequence[float], predicted: Sequence[float | None]) -> str:
        pairs = [(a, b) for a, b in zip(observed, predicted, strict=True) if b is not None]
        if not pairs:
            return self.say("nothing")
        error = (sum((a - b) ** 2 for a, b in pairs) / len(pairs)) ** 0.5
        return self.say("agreement", count=len(pairs), error=number(error))

    def norms(self, norms: Norms, path: Path) -> Iterator[str]:
        yield f"## {self.say('norms')}"
        yield self(norms.over)
        not_decayed = f" ({self.say('not_decayed')})"
        columns = [
            (escaped(layer.name) + ("" if layer.decayed else not_decayed), _bracketed(layer.norm))
            for layer in norms.layers
        ]
        yield self.over_lambda(path, columns)

    def training(self, training: Training, path: Path, at: int) -> Iterator[str]:
        yield f"## {self.say('training', value=self.lambdas(path)[at])}"
        yield self.about(training.measure, training.over)
        columns = {
            self.say("epoch"): training.epoch,
            self.say("train"): training.train[at],
            self.say("penalty"): training.penalty[at],
        }
        if training.test is not None and training.test_name is not None:
            columns[self(training.test_name)] = training.test[at]
        rows = [[number(v) for v in row] for row in zip(*columns.values(), strict=True)]
        step = -(-len(rows) // MOST_ROWS)
        # Counted from the end, so that the last epoch is among them.
        yield _table(list(columns), rows[::-1][::step][::-1])

    def seeds(self, seeds: Seeds, path: Path) -> Iterator[str]:
        yield f"## {self.say('seeds')}"
        yield self(seeds.about)
        counted = ("alive", "dead", "flat", "diverged")
        met = [name for name in counted if any(name in row for row in seeds.status)]
        yield self.over_lambda(
            path,
            [
                (self.say(name), [str(sum(s == name for s in row)) for row in seeds.status])
                for name in met
            ],
        )

    def kinds(self, kinds: Kinds) -> Iterator[str]:
        yield f"## {self.say('kinds') if kinds.title is None else self(kinds.title)}"
        yield self.about(kinds.measure, kinds.over)
        rows = [
            [
                self(kind.name),
                number(kind.choice, 3),
                _interval(kind.error, kind.low, kind.high),
                "" if kind.note is None else self(kind.note),
            ]
            for kind in kinds.kinds
        ]
        each = self.say("kind") if kinds.each is None else self(kinds.each)
        yield _table([each, "λ", self.say("error"), self.say("note")], rows)
        if not kinds.pairs:
            return
        yield f"## {self.say('pairs')}"
        if kinds.pairs_about is not None:
            yield self(kinds.pairs_about)
        language = self.words.language
        pairs = [
            [
                self.say(
                    "against",
                    first=getattr(pair.first, language),
                    second=getattr(pair.second, language),
                ),
                percent(pair.change),
                f"{percent(pair.low)} … {percent(pair.high)}",
                self(pair.verdict),
            ]
            for pair in kinds.pairs
        ]
        heads = map(self.say, ("pair", "change", "interval", "verdict"))
        yield _table(list(heads), pairs)


def _line(said: object) -> str:
    """Return text on one line, what cannot be seen of it as escapes."""
    return shown(" ".join(str(said).split()), LONGEST)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _code(said: str) -> str:
    """A line of code between more backticks than there are in it."""
    line = _line(said)
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{line}\n{fence}"


def _bracketed(band: Band) -> Iterator[str]:
    for estimate, low, high in zip(band.estimate, band.low, band.high, strict=True):
        yield _interval(estimate, low, high)


def _interval(estimate: float | None, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return number(estimate)
    return f"{number(estimate)} ({number(low)} … {number(high)})"
