"""What was met while predicting, for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from weightdecay.language import Words, shown
from weightdecay.report._writing import under
from weightdecay.report.tables._numbers import four, names

#: Scores that are shown, in this order.
SCORES = {"rmse": "rmse", "r2": "r2", "accuracy": "accuracy", "log_loss": "cross_entropy"}


def predict_text(summary: Mapping[str, Any], words: Words) -> Iterator[RenderableType]:
    """Return what is printed, line by line."""
    say = under(words, "predict")
    yield Text(say("rows", rows=summary["rows"], networks=summary["networks"]))
    if summary["extra"]:
        yield Text(say("extra", names=names(summary["extra"])))
    if summary["unseen"]:
        said = [f"{name}: {count}" for name, count in summary["unseen"].items()]
        yield Text(say("unseen", names=names(said)))
    if summary["missing"]:
        said = [f"{name}: {count}" for name, count in summary["missing"].items()]
        yield Text(say("missing", names=names(said)))
    if summary["unknown_targets"]:
        values = {"target": shown(summary["target"]), "count": summary["unknown_targets"]}
        yield Text(say("unknown_targets", **values))
    if summary["scores"]:
        found = [
            f"{words(f'fit.{label}')} {four(summary['scores'][key])}"
            for key, label in SCORES.items()
            if key in summary["scores"]
        ]
        values = {"rows": summary["rows_scored"], "target": shown(summary["target"])}
        yield Text(say("scores", **values, scores=", ".join(found)))
    if summary["out"]:
        yield Text(say("wrote", file=shown(summary["out"], 200)))
