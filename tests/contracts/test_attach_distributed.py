"""With DDP and FSDP2, on two processes, a decay is that of one process."""

import socket

import pytest
import torch
from distributed_decay import DECAYS, train, work
from torch import multiprocessing


@pytest.mark.slow
@pytest.mark.parametrize("how", ["ddp", "fsdp2"])
def test_two_processes_are_one(how, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = list(DECAYS)
    multiprocessing.spawn(work, (port, how, names, str(tmp_path)), nprocs=2)
    ranks = [torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1)]
    for name in names:
        alone = train(name, lambda model: model)
        for found in ranks:
            whole, resumed = found[name]
            for w, v, r in zip(alone, whole, resumed, strict=True):
                torch.testing.assert_close(
                    v, w.detach(), rtol=1e-9, atol=1e-11, msg=lambda m, n=name: f"{n}: {m}"
                )
                assert torch.equal(v, r), f"{name}: resumed"
