"""The audit: which parameters decay, how, and what is wrong."""

from weightdecay.apply._audit._audit import Audit, audit
from weightdecay.apply._audit._factory import load
from weightdecay.apply._audit._finding import CODES, Finding

__all__ = ["CODES", "Audit", "Finding", "audit", "load"]
