"""The weight-decay chapter of Dive into Deep Learning, and the control that it lacks."""

from weightdecay.reference.d2l._claim import d2l
from weightdecay.reference.d2l._demo import Demo, demo

__all__ = ["Demo", "d2l", "demo"]
