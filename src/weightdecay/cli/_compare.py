"""``weightdecay compare``."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from weightdecay._names import DECAY_NAMES
from weightdecay.cli._fit import table_options
from weightdecay.cli._printing import command, strict_json, terminal
from weightdecay.errors import InputError
from weightdecay.language import Words, shown


def run_compare(
    data: str,
    decays: Sequence[str],
    given: dict[str, Any],
    out: Path | None,
    as_json: bool,
    words: Words,
) -> None:
    """Compare kinds of decay on the table `data`, and write a report into `out`, if given."""
    known = ", ".join(DECAY_NAMES)
    if not decays:
        raise InputError(words("table.error.no_decay", names=known))
    for name in decays:
        if name not in DECAY_NAMES:
            raise InputError(words("table.error.decay", value=shown(name), names=known))
        if list(decays).count(name) > 1:
            raise InputError(words("table.error.decay_twice", value=name))
    if out is not None and (out / "manifest.json").exists():
        raise InputError(words("report.error.holds_fit", folder=shown(out, 200)))
    options = table_options(given, words)
    from weightdecay.report import bars, staged
    from weightdecay.report.page import write_page
    from weightdecay.report.tables import compare_page, compare_text
    from weightdecay.tables import compare_decays, read

    source = read(data)
    try:
        with staged(out) if out else nullcontext() as place:
            with bars(words) as progress:
                summary = compare_decays(source, decays, options, progress)
            if place is not None:
                asked = command("compare", data, decay=decays, **given, out=out)
                write_page(compare_page(summary, asked), place, words.language)
                (place / "summary.json").write_text(strict_json(summary) + "\n", encoding="utf-8")
    except OSError as error:
        if out is None:
            raise
        reason = error.strerror or error
        said = words("error.folder", folder=shown(out, 200), reason=reason)
        raise InputError(said) from error
    if as_json:
        print(strict_json(summary))
        return
    console = terminal()
    for part in compare_text(summary, words):
        console.print(part, markup=False, highlight=False)
    if out is not None:
        said = words("report.wrote", file=shown(out / "report.html", 200))
        console.print(f"\n{said}", markup=False, highlight=False)
