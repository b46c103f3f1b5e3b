"""Weights of which this process holds a shard, as FSDP2 leaves them: DTensors."""

from collections.abc import Sequence

from torch import Tensor


def shard(w: Tensor) -> Tensor:
    """Return what this process holds of `w`, sharing its memory."""
    if hasattr(w, "to_local"):
        held: Tensor = w.to_local()
        return held
    return w


def whole(w: Tensor) -> Tensor:
    """Return all of `w`, gathered from all processes where it must be."""
    if hasattr(w, "full_tensor"):
        gathered: Tensor = w.full_tensor()
        return gathered
    return w


def sharded_as(x: Tensor, like: Tensor) -> Tensor:
    """Return `x`, which every process has whole, distributed as `like` is."""
    if not hasattr(like, "device_mesh"):
        return x
    from torch.distributed.tensor import DTensor, distribute_tensor

    assert isinstance(like, DTensor)
    # Every process has it already, so none needs to send.
    return distribute_tensor(x, like.device_mesh, like.placements, src_data_rank=None)


def all_whole(weights: Sequence[Tensor]) -> list[Tensor]:
    """Return each of `weights` whole."""
    return [whole(w) for w in weights]
