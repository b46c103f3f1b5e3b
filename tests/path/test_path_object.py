"""What a path keeps and gives: a network, a table, a picture, a file."""

import json
from pathlib import Path as File

import matplotlib as mpl
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from sklearn.model_selection import TimeSeriesSplit
from torch import nn

import weightdecay as wd
from weightdecay.engines import loop


def network() -> nn.Module:
    # No bias before the batch norm: its gradient is rounding alone, which Adam would blow up.
    return nn.Sequential(nn.Linear(4, 6, bias=False), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 1))


@pytest.fixture(scope="module")
def found() -> wd.Path:
    X = torch.randn(30, 4, generator=torch.Generator().manual_seed(0))
    return wd.path(
        network,
        X,
        X[:, :1] * X[:, 1:2],
        weight_decay=[0.01, 0.1, 1.0],
        recipe=wd.Recipe(lr=0.02, epochs=12, batch_size=8),
        seeds=2,
        folds=3,
    )


def test_refit_trains_on_all_rows_at_the_chosen_lambda(found: wd.Path) -> None:
    network = found.refit(seed=1)
    assert not network.training
    rows = torch.arange(30)
    problem = wd.Problem(found.study.problem.x, found.study.problem.y, ((rows, rows[:0]),))
    path = tuple(sorted({0.0, found.choice}))
    study = wd.Study(
        problem, found.study.network, found.study.recipe, found.study.decay, path, (1,)
    )
    expected = loop.train(study.plan().only([path.index(found.choice)]))
    for name, parameter in network.named_parameters():
        torch.testing.assert_close(
            parameter.detach(), expected.weights[name][0], rtol=1e-4, atol=1e-5
        )
    for name, buffer in network.named_buffers():
        torch.testing.assert_close(buffer, expected.buffers[name][0], rtol=1e-4, atol=1e-5)


FOLDS = {
    "a share": ({"folds": 0.25}, range(20)),
    "by time": ({"folds": TimeSeriesSplit(3)}, range(20)),
    "some rows": ({"folds": [(range(8), range(8, 15)), (range(8, 15), range(8))]}, range(15)),
    "truth": ({"truth": (torch.ones(4, 4), torch.ones(4, 1))}, range(20)),
    "validation": ({"validation": (torch.ones(4, 4), torch.ones(4, 1))}, range(20)),
}


@pytest.mark.parametrize("case", FOLDS)
def test_refit_trains_on_the_rows_of_all_folds_but_not_on_those_given_apart(case: str) -> None:
    options, rows = FOLDS[case]
    X = torch.randn(20, 4, generator=torch.Generator().manual_seed(0))
    y = X[:, :1] * X[:, 1:2]
    recipe = wd.Recipe(lr=0.02, epochs=3, batch_size=8)
    how = {"weight_decay": [0.1], "recipe": recipe, "seeds": 2, "inner_folds": 2}
    found = wd.path(lambda: nn.Linear(4, 1), X, y, **how, **options)
    train = torch.tensor(rows)
    problem = wd.Problem(X, y, ((train, train[:0]),))
    study = wd.Study(problem, lambda: nn.Linear(4, 1), recipe, wd.Decay(), (0.0, 0.1), (1,))
    _, expected = wd.run(study)
    model = found.refit(0.1, seed=1)
    torch.testing.assert_close(model.weight, expected.weights["weight"][1], check_dtype=False)


@pytest.mark.parametrize("seed", [1.5, -1, None, True])
def test_a_seed_that_is_no_whole_number_is_refused(seed: object, found: wd.Path) -> None:
    with pytest.raises(wd.InputError, match=f"^seed: {seed} is not a whole number"):
        found.refit(seed=seed)


def test_is_shown_on_a_line_without_its_data(found: wd.Path) -> None:
    assert repr(found) == f"<Path of 4 λs, 2 seeds, 3 folds: {found.verdict.label}>"


def test_best_state_dict_fits_a_fresh_network(found: wd.Path) -> None:
    fresh = found.study.network()
    fresh.load_state_dict(found.best_state_dict())


def test_a_table_has_a_row_for_every_member(found: wd.Path) -> None:
    table = found.to_dataframe()
    assert len(table) == 4 * 2 * 3
    means = table.groupby("weight_decay").test_loss.mean()
    np.testing.assert_allclose(means, found.errors.mean((1, 2)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_figure_on_given_axes(found: wd.Path, language: str, tmp_path: File) -> None:
    figure = Figure()
    axes = figure.subplots()
    assert found.plot(axes, language) is axes
    line = axes.containers[0].lines[0]
    np.testing.assert_allclose(line.get_ydata(), found.errors.mean((1, 2)))
    before = dict(mpl.rcParams)
    found.plot().figure.savefig(tmp_path / "path.png")
    assert dict(mpl.rcParams) == before


def test_another_language_is_refused(found: wd.Path) -> None:
    for show in (found.plot, found.report):
        with pytest.raises(wd.InputError, match=r"^language: 'fr' is none of 'en', 'zh'$"):
            show(language="fr")


def test_a_folder_that_is_not_there_is_named(found: wd.Path, tmp_path: File) -> None:
    with pytest.raises(wd.InputError, match=r"there is no folder .*missing; make it first"):
        found.save(tmp_path / "missing" / "path.safetensors")


def test_saved_and_loaded_it_is_the_same(found: wd.Path, tmp_path: File) -> None:
    file = tmp_path / "path.safetensors"
    found.save(file)
    loaded = wd.Path.load(file)
    assert loaded.results.identical(found.results)
    assert loaded.choice == found.choice
    assert loaded.verdict == found.verdict
    with pytest.raises(wd.InputError, match="no network"):
        loaded.refit()


def test_the_file_is_numbers_and_json(found: wd.Path, tmp_path: File) -> None:
    file = tmp_path / "path.safetensors"
    found.save(file)
    content = file.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    assert set(header) - {"__metadata__"} == set(found.results)
    json.loads(header["__metadata__"]["weightdecay.path"])


@pytest.mark.parametrize("content", [b"", b"not a path", b"\x80\x04\x95."])
def test_another_file_is_refused_by_name(content: bytes, tmp_path: File) -> None:
    file = tmp_path / "other.safetensors"
    file.write_bytes(content)
    with pytest.raises(wd.InputError, match=r"other\.safetensors"):
        wd.Path.load(file)
    with pytest.raises(wd.InputError, match=r"missing\.safetensors"):
        wd.Path.load(tmp_path / "missing.safetensors")
