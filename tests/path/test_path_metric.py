"""Judging by something other than the loss."""

import math

import numpy as np
import pytest
import torch
from sklearn import metrics
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import KFold, LeaveOneOut
from torch import Tensor, nn

import weightdecay as wd
from weightdecay import engines
from weightdecay._cutting import cut
from weightdecay._judgeable import check_judgeable
from weightdecay._run import outputs
from weightdecay.study import error_metric

X = torch.randn(60, 4, generator=torch.Generator().manual_seed(0))
OPTIONS = {
    "weight_decay": [0.01, 1.0],
    "recipe": wd.Recipe(lr=0.05, epochs=10),
    "seeds": 2,
    "folds": 3,
}


def predictions(found: wd.Path) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Outputs, targets and error of every member, trained once more."""
    _, trained = wd.run(found.study)
    problem = found.study.problem
    network = found.study.network()
    rows = [test for _, test in problem.splits] * 6
    return [
        (outputs(network, trained, k, problem.x[test]).numpy(), problem.y[test].numpy(), error)
        for k, (test, error) in enumerate(zip(rows, found.errors.ravel(), strict=True))
    ]


def test_accuracy_of_classes() -> None:
    y = (X[:, 0] > 0).long() + (X[:, 1] > 0).long()
    found = wd.path(
        lambda: nn.Linear(4, 3), X, y, loss="cross_entropy", metric="accuracy", **OPTIONS
    )
    assert found.results.attrs["metric"] == "accuracy"
    for output, target, error in predictions(found):
        assert error == -metrics.accuracy_score(target, output.argmax(1))


@pytest.mark.parametrize(
    "loss",
    [
        nn.CrossEntropyLoss(),
        nn.functional.cross_entropy,
        lambda output, y: nn.functional.cross_entropy(output, y, reduction="none"),
    ],
    ids=["module", "function", "of rows"],
)
@pytest.mark.parametrize("tensor", [False, True])
def test_torchs_losses_of_classes(loss: object, tensor: bool) -> None:
    y = (X[:, 0] > 0).long() + (X[:, 1] > 0).long()
    # The same folds for both: only classes that are known as such are stratified.
    options = {**OPTIONS, "folds": KFold(3, shuffle=True, random_state=0)}
    named, own = (
        wd.path(lambda: nn.Linear(4, 3), X, y if tensor else y.numpy(), loss=loss, **options)
        for loss in ("cross_entropy", loss)
    )
    np.testing.assert_allclose(own.errors, named.errors, rtol=1e-5)


def test_whole_numbers_in_a_column_are_no_classes() -> None:
    rows = torch.arange(len(X))
    y = (3 * X[:, :1]).round().long()
    study = wd.Study(
        wd.Problem(X, y, ((rows[:40], rows[40:]),), nn.L1Loss()),
        lambda: nn.Linear(4, 1),
        wd.Recipe(epochs=1),
        wd.Decay(),
        (0.0, 0.1),
        (0,),
    )
    assert len(study.plan()) == 2


def test_smoothed_labels() -> None:
    y = (X[:, 0] > 0).long()
    smooth = nn.CrossEntropyLoss(label_smoothing=0.2)
    found = wd.path(lambda: nn.Linear(4, 2), X, y, loss=smooth, **OPTIONS)
    for output, target, error in predictions(found):
        expected = smooth(torch.from_numpy(output), torch.from_numpy(target))
        assert error == pytest.approx(expected.item(), rel=1e-5)


def test_area_under_the_curve_of_one_logit() -> None:
    y = (X[:, 0] + X[:, 1] > 0).float()
    found = wd.path(
        lambda: nn.Linear(4, 1), X, y, loss="binary_cross_entropy", metric="roc_auc", **OPTIONS
    )
    for output, target, error in predictions(found):
        assert error == pytest.approx(-metrics.roc_auc_score(target, output))


def test_r2_of_numbers() -> None:
    found = wd.path(lambda: nn.Linear(4, 1), X, X[:, 0], metric="r2", **OPTIONS)
    for output, target, error in predictions(found):
        assert error == pytest.approx(-metrics.r2_score(target, output))


def test_a_function_of_ones_own() -> None:
    def worst(output: Tensor, y: Tensor) -> Tensor:
        return (output - y).abs().max()

    found = wd.path(lambda: nn.Linear(4, 1), X, X[:, 0], metric=worst, **OPTIONS)
    assert found.results.attrs["metric"] == "worst"
    for output, target, error in predictions(found):
        assert error == abs(output - target).max()
    assert found.plot().get_ylabel() == "worst"
    assert len(found.plot().containers) == 1  # no training loss beside another measure


def test_the_mean_squared_error_by_name_is_the_loss() -> None:
    by_name = wd.path(
        lambda: nn.Linear(4, 1), X, X[:, 0], metric="neg_mean_squared_error", **OPTIONS
    )
    by_loss = wd.path(lambda: nn.Linear(4, 1), X, X[:, 0], **OPTIONS)
    np.testing.assert_allclose(by_name.errors, by_loss.errors, rtol=1e-5)
    np.testing.assert_allclose(by_name.results.inner_error, by_loss.results.inner_error, rtol=1e-5)
    assert by_name.choice == by_loss.choice


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(wd.InputError, match="'accuracies'"):
        error_metric("accuracies", "mse")


CANNOT = {
    "another loss's": ("roc_auc", {}, ["roc_auc does not judge these targets", "mse"]),
    "one row a fold": ("r2", {"folds": LeaveOneOut()}, ["fold 0:", "nan"]),
    "one row in some": (
        "r2",
        {"folds": [(range(30), range(30, 60)), (range(59), [59])]},
        ["fold 1:", "nan", "fewer folds"],
    ),
    "one row inside": (
        "r2",
        {"folds": [(range(4), range(4, 60)), (range(30), range(30, 60))]},
        ["inner fold 1 of fold 0:", "nan"],
    ),
    "no number": (lambda output, y: "good", {}, ["<lambda>", "could not convert"]),
    "it raises": (lambda output, y: output[:, 3].sum(), {}, ["<lambda>", "out of bounds"]),
}


@pytest.mark.parametrize("case", CANNOT)
@pytest.mark.parametrize("search", ["path", "grid", "compare"])
def test_what_cannot_judge_a_fold_is_refused_before_any_training(
    case: str, search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object) -> None:
        raise AssertionError("trained")

    for engine in engines.ENGINES.values():
        monkeypatch.setattr(engine, "train", never)
    metric, options, named = CANNOT[case]
    how = {"grid": {"lr": [0.1]}, "compare": {"decays": {"L2": wd.Decay()}}}.get(search, {})
    with pytest.raises(wd.InputError) as error:
        getattr(wd, search)(
            lambda: nn.Linear(4, 1), X, X[:, 0], metric=metric, **{**OPTIONS, **how, **options}
        )
    message = str(error.value)
    assert message.startswith("metric: ")
    assert len(message.splitlines()) == 1
    assert all(word in message for word in named), message


def log_error(output: Tensor, y: Tensor) -> float:
    return math.log(float((output - y).square().mean()))


def deviance(output: Tensor, y: Tensor) -> Tensor:
    assert (output > 0).all()
    return (output - y * output.log()).mean()


def wrong(output: Tensor, y: Tensor) -> Tensor:
    return (output.argmax(1) != y).float().mean()


def width(output: Tensor, y: Tensor) -> float:
    assert output.shape == (len(y), 2)
    return float(output[:, 1].square().mean())


def two(output: Tensor, y: Tensor) -> Tensor:
    return (output[:, :1] - y).square().mean()


@pytest.mark.parametrize(
    ("metric", "loss", "outputs", "y"),
    [
        (log_error, "mse", 1, X[:, 0]),
        (deviance, "mse", 1, X[:, 0].abs()),
        ("neg_mean_poisson_deviance", "mse", 1, X[:, 0].abs()),
        (wrong, nn.CrossEntropyLoss(), 3, torch.arange(60) % 3),
        (wrong, "cross_entropy", 5, torch.arange(60) % 3),
        ("neg_log_loss", "cross_entropy", 3, torch.arange(60) % 3),
        ("roc_auc", "binary_cross_entropy", 1, torch.arange(60) % 2),
        ("f1_macro", "binary_cross_entropy", 2, (X[:, :2] > 0).float()),
        (width, two, 2, X[:, 0]),
        ("r2", "huber", 2, X[:, :2]),
    ],
)
def test_what_can_judge_is_tried_on_outputs_that_it_is_for(
    metric: object, loss: object, outputs: int, y: Tensor
) -> None:
    rows = cut(X, y, loss, 3, 3)
    study = wd.Study(
        rows.problem, lambda: nn.Linear(4, outputs), wd.Recipe(), wd.Decay(), (0.0,), (0,)
    )
    state = torch.get_rng_state()
    check_judgeable(study, error_metric(metric, loss), "it", rows.outer)
    assert torch.equal(torch.get_rng_state(), state)


def test_scorers_of_several_labels_a_row() -> None:
    draw = torch.Generator().manual_seed(0)
    output = torch.randn(40, 3, generator=draw)
    y = (torch.randn(40, 3, generator=draw) + output > 0).float()
    for name, score in (("f1_macro", f1_score), ("accuracy", accuracy_score)):
        options = {"average": "macro"} if name == "f1_macro" else {}
        error = error_metric(name, "binary_cross_entropy")(output, y, None)
        assert error == pytest.approx(-score(y.numpy(), (output > 0).numpy(), **options))
    error = error_metric("roc_auc", "binary_cross_entropy")(output, y, None)
    assert error == pytest.approx(-roc_auc_score(y.numpy(), output.numpy()))


def test_what_fails_on_predictions_alone_is_told_in_a_line() -> None:
    """Poisson deviance takes targets and made-up predictions above 0, but no other ones."""
    X = torch.randn(30, 4, generator=torch.Generator().manual_seed(0))
    y = 0.01 + X[:, :1].square()
    with pytest.raises(wd.InputError, match="metric: it does not judge what a trained network"):
        wd.path(lambda: nn.Linear(4, 1), X, y, metric="neg_mean_poisson_deviance", **OPTIONS)
