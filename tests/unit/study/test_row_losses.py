"""What each row costs, whatever form the loss comes in."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from weightdecay.study import mean_loss, row_losses

DRAW = torch.Generator().manual_seed(0)
NUMBERS = torch.randn(7, 2, generator=DRAW), torch.randn(7, 2, generator=DRAW)
LOGITS = torch.randn(7, 3, generator=DRAW), torch.tensor([0, 1, 2, 2, 1, 0, 1])
SIGNS = torch.randn(7, 1, generator=DRAW), torch.tensor([[0.0, 1, 1, 0, 1, 0, 0]]).T

MEANS = {
    "mse": ("mse", NUMBERS),
    "huber": ("huber", NUMBERS),
    "cross_entropy": ("cross_entropy", LOGITS),
    "binary_cross_entropy": ("binary_cross_entropy", SIGNS),
    "module": (nn.L1Loss(), NUMBERS),
    "rows": (nn.SmoothL1Loss(reduction="none"), NUMBERS),
    "function": (lambda output, y: (output - y).abs().sum(1), NUMBERS),
}


@pytest.mark.parametrize("name", MEANS)
def test_the_mean_of_the_rows_is_the_loss(name):
    loss, data = MEANS[name]
    rows = row_losses(loss, *data)
    assert rows.shape == (7,)
    torch.testing.assert_close(rows.mean(), mean_loss(loss)(*data))
    for k in range(7):
        alone = mean_loss(loss)(data[0][k : k + 1], data[1][k : k + 1])
        torch.testing.assert_close(rows[k], alone)


OTHERS = {
    "weighted classes": (nn.CrossEntropyLoss(weight=torch.tensor([1.0, 5.0, 0.2])), LOGITS),
    "root": (lambda output, y: F.mse_loss(output, y).sqrt(), NUMBERS),
    "pairs of rows": (lambda output, y: (output[:, None] - y[None]).abs().mean(), NUMBERS),
    "looks": (lambda output, y: (output - y).abs().sum(1) if output.sum() > 0 else y, NUMBERS),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_loss_that_is_no_mean_over_rows_has_none(name):
    loss, data = OTHERS[name]
    assert row_losses(loss, *data) is None
