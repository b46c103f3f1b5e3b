"""What each of two processes does for ``test_attach_distributed``; run by torch.multiprocessing."""

import os

import torch
from attaching import backward, network
from torch import distributed as dist
from torch import optim

from weightdecay import presets
from weightdecay.decay import L2, Decay, GlobalNorm, Norm

DECAYS = {
    "adamw": presets.adamw(0.3),
    "l2": presets.l2(0.3),
    "l1": presets.l1(0.05),
    "norm": Decay(0.2, Norm(), on="step"),
    "norm in the loss": Decay(0.2, Norm()),
    "global": Decay(0.2, GlobalNorm(), on="step"),
    "group_lasso": presets.group_lasso(0.05, "columns"),
    "orthogonal": presets.orthogonal(0.1),
    "spectral": presets.spectral(0.1),
    "cautious": presets.cautious(0.3),
    "to_init": presets.to_init(0.3),
    "max_norm": presets.max_norm(0.4),
    "fixed_norm": presets.fixed_norm(),
    "cpr": presets.cpr(factor=0.5),
    "awd": presets.awd(0.3),
    "adams": presets.adams(0.01),
    "dino": presets.dino(steps=10),
    "two": None,
}


def attach(name, optimizer, model):
    if name == "two":
        Decay(0.1, L2()).attach(optimizer, model)
        presets.l1(0.02).attach(optimizer, model)
    else:
        DECAYS[name].attach(optimizer, model)


def train(name, wrap, steps=8, resume_at=None):
    """Weights, whole, after `steps`; with `resume_at`, through a state kept in between."""
    model = wrap(network())
    optimizer = optim.Adam(model.parameters(), lr=0.05)
    attach(name, optimizer, model)
    for step in range(steps):
        if step == resume_at:
            states = model.state_dict(), optimizer.state_dict()
            again = wrap(network())
            other = optim.Adam(again.parameters(), lr=0.05)
            attach(name, other, again)
            again.load_state_dict(states[0])
            other.load_state_dict(states[1])
            model, optimizer = again, other
        optimizer.zero_grad()
        # Every process has the same rows, so that the mean of gradients is that of one process.
        backward(model, step)
        optimizer.step()
    return [w.full_tensor() if hasattr(w, "full_tensor") else w for w in model.parameters()]


def work(rank, port, how, names, kept):
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=2)
    try:
        if how == "ddp":
            wrap = torch.nn.parallel.DistributedDataParallel
        else:
            from torch.distributed.device_mesh import init_device_mesh
            from torch.distributed.fsdp import fully_shard

            mesh = init_device_mesh("cpu", (2,))

            def wrap(model):
                return fully_shard(model, mesh=mesh)

        found = {
            name: [
                [w.detach().clone() for w in train(name, wrap, resume_at=at)] for at in (None, 3)
            ]
            for name in names
        }
        torch.save(found, f"{kept}/{rank}.pt")
    finally:
        dist.destroy_process_group()
