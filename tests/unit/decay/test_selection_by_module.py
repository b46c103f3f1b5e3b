"""Which parameters of real modules decay by default: weights, never biases or normalisations."""

import pytest
import torch
from torch import nn

from weightdecay.decay import selected


class Renamed(nn.Module):
    """Normalisations under names that say nothing, one of them a subclass, with 2-D weights."""

    class Rescale(nn.LayerNorm):
        pass

    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(4, 4)
        self.anything = nn.LayerNorm((3, 4))
        self.dense = self.Rescale((3, 4))
        self.weight_block = nn.BatchNorm2d(4)


class HandWritten(nn.Module):
    """Its own normalisation, with a gain of one axis."""

    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(4))
        self.kernel = nn.Parameter(torch.ones(4, 4))


class Biases(nn.Module):
    """Biases of two axes, and a layer that is only called bias."""

    def __init__(self):
        super().__init__()
        self.relative_position_bias_table = nn.Parameter(torch.zeros(9, 2))
        self.out_bias = nn.Parameter(torch.zeros(1, 4))
        self.bias_net = nn.Linear(2, 3)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.body = nn.Linear(4, 4)
        self.head = nn.Linear(4, 7)
        self.head.weight = self.embedding.weight


class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.again = self.first


MODELS = {
    "linear": (nn.Linear(3, 1), ("weight",)),
    "one output": (nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)), ("0.weight", "1.weight")),
    "bilinear": (nn.Bilinear(2, 3, 4), ("weight",)),
    "batch norm": (
        nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.PReLU(4), nn.Conv2d(4, 2, 1)),
        ("0.weight", "3.weight"),
    ),
    "transposed": (
        nn.Sequential(nn.ConvTranspose1d(3, 4, 2), nn.InstanceNorm1d(4, affine=True)),
        ("0.weight",),
    ),
    "group norm": (nn.Sequential(nn.Conv1d(4, 4, 1), nn.GroupNorm(2, 4)), ("0.weight",)),
    "layer norm": (nn.Sequential(nn.LayerNorm((3, 4)), nn.Linear(4, 2)), ("1.weight",)),
    "rms norm": (nn.Sequential(nn.RMSNorm((3, 4)), nn.Linear(4, 2)), ("1.weight",)),
    "norm alone": (nn.LayerNorm((3, 4)), ()),
    "renamed norms": (Renamed(), ("mix.weight",)),
    "own norm": (HandWritten(), ("kernel",)),
    "embedding": (nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 1)), ("0.weight", "1.weight")),
    "embedding bag": (nn.EmbeddingBag(5, 3), ("weight",)),
    "lstm": (nn.LSTM(2, 3), ("weight_ih_l0", "weight_hh_l0")),
    "attention": (
        nn.MultiheadAttention(4, 2, add_bias_kv=True),
        ("in_proj_weight", "out_proj.weight"),
    ),
    "cross-attention": (
        nn.MultiheadAttention(4, 2, kdim=3, vdim=5),
        ("q_proj_weight", "k_proj_weight", "v_proj_weight", "out_proj.weight"),
    ),
    "transformer": (
        nn.TransformerEncoderLayer(4, 2, 8),
        (
            "self_attn.in_proj_weight",
            "self_attn.out_proj.weight",
            "linear1.weight",
            "linear2.weight",
        ),
    ),
    "weight norm": (
        nn.utils.parametrizations.weight_norm(nn.Conv1d(4, 2, 3)),
        ("parametrizations.weight.original0", "parametrizations.weight.original1"),
    ),
    "weight norm over all axes": (
        nn.utils.parametrizations.weight_norm(nn.Linear(4, 2), dim=None),
        ("parametrizations.weight.original1",),
    ),
    "biases": (Biases(), ("bias_net.weight",)),
    "tied": (Tied(), ("embedding.weight", "body.weight")),
    "shared": (Shared(), ("first.weight",)),
    "nothing to learn": (nn.ReLU(), ()),
}


@pytest.mark.parametrize(("model", "expected"), MODELS.values(), ids=MODELS)
def test_weights(model, expected):
    assert selected(model, "weights") == expected
