"""A path of λ for any torch module, a choice from it, and whether it helps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor, nn

from weightdecay._refit import refit
from weightdecay.errors import InputError
from weightdecay.language import phrase, shown
from weightdecay.select import (
    Verdict,
    by_folds,
    by_rows,
    by_seeds,
    choose,
    mean_interval,
)
from weightdecay.select import failures as count_failures
from weightdecay.study import Study, put
from weightdecay.study._whole import whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from weightdecay.report.page import Page

#: What data raise that do not hold what they are said to hold.
_NOT_SO = (AttributeError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, repr=False)
class Path:
    """What a path of λ showed.

    Parameters
    ----------
    results : xarray.Dataset
        As of :func:`weightdecay.run`, its folds the outer ones; ``error`` [L, S, F] on the judging
        rows, and ``inner_error`` [L, S, F, G] where evaluation was nested, with ``row_error``
        [L, S, tested] if the error is a mean over rows, and ``tested_weight`` [tested] if these
        have weights. Smaller is better; the attribute ``metric``
        says what it is.
    rule : {"min", "1se"}
    verdict : Verdict
        Of decay against none, on rows or seeds that took no part in choosing λ.
    study : Study or None
        What was run, without the inner folds; None after :meth:`load`, which cannot bring a network
        back.
    transform : scikit-learn transformer or None
        Where one was given, what it is when fitted on all rows; the rows of `study` have been
        through it.
    judged_apart : bool
        Whether members were judged on rows of their own, `truth` or `validation`, which train no
        network.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> x = torch.linspace(-1, 1, 24)[:, None]
    >>> path = wd.path(
    ...     lambda: torch.nn.Linear(1, 1), x, x.square(), recipe=wd.Recipe(epochs=3),
    ...     weight_decay=(0, 0.1), seeds=2, folds=3, inner_folds=2,
    ... )
    >>> path.weight_decay, path.errors.shape  # [L, S, F]
    ((0.0, 0.1), (2, 2, 3))
    >>> path.choice in path.weight_decay
    True
    """

    results: xr.Dataset
    rule: str
    verdict: Verdict
    study: Study | None = None
    transform: Any = None
    judged_apart: bool = False

    def __repr__(self) -> str:
        lambdas, seeds, folds = self.errors.shape
        return f"<Path of {lambdas} λs, {seeds} seeds, {folds} folds: {self.verdict.label}>"

    @property
    def errors(self) -> NDArray[np.float64]:
        """Error [L, S, F] on the judging rows, smaller is better; NaN where a run failed."""
        errors: NDArray[np.float64] = self.results.error.to_numpy()
        return errors

    @property
    def weight_decay(self) -> tuple[float, ...]:
        """The path, ascending from 0."""
        return tuple(self.results.weight_decay.to_numpy().tolist())

    @property
    def choice(self) -> float:
        """The λ that `rule` picks from all folds and seeds, 0 among the candidates.

        Units are folds, seeds averaged inside a fold; with one fold they are seeds.

        Raises
        ------
        InputError
            If a run failed at every λ.
        """
        place = self.picks[("min", "1se").index(self.rule)]
        if place is None:
            raise InputError(phrase("member.error.all_failed"))
        return self.weight_decay[place]

    @property
    def picks(self) -> tuple[int | None, int | None]:
        """Places of the λs that "min" and "1se" pick; None where a run failed at every λ."""
        errors = units(self.errors)
        if not np.isfinite(errors.mean(axis=1)).any():
            return None, None
        return choose(errors, "min"), choose(errors, "1se")

    @property
    def failures(self) -> dict[float, int]:
        """How many runs failed (diverged) at each λ; such a λ is never chosen."""
        return dict(zip(self.weight_decay, count_failures(self.errors).tolist(), strict=True))

    @property
    def at_edge(self) -> bool:
        """Whether the chosen λ is an end of the path above 0; a longer one may hold a better."""
        return self.choice in (self.weight_decay[1], self.weight_decay[-1])

    def refit(self, weight_decay: float | None = None, *, seed: int = 0) -> nn.Module:
        """Train one network on all rows of all folds, those that judged among them.

        Rows that were given apart to judge on, `truth` or `validation`, are left out, and so are
        rows that are in no fold.

        Parameters
        ----------
        weight_decay : float, optional
            λ; :attr:`choice` if not given.
        seed : int, default 0

        Returns
        -------
        torch.nn.Module
            In evaluation mode.
        """
        study = self._study()
        if self.judged_apart:
            ((train, _),) = study.problem.splits
            study = replace(study, problem=replace(study.problem, splits=((train, train[:0]),)))
        value = self.choice if weight_decay is None else weight_decay
        trained = refit(study, value, (whole("seed", seed),))
        network = study.template()
        put(network, trained, 0)
        return network.eval()

    def best_state_dict(self, *, seed: int = 0) -> dict[str, Tensor]:
        """The ``state_dict`` of :meth:`refit` at the chosen λ."""
        return self.refit(seed=seed).state_dict()

    def to_dataframe(self) -> "pd.DataFrame":
        """One row for every λ, seed and fold: error, losses, penalty, divergence."""
        last = self.results.isel(epoch=-1, drop=True)
        names = ["error", "train_loss", "test_loss", "penalty", "diverged"]
        return last[names].to_dataframe().reset_index()

    def plot(self, ax: "Axes | None" = None, language: str = "en") -> "Axes":
        """Draw error against λ with intervals, the choice marked.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure if not given.
        language : {"en", "zh"}, default "en"
        """
        from weightdecay.language import Words
        from weightdecay.report import draw_path

        metric = self.results.attrs["metric"]
        curves = self._curves()
        unit = "fold" if self.errors.shape[2] > 1 else "seed"
        return draw_path(ax, self.weight_decay, curves, self.choice, unit, metric, Words(language))

    def report(self, file: "str | File | None" = None, language: str | None = None) -> str:
        """Return an interactive page: drag λ, and see what changes.

        One HTML document that needs nothing else, neither a network nor this package. The fit
        itself is drawn where it is a curve: one feature, one target and the squared error, judged
        on a known ``truth``, and at most 5,000 networks.

        Parameters
        ----------
        file : str or Path, optional
            Where to write it; nowhere if not given.
        language : {"en", "zh"}, optional
            What it opens in; the locale's if not given.

        Returns
        -------
        str
            The document.
        """
        from weightdecay.language import preferred
        from weightdecay.report.page import html

        document = html(self.page(), language or preferred())
        if file is not None:
            File(file).write_text(document, encoding="utf-8")
        return document

    def _repr_html_(self) -> str:
        from weightdecay.language import preferred
        from weightdecay.report.page import fragment

        return fragment(self.page(), preferred())

    def page(self) -> "Page":
        """Return what :meth:`report` shows, as plain data; its JSON is ``report.json``."""
        from weightdecay.report import path_page

        study = self.study
        about: dict[str, Any] = {}
        if study is not None:
            recipe = study.recipe
            about = {
                "rows": len(study.problem.x),
                "parameters": sum(int(w.numel()) for w in study.template().parameters()),
                "optimizer": recipe.optimizer,
                "lr": recipe.lr,
                "epochs": recipe.epochs,
                "batch_size": recipe.batch_size,
                "decay": repr(study.decay),
            }
        picks = self.picks
        chosen = picks[("min", "1se").index(self.rule)]
        return path_page(self.results, self._curves(), chosen, picks, self.verdict, about)

    def _curves(self) -> list[NDArray[np.float64]]:
        """Means and intervals [L, 3] over units: of the error, and of the training loss if alike.

        The training loss can stand beside a held-out loss, not beside another measure.
        """
        both = [self.errors]
        if self.results.attrs["metric"] == "loss":
            both.append(self.results.train_loss.isel(epoch=-1).to_numpy())
        return [np.array([mean_interval(values) for values in units(part)]) for part in both]

    def save(self, file: str | File) -> None:
        """Write results and verdict as safetensors: numbers and JSON, nothing that runs.

        Raises
        ------
        InputError
            If the folder of `file` is not there.
        """
        from safetensors.numpy import save_file

        if not (folder := File(file).parent).is_dir():
            raise InputError(f"{file}: there is no folder {folder}; make it first")
        arrays = {str(name): np.ascontiguousarray(a.to_numpy()) for name, a in self.results.items()}
        about = {
            "dims": {name: list(a.dims) for name, a in self.results.items()},
            "coords": {
                name: [list(c.dims), c.to_numpy().tolist()]
                for name, c in self.results.coords.items()
            },
            "attrs": self.results.attrs,
            "rule": self.rule,
            "overlap": self.verdict.overlap,
        }
        save_file(arrays, str(file), metadata={"weightdecay.path": json.dumps(about)})

    @classmethod
    def load(cls, file: str | File) -> "Path":
        """Read what :meth:`save` wrote.

        Raises
        ------
        InputError
            If the file is not one of these.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(str(file), framework="numpy") as stored:
                about = json.loads((stored.metadata() or {})["weightdecay.path"])
                arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
            return cls._of(about, arrays)
        except (OSError, SafetensorError, RecursionError, *_NOT_SO) as error:
            raise InputError(f"{file}: not a saved path: {shown(error, 200)}") from error

    @classmethod
    def _of(cls, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> "Path":
        """Return the path of what :meth:`save` wrote, which may be a stranger's."""
        rule, overlap, attrs = about["rule"], about["overlap"], dict(about["attrs"])
        if rule not in ("min", "1se") or not 0 <= overlap < np.inf:
            raise ValueError(f"its rule is {rule!r} and its overlap {overlap!r}")
        results = xr.Dataset(
            {name: (about["dims"][name], array) for name, array in arrays.items()},
            coords={name: tuple(coordinate) for name, coordinate in about["coords"].items()},
            attrs=attrs,
        )
        if (path := results.weight_decay.to_numpy()).dtype.kind not in "fi" or path[0] != 0:
            raise ValueError("its λs are no numbers from 0")
        return cls(results, rule, verdict_of(results, rule, overlap))

    def _study(self) -> Study:
        if self.study is None:
            raise InputError("path: a loaded path has no network to train; call wd.path again")
        return self.study


def units(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over seeds [L, F]; with one fold, the seeds themselves [L, S]."""
    units: NDArray[np.float64] = errors.mean(axis=1) if errors.shape[2] > 1 else errors[:, :, 0]
    return units


def verdict_of(
    results: xr.Dataset, rule: Any, overlap: float, lr: Sequence[float] | None = None
) -> Verdict:
    """Return the verdict on decay; with `lr`, the first axis holds pairs, see ``choose``."""
    errors = results.error.to_numpy()
    if len(errors) < 2:
        raise InputError("weight_decay: a path needs a λ above 0")
    if "inner_error" not in results:
        return by_seeds(errors[:, :, 0], rule, lr=lr).verdict
    inner = results.inner_error.to_numpy()
    if "row_error" in results:
        rows, fold, unit = (
            results[name].to_numpy() for name in ("row_error", "tested_fold", "tested_unit")
        )
        kind, weight = results.attrs["unit"], weights_tested(results)
        return by_rows(rows, inner, fold, unit, rule, kind=kind, lr=lr, weight=weight).verdict
    return by_folds(errors, inner, rule, overlap=overlap, lr=lr).verdict


def weights_tested(results: xr.Dataset) -> NDArray[np.float64] | None:
    """Return how much each row that is tested counts; None if all count as much.

    It is so, too, in what was saved before weights were kept: ``row_error`` has them in it there.
    """
    if "tested_weight" not in results:
        return None
    weights: NDArray[np.float64] = results.tested_weight.to_numpy()
    return weights
