"""``weightdecay report``."""

import os
from pathlib import Path

from weightdecay.cli._printing import strict_json
from weightdecay.errors import InputError
from weightdecay.language import Words, shown

#: What a report may end in: the document, and its static twin.
ENDINGS = (".html", ".md")


def run_report(run: str, out: Path | None, as_json: bool, words: Words) -> None:
    """Write the report of the folder `run` again, from its data alone."""
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise InputError(words("report.error.out_kind", file=shown(out, 200)))
    from weightdecay.report import staged
    from weightdecay.report.page import html, load, markdown

    place = Path(run)
    page = load(place, words)
    folder = place if place.is_dir() else place.parent
    file = out or folder / "report.html"
    if file.suffix.lower() == ".md":
        content = markdown(page, words.language, _pictures(folder, file.parent))
    else:
        content = html(page, words.language)
    try:
        with staged(file.parent) as written:
            (written / file.name).write_text(content, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        said = words("report.error.out", file=shown(file, 200), reason=reason)
        raise InputError(said) from None
    if as_json:
        title = getattr(page.title, words.language)
        print(strict_json({"verb": "report", "run": run, "title": title, "out": str(file)}))
        return
    print(words("report.wrote", file=shown(file, 200)))


def _pictures(folder: Path, seen_from: Path) -> dict[str, str]:
    """The pictures in a run folder, as they are seen from another."""
    found = sorted([*folder.glob("*.png"), *(folder / "figures").glob("*.png")])
    return {file.stem: Path(os.path.relpath(file, seen_from)).as_posix() for file in found}
