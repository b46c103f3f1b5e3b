"""The run folder of a fit: numbers and JSON, nothing that runs when it is read."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from errno import EACCES, ENOTDIR
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np

from weightdecay._versions import versions
from weightdecay.errors import InputError
from weightdecay.language import phrase, shown
from weightdecay.sklearn._network import ACTIVATIONS
from weightdecay.tables._columns import Column, Kind
from weightdecay.tables._layout import Layout
from weightdecay.tables._model import Model
from weightdecay.tables._notations import NOTATIONS
from weightdecay.tables._scaling import from_lists
from weightdecay.tables._target import Target, Task

#: Of manifest.json and what it describes; a reader refuses a larger one.
SCHEMA = 1
#: What a manifest says it is of.
KIND = "weightdecay.fit"
#: Where a fit keeps the networks of its path until it is done.
TRAINING = "training"
MANIFEST, NETWORKS = "manifest.json", "model.safetensors"


def check_free(folder: Path, data: str) -> None:
    """Check that a run may be written into `folder`: it is new, empty, or a run of `data`.

    Empty it is, too, if all that it holds is the training of a fit that was interrupted.

    Parameters
    ----------
    folder : Path
    data : str
        What is fitted, as the user has named it.

    Raises
    ------
    InputError
    """
    if not folder.exists():
        above = next(place for place in folder.absolute().parents if place.exists())
        wrong = ENOTDIR if not above.is_dir() else 0 if os.access(above, os.W_OK) else EACCES
        if wrong:
            raise InputError(
                phrase("error.folder", folder=shown(folder), reason=os.strerror(wrong))
            )
        return
    if folder.is_dir() and {file.name for file in folder.iterdir()} <= {TRAINING}:
        return
    manifest = _manifest(folder) if folder.is_dir() else None
    if manifest is None:
        raise InputError(phrase("table.error.not_free", folder=shown(folder)))
    if (other := manifest.get("data")) != data:
        said = {"folder": shown(folder), "data": shown(other)}
        raise InputError(phrase("table.error.other_run", **said))


def write(folder: Path, model: Model, about: Mapping[str, Any]) -> None:
    """Write a model into `folder`, which is there.

    Parameters
    ----------
    folder : Path
    model : Model
    about : mapping
        What the manifest says besides: recipe, λ ...
    """
    from safetensors.numpy import save_file

    tensors = {
        # As torch has them, so that they load into a Sequential of Linear layers.
        f"{seed}.{2 * layer}.{part}": np.ascontiguousarray(array.T)
        for seed, (coefs, intercepts) in enumerate(model.networks)
        for part, arrays in (("weight", coefs), ("bias", intercepts))
        for layer, array in enumerate(arrays)
    }
    save_file(tensors, str(folder / NETWORKS), metadata={"weightdecay": KIND})
    scaling = model.scaling
    manifest = {
        "kind": KIND,
        "schema": SCHEMA,
        "versions": versions("pandas"),
        "target": asdict(model.target),
        "columns": [asdict(column) for column in model.layout.columns],
        "features": [
            {"name": name, "median": median, "mean": mean, "scale": scale}
            for name, median, mean, scale in zip(
                model.layout.names,
                scaling.median.tolist(),
                scaling.mean.tolist(),
                scaling.scale.tolist(),
                strict=True,
            )
        ],
        "activation": model.activation,
        "networks": len(model.networks),
        **about,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Model:
    """Read what :func:`write` wrote.

    Raises
    ------
    InputError
        If the folder holds no such run, or one that is damaged or of a later version.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    place = shown(folder)
    manifest = _manifest(folder)
    if manifest is None:
        raise InputError(phrase("table.error.no_run", folder=place))
    if manifest.get("schema") != SCHEMA:
        said = shown(manifest.get("schema"))
        raise InputError(phrase("table.error.schema", folder=place, schema=said, known=SCHEMA))
    try:
        tensors = load_file(str(folder / NETWORKS))
        return _model(manifest, tensors)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
        reason = shown(f"{type(error).__name__}: {error}", 120)
        raise InputError(phrase("table.error.damaged", folder=place, reason=reason)) from None


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a fit; None if there is none."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and said.get("kind") == KIND else None


def _model(manifest: dict[str, Any], tensors: dict[str, Any]) -> Model:
    columns = tuple(
        Column(**{**column, "levels": tuple(column["levels"]), "marks": tuple(column["marks"])})
        for column in manifest["columns"]
    )
    said = {"marks": (), **manifest["target"]}
    target = Target(**{**said, **{part: tuple(said[part]) for part in ("classes", "marks")}})
    if target.task not in get_args(Task) or any(c.kind not in get_args(Kind) for c in columns):
        raise ValueError("its task or the kind of a column is unknown")
    layout = Layout(columns)
    if not {*layout.notations.values(), *target.notations.values()} <= NOTATIONS.keys():
        raise ValueError("the notation of a column is unknown")
    features = manifest["features"]
    if [feature["name"] for feature in features] != list(layout.names):
        raise ValueError("its features are not those of its columns")
    scaling = from_lists(*([f[part] for f in features] for part in ("median", "mean", "scale")))
    if not (np.isfinite([target.mean, target.scale]).all() and scaling.is_finite):
        raise ValueError("its scaling is not finite")
    if manifest["activation"] not in ACTIVATIONS:
        raise ValueError("its activation is unknown")
    networks = []
    for seed in range(manifest["networks"]):
        layers = sum(name.startswith(f"{seed}.") for name in tensors) // 2
        coefs = [tensors[f"{seed}.{2 * layer}.weight"].T for layer in range(layers)]
        intercepts = [tensors[f"{seed}.{2 * layer}.bias"] for layer in range(layers)]
        sizes = [len(features), *(len(b) for b in intercepts)]
        shapes = list(pairwise(sizes))
        if not layers or [w.shape for w in coefs] != shapes or sizes[-1] != target.outputs:
            raise ValueError("its networks do not fit its columns")
        networks.append((coefs, intercepts))
    if not networks:
        raise ValueError("it has no network")
    return Model(layout, scaling, target, tuple(networks), manifest["activation"])
