"""Which module of a network is running, for messages that name it."""

import torch
from torch import nn


def tell_where(network: nn.Module, running: list[str]) -> None:
    """Have `network` keep in `running` the modules whose forward has begun and not ended."""

    # Done while torch.compile traces the network, not a part of what it compiles.
    @torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
    def begin(label: str) -> None:
        running.append(label)

    @torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
    def end() -> None:
        running.pop()

    for path, module in network.named_modules():
        label = f"{path or 'the network'} ({type(module).__name__})"

        def enter(module: nn.Module, args: object, label: str = label) -> None:
            begin(label)

        def leave(module: nn.Module, args: object, output: object) -> None:
            end()

        module.register_forward_pre_hook(enter)
        module.register_forward_hook(leave)
