"""What of a decay the engines with arithmetic of their own do not know."""

from weightdecay.decay import Decay, Joint


def beyond_plain(decay: Decay) -> str | None:
    """Say what `decay` asks for besides λ·Ω around zero, times the learning rate; None if nothing.

    Only the loop, which attaches the Decay as a user would, takes it all.
    """
    if decay.on == "constraint":
        return "a constraint on the weights"
    if isinstance(decay.penalty, Joint):
        return f"the penalty {type(decay.penalty).__name__}, which is of all tensors together"
    if decay.unit != "lr":
        return f"the unit {decay.unit!r} of λ"
    if decay.schedule is not None:
        return "a schedule of λ"
    if decay.around != "zero":
        return "a penalty around other weights than zero"
    if decay.mask != "all":
        return f"the mask {decay.mask!r}"
    if decay.multipliers:
        return "multipliers of λ"
    return None
