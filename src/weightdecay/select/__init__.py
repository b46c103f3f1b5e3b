"""Choosing λ and judging it: statistics on arrays, without a network in sight."""

from weightdecay.select._by_folds import ByFolds, by_folds
from weightdecay.select._by_rows import ByRows, by_rows
from weightdecay.select._by_seeds import BySeeds, by_seeds
from weightdecay.select._choice import choose, choose_without
from weightdecay.select._comparison import Pairing, compare, compare_all
from weightdecay.select._failures import failures
from weightdecay.select._intervals import Interval, mean_interval, median_interval
from weightdecay.select._nested import choose_in_folds
from weightdecay.select._side_by_side import compare_by_folds, compare_by_rows, compare_by_seeds
from weightdecay.select._span import learns, path_between, path_beyond, span
from weightdecay.select._verdict import Verdict, judge

__all__ = [
    "ByFolds",
    "ByRows",
    "BySeeds",
    "Interval",
    "Pairing",
    "Verdict",
    "by_folds",
    "by_rows",
    "by_seeds",
    "choose",
    "choose_in_folds",
    "choose_without",
    "compare",
    "compare_all",
    "compare_by_folds",
    "compare_by_rows",
    "compare_by_seeds",
    "failures",
    "judge",
    "learns",
    "mean_interval",
    "median_interval",
    "path_between",
    "path_beyond",
    "span",
]
