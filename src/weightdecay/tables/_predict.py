"""Predict new rows with a saved model, and say what was met on the way."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from weightdecay.tables._layout import check
from weightdecay.tables._model import Model, predictions
from weightdecay.tables._reading import Source
from weightdecay.tables._scores import scores


@dataclass(frozen=True)
class Predicted:
    """Predictions of a table.

    Parameters
    ----------
    frame : pandas.DataFrame [N, ...]
        "prediction" and "spread"; for classes "probability of NAME" of each one in between.
    summary : dict
        Numbers, strings and lists only.
    """

    frame: Any
    summary: dict[str, Any]


def predict(model: Model, source: Source) -> Predicted:
    """Predict the rows of a table.

    The prediction is the mean over the networks, and the spread its standard deviation over them:
    what another initialisation would change, and not how far a prediction may be from the truth. Of
    classes the spread is that of the probability of the one predicted.

    Raises
    ------
    InputError
        If a column that was fitted is missing, or holds text where numbers or dates were.
    """
    frame, target = source.frame, model.target
    met = check(model.layout, frame, source.place)
    found = predictions(model, frame)
    known = {target.name, *source.index, *(column.name for column in model.layout.columns)}
    summary: dict[str, Any] = {
        "verb": "predict",
        "data": source.place,
        "rows": len(frame),
        "task": target.task,
        "target": target.name,
        "networks": len(model.networks),
        "extra": [name for name in frame.columns if name not in known],
        "unseen": met.unseen,
        "missing": met.missing,
        "unknown_targets": 0,
        "scores": None,
    }
    if target.task == "regression":
        made = pd.DataFrame({"prediction": found.mean, "spread": found.spread})
        standard = (found.mean - target.mean) / target.scale
    else:
        best = found.mean.argmax(axis=1)
        columns: dict[str, Any] = {"prediction": [target.classes[k] for k in best]}
        for k, name in enumerate(target.classes):
            columns[f"probability of {name}"] = found.mean[:, k]
        columns["spread"] = found.spread[range(len(best)), best]
        made, standard = pd.DataFrame(columns), found.mean
    if target.name in frame.columns:
        cells = frame[target.name]
        y, scored = target.encode(cells)
        there = cells.notna() & ~cells.astype(str).isin(target.marks)
        summary["unknown_targets"] = int((there.to_numpy() & ~scored).sum())
        if scored.any():
            summary["scores"] = scores(target, standard[scored], y[scored])
            summary["rows_scored"] = int(scored.sum())
    return Predicted(made, summary)
