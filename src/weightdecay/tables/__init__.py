"""Tables: from a file to a chosen λ, a verdict, and a model that predicts new rows."""

from weightdecay.tables._compare import compare_decays
from weightdecay.tables._decays import KINDS
from weightdecay.tables._embedded import EMBEDDED
from weightdecay.tables._fit import Fitted, fit, path_rows, plain
from weightdecay.tables._folder import TRAINING, check_free, load, write
from weightdecay.tables._model import Model, Predictions, predictions
from weightdecay.tables._options import Options
from weightdecay.tables._predict import Predicted, predict
from weightdecay.tables._reading import Source, read
from weightdecay.tables._writing import as_csv, write_frame

__all__ = [
    "EMBEDDED",
    "KINDS",
    "TRAINING",
    "Fitted",
    "Model",
    "Options",
    "Predicted",
    "Predictions",
    "Source",
    "as_csv",
    "check_free",
    "compare_decays",
    "fit",
    "load",
    "path_rows",
    "plain",
    "predict",
    "predictions",
    "read",
    "write",
    "write_frame",
]
