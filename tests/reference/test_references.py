"""Each reference holds, and would not if what it is about were wrong."""

import math
from functools import cache

import pytest
import torch
from torch import nn

from weightdecay.reference import REFERENCES, Check, Outcome, verify
from weightdecay.reference._box import box
from weightdecay.reference._digits import digits
from weightdecay.reference._lasso import lasso
from weightdecay.reference._logistic import logistic
from weightdecay.reference._nuclear import nuclear
from weightdecay.reference._ridge import ridge
from weightdecay.reference._risk import risk
from weightdecay.reference.d2l import d2l

#: Tens of seconds where each of the others takes two at most.
LONG = "digits"
NAMES = [pytest.param(n, marks=pytest.mark.slow) if n == LONG else n for n in REFERENCES]

found = cache(verify)


def start(deviation):
    def make():
        layer = nn.Linear(200, 1)
        with torch.no_grad():
            layer.weight.normal_(std=deviation) if deviation else layer.weight.zero_()
            layer.bias.zero_()
        return layer

    return make


@pytest.mark.parametrize("name", NAMES)
def test_passes(name):
    outcome = found(name)
    assert outcome.name == name
    assert [check for check in outcome.checks if not check.passed] == []
    assert 0 < outcome.seconds < math.inf


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_plain_numbers_with_names_of_their_own(name):
    checks = found(name).checks
    assert len({check.name for check in checks}) == len(checks) > 0
    for check in checks:
        assert type(check.figure) in (int, float)
        assert type(check.high) in (int, float)


@pytest.mark.parametrize("name", ["ridge", "nuclear", "risk"])
def test_has_the_same_figures_again(name):
    assert REFERENCES[name]().checks == found(name).checks


WRONG = {
    "ridge: loss with ½": (lambda: ridge(factor=1.0), {"diabetes", "wide"}),
    "ridge: the bias decays": (lambda: ridge(select="all"), {"diabetes", "wide"}),
    "lasso: loss with ½": (lambda: lasso(factor=1.0), {"coefficients", "zeros", "all_zero"}),
    "lasso: momentum that adds up": (lambda: lasso(dampening=0.0), {"coefficients", "zeros"}),
    "lasso: a subgradient": (lambda: lasso(on="loss"), {"zeros", "all_zero"}),
    "logistic: twice the λ": (lambda: logistic(factor=2.0), {"binary", "multinomial"}),
    "logistic: the bias decays": (lambda: logistic(select="all"), {"binary", "multinomial"}),
    "nuclear: loss with ½": (lambda: nuclear(factor=1.0), {"singular_values"}),
    "box: decay in the loss": (lambda: box(on="loss"), {"norm", "best_point"}),
    "risk: s² a tenth greater": (lambda: risk(noise=0.5 * 1.1**0.5), {"best"}),
    "risk: loss with ½": (lambda: risk(factor=1.0), {"networks"}),
    "d2l: no control": (lambda: d2l(zero=start(1.0)), {"zero_start", "decay_from_zero"}),
    "d2l: a start of its own": (lambda: d2l(normal=start(0.01)), {"norm_without", "decay_helps"}),
    "digits: too much": (lambda: digits(path=(0.0, 1.0)), {"effect"}),
    "digits: too little": (lambda: digits(path=(0.0, 1e-5)), {"effect"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("wrong", WRONG)
def test_fails_when(wrong):
    run, failing = WRONG[wrong]
    outcome = run()
    assert not outcome.passed
    assert failing <= {check.name for check in outcome.checks if not check.passed}


def test_every_reference_can_fail():
    assert {wrong.split(":")[0] for wrong in WRONG} == set(REFERENCES)


def test_a_figure_at_either_end_passes_and_nan_does_not():
    assert Check("x", 1.0, 1.0, 2.0).passed
    assert Check("x", 2.0, 1.0, 2.0).passed
    assert not Check("x", 2.1, 1.0, 2.0).passed
    assert not Check("x", math.nan, -math.inf, math.inf).passed


def test_one_failed_check_fails_the_outcome():
    good, bad = Check("x", 0.0, 0.0, 1.0), Check("y", 2.0, 0.0, 1.0)
    assert Outcome("name", (good,)).passed
    assert not Outcome("name", (good, bad)).passed
