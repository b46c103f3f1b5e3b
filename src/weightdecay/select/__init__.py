"""Choosing λ and judging it: statistics on arrays, without a network in sight."""

from weightdecay.select._choice import choose
from weightdecay.select._intervals import Interval, mean_interval, median_interval
from weightdecay.select._span import path_between, span
from weightdecay.select._verdict import Verdict, judge

__all__ = [
    "Interval",
    "Verdict",
    "choose",
    "judge",
    "mean_interval",
    "median_interval",
    "path_between",
    "span",
]
