"""``weightdecay demo``."""

import math
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from weightdecay._demos import EXPERIMENTS
from weightdecay.cli._printing import command, strict_json, terminal
from weightdecay.cli._speech import flag
from weightdecay.errors import InputError
from weightdecay.language import Words


def run_demo(
    experiment: str, given: dict[str, Any], out: Path | None, as_json: bool, words: Words
) -> None:
    options = checked(experiment, given, words)

    from weightdecay.report import bars, save, staged
    from weightdecay.report.page import write_page

    try:
        with staged(out) if out else nullcontext() as folder:
            with bars(words) as progress:
                shown = EXPERIMENTS[experiment].run(progress, **options)
            text = strict_json(shown.summary)
            if folder is not None:
                drawings = shown.figures(words)
                save(drawings, folder)
                asked = command("demo", experiment, **given, out=out)
                pictures = {name: f"{name}.png" for name in drawings}
                write_page(shown.page(asked), folder, words.language, pictures)
                (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
                if shown.results is not None:
                    shown.results.to_netcdf(folder / "results.nc", engine="scipy")
    except OSError as error:
        if out is None:
            raise
        raise InputError(words("error.folder", folder=out, reason=error.strerror)) from error

    if as_json:
        print(text)
        return
    console = terminal()
    for part in shown.text(words):
        console.print(part, highlight=False)
    if out:
        console.print(f"\n{words('cli.wrote', folder=out)}", markup=False, highlight=False)


def checked(experiment: str, given: dict[str, Any], words: Words) -> dict[str, Any]:
    """The options of `experiment`: those given, checked, and its own defaults for the others."""
    if experiment not in EXPERIMENTS:
        raise InputError(words("error.experiment", name=experiment, names=", ".join(EXPERIMENTS)))
    taken = EXPERIMENTS[experiment].options
    given = {name: value for name, value in given.items() if value not in (None, [])}
    for name in given:
        if name not in taken:
            known = ", ".join(map(flag, taken))
            raise InputError(
                words("error.not_taken", option=flag(name), name=experiment, options=known)
            )
    if not 0 <= given.get("seed", 0) < 2**64:
        raise InputError(words("error.seed", value=given["seed"]))
    if given.get("seeds", 1) < 1:
        raise InputError(words("error.seeds", value=given["seeds"]))
    if given.get("only", "meant") not in ("published", "meant"):
        raise InputError(words("error.only", value=given["only"]))
    path = given.get("weight_decay", ())
    for value in path:
        if not (math.isfinite(value) and value >= 0):
            raise InputError(words("error.weight_decay", value=value))
    if path:
        if not any(path):
            raise InputError(words("error.only_zero"))
        given["weight_decay"] = tuple(sorted({0.0, *path}))
    return {**taken, **given}
