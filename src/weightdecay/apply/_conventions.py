"""What people mean by a coefficient of decay, each as a factor to torch's ``weight_decay``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Penalized = Literal["L2", "L1"]
Entry = Literal["loss", "step", "either"]
Factor = Callable[[Mapping[str, float]], float]


@dataclass(frozen=True)
class Convention:
    """One way to write λ down; what it says in words is in the language catalogues.

    λ is the ``weight_decay`` of ``torch.optim`` beside a loss that is a mean over the rows of a
    batch, cross-entropy or *half* the squared error: the objective is mean loss + λ·Ω(w), with
    Ω = ½Σw² (``"L2"``), or Σ|w| (``"L1"``). A coefficient v of this convention is
    λ = factor·v, or λ = factor/v where it is `inverse`.

    Attributes
    ----------
    factors : mapping
        For each penalty that it weighs, the factor as a function of the quantities in `needs`.
    formula : str
        λ, in words of :func:`weightdecay.convert`'s arguments; v is the value.
    needs : tuple of str
        The quantities that the factor is made of; `optional` ones have a default.
    enters : {"loss", "step", "either"}
        Whether v is of a penalty in the loss or of a decay on the step; torch's own is either.
    inverse : bool
        Whether λ falls as v grows.
    source : str
        Where the convention is defined.
    on_step : Convention, optional
        What v is beside a decay on the step, if that is another factor.
    """

    factors: Mapping[Penalized, Factor]
    formula: str
    source: str
    needs: tuple[str, ...] = ()
    enters: Entry = "loss"
    inverse: bool = False
    on_step: "Convention | None" = None

    def beside(self, other: "Convention") -> "Convention":
        """What this is where it is converted to `other` or from it."""
        return self.on_step if self.on_step and other.enters == "step" else self

    def to_torch(self, value: float, penalized: Penalized, known: Mapping[str, float]) -> float:
        """λ of torch for `value` in this convention."""
        factor = self.factors[penalized](known)
        return factor / value if self.inverse else factor * value

    def from_torch(
        self, weight_decay: float, penalized: Penalized, known: Mapping[str, float]
    ) -> float:
        """The value in this convention for λ of torch."""
        factor = self.factors[penalized](known)
        if not self.inverse:
            return weight_decay / factor
        return factor / weight_decay if weight_decay else float("inf")


def _one(known: Mapping[str, float]) -> float:
    return 1.0


def _l2(factor: Factor) -> Mapping[Penalized, Factor]:
    return {"L2": factor}


def _l1(factor: Factor) -> Mapping[Penalized, Factor]:
    return {"L1": factor}


_LOSHCHILOV = "I. Loshchilov and F. Hutter, arXiv 1711.05101"
_XIE = "Z. Xie et al., arXiv 2011.11152"
_WANG = "X. Wang and L. Aitchison, arXiv 2405.13698"

# The outputs of MSELoss count since it averages over them too; scikit-learn adds them up.
CONVENTIONS: Mapping[str, Convention] = {
    "torch": Convention(_l2(_one), "v", "torch.optim", enters="either"),
    "torch-mse": Convention(
        _l2(lambda known: known["outputs"] / 2),
        "v·outputs / 2",
        "torch.nn.MSELoss",
        ("outputs",),
    ),
    "torch-sum": Convention(
        _l2(lambda known: 1 / known["batch_size"]),
        "v / batch_size",
        'reduction="sum" of torch.nn losses',
        ("batch_size",),
    ),
    "torch-mse-sum": Convention(
        _l2(lambda known: 1 / (2 * known["batch_size"])),
        "v / (2·batch_size)",
        'torch.nn.MSELoss(reduction="sum")',
        ("batch_size",),
    ),
    "d2l": Convention(_l2(_one), "v", "A. Zhang et al., Dive into Deep Learning, section 3.7"),
    "keras": Convention(_l2(lambda known: 2.0), "2·v", "keras.regularizers.L2"),
    "keras-mse": Convention(
        _l2(lambda known: known["outputs"]),
        "v·outputs",
        "keras.regularizers.L2, keras.losses.MeanSquaredError",
        ("outputs",),
    ),
    "ridge": Convention(
        _l2(lambda known: 1 / known["rows"]), "v / rows", "sklearn.linear_model.Ridge", ("rows",)
    ),
    "logistic": Convention(
        _l2(lambda known: 1 / known["rows"]),
        "1 / (rows·v)",
        "sklearn.linear_model.LogisticRegression",
        ("rows",),
        inverse=True,
    ),
    "mlp": Convention(
        _l2(lambda known: 1 / known["batch_size"]),
        "v / batch_size",
        "sklearn.neural_network.MLPRegressor, MLPClassifier",
        ("batch_size",),
    ),
    "elastic-net": Convention(
        {"L2": lambda known: 1 - known["l1_ratio"], "L1": lambda known: known["l1_ratio"]},
        "L2: v·(1 − l1_ratio); L1: v·l1_ratio",
        "sklearn.linear_model.ElasticNet; glmnet",
        ("l1_ratio",),
    ),
    "laplace": Convention(
        _l2(lambda known: 1 / known["rows"]),
        "v / rows",
        "E. Daxberger et al., Laplace Redux, NeurIPS 2021: minus the log posterior",
        ("rows",),
    ),
    "laplace-regression": Convention(
        _l2(lambda known: known["sigma"] ** 2 / known["rows"]),
        "v·sigma² / rows",
        "E. Daxberger et al., Laplace Redux, NeurIPS 2021: minus the log posterior",
        ("rows", "sigma"),
    ),
    "adamw": Convention(_l2(_one), "v", "torch.optim.AdamW", enters="step"),
    "independent": Convention(
        _l2(lambda known: 1 / known["lr"]),
        "v / lr",
        f"{_LOSHCHILOV}, algorithm 2; Composer's DecoupledAdamW and DecoupledSGDW",
        ("lr",),
        enters="step",
    ),
    "normalized": Convention(
        _l2(
            lambda known: (
                (known["batch_size"] / (known["rows"] * known["epochs"])) ** 0.5 / known["lr"]
            )
        ),
        "v·√(batch_size / (rows·epochs)) / lr",
        f"{_LOSHCHILOV}, appendix B.1",
        ("rows", "batch_size", "epochs", "lr"),
        enters="step",
    ),
    # A decay on the step with the limit of a penalty in the loss, and so with the λ of one.
    "sgds": Convention(
        _l2(_one),
        "v",
        _XIE,
        enters="either",
        on_step=Convention(
            _l2(lambda known: (1 - known["dampening"]) / (1 - known["momentum"])),
            "v·(1 − dampening) / (1 − momentum)",
            _XIE,
            ("momentum", "dampening"),
            enters="step",
        ),
    ),
    "ema-steps": Convention(
        _l2(lambda known: 1 / known["lr"]),
        "1 / (lr·v)",
        _WANG,
        ("lr",),
        enters="step",
        inverse=True,
    ),
    "ema-epochs": Convention(
        _l2(lambda known: known["batch_size"] / (known["lr"] * known["rows"])),
        "1 / (lr·v·rows/batch_size)",
        _WANG,
        ("rows", "batch_size", "lr"),
        enters="step",
        inverse=True,
    ),
    "l1": Convention(_l1(_one), "v", "weightdecay.L1", enters="either"),
    "l1-mse": Convention(
        _l1(lambda known: known["outputs"] / 2),
        "v·outputs / 2",
        "weightdecay.L1 beside torch.nn.MSELoss",
        ("outputs",),
    ),
    "lasso": Convention(_l1(_one), "v", "sklearn.linear_model.Lasso"),
}
