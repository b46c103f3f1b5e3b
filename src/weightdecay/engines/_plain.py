"""What of a decay the engines with arithmetic of their own do not know."""

from weightdecay.decay import Decay, Joint
from weightdecay.language import Phrase, phrase


def beyond_plain(decay: Decay) -> Phrase | None:
    """Say what `decay` asks for besides λ·Ω around zero, times the learning rate; None if nothing.

    Only the loop, which attaches the Decay as a user would, takes it all.
    """
    if decay.on == "constraint":
        return phrase("engine.refusal.constraint")
    if isinstance(decay.penalty, Joint):
        return phrase("engine.refusal.joint", name=type(decay.penalty).__name__)
    if decay.unit != "lr":
        return phrase("engine.refusal.unit", unit=decay.unit)
    if decay.schedule is not None:
        return phrase("engine.refusal.schedule")
    if decay.around != "zero":
        return phrase("engine.refusal.around")
    if decay.mask != "all":
        return phrase("engine.refusal.mask", mask=decay.mask)
    if decay.multipliers:
        return phrase("engine.refusal.multipliers")
    return None
