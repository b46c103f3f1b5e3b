"""Judging by something other than the loss."""

import numpy as np
import pytest
import torch
from sklearn import metrics
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import KFold
from torch import Tensor, nn

import weightdecay as wd
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
