"""What a study file asks for is what is run."""

import inspect
import itertools
import re
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

import weightdecay as wd
from weightdecay import InputError
from weightdecay.language import Words, told
from weightdecay.studies import build, load
from weightdecay.tables import KINDS, Options, read
from weightdecay.tables._search import plan_of, search
from weightdecay.tables._table import table_of

from .conftest import line_of

TINY = """
[recipe]
epochs = 2
batch_size = 16
[study]
weight_decay = [0.01, 1.0]
seeds = 2
folds = 2
inner_folds = 2
"""
numbers = itertools.count()


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Writes a study file and, beside it, a module under a name of its own."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def made(data, model="hidden = [3]", code=None, sets=()):
        name = f"of_study_{next(numbers)}"
        if code is not None:
            (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        text = f"[data]\n{data}\n[model]\n{model}\n{TINY}".replace("MODULE", name)
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "study.toml", [said.replace("MODULE", name) for said in sets])

    return made


def table(rows=60):
    draw = np.random.default_rng(0)
    x = draw.normal(size=rows)
    return "x,colour,street,y\n" + "".join(
        f"{a:.3f},{draw.choice(['red', 'green'])},{k // 4},{50 + 9 * a + draw.normal():.3f}\n"
        for k, a in enumerate(x)
    )


ROWS = """
import numpy as np
draw = np.random.default_rng(0)
X = draw.normal(size=(40, 5)).astype(np.float32)
def numbers(): return X, X[:, 0] + draw.normal(size=40)
def classes(): return X, (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
def pairs(): return X, X[:, :2]
def truths(): return X, X[:, 0] > 0
def weighted(): return X, X[:, 0], np.arange(40)
def unweighted(): return X, X[:, 0], None
def short(): return X, X[:, 0], [1.0, 2.0]
def negative(): return X, X[:, 0], [1.0] * 3 + [-1.0] + [1.0] * 36
def zeros(): return X, X[:, 0], [0] * 40
def words(): return X, X[:, 0], ["a"] * 40
def texts(): return X, ["a"] * 40
def ragged(): return X, [[1], [1, 2]]
def images(): return X[:, None, :], X[:, 0]
def nothing(): return X[:0], X[:0, 0]
def far(): return X, np.full(40, 10**9)
def alone(): return X
def broken(): raise RuntimeError("no\\nrows")
def leaves(): raise SystemExit(3)
value = 3
"""
NETS = """
import torch
X = torch.randn(30, 1, 4, 4, generator=torch.Generator().manual_seed(0))
def rows(): return X, (X.mean((1, 2, 3)) > 0).long()
def net():
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(8, 2)
    )
def no_net(): return 3
def broken(): return torch.nn.Linear("a", 2)
"""


DECAYS = """
import weightdecay as wd
class Quarter:  # no dataclass, as penalties of one's own often are not
    def __init__(self, share): self.share = share
    def value(self, w): return self.share * w.square().sum()
    def gradient(self, w): return 2 * self.share * w
def elastic():
    return wd.Decay(7.0, wd.ElasticNet(l1_ratio=0.9), on="prox", multipliers={"0.*": 0.5})
def steps(): return wd.Decay(on="step", unit="step", schedule=lambda step: 0.9**step, select="all")
def quarter(): return wd.Decay(penalty=Quarter(0.25))
def third(): return wd.Decay(penalty=Quarter(1 / 3))
"""


def test_arguments_are_those_of_path(make) -> None:
    keywords = build(make('source = "diabetes"')).keywords
    parameters = inspect.signature(wd.path).parameters
    assert set(keywords) < set(parameters)
    assert set(parameters) - set(keywords) == {
        *("truth", "validation", "compile", "out", "force", "executor"),
        "progress",
    }


def test_a_list_of_learning_rates_asks_for_a_grid(make) -> None:
    built = build(make('source = "diabetes"', sets=["recipe.lr=[0.1, 0.01]"]))
    found = built.run()
    assert isinstance(found, wd.Grid)
    assert found.lr == (0.01, 0.1)
    assert found.verdict == wd.grid(**built.keywords).verdict
    for path, lr in zip(found.paths, found.lr, strict=True):
        alone = build(make('source = "diabetes"', sets=[f"recipe.lr={lr}"])).run()
        assert isinstance(alone, wd.Path)
        np.testing.assert_array_equal(path.errors, alone.errors)
    one = build(make('source = "diabetes"', sets=["recipe.lr=[0.1]"])).run()
    assert isinstance(one, wd.Grid)


def test_a_list_of_kinds_asks_for_a_comparison(make) -> None:
    kinds = ["adamw", "l2"]
    built = build(make('source = "diabetes"', sets=[f"decay.kind={kinds}"]))
    found = built.run()
    assert isinstance(found, wd.Comparison)
    assert found.names == ("adamw", "l2")
    assert found.pairs == wd.compare(**built.keywords).pairs
    for name, path in zip(found.names, found.paths, strict=True):
        alone = build(make('source = "diabetes"', sets=[f"decay.kind={name}"])).run()
        assert isinstance(alone, wd.Path)
        np.testing.assert_array_equal(path.errors, alone.errors)
    one = build(make('source = "diabetes"', sets=['decay.kind=["l2"]'])).run()
    assert isinstance(one, wd.Comparison)
    assert one.verdict == alone.verdict


@pytest.mark.parametrize(
    ("name", "decay"),
    [
        (
            "elastic",
            wd.Decay(penalty=wd.ElasticNet(l1_ratio=0.9), on="prox", multipliers={"0.*": 0.5}),
        ),
        (
            "steps",
            wd.Decay(on="step", unit="step", schedule=lambda step: 0.9**step, select="all"),
        ),
    ],
)
def test_a_decay_of_ones_own_gives_what_path_gives(make, name, decay) -> None:
    sets = [f"decay.factory=MODULE:{name}"]
    found = build(make('source = "diabetes"', code=DECAYS, sets=sets)).run()
    given = build(make('source = "diabetes"')).keywords
    theirs = wd.path(**{**given, "decay": decay})
    np.testing.assert_array_equal(found.errors, theirs.errors)
    assert found.verdict == theirs.verdict
    assert (found.errors[1:] != wd.path(**given).errors[1:]).any()
    sets.append("recipe.lr=[0.01]")
    found = build(make('source = "diabetes"', code=DECAYS, sets=sets)).run()
    assert isinstance(found, wd.Grid)
    assert found.verdict == wd.grid(**{**given, "decay": decay}, lr=[0.01]).verdict


def test_a_study_of_ones_own_decay_goes_on_and_is_not_taken_for_another(make, tmp_path) -> None:
    make('source = "diabetes"', code=DECAYS)
    (module,) = (file.stem for file in tmp_path.glob("of_study_*.py"))

    def asked(name):
        return build(load(tmp_path / "study.toml", [f"decay.factory={module}:{name}"]))

    first = asked("quarter").run(out=tmp_path / "run")
    with wd.RunFolder(tmp_path / "run") as folder:
        again = asked("quarter").run(out=folder)
        assert folder.kept == 0
    np.testing.assert_array_equal(again.errors, first.errors)
    with pytest.raises(InputError, match="differs in decay"):
        asked("third").run(out=tmp_path / "run")


METRICS = """
from sklearn.metrics import make_scorer, mean_absolute_error
def largest(output, y): return (output - y).abs().max()
scorer = make_scorer(mean_absolute_error, greater_is_better=False)
def nothing(output, y): return None
def broken(output, y): raise RuntimeError("no")
def classes(output, y): return (output.argmax(1) != y).float().mean()
"""


def largest(output, y):
    return (output - y).abs().max()


@pytest.mark.parametrize(
    ("said", "metric"),
    [
        ("r2", "r2"),
        ("MODULE:scorer", "neg_mean_absolute_error"),
        ("MODULE:largest", largest),
    ],
)
def test_a_metric_gives_what_path_gives(make, said, metric) -> None:
    built = build(make('source = "diabetes"', code=METRICS, sets=[f"study.metric={said}"]))
    given = build(make('source = "diabetes"')).keywords
    found, theirs = built.run(), wd.path(**{**given, "metric": metric})
    np.testing.assert_array_equal(found.errors, theirs.errors)
    assert found.verdict == theirs.verdict
    assert found.verdict.unit == "fold"
    assert (found.choice, built.unit) == (theirs.choice, 1)
    assert found.results.attrs["metric"] == said.rpartition(":")[2]


@pytest.mark.parametrize("several", ["decay.kind=['l2', 'adamw']", "recipe.lr=[0.1, 0.01]"])
def test_a_metric_judges_several_paths(make, several) -> None:
    found = build(make('source = "wine"', sets=["study.metric=accuracy", several])).run()
    assert {path.results.attrs["metric"] for path in found.paths} == {"accuracy"}
    alone = build(make('source = "wine"', sets=["study.metric=accuracy", "recipe.lr=0.01"])).run()
    if isinstance(found, wd.Grid):
        np.testing.assert_array_equal(found.paths[0].errors, alone.errors)


def test_networks_are_judged_anew_by_another_metric_without_training(make, tmp_path) -> None:
    build(make('source = "diabetes"')).run(out=tmp_path / "run")
    asked = build(make('source = "diabetes"', sets=["study.metric=r2"]))
    with wd.RunFolder(tmp_path / "run") as folder:
        found = asked.run(out=folder)
        assert folder.kept == 0
    np.testing.assert_array_equal(found.errors, asked.run().errors)


@pytest.mark.parametrize(
    ("source", "metric", "said"),
    [
        ("diabetes", "accuracy", "study.metric: accuracy does not judge these targets, of the los"),
        (
            "wine",
            "roc_auc",
            "study.metric: roc_auc does not judge these targets, of the loss cross",
        ),
        ("wine", "precision", "study.metric: precision does not judge these targets, of the loss "),
        ("wine", "MODULE:largest", "study.metric: MODULE:largest raises "),
        ("diabetes", "MODULE:broken", "study.metric: MODULE:broken raises RuntimeError: no"),
        ("diabetes", "MODULE:nothing", "study.metric: MODULE:nothing does not judge these targets"),
        ("diabetes", "MODULE:none", "study.metric: MODULE has no none; it has "),
        ("diabetes", "no_such_module:f", "study.metric: there is no module no_such_module"),
    ],
)
def test_a_metric_that_cannot_judge_is_refused_before_the_training(
    make, source, metric, said
) -> None:
    study = make(f'source = "{source}"', code=METRICS, sets=[f"study.metric={metric}"])
    name = f"of_study_{next(numbers) - 1}"
    with pytest.raises(InputError) as caught:
        build(study)
    assert line_of(caught.value).startswith(said.replace("MODULE", name))


@pytest.mark.parametrize(
    ("source", "metric"),
    [
        *(("diabetes", name) for name in ("r2", "neg_mean_squared_error", "neg_max_error")),
        *(("wine", name) for name in ("accuracy", "f1_macro", "neg_log_loss", "roc_auc_ovr")),
        *(("breast_cancer", name) for name in ("accuracy", "f1", "neg_brier_score", "roc_auc")),
        ("wine", "MODULE:classes"),
    ],
)
def test_a_metric_that_can_judge_is_taken(make, source, metric) -> None:
    study = make(f'source = "{source}"', code=METRICS, sets=[f"study.metric={metric}"])
    assert build(study).metric is not None


WEIGHED = 'source = "rows.csv"\ntarget = "y"'


def weighed(weights):
    """The table with a column of weights."""
    header, *rows = table(len(weights)).splitlines()
    lines = [f"{row},{weight}" for row, weight in zip(rows, weights, strict=True)]
    return "\n".join([f"{header},area", *lines])


@pytest.mark.parametrize("several", ["recipe.lr=0.01", "recipe.lr=[0.1, 0.01]"])
def test_weights_of_rows_give_what_path_gives(make, tmp_path, several) -> None:
    weights = np.random.default_rng(3).integers(0, 5, 60)
    (tmp_path / "rows.csv").write_text(weighed(weights))
    built = build(make(WEIGHED, sets=["data.sample_weight=area", several]))
    given = build(make(WEIGHED, sets=["data.drop=['area']", several])).keywords
    search = wd.path if "lr" not in given else wd.grid
    theirs = search(**{**given, "sample_weight": weights})
    assert built.X.shape == (60, 4)
    assert built.run().verdict == theirs.verdict
    assert theirs.verdict != search(**given).verdict


def test_a_row_without_a_target_needs_no_weight(make, tmp_path) -> None:
    lines = weighed(range(1, 61)).splitlines()
    lines[3] = "1.0,red,0,,"
    lines[4] = "1.0,red,0,50.0,"
    (tmp_path / "rows.csv").write_text("\n".join(lines))
    with pytest.raises(InputError) as caught:
        build(make(WEIGHED, sets=["data.sample_weight=area"]))
    assert "column area, row 4: there is no weight" in line_of(caught.value)
    lines[4] = "1.0,red,0,50.0,4"
    (tmp_path / "rows.csv").write_text("\n".join(lines))
    found = build(make(WEIGHED, sets=["data.sample_weight=area"])).sample_weight
    np.testing.assert_array_equal(found, [1, 2, *range(4, 61)])


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("", "column area, row 3: there is no weight; give each row a number"),
        ("-0.5", "column area, row 3: -0.5 is no weight; give a finite number of 0 or more"),
        ("much", "column area, row 3: much is no weight"),
        ("inf", "column area, row 3: inf is no weight"),
        ("2024-01-01", "column area, row 3: 2024-01-01 is no weight"),
    ],
)
def test_what_is_no_weight_is_named_with_its_row(make, tmp_path, weight, said) -> None:
    (tmp_path / "rows.csv").write_text(weighed([1, 2, weight, *[1] * 57]))
    with pytest.raises(InputError) as caught:
        build(make(WEIGHED, sets=["data.sample_weight=area"]))
    line = line_of(caught.value)
    assert line.startswith("data.sample_weight: ")
    assert said in line


def test_rows_that_all_count_nothing_are_refused(make, tmp_path) -> None:
    (tmp_path / "rows.csv").write_text(weighed([0] * 60))
    with pytest.raises(InputError) as caught:
        build(make(WEIGHED, sets=["data.sample_weight=area"]))
    assert "column area: all rows have 0" in line_of(caught.value)
    (tmp_path / "rows.csv").write_text(weighed([1] * 1 + [0] * 59))
    with pytest.raises(InputError) as caught:
        build(make(WEIGHED, sets=["data.sample_weight=area"])).run()
    assert re.search("all (training|judging) rows of fold . have 0", line_of(caught.value))


def test_a_function_may_return_weights(make) -> None:
    found = build(make('source = "MODULE:weighted"', code=ROWS)).run()
    given = build(make('source = "MODULE:unweighted"', code=ROWS)).keywords
    assert given["sample_weight"] is None
    theirs = wd.path(**{**given, "sample_weight": np.arange(40)})
    np.testing.assert_array_equal(found.errors, theirs.errors)


def test_a_study_of_weighed_rows_goes_on_and_is_not_taken_for_another(make, tmp_path) -> None:
    def asked(weights):
        (tmp_path / "rows.csv").write_text(weighed(weights))
        return build(make(WEIGHED, sets=["data.sample_weight=area"]))

    first = asked(range(60)).run(out=tmp_path / "run")
    with wd.RunFolder(tmp_path / "run") as folder:
        again = asked(range(60)).run(out=folder)
        assert folder.kept == 0
    np.testing.assert_array_equal(again.errors, first.errors)
    with pytest.raises(InputError, match="differs in data"):
        asked(range(1, 61)).run(out=tmp_path / "run")


def test_a_metric_that_takes_no_weights_is_refused_before_the_training(make, tmp_path) -> None:
    (tmp_path / "rows.csv").write_text(weighed(range(60)))
    sets = ["data.sample_weight=area", "study.metric=neg_max_error"]
    with pytest.raises(InputError) as caught:
        build(make(WEIGHED, sets=sets))
    assert line_of(caught.value).startswith("study.metric: neg_max_error does not judge these")


RATES = """
from torch.optim import lr_scheduler
def cosine(optimizer): return lr_scheduler.CosineAnnealingLR(optimizer, 2)
def halving(optimizer): return lr_scheduler.ExponentialLR(optimizer, 0.5)
def plateau(optimizer): return lr_scheduler.ReduceLROnPlateau(optimizer)
def none(optimizer): return None
def broken(optimizer): raise RuntimeError("no")
"""


@pytest.mark.parametrize("several", ["recipe.lr=0.01", "recipe.lr=[0.1, 0.01]"])
@pytest.mark.parametrize("schedule", ["epoch", "step"])
def test_a_scheduler_gives_what_path_gives(make, schedule, several) -> None:
    sets = ["recipe.scheduler=MODULE:halving", f"recipe.schedule={schedule}", several]
    built = build(make('source = "diabetes"', code=RATES, sets=sets))
    given = build(make('source = "diabetes"', sets=[several])).keywords
    recipe = replace(
        given["recipe"],
        scheduler=lambda optimizer: torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5),
        schedule=schedule,
    )
    search = wd.path if "lr" not in given else wd.grid
    theirs = search(**{**given, "recipe": recipe})
    assert built.run().verdict == theirs.verdict
    assert theirs.verdict != search(**given).verdict


def test_a_scheduled_study_goes_on_and_is_not_taken_for_another(make, tmp_path) -> None:
    (tmp_path / "rates_of_mine.py").write_text(RATES)

    def asked(name):
        sets = [f"recipe.scheduler=rates_of_mine:{name}"]
        return build(make('source = "diabetes"', sets=sets))

    first = asked("cosine").run(out=tmp_path / "run")
    with wd.RunFolder(tmp_path / "run") as folder:
        again = asked("cosine").run(out=folder)
        assert folder.kept == 0
    np.testing.assert_array_equal(again.errors, first.errors)
    for other in (asked("halving"), build(make('source = "diabetes"'))):
        with pytest.raises(InputError, match="differs in recipe"):
            other.run(out=tmp_path / "run")


def test_a_scheduler_that_raises_in_training_is_named_with_its_members(make) -> None:
    code = """
from torch.optim.lr_scheduler import OneCycleLR
def one(optimizer): return OneCycleLR(optimizer, max_lr=0.1, total_steps=3)
"""
    sets = ["recipe.scheduler=MODULE:one", "recipe.schedule=step"]
    with pytest.raises(wd.MemberError, match="Tried to step 4 times"):
        build(make('source = "diabetes"', code=code, sets=sets)).run()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "plateau",
            "MODULE:plateau returns ReduceLROnPlateau, which cannot take a step by itself: ",
        ),
        ("none", "MODULE:none returns NoneType; let it return a torch.optim.lr_scheduler.LRSched"),
        ("broken", "MODULE:broken raises RuntimeError: no"),
        ("linear", "MODULE has no linear; it has cosine, halving, "),
        ("lr_scheduler", "MODULE:lr_scheduler is of type module; name a function"),
    ],
)
def test_a_scheduler_that_is_none_is_refused_before_the_training(make, name, said) -> None:
    study = make('source = "diabetes"', code=RATES, sets=[f"recipe.scheduler=MODULE:{name}"])
    module = f"of_study_{next(numbers) - 1}"
    with pytest.raises(InputError) as caught:
        build(study)
    assert line_of(caught.value).startswith(f"recipe.scheduler: {said.replace('MODULE', module)}")


def test_an_embedded_table_runs_as_fit_does_it(make) -> None:
    built = build(make('source = "diabetes"'))
    found = wd.path(**built.keywords)
    source = read("diabetes")
    options = Options(folds=2, seeds=2, hidden=(3,), epochs=2, batch_size=16, lr=1e-3)
    mine = table_of(source, options)
    theirs = search(mine, plan_of(mine, options), KINDS["l2"], options)
    # The folds, rows, scaling and starts are the same: so are the runs without decay.
    np.testing.assert_array_equal(found.errors[0], theirs.errors[0])
    assert found.weight_decay == (0.0, 0.01, 1.0)
    assert built.unit == pytest.approx(source.frame["target"].var(ddof=0))


@pytest.mark.parametrize(
    ("name", "loss", "outputs"),
    [("breast_cancer", "binary_cross_entropy", 1), ("wine", "cross_entropy", 3)],
)
def test_classes_get_their_loss_and_outputs(make, name, loss, outputs) -> None:
    built = build(make(f'source = "{name}"'))
    assert built.loss == loss
    assert built.make_net()[-1].out_features == outputs
    assert built.unit == 1


def test_an_embedded_table_goes_before_a_file_of_its_name(make, tmp_path, monkeypatch) -> None:
    (tmp_path / "wine").write_text(table())
    monkeypatch.chdir(tmp_path)
    assert len(build(make('source = "wine"')).X) == 178
    assert len(build(make('source = "./wine"\ntarget = "y"')).X) == 60


def test_a_file_runs_with_groups_and_columns_left_out(make, tmp_path) -> None:
    (tmp_path / "rows.csv").write_text(table())
    study = make('source = "rows.csv"\ntarget = "y"\ngroup = "street"\ndrop = ["colour"]')
    built = build(study)
    assert built.X.shape == (60, 1)
    found = wd.path(**built.keywords)
    assert found.verdict.unit == "group"
    assert len(found.weight_decay) == 3
    assert np.isfinite(found.errors).all()


def test_a_file_is_looked_for_beside_the_study_file(make, tmp_path, monkeypatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "rows.csv").write_text(table())
    monkeypatch.chdir("/")
    for data in ('source = "sub/rows.csv"', f'source = "{(tmp_path / "sub/rows.csv").as_posix()}"'):
        assert build(make(f'{data}\ntarget = "y"')).X.shape == (60, 4)
    study = make('source = "rows.csv"\ntarget = "y"', sets=["folder=sub"])
    assert build(study).X.shape == (60, 4)


def test_a_function_and_a_factory_run(make) -> None:
    study = make('source = "MODULE:rows"', 'factory = "MODULE:net"', NETS)
    before = torch.get_rng_state()
    built = build(study)
    assert torch.equal(torch.get_rng_state(), before)
    assert built.loss == "cross_entropy"
    assert built.transform is None
    found = wd.path(**built.keywords)
    assert np.isfinite(found.errors).all()
    state = found.refit().state_dict()
    assert state["0.weight"].shape == (2, 1, 3, 3)


@pytest.mark.parametrize(
    ("name", "loss", "outputs"),
    [("numbers", "mse", 1), ("classes", "cross_entropy", 3), ("pairs", "mse", 2)],
)
def test_y_says_loss_and_outputs(make, name, loss, outputs) -> None:
    built = build(make(f'source = "MODULE:{name}"', code=ROWS))
    assert built.loss == loss
    assert built.make_net()[0].in_features == 5
    assert built.make_net()[-1].out_features == outputs


def test_a_loss_that_is_given_goes_first(make) -> None:
    study = make('source = "MODULE:truths"\nloss = "binary_cross_entropy"', code=ROWS)
    found = wd.path(**build(study).keywords)
    assert np.isfinite(found.errors).all()


def test_double_precision_stays(make) -> None:
    code = "import torch\ndef rows(): return torch.ones(9, 2).double(), torch.ones(9).double()"
    assert build(make('source = "MODULE:rows"', code=code)).make_net()[0].weight.dtype == (
        torch.float64
    )


def test_every_word_of_the_file_arrives(make) -> None:
    sets = [
        *("recipe.lr=0.5", "recipe.optimizer=sgd", "recipe.options={momentum = 0.9}"),
        *("recipe.shuffle=false", "recipe.clip_grad_norm=2", "recipe.stopping={patience = 3}"),
        *("decay.kind=adamw", "study.rule=1se", "study.random_state=7", "study.engine=loop"),
        *("study.seeds=[5, 1]", "study.folds=0.25", "study.weight_decay=auto"),
        *("study.inner_folds=4", "study.device=cuda:1", "model.hidden=[]"),
    ]
    built = build(make('source = "diabetes"', sets=sets))
    assert built.lr is None
    assert built.recipe == wd.Recipe(
        lr=0.5,
        epochs=2,
        batch_size=16,
        optimizer="sgd",
        options={"momentum": 0.9},
        shuffle=False,
        clip_grad_norm=2.0,
        stopping=wd.Stopping(patience=3),
    )
    assert built.decay == KINDS["adamw"].decay
    assert (built.rule, built.random_state, built.engine) == ("1se", 7, "loop")
    assert (built.seeds, built.folds, built.weight_decay) == ((5, 1), 0.25, "auto")
    assert (built.inner_folds, built.device) == (4, "cuda:1")
    assert len(built.make_net()) == 1


@pytest.mark.parametrize(
    ("data", "model", "said"),
    [
        ('source = "no.csv"\ntarget = "y"', "", "data.source: there is no file"),
        ('source = "rows.csv"\ntarget = "z"', "", "data.target: "),
        ('source = "rows.csv"\ntarget = "y"\ndrop = ["z"]', "", "data.drop: "),
        ('source = "rows.csv"\ntarget = "y"\ngroup = "z"', "", "data.group: "),
        (
            'source = "rows.csv"\ntarget = "x"\ntask = "classification"',
            "",
            "data.target: ",
        ),
        ('source = "no_such_module:f"', "", "data.source: there is no module no_such_module"),
        ('source = "MODULE.sub:f"', "", "data.source: there is no module"),
        ('source = "MODULE:number"', "", "data.source: MODULE has no number; it has numbers, "),
        ('source = "MODULE:X.nothing"', "", "data.source: MODULE has no X.nothing"),
        ('source = "MODULE:value"', "", "data.source: MODULE:value is of type int; name a funct"),
        ('source = "MODULE:alone"', "", "data.source: MODULE:alone returns ndarray; let it retu"),
        ('source = "MODULE:short"', "", "data.source: the third value of MODULE:short is no sam"),
        ('source = "MODULE:words"', "", "data.source: the third value of MODULE:words is no sam"),
        ('source = "MODULE:zeros"', "", "data.source: the third value of MODULE:zeros is no sam"),
        (
            'source = "MODULE:negative"',
            "",
            "data.source: the sample_weight of MODULE:negative is -1",
        ),
        (
            'source = "rows.csv"\ntarget = "y"\nsample_weight = "z"',
            "",
            "data.sample_weight: ",
        ),
        ('source = "MODULE:broken"', "", "data.source: MODULE:broken raises RuntimeError: no"),
        ('source = "MODULE:leaves"', "", "data.source: MODULE:leaves raises SystemExit: 3"),
        ('source = "MODULE:truths"', "", "data.loss: it is missing, and y [40] of bool does not"),
        ('source = "MODULE:texts"', "", "data.loss: it is missing, and y [40] of <U1 does not"),
        ('source = "MODULE:ragged"', "", "data.source: y is no array"),
        ('source = "MODULE:images"', "", "model.hidden: it needs X [N, P]"),
        ('source = "MODULE:nothing"', "", "model.hidden: it needs X [N, P]"),
        ('source = "MODULE:far"', "", "data.source: y has the class 1000000000; number classes"),
        ('source = "diabetes"', 'factory = "MODULE:value"', "model.factory: MODULE:value is of t"),
        ('source = "diabetes"', 'factory = "MODULE:alone"', "model.factory: MODULE:alone returns"),
        ('source = "diabetes"', 'factory = "MODULE:broken"', "model.factory: MODULE:broken raise"),
        *(
            ('source = "diabetes"', f'hidden = [3]\n[decay]\nfactory = "{wrong}"', said)
            for wrong, said in (
                ("no_such_module:f", "decay.factory: there is no module no_such_module"),
                ("MODULE:number", "decay.factory: MODULE has no number; it has numbers, "),
                ("MODULE:value", "decay.factory: MODULE:value is of type int; name a function"),
                ("MODULE:alone", "decay.factory: MODULE:alone returns ndarray; let it return a w"),
                ("MODULE:broken", "decay.factory: MODULE:broken raises RuntimeError: no"),
            )
        ),
    ],
)
def test_what_cannot_be_built_is_one_line_that_names_the_key(
    make, tmp_path, data, model, said
) -> None:
    (tmp_path / "rows.csv").write_text(table())
    study = make(data, model or "hidden = [3]", ROWS)
    name = f"of_study_{next(numbers) - 1}"
    with pytest.raises(InputError) as caught:
        build(study)
    line = line_of(caught.value)
    assert line.startswith(said.replace("MODULE", name))
    assert "--" not in line


@pytest.mark.parametrize(
    ("values", "task", "remedy"),
    [
        (["a", "b"] * 20, "regression", 'data.task = "classification"'),
        (list(range(200)) * 2, "classification", 'data.task = "regression"'),
    ],
)
def test_the_way_out_of_a_wrong_target_is_a_key_of_the_file(
    make, tmp_path, values, task, remedy
) -> None:
    rows = "".join(f"{value},{k % 7}\n" for k, value in enumerate(values))
    (tmp_path / "rows.csv").write_text(f"y,x\n{rows}")
    with pytest.raises(InputError) as caught:
        build(make(f'source = "rows.csv"\ntarget = "y"\ntask = "{task}"'))
    assert line_of(caught.value).endswith(f"use {remedy}")
    assert told(caught.value, Words("zh")).endswith(f"请用 {remedy}")


@pytest.mark.parametrize("code", ["import no_such_package", "1 / 0", "def f(:", "raise SystemExit"])
def test_a_module_that_fails_is_named_with_its_line(make, code) -> None:
    with pytest.raises(InputError) as caught:
        build(make('source = "MODULE:f"', code=f"\n{code}"))
    assert re.match(r"data\.source: of_study_\d+ raises .*, line 2\)", line_of(caught.value))


def test_a_module_hidden_by_another_one_is_not_taken_in_silence(make, tmp_path) -> None:
    (tmp_path / "json.py").write_text("def rows(): return [[1.0]], [1.0]")
    with pytest.raises(InputError) as caught:
        build(make('source = "json:dumps"'))
    assert re.match(r"data\.source: .*json\.py is hidden by .*json", line_of(caught.value))


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("study.device=mars", "study.device: device: mars is not to be had"),
        ("model.factory=MODULE:wide", "model: network: it does not take rows of shape [10]"),
    ],
)
def test_what_is_wrong_in_training_names_its_key(make, said, start) -> None:
    wide = "from torch import nn\ndef wide(): return nn.Linear(99, 1)\n"
    asked = build(
        make(
            'source = "diabetes"',
            model="" if "factory" in said else "hidden = [3]",
            code=wide,
            sets=[said],
        )
    )
    with pytest.raises(InputError) as raised:
        asked.run()
    assert str(raised.value).startswith(start)
