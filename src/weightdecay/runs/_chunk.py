"""Trained members as bytes and back: safetensors, numbers alone."""

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from weightdecay.language import phrase
from weightdecay.study import Population, Trained

_HISTORY = ("train_loss", "test_loss", "penalty")
_ENDS = ("diverged", "stopped")


def to_bytes(trained: Trained) -> bytes:
    """Return all that became of some members."""
    tensors = {
        **{f"weights.{name}": w for name, w in trained.weights.items()},
        **{f"buffers.{name}": b for name, b in trained.buffers.items()},
        **{name: torch.from_numpy(getattr(trained, name)) for name in (*_HISTORY, *_ENDS)},
    }
    content: bytes = save({name: tensor.contiguous() for name, tensor in tensors.items()})
    return content


def from_bytes(content: bytes, members: Population) -> Trained:
    """Read what :func:`to_bytes` gave for `members`.

    Raises
    ------
    ValueError
        If it is not that: another name, shape or type of number anywhere.
    """
    try:
        tensors = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise ValueError(phrase("runs.aside.no_safetensors", reason=error)) from error
    expected = _expected(members)
    found = {name: (tuple(t.shape), t.dtype) for name, t in tensors.items()}
    if found != expected:
        wrong = sorted(
            name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
        )
        raise ValueError(phrase("runs.aside.others", name=wrong[0]))

    return Trained(
        # In the order of the network's own: safetensors sorts.
        weights={name: tensors[f"weights.{name}"] for name in members.weights},
        buffers={name: tensors[f"buffers.{name}"] for name in members.buffers},
        **{name: tensors[name].numpy() for name in (*_HISTORY, *_ENDS)},
    )


def _expected(members: Population) -> dict[str, tuple[tuple[int, ...], torch.dtype]]:
    epochs = (len(members), len(members.record))
    return {
        **{f"weights.{name}": (tuple(w.shape), w.dtype) for name, w in members.weights.items()},
        **{f"buffers.{name}": (tuple(b.shape), b.dtype) for name, b in members.buffers.items()},
        **dict.fromkeys(_HISTORY, (epochs, torch.float64)),
        **dict.fromkeys(_ENDS, (epochs[:1], torch.int64)),
    }
