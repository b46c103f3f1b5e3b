"""Conversion of λ: exact both ways, and true of what others train."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from torch import nn

import weightdecay as wd
from weightdecay.apply._conventions import CONVENTIONS
from weightdecay.errors import InputError
from weightdecay.language import LANGUAGES, Words

KNOWN = {
    "rows": 320,
    "batch_size": 16,
    "epochs": 7.5,
    "lr": 3e-3,
    "sigma": 0.7,
    "l1_ratio": 0.3,
    "momentum": 0.0,  # of plain SGD
    "outputs": 3,
    "optimizer": "sgd",
}
ROWS, FEATURES = 60, 4


def names(penalty):
    return sorted(name for name, found in CONVENTIONS.items() if penalty in found.factors)


# --- properties ---------------------------------------------------------------------------------


@pytest.mark.parametrize("penalty", ["L2", "L1"])
@given(value=st.floats(1e-8, 1e8), data=st.data())
def test_there_and_back_is_the_same(penalty, value, data):
    one, other = (data.draw(st.sampled_from(names(penalty))) for _ in range(2))
    there = wd.convert(value, one, other, **KNOWN)
    assert wd.convert(there, other, one, **KNOWN) == pytest.approx(value, rel=1e-12)


@given(value=st.floats(1e-8, 1e8), data=st.data())
def test_a_way_round_is_the_straight_way(value, data):
    one, by, other = (data.draw(st.sampled_from(names("L2"))) for _ in range(3))
    straight = wd.convert(value, one, other, **KNOWN)
    round_ = wd.convert(wd.convert(value, one, by, **KNOWN), by, other, **KNOWN)
    assert round_ == pytest.approx(straight, rel=1e-12)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_more_decay_is_more_decay(name):
    torch_name = "torch" if "L2" in CONVENTIONS[name].factors else "l1"
    small, large = (wd.convert(v, torch_name, name, **KNOWN) for v in (0.1, 0.2))
    assert (small > large) == CONVENTIONS[name].inverse
    assert small != large


@pytest.mark.parametrize("name", CONVENTIONS)
def test_without_decay(name):
    torch_name = "torch" if "L2" in CONVENTIONS[name].factors else "l1"
    none = wd.convert(0, torch_name, name, **KNOWN)
    assert none == (math.inf if CONVENTIONS[name].inverse else 0)
    assert wd.convert(none, name, torch_name, **KNOWN) == 0


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_quantity_that_it_needs_is_missed_by_name(name):
    known = {key: value for key, value in KNOWN.items() if key != "outputs"}
    torch_name = "torch" if "L2" in CONVENTIONS[name].factors else "l1"
    for quantity in set(CONVENTIONS[name].needs) & set(known):
        less = {key: value for key, value in known.items() if key != quantity}
        for one, other in ((name, torch_name), (torch_name, name)):
            with pytest.raises(InputError, match=rf"^{quantity} is missing.*{name}"):
                wd.convert(1.0, one, other, **less)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_nothing_depends_on_what_it_does_not_need(name):
    torch_name = "torch" if "L2" in CONVENTIONS[name].factors else "l1"
    needed = {key: value for key, value in KNOWN.items() if key in CONVENTIONS[name].needs}
    assert wd.convert(0.3, name, torch_name, **needed) == wd.convert(
        0.3, name, torch_name, **{**KNOWN, "optimizer": None}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_convention_has_its_words(language):
    words = Words(language)
    means = [words(f"convert.means.{name}") for name in CONVENTIONS]
    assert len(set(means)) == len(CONVENTIONS)


def test_every_convention_is_in_the_docstring():
    for name, convention in CONVENTIONS.items():
        assert f"``{name}``" in wd.convert.__doc__
        assert convention.source


# --- what others train --------------------------------------------------------------------------


def data(seed=0, classes=False):
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(ROWS, FEATURES))
    y = x @ draw.normal(size=FEATURES) + draw.normal(size=ROWS)
    return x, (y > 0).astype(float) if classes else y


def trained(weight_decay, loss, x, y):
    """The minimum of loss + λ·½Σw², with a bias that does not decay."""
    model = nn.Linear(x.shape[1], 1).double()
    inputs, target = torch.from_numpy(x), torch.from_numpy(y)[:, None]
    optimizer = torch.optim.LBFGS(
        model.parameters(),
        max_iter=500,
        tolerance_grad=1e-12,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def objective():
        optimizer.zero_grad()
        value = loss(model(inputs), target) + wd.penalty(model, wd.Decay(weight_decay))
        value.backward()
        return value

    optimizer.step(objective)
    return model.weight.detach().numpy()[0]


def half_squares(output, target):
    return 0.5 * (output - target).square().mean()


@pytest.mark.parametrize(
    ("name", "loss", "scale"),
    [
        ("torch", half_squares, 1.0),
        ("d2l", half_squares, 1.0),
        ("torch-mse", nn.MSELoss(), 1.0),
        ("torch-mse-sum", nn.MSELoss(reduction="sum"), 1.0),
        ("keras-mse", nn.MSELoss(), 2.0),  # l·Σw² is 2·l·½Σw²
    ],
)
def test_ridge_of_scikit_learn_is_the_same_fit(name, loss, scale):
    x, y = data()
    alpha = 7.0
    value = wd.convert(alpha, "ridge", name, rows=ROWS, batch_size=ROWS)
    assert trained(scale * value, loss, x, y) == pytest.approx(
        Ridge(alpha).fit(x, y).coef_, rel=1e-6
    )


@pytest.mark.parametrize(
    ("name", "reduction", "scale"),
    [("torch", "mean", 1.0), ("torch-sum", "sum", 1.0), ("keras", "mean", 2.0)],
)
def test_logistic_regression_of_scikit_learn_is_the_same_fit(name, reduction, scale):
    x, y = data(classes=True)
    value = wd.convert(0.2, "logistic", name, rows=ROWS, batch_size=ROWS)
    theirs = LogisticRegression(C=0.2, tol=1e-10, max_iter=10_000).fit(x, y).coef_[0]
    loss = nn.BCEWithLogitsLoss(reduction=reduction)
    assert trained(scale * value, loss, x, y) == pytest.approx(theirs, abs=1e-6)


def test_mlp_of_scikit_learn_is_the_same_fit():
    options = {"hidden_layer_sizes": (), "solver": "lbfgs", "tol": 1e-14, "max_iter": 10_000}
    x, y = data()
    alpha = wd.convert(0.1, "torch", "mlp", batch_size=ROWS)  # L-BFGS takes all rows at once
    theirs = MLPRegressor(alpha=alpha, random_state=0, **options).fit(x, y).coefs_[0][:, 0]
    assert trained(0.1, half_squares, x, y) == pytest.approx(theirs, abs=1e-5)
    x, y = data(classes=True)
    theirs = MLPClassifier(alpha=alpha, random_state=0, **options).fit(x, y).coefs_[0][:, 0]
    assert trained(0.1, nn.BCEWithLogitsLoss(), x, y) == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize("name", ["lasso", "l1", "l1-mse", "elastic-net"])
def test_lasso_and_elastic_net_are_optimal_for_our_objective(name):
    """At their solution our loss pulls each weight with exactly λ, and less where it is 0."""
    x, y = data(3)
    x[:, 3] = np.random.default_rng(9).normal(size=ROWS)
    x, y = x - x.mean(0), y - y.mean()
    l1_ratio = 0.6
    if name == "elastic-net":
        theirs = ElasticNet(alpha=0.3, l1_ratio=l1_ratio, tol=1e-14, max_iter=100_000)
        l1 = wd.convert(0.3, name, "l1", l1_ratio=l1_ratio)
        l2 = wd.convert(0.3, name, "torch", l1_ratio=l1_ratio)
    else:
        theirs = Lasso(alpha=0.3, tol=1e-14, max_iter=100_000)
        l1, l2 = wd.convert(0.3, "lasso", name), 0.0
    w = theirs.fit(x, y).coef_
    slope = x.T @ (x @ w - y) / ROWS * (2 if name == "l1-mse" else 1) + l2 * w
    kept = w != 0
    assert 0 < kept.sum() < FEATURES
    assert slope[kept] == pytest.approx(-l1 * np.sign(w[kept]), rel=1e-9)
    assert (np.abs(slope[~kept]) < l1).all()


def test_laplace_prior_is_the_penalty_of_the_log_posterior():
    x, y = data()
    sigma, precision = 0.8, 5.0
    weight_decay = wd.convert(precision, "laplace-regression", "torch", rows=ROWS, sigma=sigma)

    def minus_log_likelihood(output, target):
        return -torch.distributions.Normal(output, sigma).log_prob(target).sum()

    ours = trained(weight_decay, half_squares, x, y)
    assert trained(precision, minus_log_likelihood, x, y) == pytest.approx(ours, rel=1e-6)
    # Beside MSELoss it is 2σ²δ/n.
    beside_mse = wd.convert(precision, "laplace-regression", "torch-mse", rows=ROWS, sigma=sigma)
    assert beside_mse == pytest.approx(2 * sigma**2 * precision / ROWS, rel=1e-12)
    x, y = data(classes=True)
    weight_decay = wd.convert(precision, "laplace", "torch", rows=ROWS)
    ours = trained(weight_decay, nn.BCEWithLogitsLoss(), x, y)
    summed = nn.BCEWithLogitsLoss(reduction="sum")
    assert trained(precision, summed, x, y) == pytest.approx(ours, rel=1e-6, abs=1e-9)


def test_mean_squared_error_averages_over_outputs_too():
    draw = np.random.default_rng(5)
    x, y = draw.normal(size=(ROWS, FEATURES)), draw.normal(size=(ROWS, 3))
    value = wd.convert(4.0, "ridge", "torch-mse", rows=ROWS, outputs=3)
    left = x.T @ x * (2 / (3 * ROWS)) + value * np.eye(FEATURES)  # gradient of MSE + λ·½Σw²
    ours = np.linalg.solve(left, x.T @ y * (2 / (3 * ROWS)))
    theirs = Ridge(4.0, fit_intercept=False).fit(x, y).coef_
    np.testing.assert_allclose(ours.T, theirs, rtol=1e-9)


def steps(optimizer, scheduler, count, w, gradient):
    for _ in range(count):
        w.grad = gradient.clone()
        optimizer.step()
        scheduler.step()
    return w.detach().clone()


@pytest.mark.parametrize("unit", ["independent", "normalized"])
def test_independent_of_the_peak_but_not_of_the_schedule(unit):
    """AdamW with the converted λ shrinks as the AdamW paper does with its own."""
    lr, count = 0.05, 8
    known = {"lr": lr, "rows": 40, "batch_size": 10, "epochs": 2}
    value = 0.1
    start = torch.tensor([1.0, -2.0], dtype=torch.float64)
    w = nn.Parameter(start.clone())
    optimizer = torch.optim.AdamW(
        [w], lr=lr, weight_decay=wd.convert(value, unit, "adamw", **known)
    )
    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, count)
    done = steps(optimizer, scheduler, count, w, torch.zeros(2, dtype=torch.float64))
    per_step = value / (math.sqrt(count) if unit == "normalized" else 1)
    left = math.prod(1 - per_step * (1 - 0.9 * t / count) for t in range(count))
    torch.testing.assert_close(done, left * start, rtol=1e-12, atol=0)


@pytest.mark.parametrize("unit", ["independent", "normalized"])
def test_independent_and_normalized_are_those_of_the_presets(unit):
    known = {"lr": 0.05, "rows": 40, "batch_size": 10, "epochs": 2}
    done = []
    for here in (unit, "adamw"):
        model = nn.Linear(2, 1, bias=False).double()
        nn.init.constant_(model.weight, 1.5)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
        if here == "adamw":
            decay = wd.Decay(wd.convert(0.1, unit, here, **known), on="step")
        elif unit == "normalized":
            decay = wd.presets.normalized(0.1, steps=8)
        else:
            decay = wd.presets.independent(0.1)
        decay.attach(optimizer, model)
        scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, 8)
        done.append(steps(optimizer, scheduler, 8, model.weight, torch.zeros_like(model.weight)))
    torch.testing.assert_close(*done, rtol=1e-12, atol=0)
    assert (done[0] < 1.4).all()


def test_stable_decay_of_sgd_divides_by_one_less_momentum():
    """Attached as SGDS it is the plain decay on the step of the converted λ."""
    done = []
    for weight_decay, unit in ((0.1, "stable"), (None, "lr")):
        model = nn.Linear(2, 1).double()
        with torch.no_grad():
            model.weight.fill_(1.5)
            model.bias.zero_()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, dampening=0.5)
        if weight_decay is None:
            weight_decay = wd.convert(0.1, "sgds", "adamw", momentum=0.9, dampening=0.5)
        wd.Decay(weight_decay, on="step", unit=unit).attach(optimizer, model)
        for _ in range(5):
            optimizer.zero_grad()
            model(torch.ones(3, 2, dtype=torch.float64)).square().mean().backward()
            optimizer.step()
        done.append(model.weight.detach().clone())
    torch.testing.assert_close(*done, rtol=1e-12, atol=0)


@pytest.mark.parametrize(("momentum", "dampening"), [(0.0, 0.0), (0.9, 0.0), (0.9, 0.5)])
@pytest.mark.parametrize("decay", ["sgds", "adamw", "torch"])
def test_with_momentum_what_sgd_trains_is_the_ridge_that_it_is_converted_to(
    decay, momentum, dampening
):
    """Stable decay, the plain decay on the step of its λ, and the λ of ``torch.optim.SGD``."""
    x, y = data()
    alpha, known = 20.0, {"momentum": momentum, "dampening": dampening}
    stable = wd.convert(alpha, "ridge", "sgds", rows=ROWS)
    model = nn.Linear(FEATURES, 1).double()
    own = wd.convert(stable, "sgds", "torch") if decay == "torch" else 0.0
    groups = wd.param_groups(model, own)
    optimizer = torch.optim.SGD(groups, lr=0.002 if momentum else 0.02, **known)
    if decay == "sgds":
        wd.presets.sgds(stable).attach(optimizer, model)
    elif decay == "adamw":
        wd.Decay(wd.convert(stable, "sgds", "adamw", **known), on="step").attach(optimizer, model)
    inputs, target = torch.from_numpy(x), torch.from_numpy(y)[:, None]
    for _ in range(2000):
        optimizer.zero_grad()
        half_squares(model(inputs), target).backward()
        optimizer.step()
    theirs = Ridge(alpha).fit(x, y).coef_
    assert model.weight.detach().numpy()[0] == pytest.approx(theirs, rel=1e-6)


def test_stable_decay_needs_momentum_beside_decays_on_the_step_alone():
    for one, other in (("sgds", "adamw"), ("independent", "sgds")):
        with pytest.raises(InputError, match=r"^momentum is missing.*'sgds'.*1 − momentum"):
            wd.convert(0.1, one, other, lr=0.1)
    assert wd.convert(0.1, "sgds", "torch") == wd.convert(0.1, "torch", "sgds") == 0.1
    there = wd.convert(0.1, "sgds", "adamw", momentum=0.9, dampening=0.5)
    assert there == pytest.approx(0.5)
    back = wd.convert(there, "adamw", "sgds", momentum=0.9, dampening=0.5)
    assert back == pytest.approx(0.1)


def test_after_its_time_scale_an_average_has_forgotten_all_but_a_part_in_e():
    known = {"rows": 1000, "batch_size": 10, "lr": 1e-2}
    weight_decay = wd.convert(3.0, "ema-epochs", "adamw", **known)
    w = nn.Parameter(torch.ones(1, dtype=torch.float64))
    optimizer = torch.optim.AdamW([w], lr=known["lr"], weight_decay=weight_decay)
    for _ in range(3 * 1000 // 10):
        w.grad = torch.zeros_like(w)
        optimizer.step()
    assert w.item() == pytest.approx(math.exp(-1), rel=0.01)
    assert wd.convert(3.0, "ema-epochs", "ema-steps", **known) == pytest.approx(300)


def test_under_plain_sgd_loss_and_step_are_one():
    done = []
    for name, on in (("torch", "loss"), ("adamw", "step")):
        model = nn.Linear(2, 1).double()
        with torch.no_grad():
            model.weight.fill_(1.5)
            model.bias.zero_()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        weight_decay = wd.convert(9.0, "ridge", name, rows=30, optimizer="sgd")
        wd.Decay(weight_decay, on=on).attach(optimizer, model)
        for _ in range(5):
            optimizer.zero_grad()
            model(torch.ones(3, 2, dtype=torch.float64)).square().mean().backward()
            optimizer.step()
        done.append(model.weight.detach().clone())
    torch.testing.assert_close(*done, rtol=1e-12, atol=0)


# --- examples and bad input ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "one", "other", "result"),
    [
        (3.0, "d2l", "torch", 3.0),
        (0.01, "keras", "torch", 0.02),
        (0.02, "torch", "ridge", 0.02 * 320),
        (0.02, "torch-mse", "ridge", 0.02 * 320 / 2),
        (10.0, "logistic", "torch", 1 / (320 * 10.0)),
        (1e-4, "mlp", "torch", 1e-4 / 16),
        (0.5, "elastic-net", "l1", 0.15),
        (0.5, "elastic-net", "torch", 0.35),
        (64.0, "laplace", "torch", 0.2),
        (1e-5, "independent", "torch", 1e-5 / 3e-3),
    ],
)
def test_the_table(value, one, other, result):
    known = {**KNOWN, "optimizer": None, "outputs": 1}
    assert wd.convert(value, one, other, **known) == pytest.approx(result, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "known", "named"),
    [
        ((1, "tensorflow", "torch"), {}, "from_.*'tensorflow'"),
        ((1, "torch", "ridges"), {}, "to.*'ridge'"),
        ((-1, "torch", "keras"), {}, "value.*-1"),
        ((math.nan, "torch", "keras"), {}, "value.*nan"),
        ((math.inf, "torch", "keras"), {}, "value.*inf"),
        ((True, "torch", "keras"), {}, "value.*True"),
        (("0.01", "torch", "keras"), {}, "^value: '0.01' is not a number"),
        ((None, "torch", "keras"), {}, "^value: None is not a number"),
        ((np.ones(2), "torch", "keras"), {}, "^value: .* is not a number"),
        ((1, "torch", "ridge"), {"rows": "3"}, "^rows: '3' is not a whole number"),
        ((1, "torch", "independent"), {"lr": [0.1]}, r"^lr: \[0.1\] is not"),
        ((1, "torch", "ridge"), {"rows": True}, "^rows: True"),
        ((0, "logistic", "torch"), {"rows": 3}, "value.*logistic"),
        ((1, "torch", "ridge"), {"rows": 0}, "rows.*0"),
        ((1, "torch", "ridge"), {"rows": 1.5}, "rows.*1.5"),
        ((1, "torch", "ridge"), {"rows": math.inf}, "rows.*inf"),
        ((1, "torch", "independent"), {"lr": 0}, "lr.*0"),
        ((1, "adamw", "sgds"), {"momentum": 1}, "momentum.*1"),
        ((1, "ridge", "adamw"), {"rows": 3, "optimizer": "sgd", "momentum": 0.9}, "^momentum: 0.9"),
        ((1, "torch", "elastic-net"), {"l1_ratio": 1.2}, "l1_ratio.*1.2"),
        ((1, "torch", "elastic-net"), {"l1_ratio": 1.0}, "l1_ratio.*L2"),
        ((1, "lasso", "ridge"), {"rows": 3}, "to.*L1"),
        ((1, "ridge", "adamw"), {"rows": 3}, "optimizer='sgd'"),
        ((1, "ridge", "adamw"), {"rows": 3, "optimizer": "adam"}, "optimizer.*'adam'"),
    ],
)
def test_bad_input_is_named(arguments, known, named):
    with pytest.raises(InputError, match=named) as caught:
        wd.convert(*arguments, **known)
    assert "\n" not in str(caught.value)
