"""`wd.grid`: paths of λ at several learning rates, each side of the verdict at its best."""

import doctest
from dataclasses import replace
from pathlib import Path as File

import numpy as np
import pytest
import torch
import xarray as xr
from sklearn.model_selection import KFold
from torch import nn

import weightdecay as wd
from weightdecay import engines
from weightdecay._grid import Grid
from weightdecay.language import Words
from weightdecay.report.page import load as load_page
from weightdecay.report.page import page_text, write_page
from weightdecay.select import choose

LR = (0.003, 0.03, 0.3)
RECIPE = wd.Recipe(epochs=12, batch_size=16)
LAMBDAS = (0.01, 0.1, 1.0)


def data(rows: int = 48) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    X = draw.normal(size=(rows, 20))
    return X, X[:, :2].sum(axis=1) + draw.normal(size=rows)


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(20, 4), nn.Tanh(), nn.Linear(4, 1))


def options(**changes):
    return {"recipe": RECIPE, "weight_decay": LAMBDAS, "seeds": 2, "folds": 3, **changes}


def found(lr=LR, **changes) -> Grid:
    return wd.grid(network, *data(), lr=lr, **options(**changes))


def path_at(lr: float, **changes) -> wd.Path:
    return wd.path(network, *data(), **options(recipe=replace(RECIPE, lr=lr), **changes))


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
def grid() -> Grid:
    return found()


def assert_same(one: Grid, other: Grid) -> None:
    assert one.lr == other.lr
    for mine, theirs in zip(one.paths, other.paths, strict=True):
        xr.testing.assert_identical(mine.results, theirs.results)
    assert (one.rule, one.verdict, one.choice) == (other.rule, other.verdict, other.choice)


@pytest.mark.parametrize("rule", ["min", "1se"])
@pytest.mark.parametrize("unit", JUDGING)
def test_at_one_learning_rate_it_is_the_path(unit: str, rule: str) -> None:
    how = {**JUDGING[unit](), "rule": rule}
    one, path = found([0.03], **how), path_at(0.03, **how)
    assert one.verdict == path.verdict
    assert one.verdict.unit == unit
    assert one.choice == (0.03, path.choice)
    assert not one.at_edge


def test_its_paths_are_those_of_path(grid: Grid) -> None:
    for value, path in zip(grid.lr, grid.paths, strict=True):
        alone = path_at(value)
        xr.testing.assert_identical(path.results.drop_attrs(), alone.results.drop_attrs())
        assert path.results.attrs == {**alone.results.attrs, "lr": value, "lrs": list(LR)}
        assert path.verdict == alone.verdict


def test_a_splitter_without_a_seed_cuts_once_for_all_learning_rates() -> None:
    together = found(LR[:2], folds=KFold(3, shuffle=True), seeds=1)
    one, other = (path.results.tested_unit for path in together.paths)
    xr.testing.assert_identical(one, other)
    again = found(LR[:1], folds=KFold(3, shuffle=True), seeds=1)
    with pytest.raises(wd.InputError, match="not of the same seeds and folds"):
        Grid.of(LR[:2], [again.paths[0], together.paths[1]])


def test_the_order_of_learning_rates_does_not_matter(grid: Grid) -> None:
    assert_same(found(LR[::-1]), grid)


def test_the_choice_is_the_best_of_all_pairs(grid: Grid) -> None:
    table = grid.to_dataframe()
    assert len(table) == 3 * 4 * 2 * 3
    means = table.groupby(["lr", "weight_decay"]).error.mean()
    assert grid.choice == means.idxmin()
    without = means[means.index.get_level_values("weight_decay") == 0]
    assert grid.lr_without == without.idxmin()[0]
    assert grid.chosen is grid.paths[LR.index(grid.choice[0])]


def test_one_standard_error_goes_along_the_best_learning_rate(grid: Grid) -> None:
    loose = found(rule="1se")
    assert loose.choice[0] == grid.choice[0]
    errors = loose.chosen.errors.mean(axis=1)
    assert loose.choice[1] == (0.0, *LAMBDAS)[choose(errors, "1se")]
    assert loose.choice[1] >= grid.choice[1]


@pytest.mark.parametrize("unit", JUDGING)
def test_an_effect_of_the_learning_rate_is_none_of_decay(unit: str) -> None:
    # λ so small that decay does next to nothing; one learning rate trains, the other hardly does.
    how = {**JUDGING[unit](), "weight_decay": [1e-6, 1e-5]}
    two = found([1e-7, 0.03], **how)
    errors = [path.errors.mean() for path in two.paths]
    assert errors[1] < errors[0] - 0.1
    assert two.choice[0] == two.lr_without == 0.03
    assert two.verdict.label == "no_difference"
    assert abs(two.verdict.effect.estimate) < 1e-3


def test_on_the_step_each_learning_rate_finds_its_own_path() -> None:
    auto = found([0.003, 0.3], decay=wd.Decay(on="step"), weight_decay="auto", seeds=1)
    slow, fast = (path.weight_decay for path in auto.paths)
    assert slow != fast
    assert auto.verdict.label in ("helps", "hurts", "no_difference", "cannot_tell")
    assert len(auto.plot().containers) == 2
    assert len(auto.page().error.curves) == 2  # of other λs there is no place for


def test_a_learning_rate_that_diverges_is_never_chosen() -> None:
    how = {"recipe": replace(RECIPE, optimizer="sgd")}
    wild, tame = found([0.03, 1e8], **how), found([0.03], **how)
    assert wild.paths[1].failures[0.0] == 6
    assert wild.choice == tame.choice
    assert wild.verdict == tame.verdict
    assert [kind.error for kind in wild.page().kinds.kinds][-1] is None
    lost = found([1e7, 1e8], **how)
    assert lost.verdict.label == "cannot_tell"
    assert lost.verdict.failed > 0
    assert lost.page().path.chosen is None


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
    grid: Grid, tmp_path: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    interruption = Interruption(monkeypatch)
    tries = 0
    while True:
        tries, interruption.left = tries + 1, 2
        try:
            last = found(LR[::-1], out=tmp_path / "run")
        except KeyboardInterrupt:
            continue
        break
    assert_same(last, grid)
    assert interruption.done == len(list((tmp_path / "run" / "chunks").iterdir()))  # none twice
    assert tries > 2
    interruption.left = 0
    assert_same(found(out=tmp_path / "run"), grid)
    with pytest.raises(wd.InputError, match="differs in recipe"):
        found([0.003, 0.02], out=tmp_path / "run")
    interruption.left = 99
    found([0.003, 0.02], out=tmp_path / "run", force=True)
    assert (tmp_path / "run" / "replaced-1").is_dir()


def test_an_open_folder_is_left_open(grid: Grid, tmp_path: File) -> None:
    with wd.RunFolder(tmp_path) as folder:
        assert_same(found(out=folder), grid)
        assert len(folder.manifest.stages) == 3


def test_refit_takes_the_chosen_pair(grid: Grid) -> None:
    lr, weight_decay = grid.choice
    expected = path_at(lr).refit(weight_decay, seed=1).state_dict()
    for name, tensor in grid.refit(seed=1).state_dict().items():
        torch.testing.assert_close(tensor, expected[name])
    network().load_state_dict(grid.best_state_dict())
    with pytest.raises(TypeError, match="positional"):
        grid.refit(0.1)  # λ is chosen, and is no seed


def test_saved_and_loaded_it_is_the_same(grid: Grid, tmp_path: File) -> None:
    grid.save(tmp_path)
    assert_same(wd.Grid.load(tmp_path), grid)
    one = wd.Path.load(tmp_path / "path-0.03.safetensors")
    xr.testing.assert_identical(one.results, grid.paths[1].results)
    assert wd.Grid.load(tmp_path).page().kinds == grid.page().kinds


def test_other_files_are_refused_by_name(grid: Grid, tmp_path: File) -> None:
    with pytest.raises(wd.InputError, match=r"no path-LR\.safetensors"):
        wd.Grid.load(tmp_path)
    path_at(0.03).save(tmp_path / "path-0.03.safetensors")
    with pytest.raises(wd.InputError, match=r"path-0\.03\.safetensors: a path of no grid"):
        wd.Grid.load(tmp_path)
    (tmp_path / "path-0.03.safetensors").write_bytes(b"nothing")
    with pytest.raises(wd.InputError, match=r"path-0\.03\.safetensors: not a saved path"):
        wd.Grid.load(tmp_path)


def test_a_folder_of_two_grids_is_refused_by_name(grid: Grid, tmp_path: File) -> None:
    grid.save(tmp_path)
    other = found([0.01, 0.3])
    other.save(tmp_path)
    with pytest.raises(wd.InputError, match=r"path-0\.01\.safetensors: .*\[0\.01, 0\.3\].*remove"):
        wd.Grid.load(tmp_path)
    for value in LR[:2]:
        (tmp_path / f"path-{value}.safetensors").unlink()
    assert_same(wd.Grid.load(tmp_path), other)
    (tmp_path / "path-0.01.safetensors").unlink()
    with pytest.raises(wd.InputError, match=r"learning rate 0\.01 is not there"):
        wd.Grid.load(tmp_path)


def test_paths_of_other_folds_are_refused(grid: Grid, tmp_path: File) -> None:
    found(folds=2).save(tmp_path)
    grid.paths[1].save(tmp_path / "path-0.03.safetensors")
    with pytest.raises(wd.InputError, match="not of the same seeds and folds"):
        wd.Grid.load(tmp_path)


@pytest.mark.parametrize("lrs", [None, 3, ["a"], [0.03, 0.003], [[0.03]], [0.1]])
def test_a_strangers_learning_rates_are_refused(lrs: object, grid: Grid, tmp_path: File) -> None:
    path = grid.paths[1]
    hostile = replace(path, results=path.results.assign_attrs(lrs=lrs))
    hostile.save(tmp_path / "path-0.03.safetensors")
    with pytest.raises(wd.InputError, match=r"path-0\.03\.safetensors: a path of no grid"):
        wd.Grid.load(tmp_path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_figure_has_a_line_for_each_that_no_colour_is_needed_for(
    grid: Grid, language: str, tmp_path: File
) -> None:
    axes = grid.plot(language=language)
    lines = [container.lines[0] for container in axes.containers]
    assert len({line.get_marker() for line in lines}) == 3
    assert len({line.get_linestyle() for line in lines}) == 3
    for line, path in zip(lines, grid.paths, strict=True):
        np.testing.assert_allclose(line.get_ydata(), path.errors.mean((1, 2)))
    (ring,) = (line for line in axes.lines if line.get_markersize() > 10)
    assert ring.get_ydata() == pytest.approx(grid.chosen.errors.mean((1, 2)).min())
    axes.figure.savefig(tmp_path / "grid.png")


def test_the_page_has_the_learning_rates_side_by_side(grid: Grid, tmp_path: File) -> None:
    page = grid.page()
    without, *rates = page.kinds.kinds
    assert (without.choice, len(rates)) == (0.0, 3)
    for kind, path in zip(rates, grid.paths, strict=True):
        assert kind.choice == path.choice
        assert kind.error == pytest.approx(path.errors.mean((1, 2)).min())
    assert [kind.name.en for kind in rates].count("learning rate 0.03, the best") == 1
    assert page.verdict.effect == pytest.approx(
        grid.verdict.effect.estimate / grid.verdict.baseline, rel=1e-6
    )
    assert "learning rate" in page.verdict.how.en
    assert [curve.role for curve in page.error.curves] == ["held_out", "train", "other", "other"]
    write_page(page, tmp_path, "zh")
    assert load_page(tmp_path, Words("en")) == page
    twin = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "## 各个学习率并排比较" in twin
    assert "## 两两比较" not in twin
    assert grid.report(tmp_path / "page.html", "en") == (tmp_path / "page.html").read_text()
    assert "weightdecay.grid" in grid._repr_html_()
    said = "".join(str(part) for part in page_text(page, Words("en")))
    assert "Learning rates side by side" in said


@pytest.mark.parametrize(
    ("lr", "said"),
    [
        ([], "lr: it is empty"),
        ([0.1, 0.1], "lr: one stands there twice"),
        ([0.1, 0.0], "lr: 0.0 is not a finite number above 0"),
        ([float("nan")], "lr: nan is not"),
        ([-1], "lr: -1.0 is not"),
        ("fast", "lr: 'fast' holds no numbers"),
        ([None, "x"], "lr: .* holds no numbers"),
    ],
)
def test_bad_learning_rates_are_named_before_anything_is_done(lr, said, tmp_path: File) -> None:
    with pytest.raises(wd.InputError, match=said):
        found(lr, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"rule": "best"}, "rule"), ({"folds": 1}, "folds"), ({"weight_decay": [-1]}, "weight_decay")],
)
def test_other_options_are_checked_as_path_does(changes, said, monkeypatch, tmp_path: File) -> None:
    Interruption(monkeypatch)
    for force in (False, True):
        with pytest.raises(wd.InputError, match=said):
            found(**changes, out=tmp_path / "run", force=force)
    assert not (tmp_path / "run").exists()


def test_the_folder_is_let_go_of_and_another_writer_is_refused(tmp_path: File) -> None:
    with wd.RunFolder(tmp_path), pytest.raises(wd.InputError, match="another process"):
        found([0.03], out=tmp_path)
    found([0.03], out=tmp_path)
    with wd.RunFolder(tmp_path) as folder:
        assert len(folder.manifest.stages) == 1


def test_the_example_of_the_docstring_runs() -> None:
    import weightdecay._grid_search as module

    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
