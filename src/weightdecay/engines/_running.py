"""Which module of a network is running, for messages that name it."""

import torch
from torch import nn

from weightdecay.language import Phrase, phrase


def tell_where(network: nn.Module, running: list[str]) -> None:
    """Have `network` keep in `running` the paths of modules whose forward has begun, not ended."""

    # Done while torch.compile traces the network, not a part of what it compiles.
    @torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
    def begin(path: str) -> None:
        running.append(path)

    @torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
    def end() -> None:
        running.pop()

    for path, module in network.named_modules():

        def enter(module: nn.Module, args: object, path: str = path) -> None:
            begin(path)

        def leave(module: nn.Module, args: object, output: object) -> None:
            end()

        module.register_forward_pre_hook(enter, prepend=True)  # the user's may raise
        module.register_forward_hook(leave)


def named(path: str, module: nn.Module) -> Phrase:
    """Name the module that stands at `path` in a network: the network itself where that is ""."""
    kind = type(module).__name__
    if not path:
        return phrase("engine.module.whole", kind=kind)
    return phrase("engine.module.inner", path=path, kind=kind)
