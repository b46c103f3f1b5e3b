"""``weightdecay fit``."""

import math
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from weightdecay.cli._printing import command, strict_json, terminal
from weightdecay.cli._speech import flag
from weightdecay.errors import InputError
from weightdecay.language import Phrase, Words, shown, told

#: Whole numbers of the options, and the least that each may be.
LEAST = {"seeds": 1, "folds": 2, "epochs": 1, "batch_size": 1}


def run_fit(
    data: str, given: dict[str, Any], out: Path | None, force: bool, as_json: bool, words: Words
) -> None:
    """Fit the table `data`, write the run folder and say what was found."""
    options = table_options(given, words)
    from weightdecay.report import save, staged
    from weightdecay.report.page import write_page
    from weightdecay.report.tables import figures, page, text
    from weightdecay.tables import TRAINING, check_free, read, write

    source = read(data)
    folder = out or Path("out") / source.name
    check_free(folder, source.place)
    try:
        found = _fitted(source, options, folder / TRAINING, force, words)
        # Both at once: neither is moved if the other fails.
        with staged(folder) as place, staged(folder / "figures") as drawn:
            summary = {**found.summary, "out": str(folder)}
            kept = ("data", "recipe", "choice", "rule", "rows", "seconds")
            about = {name: summary[name] for name in kept}
            write(place, found.model, about)
            found.path.save(place / "path.safetensors")
            (place / "summary.json").write_text(strict_json(summary) + "\n", encoding="utf-8")
            drawings = figures(summary, words)
            save(drawings, drawn)
            made = page(
                summary,
                found.path.results,
                found.shown,
                found.path.picks,
                found.model.target.scale**2,
                command("fit", data, **given, out=out),
            )
            pictures = {name: f"figures/{name}.png" for name in drawings}
            write_page(made, place, words.language, pictures)
        shutil.rmtree(folder / TRAINING)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(words("error.folder", folder=folder, reason=reason)) from error
    if as_json:
        print(strict_json(summary))
        return
    console = terminal()
    for part in text(summary, words):
        console.print(part, markup=False, highlight=False)
    console.print(
        f"\n{words('fit.wrote', folder=shown(folder, 200))}", markup=False, highlight=False
    )
    said = words("fit.predict_next", folder=shown(folder, 200))
    console.print(said, markup=False, highlight=False)


def _fitted(source: Any, options: Any, training: Path, force: bool, words: Words) -> Any:
    """Fit, keeping in `training` what is trained, so that the same command goes on from there."""
    from weightdecay._beginning import WhenBegun
    from weightdecay.report import bars
    from weightdecay.tables import fit

    def tell(said: Phrase) -> None:
        print(told(said, words), file=sys.stderr)

    resumed = training.exists()
    try:
        with WhenBegun(training, force, tell) as kept, bars(words) as progress:
            return fit(source, options, progress, kept)
    except KeyboardInterrupt:
        if training.exists():
            print(f"\n{words('run.interrupted', folder=shown(training, 200))}", file=sys.stderr)
        raise
    except InputError:
        if not resumed:  # what cannot be fitted leaves nothing behind
            shutil.rmtree(training, ignore_errors=True)
            with suppress(OSError):
                training.parent.rmdir()
        raise


def table_options(given: dict[str, Any], words: Words) -> Any:
    """The options of a fit: those given, checked, and defaults for the others."""
    given = {name: value for name, value in given.items() if value not in (None, [], ())}
    if given.get("task", "regression") not in ("regression", "classification"):
        raise InputError(words("table.error.task", value=given["task"]))
    if given.get("rule", "min") not in ("min", "1se"):
        raise InputError(words("table.error.rule", value=given["rule"]))
    for name, least in LEAST.items():
        if given.get(name, least) < least:
            values = {"option": flag(name), "value": given[name], "least": least}
            raise InputError(words("table.error.small", **values))
    if not (math.isfinite(given.get("lr", 1.0)) and given.get("lr", 1.0) > 0):
        raise InputError(words("table.error.lr", value=given["lr"]))
    if "hidden" in given:
        given["hidden"] = _hidden(given["hidden"], words)
    if "drop" in given:
        given["drop"] = tuple(given["drop"])
    from weightdecay.tables import Options

    return Options(**given)


def _hidden(said: str, words: Words) -> tuple[int, ...]:
    try:
        units = tuple(int(part) for part in said.split(","))
    except ValueError:
        units = (0,)
    if min(units) < 1:
        raise InputError(words("table.error.hidden", value=shown(said)))
    return units
