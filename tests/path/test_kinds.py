"""`wd.compare`: paths of several kinds of decay, each at its own λ, pair by pair."""

import doctest
from itertools import combinations
from pathlib import Path as File

import numpy as np
import pytest
import torch
import xarray as xr
from sklearn.model_selection import KFold
from torch import nn

import weightdecay as wd
from weightdecay import engines
from weightdecay.language import Words
from weightdecay.report.page import load as load_page
from weightdecay.report.page import page_text, write_page

RECIPE = wd.Recipe(epochs=12, batch_size=16, lr=0.03)
DECAYS = {
    "L2": wd.Decay(),
    "on the step": wd.Decay(on="step"),
    "_L1 $w$ | <b>": wd.Decay(penalty=wd.L1(), on="prox"),
}
NAMES = tuple(DECAYS)
LAMBDAS = {"L2": (0.01, 0.1, 1.0), "on the step": (0.3, 3.0), "_L1 $w$ | <b>": (0.01, 0.1, 0.5)}


def data(rows: int = 48) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    X = draw.normal(size=(rows, 20))
    return X, X[:, :2].sum(axis=1) + draw.normal(size=rows)


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(20, 4), nn.Tanh(), nn.Linear(4, 1))


def options(**changes):
    return {"recipe": RECIPE, "seeds": 2, "folds": 3, **changes}


def found(names=NAMES, **changes) -> wd.Comparison:
    decays = {name: DECAYS[name] for name in names}
    values = {name: LAMBDAS[name] for name in names}
    how = {"decays": decays, "weight_decay": values, **options(**changes)}
    return wd.compare(network, *data(), **how)


def path_of(name: str, **changes) -> wd.Path:
    how = {"decay": DECAYS[name], "weight_decay": LAMBDAS[name], **options(**changes)}
    return wd.path(network, *data(), **how)


def judged_on_seeds():
    X, y = data()
    return {"truth": (X[24:], y[24:]), "seeds": 6}


JUDGING = {
    "row": lambda: {},
    "fold": lambda: {"metric": "r2"},
    "group": lambda: {"groups": np.arange(48) // 3},
    "seed": judged_on_seeds,
}


@pytest.fixture(scope="module")
def comparison() -> wd.Comparison:
    return found()


def assert_same(one: wd.Comparison, other: wd.Comparison) -> None:
    for mine, theirs in zip(one.paths, other.paths, strict=True):
        xr.testing.assert_identical(mine.results, theirs.results)
    assert (one.names, one.rule, one.pairs) == (other.names, other.rule, other.pairs)
    assert (one.choice, one.verdict) == (other.choice, other.verdict)


@pytest.mark.parametrize("rule", ["min", "1se"])
@pytest.mark.parametrize("unit", JUDGING)
def test_one_kind_is_the_path(unit: str, rule: str) -> None:
    how = {**JUDGING[unit](), "rule": rule}
    one, path = found(["on the step"], **how), path_of("on the step", **how)
    (pairing,) = one.pairs
    assert pairing.verdict == one.verdict == path.verdict
    assert one.verdict.unit == unit
    assert one.choice == ("on the step", path.choice)
    assert one.page().verdict == path.page().verdict


@pytest.mark.parametrize("unit", JUDGING)
def test_against_none_each_has_the_effect_of_its_path(unit: str) -> None:
    how = JUDGING[unit]()
    several = found(**how)
    assert [(p.first, p.second) for p in several.pairs] == list(combinations(range(4), 2))
    for name, path, pairing in zip(NAMES, several.paths, several.pairs, strict=False):
        alone = path_of(name, **how)
        assert path.verdict == alone.verdict
        xr.testing.assert_identical(path.results.drop_attrs(), alone.results.drop_attrs())
        # Without decay the network is the same whatever the kind.
        np.testing.assert_array_equal(path.errors[0], several.paths[0].errors[0])
        narrow, wide = alone.verdict.effect, pairing.verdict.effect
        assert wide.estimate == narrow.estimate
        assert wide.low < narrow.low < narrow.high < wide.high


def test_two_kinds_that_are_one_differ_by_nothing() -> None:
    twice = found(decays={"a": wd.Decay(), "b": wd.Decay()}, weight_decay=[0.1, 1.0])
    assert twice.pairs[2].verdict.effect == (0.0, 0.0, 0.0)
    assert twice.pairs[0].verdict == twice.pairs[1].verdict


@pytest.mark.parametrize(
    "folds", [KFold(3, shuffle=True), KFold(3, shuffle=True, random_state=np.random.RandomState(0))]
)
def test_a_splitter_without_a_seed_cuts_once_for_all_kinds(folds: KFold) -> None:
    how = {"weight_decay": [0.1, 1.0], "seeds": 1, "folds": folds}
    twice = found(decays={"a": wd.Decay(), "b": wd.Decay()}, **how)
    assert twice.pairs[2].verdict.effect == (0.0, 0.0, 0.0)
    again = found(decays={"a": wd.Decay()}, **how)
    with pytest.raises(wd.InputError, match="not of the same seeds and folds"):
        wd.Comparison.of(["a", "b"], [twice.paths[0], again.paths[0]])


def test_the_order_of_kinds_does_not_matter(comparison: wd.Comparison) -> None:
    turned = found(NAMES[::-1])
    assert turned.choice == comparison.choice
    assert turned.verdict == comparison.verdict
    assert turned.pairs[0].verdict == comparison.pairs[2].verdict  # of the same kind against none
    one, other = comparison.pairs[3].verdict.effect, turned.pairs[5].verdict.effect
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_the_choice_is_the_best_of_all(comparison: wd.Comparison) -> None:
    table = comparison.to_dataframe()
    assert len(table) == (4 + 3 + 4) * 2 * 3
    means = table.groupby(["kind", "weight_decay"]).error.mean()
    assert comparison.choice == means.idxmin()
    assert comparison.chosen is comparison.paths[NAMES.index(comparison.choice[0])]
    assert comparison.verdict == comparison.pairs[NAMES.index(comparison.choice[0])].verdict


def test_one_array_is_for_all_and_each_finds_its_own_path() -> None:
    same = found(NAMES[:2], weight_decay=[0.1, 1.0])
    assert {path.weight_decay for path in same.paths} == {(0.0, 0.1, 1.0)}
    own = found(NAMES[:2], weight_decay={"L2": [1.0], "on the step": "auto"}, seeds=1)
    assert own.paths[0].weight_decay == (0.0, 1.0)
    assert len(own.paths[1].weight_decay) > 3


def test_a_kind_that_diverges_is_never_chosen() -> None:
    wild = {"wild": wd.Decay(), "tame": wd.Decay(on="step")}
    values = {"wild": [1e30], "tame": [0.3, 3.0]}
    how = {"recipe": wd.Recipe(epochs=4, batch_size=16, lr=0.03, optimizer="sgd")}
    lost = found(decays=wild, weight_decay=values, **how)
    assert lost.choice[0] == "tame"
    assert lost.pairs[0].verdict.failed > 0
    assert lost.pairs[2].verdict.label == "cannot_tell"
    assert lost.pairs[1].verdict.failed == 0
    pairs = lost.page().kinds.pairs
    assert [pair.verdict.en == "runs diverged" for pair in pairs] == [True, False, True]
    alone = found(decays={"wild": wd.Decay()}, weight_decay=values["wild"], **how)
    assert alone.page().verdict.label == "cannot_tell"


class Interruption:
    """Ctrl-C after so many trainings."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = self.done = 0
        real = engines.train_by

        def train_by(*given):
            if self.left == 0:
                raise KeyboardInterrupt
            self.left, self.done = self.left - 1, self.done + 1
            return real(*given)

        monkeypatch.setattr(engines, "train_by", train_by)


def test_interrupted_it_goes_on_in_its_folder(
    comparison: wd.Comparison, tmp_path: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    interruption = Interruption(monkeypatch)
    tries = 0
    while True:
        tries, interruption.left = tries + 1, 2
        try:
            last = found(out=tmp_path / "run")
        except KeyboardInterrupt:
            continue
        break
    assert_same(last, comparison)
    assert tries > 1
    interruption.left = 0
    assert_same(found(out=tmp_path / "run"), comparison)
    with pytest.raises(wd.InputError, match=r"another study, which differs in .*decay"):
        found(NAMES[1::-1], out=tmp_path / "run")


def test_progress_is_over_all_kinds() -> None:
    told: list[tuple[int, int | None]] = []
    found(NAMES[:2], progress=lambda done, total: told.append((done, total)))
    assert sum(done for done, _ in told) == told[-1][1]


def test_an_open_folder_is_left_open(comparison: wd.Comparison, tmp_path: File) -> None:
    with wd.RunFolder(tmp_path) as folder:
        assert_same(found(out=folder), comparison)
        assert len(folder.manifest.stages) == 3


def test_refit_takes_the_chosen_kind(comparison: wd.Comparison) -> None:
    name, weight_decay = comparison.choice
    expected = path_of(name).refit(weight_decay, seed=1).state_dict()
    for key, tensor in comparison.refit(seed=1).state_dict().items():
        torch.testing.assert_close(tensor, expected[key])
    network().load_state_dict(comparison.best_state_dict())


@pytest.mark.parametrize("unit", JUDGING)
def test_saved_and_loaded_it_is_the_same(unit: str, tmp_path: File) -> None:
    saved = found(**JUDGING[unit]())
    saved.save(tmp_path)
    assert_same(wd.Comparison.load(tmp_path), saved)
    assert wd.Comparison.load(tmp_path).page().kinds == saved.page().kinds


def test_other_files_are_refused_by_name(comparison: wd.Comparison, tmp_path: File) -> None:
    with pytest.raises(wd.InputError, match=r"path-1\.safetensors"):
        wd.Comparison.load(tmp_path)
    path_of("L2").save(tmp_path / "path-1.safetensors")
    with pytest.raises(wd.InputError, match=r"path-1\.safetensors: a path of no comparison"):
        wd.Comparison.load(tmp_path)
    comparison.save(tmp_path)
    with pytest.raises(wd.InputError, match="a path of no grid"):
        wd.Grid.load(tmp_path)
    found(NAMES[:2]).paths[1].save(tmp_path / "path-2.safetensors")
    with pytest.raises(wd.InputError, match=r"path-2\.safetensors: a path of another comparison"):
        wd.Comparison.load(tmp_path)
    comparison.save(tmp_path)
    found(folds=2).paths[2].save(tmp_path / "path-3.safetensors")
    with pytest.raises(wd.InputError, match="not of the same seeds and folds"):
        wd.Comparison.load(tmp_path)
    comparison.save(tmp_path)
    first = comparison.paths[0]
    hostile = first.results.assign_attrs(kinds=["a\nb"])
    wd.Path(hostile, "min", first.verdict).save(tmp_path / "path-1.safetensors")
    with pytest.raises(wd.InputError, match="is no name"):
        wd.Comparison.load(tmp_path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_figure_has_a_line_for_each(
    comparison: wd.Comparison, language: str, tmp_path: File
) -> None:
    axes = comparison.plot(language=language)
    lines = [container.lines[0] for container in axes.containers]
    assert len({line.get_linestyle() for line in lines}) == 3
    for line, path in zip(lines, comparison.paths, strict=True):
        np.testing.assert_allclose(line.get_ydata(), path.errors.mean((1, 2)))
    (ring,) = (line for line in axes.lines if line.get_markersize() > 10)
    assert ring.get_ydata() == pytest.approx(comparison.chosen.errors.mean((1, 2)).min())
    shown = [said.get_text() for said in axes.get_legend().get_texts()]
    assert r" _L1 \$w\$ | <b>" in shown
    axes.figure.savefig(tmp_path / "kinds.png")


def test_the_page_has_kinds_and_pairs(comparison: wd.Comparison, tmp_path: File) -> None:
    page = comparison.page()
    without, *kinds = page.kinds.kinds
    assert (without.name.en, without.choice, len(kinds)) == ("none", 0.0, 3)
    for kind, path in zip(kinds, comparison.paths, strict=True):
        assert kind.choice == path.choice
        assert kind.error == pytest.approx(path.errors.mean((1, 2)).min())
    best = f"{comparison.choice[0]}, the best"
    assert [kind.name.en for kind in kinds].count(best) == 1
    for pair, pairing in zip(page.kinds.pairs, comparison.pairs, strict=True):
        verdict = pairing.verdict
        assert pair.change == pytest.approx(verdict.effect.estimate / verdict.baseline, rel=1e-6)
    effect = comparison.verdict.effect.estimate / comparison.verdict.baseline
    assert page.verdict.effect == pytest.approx(effect, rel=1e-6)
    assert comparison.choice[0] in page.verdict.how.en
    assert page.path.values == comparison.chosen.weight_decay
    write_page(page, tmp_path, "zh")
    assert load_page(tmp_path, Words("en")) == page
    twin = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "## 两两比较" in twin
    assert r"\_L1 \$w\$ \| \<b\> 对 L2" in twin
    document = comparison.report(tmp_path / "page.html", "en")
    assert "<b>" not in document
    assert "weightdecay.compare" in comparison._repr_html_()
    for language, heading in (("en", "Pair by pair"), ("zh", "两两比较")):
        assert heading in "".join(str(part) for part in page_text(page, Words(language)))


def test_where_no_lambda_does_better_than_none_it_is_said() -> None:
    worse = found(["L2"], weight_decay=[1e3, 1e4])
    assert worse.choice == ("L2", 0.0)
    assert worse.page().kinds.kinds[1].note.en == "No λ above 0 does better than none."
    assert worse.verdict.label in ("hurts", "cannot_tell")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decays": {}}, "decays: it is empty"),
        ({"decays": {"": wd.Decay()}}, "decays: '' is no name"),
        ({"decays": {"a\nb": wd.Decay()}}, r"decays: 'a\\nb' is no name"),
        ({"decays": {3: wd.Decay()}}, "decays: 3 is no name"),
        ({"decays": {"none": wd.Decay()}}, "decays: 'none' is what"),
        ({"decays": {"L2": 0.1}}, "decays: 'L2' is no weightdecay.Decay"),
        ({"decays": [wd.Decay()]}, "decays: .* is no mapping"),
        ({"weight_decay": {"L2": [1.0]}}, "weight_decay: 'on the step' of decays is not in it"),
        ({"weight_decay": {**LAMBDAS, "L3": [1.0]}}, "weight_decay: 'L3' is none of decays"),
        ({"weight_decay": {**LAMBDAS, "on the step": [-1.0]}}, "decays, 'on the step': weight_dec"),
        ({"weight_decay": {**LAMBDAS, "on the step": [0]}}, "decays, 'on the step': .* above 0"),
        ({"weight_decay": ["x"]}, "decays, 'L2': weight_decay: .* holds no numbers"),
        ({"weight_decay": "best"}, "decays, 'L2': weight_decay: 'best' is neither"),
        ({"weight_decay": {**LAMBDAS, "on the step": "best"}}, "decays, 'on the step': weight_de"),
        ({"rule": "best"}, "rule"),
        ({"folds": 1}, "folds"),
    ],
)
def test_bad_input_is_named_before_anything_is_done(
    changes, said, monkeypatch: pytest.MonkeyPatch, tmp_path: File
) -> None:
    Interruption(monkeypatch)
    with pytest.raises(wd.InputError, match=said):
        found(**changes, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_the_example_of_the_docstring_runs() -> None:
    import weightdecay._compare as module

    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
