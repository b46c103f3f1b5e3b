"""The article that this project starts from, run as published and as meant."""

from weightdecay.reference.article._demo import Demo, demo
from weightdecay.reference.article._published import SEED, Run, published

__all__ = ["SEED", "Demo", "Run", "demo", "published"]
