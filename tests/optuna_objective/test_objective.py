"""An objective for Optuna: a trial trains what a path trains, and says all that it measured."""

import doctest
import importlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import weightdecay as wd

optuna = pytest.importorskip("optuna")

from optuna.trial import FixedTrial, TrialState  # noqa: E402

from weightdecay import engines  # noqa: E402
from weightdecay.optuna import Candidate, objective  # noqa: E402

DOCS = Path(__file__).parents[2] / "docs" / "optuna.md"
RECIPE = wd.Recipe(lr=0.03, epochs=8, batch_size=16)
LAMBDAS = (0.0, 0.01, 0.3)


@pytest.fixture(autouse=True)
def quiet():
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(before)


def data():
    draw = np.random.default_rng(0)
    X = draw.normal(size=(42, 12))
    return X, X[:, :2].sum(axis=1) + draw.normal(size=42)


def network(width: int = 4) -> nn.Module:
    return nn.Sequential(nn.Linear(12, width), nn.Tanh(), nn.Linear(width, 1))


def suggest(trial) -> Candidate:
    value = trial.suggest_float("weight_decay", 0.0, 1.0)
    width = trial.suggest_int("width", 2, 6)
    return Candidate(lambda: network(width), RECIPE, wd.Decay(value))


def asked(**how):
    return objective(suggest, *data(), **{"seeds": 2, "folds": 3, **how})


def at(weight_decay: float, width: int = 4) -> FixedTrial:
    return FixedTrial({"weight_decay": weight_decay, "width": width})


def truth():
    X, y = data()
    return {"truth": (X[20:], y[20:]), "seeds": 4}


HOW = {
    "loss": lambda: {},
    "metric": lambda: {"metric": "r2"},
    "truth": truth,
    "own seeds": lambda: {"seeds": (7, 3)},
    "weights": lambda: {"sample_weight": np.arange(1, 43)},
    "groups": lambda: {"groups": np.arange(42) // 3},
    "loop": lambda: {"engine": "loop"},
    "hold-out": lambda: {"folds": 0.25},
    "fold by fold": lambda: {"prune": True},
}


@pytest.mark.parametrize("how", HOW)
def test_its_errors_are_those_of_a_path_to_the_bit(how: str) -> None:
    options = {"seeds": 2, "folds": 3, **HOW[how]()}
    tried = objective(suggest, *data(), **options)
    options.pop("prune", None)
    path = wd.path(network, *data(), recipe=RECIPE, weight_decay=LAMBDAS, **options)
    for place, value in enumerate(LAMBDAS):
        trial = at(value)
        error = tried(trial)
        np.testing.assert_array_equal(trial.user_attrs["errors"], path.errors[place])
        assert error == path.errors[place].mean()


def test_with_vmap_they_are_those_of_a_path_to_rounding() -> None:
    how = {"engine": "vmap", "seeds": 2, "folds": 3}
    trial = at(0.3)
    objective(suggest, *data(), **how)(trial)
    path = wd.path(network, *data(), recipe=RECIPE, weight_decay=LAMBDAS, **how)
    np.testing.assert_allclose(trial.user_attrs["errors"], path.errors[2], rtol=1e-5)
    assert trial.user_attrs["engine"] == "vmap"


def test_a_transformer_is_fitted_in_each_fold() -> None:
    from sklearn.preprocessing import StandardScaler

    how = {"transform": StandardScaler(), "seeds": 2, "folds": 3}
    trial = at(0.3)
    objective(suggest, *data(), **how)(trial)
    path = wd.path(network, *data(), recipe=RECIPE, weight_decay=LAMBDAS, **how)
    np.testing.assert_array_equal(trial.user_attrs["errors"], path.errors[2])


def test_a_trial_says_what_it_measured_as_json() -> None:
    trial = at(0.1)
    error = asked()(trial)
    said = json.loads(json.dumps(trial.user_attrs, allow_nan=False))
    errors = np.array(said["errors"])
    assert errors.shape == (2, 3)
    np.testing.assert_allclose(said["fold_errors"], errors.mean(axis=0))
    np.testing.assert_allclose(said["seed_errors"], errors.mean(axis=1))
    folds = np.array(said["fold_errors"])
    assert said["standard_error"] == pytest.approx(folds.std(ddof=1) / np.sqrt(3))
    assert (said["failed"], said["engine"]) == (0, "lanes")
    assert error == errors.mean()


def test_trials_are_alike_whenever_they_come() -> None:
    tried = asked()
    first = tried(at(0.1))
    torch.manual_seed(99)
    torch.rand(3)
    tried(at(0.5, 2))
    before = torch.get_rng_state()
    assert tried(at(0.1)) == first
    assert torch.equal(torch.get_rng_state(), before)


def found(storage=None, seed=0, trials=6, tried=None, **how):
    study = optuna.create_study(
        storage=storage,
        study_name="one",
        sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=2),
        load_if_exists=True,
        **how,
    )
    study.optimize(tried or asked(), n_trials=trials)
    return study


def test_a_study_of_its_own_is_the_same_twice() -> None:
    one, other = found(), found()
    assert [t.value for t in one.trials] == [t.value for t in other.trials]
    assert one.best_value == min(t.value for t in one.trials)


def test_the_best_trial_gives_its_candidate_back() -> None:
    study = found()
    best = suggest(study.best_trial)
    assert best.decay.weight_decay == study.best_params["weight_decay"]
    assert asked()(study.best_trial) == study.best_value


def test_a_study_goes_on_from_its_storage(tmp_path: Path) -> None:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    file = str(tmp_path / "journal.log")
    found(JournalStorage(JournalFileBackend(file)), trials=3)
    study = found(JournalStorage(JournalFileBackend(file)), seed=1, trials=2)
    assert [t.state for t in study.trials] == [TrialState.COMPLETE] * 5
    for trial in study.trials:
        # What was stored is what the same trial measures now.
        again = at(**trial.params)
        assert asked()(again) == trial.value
        assert again.user_attrs == trial.user_attrs


def test_threads_take_turns_and_change_nothing() -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(asked(), n_trials=6, n_jobs=3)
    for trial in study.trials:
        assert asked()(at(**trial.params)) == trial.value


def test_one_that_diverges_is_pruned_and_counted() -> None:
    def wild(trial):
        lr = trial.suggest_categorical("lr", [1e9])
        return Candidate(network, wd.Recipe(lr=lr, epochs=5, optimizer="sgd"))

    study = optuna.create_study()
    study.optimize(objective(wild, *data(), seeds=2, folds=3), n_trials=1)
    (trial,) = study.trials
    assert trial.state == TrialState.PRUNED
    assert trial.user_attrs["failed"] == 6
    assert trial.user_attrs["errors"] == [[None] * 3] * 2
    assert trial.user_attrs["standard_error"] is None


class Pruner(optuna.pruners.BasePruner):
    """Stops after `folds` folds."""

    def __init__(self, folds: int) -> None:
        self.folds = folds

    def prune(self, study, trial) -> bool:
        return trial.last_step == self.folds - 1


def test_a_pruner_stops_it_after_a_fold(monkeypatch) -> None:
    trained = []
    real = engines.train_by

    def train_by(name, population, *rest):
        trained.append(len(population))
        return real(name, population, *rest)

    monkeypatch.setattr(engines, "train_by", train_by)
    study = optuna.create_study(pruner=Pruner(2))
    study.enqueue_trial({"weight_decay": 0.1, "width": 4})
    study.optimize(asked(prune=True), n_trials=1)
    (trial,) = study.trials
    assert trial.state == TrialState.PRUNED
    assert trained == [2, 2]
    whole = at(0.1)
    asked()(whole)
    errors = np.array(whole.user_attrs["errors"])
    assert trial.intermediate_values == {0: errors[:, :1].mean(), 1: errors[:, :2].mean()}
    assert [row[2] for row in trial.user_attrs["errors"]] == [None, None]
    assert trial.user_attrs["failed"] == 0


def test_without_prune_a_pruner_is_not_asked() -> None:
    study = optuna.create_study(pruner=Pruner(1))
    study.optimize(asked(), n_trials=1)
    assert study.trials[0].state == TrialState.COMPLETE
    assert not study.trials[0].intermediate_values


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"seeds": 0}, "seeds: 0 is less than 1"),
        ({"folds": 1}, "folds"),
        ({"loss": "huge"}, "loss"),
        ({"metric": "no such"}, "metric"),
        ({"truth": data(), "validation": data()}, "truth, validation"),
        ({"sample_weight": [1.0]}, "sample_weight"),
        ({"engine": "nope"}, "engine: 'nope' is none of 'auto', 'lanes'"),
        ({"device": "nope"}, "device: nope is not to be had"),
        ({"device": 1.5}, "device: 1.5 is not to be had"),
    ],
)
def test_bad_options_are_named_before_any_trial(how, said) -> None:
    with pytest.raises(wd.InputError, match=said):
        asked(**how)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: None, "suggest: it returns NoneType"),
        (lambda: Candidate(network()), "make_net: it is a network; give a function"),
        (lambda: Candidate(lambda: nn.Linear(3, 1)), "network"),
        (lambda: Candidate(network, decay=wd.Decay(0.1, select="nothing")), "select"),
        (lambda: Candidate(network, None), "recipe: it is a NoneType; give a Recipe"),
        (lambda: Candidate(network, RECIPE, None), "decay: it is a NoneType; give a Decay"),
    ],
)
def test_bad_candidates_are_named_in_their_trial(made, said) -> None:
    with pytest.raises(wd.InputError, match=said):
        objective(lambda trial: made(), *data(), seeds=1, folds=2)(at(0.1))


def nan(output, y) -> float:
    return float("nan")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"metric": nan}, "metric: nan does not judge these targets, .*: its value is nan"),
        ({"metric": "roc_auc"}, "metric: roc_auc does not judge these targets"),
        ({"metric": "r2", "folds": 42}, "metric: r2 does not judge the rows of fold 0: .* nan"),
    ],
)
@pytest.mark.parametrize("prune", [False, True])
def test_a_metric_that_cannot_judge_is_named_before_its_trial_trains(
    how, said, prune, monkeypatch
) -> None:
    monkeypatch.setattr(engines, "train_by", lambda *args: pytest.fail("it trains"))
    with pytest.raises(wd.InputError, match=said):
        asked(**how, prune=prune)(at(0.1))


def test_a_metric_that_is_nan_for_what_networks_predict_is_no_divergence() -> None:
    def below(output, y) -> float:
        # A number for outputs near y, of which it is told by their correlation.
        alike = np.corrcoef(np.ravel(output), np.ravel(y))[0, 1]
        return float("nan") if alike < 0.999 else 0.0

    trial = at(0.1)
    with pytest.raises(wd.InputError, match="metric: it does not judge what a trained network"):
        asked(metric=below)(trial)
    assert "failed" not in trial.user_attrs


@pytest.mark.parametrize("prune", [False, True])
def test_with_a_metric_too_those_that_diverge_are_counted(prune) -> None:
    def wild(trial):
        return Candidate(network, wd.Recipe(lr=1e9, epochs=5, optimizer="sgd"))

    trial = at(0.1)
    with pytest.raises(optuna.TrialPruned, match="diverged"):
        objective(wild, *data(), metric="r2", seeds=2, folds=3, prune=prune)(trial)
    assert trial.user_attrs["failed"] == (2 if prune else 6)


@pytest.mark.parametrize(
    "how", [{"direction": "maximize"}, {"directions": ["minimize", "minimize"]}]
)
def test_a_study_that_does_not_minimise_one_error_is_refused(how) -> None:
    study = optuna.create_study(**how)
    with pytest.raises(wd.InputError, match="study: an error is to be minimised"):
        study.optimize(asked(), n_trials=1)


def test_without_optuna_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    monkeypatch.delitem(sys.modules, "weightdecay.optuna")
    with pytest.raises(ImportError, match=r'pip install "weightdecay\[optuna\]"'):
        importlib.import_module("weightdecay.optuna")


def test_the_example_of_the_docstring_runs() -> None:
    import weightdecay.optuna as module

    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.slow
def test_the_program_of_the_page_runs(capsys) -> None:
    programs = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(programs) == 2
    place: dict[str, object] = {}
    for program in programs:
        exec(compile(program, str(DOCS), "exec"), place)
    assert "label=" in capsys.readouterr().out
