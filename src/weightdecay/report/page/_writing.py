"""A page as files: its data, the document made from them, and the static twin."""

from collections.abc import Mapping
from pathlib import Path

from weightdecay.report.page._data import Page
from weightdecay.report.page._markdown import markdown
from weightdecay.report.page._reading import NAME

HTML, MARKDOWN = "report.html", "report.md"


def write_page(
    page: Page, folder: Path, language: str, figures: Mapping[str, str] | None = None
) -> None:
    """Write ``report.json``, ``report.html`` and ``report.md`` into `folder`, which is there.

    Parameters
    ----------
    page : Page
    folder : Path
    language : {"en", "zh"}
        Of the twin, and what the document opens in; the data have both.
    figures : mapping of str to str, optional
        Pictures that the twin shows: their names, and where they are, seen from `folder`.
    """
    from weightdecay.report.page._html import html

    (folder / NAME).write_text(page.model_dump_json() + "\n", encoding="utf-8")
    (folder / HTML).write_text(html(page, language), encoding="utf-8")
    (folder / MARKDOWN).write_text(markdown(page, language, figures), encoding="utf-8")
