"""A study as a file again, with everything that it leaves unsaid."""

from pathlib import Path

import tomli_w

from weightdecay.studies._load import located
from weightdecay.studies._schema import StudyFile


def resolved(study: StudyFile) -> str:
    """Return the text of a study file with every default written out and absolute paths.

    It loads to the same study from any folder. Keys without a value (``recipe.stopping``, where
    there is none) are left out, since TOML has no word for nothing.
    """
    where = study if study.folder is not None else located(study, Path.cwd())
    # Defaults of what a factory takes the place of, or of what there is none, are not of the file.
    without: dict[str, set[str]] = {}
    if study.model.factory is not None:
        without["model"] = {"activation"}
    if study.recipe.scheduler is None:
        without["recipe"] = {"schedule"}
    if study.decay.factory is not None:
        without["decay"] = {"kind"}
    return tomli_w.dumps(where.model_dump(exclude_none=True, exclude=without))
