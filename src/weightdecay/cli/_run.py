"""``weightdecay run``."""

import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Any

from weightdecay.cli._printing import command, strict_json, terminal, warnings_told
from weightdecay.errors import InputError
from weightdecay.language import Phrase, Words, shown, told

#: The resolved study in its run folder.
STUDY = "study.toml"


def run_study(
    file: str,
    sets: Sequence[str],
    out: Path | None,
    force: bool,
    ray: str | None,
    as_json: bool,
    words: Words,
) -> None:
    """Run the study of `file`, or go on with it, and say what was found.

    Parameters
    ----------
    ray : str or None
        The address of a Ray cluster to train on; empty, one that is started here.
    """
    began = time.perf_counter()
    from weightdecay.engines import Ray
    from weightdecay.report import bars, save, staged
    from weightdecay.report.page import page_text, write_page
    from weightdecay.runs import RunFolder
    from weightdecay.studies import build, load, resolved, summary

    study = load(file, sets)
    # What the user's code prints is not the study.
    with redirect_stdout(sys.stderr):
        asked = build(study)
    folder = out or _home(file)
    executor = None if ray is None else Ray(ray or None, gpus=int(asked.device.startswith("cuda")))

    def tell(said: Phrase) -> None:
        print(told(said, words), file=sys.stderr)

    try:
        with (
            # Nor what Ray prints of workers that have died.
            redirect_stdout(sys.stderr),
            # Before the folder is there.
            nullcontext() if executor is None else executor.opened(),
            RunFolder(folder, force, tell) as opened,
            warnings_told(words),
        ):
            if not opened.manifest.stages:
                (folder / STUDY).write_text(resolved(study), encoding="utf-8")
            with bars(words) as progress:
                found = asked.run(
                    out=opened,
                    executor=executor,
                    progress=lambda done, total: progress("run", done, total),
                )
            page = found.page().model_copy(
                update={"command": command("run", file, set=sets, out=out)}
            )
            said = {
                "verb": "run",
                "study": file,
                "out": str(folder),
                "chunks_trained": opened.kept,
                **summary(found, asked.unit),
                "seconds": time.perf_counter() - began,
            }
            with staged(folder) as place, staged(folder / "figures") as drawn:
                # A path is a file; several learning rates, or kinds of decay, are one each.
                found.save(place if asked.several else place / "path.safetensors")
                # Anew: the networks may be those of a study that was judged in another way.
                (place / STUDY).write_text(resolved(study), encoding="utf-8")
                (place / "summary.json").write_text(strict_json(said) + "\n", encoding="utf-8")
                save({"path": _figure(found, words)}, drawn)
                write_page(page, place, words.language, {"path": "figures/path.png"})
    except KeyboardInterrupt:
        print(f"\n{words('run.interrupted', folder=shown(folder, 200))}", file=sys.stderr)
        raise
    except OSError as error:
        reason = error.strerror or error
        raise InputError(words("error.folder", folder=folder, reason=reason)) from error
    if as_json:
        print(strict_json(said))
        return
    console = terminal()
    for part in page_text(page, words):
        console.print(part, markup=False, highlight=False)
    key = "wrote" if opened.kept else "finished"
    console.print(
        f"\n{words(f'run.{key}', folder=shown(folder, 200))}", markup=False, highlight=False
    )


def _figure(found: Any, words: Words) -> Any:
    """The path of λ, or several, as a figure."""
    return found.plot(language=words.language).figure


def _home(file: str) -> Path:
    """Where a study goes if nobody says: out/NAME, or back where its resolved file lies."""
    place = Path(file).absolute().parent
    if (place / "manifest.json").is_file():
        return place
    return Path("out") / Path(file).stem
