"""Experiments with a known answer."""

from weightdecay.reference._reference import Check, Outcome
from weightdecay.reference._text import summary, text
from weightdecay.reference._verify import REFERENCES, verify

__all__ = ["REFERENCES", "Check", "Outcome", "summary", "text", "verify"]
