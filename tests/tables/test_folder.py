"""A model that is written predicts the same when it is read; what is damaged is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from weightdecay.errors import InputError
from weightdecay.tables import check_free, load, predictions, read, write

both = pytest.mark.parametrize("kind", ["regression", "classification"])


@pytest.fixture
def stored(request, tmp_path):
    """From the name of a fit to its file, its model and a folder that holds it."""

    def store(kind):
        file, found = request.getfixturevalue(kind)
        write(tmp_path, found.model, {"choice": found.summary["choice"]})
        return file, found.model, tmp_path

    return store


@both
def test_predicts_the_same_bits(stored, kind):
    file, model, folder = stored(kind)
    frame = read(file).frame
    one, other = predictions(model, frame), predictions(load(folder), frame)
    assert np.array_equal(one.mean, other.mean)
    assert np.array_equal(one.spread, other.spread)
    assert np.isfinite(one.mean).all()


@both
def test_target_and_columns_are_read_back_as_they_were(stored, kind):
    _, model, folder = stored(kind)
    marked = replace(model, target=replace(model.target, marks=("?",)))
    write(folder, marked, {})
    found = load(folder)
    assert (found.target, found.layout) == (marked.target, marked.layout)


@both
def test_the_networks_load_into_torch(stored, kind):
    from safetensors.torch import load_file

    file, model, folder = stored(kind)
    tensors = load_file(str(folder / "model.safetensors"))
    q = model.target.outputs
    network = nn.Sequential(nn.Linear(len(model.layout.names), 3), nn.ReLU(), nn.Linear(3, q))
    network.load_state_dict({k[2:]: v for k, v in tensors.items() if k.startswith("0.")})
    frame = read(file).frame
    x = torch.from_numpy(model.scaling(model.layout.features(frame))).float()
    with torch.no_grad():
        theirs = network(x).numpy()
    assert model.outputs(frame)[0] == pytest.approx(theirs, abs=1e-4)


def test_nothing_in_it_is_a_pickle(stored):
    _, _, folder = stored("regression")
    for file in folder.iterdir():
        content = file.read_bytes()
        assert file.suffix in (".json", ".safetensors")
        assert not content.startswith((b"\x80", b"PK"))
    json.loads((folder / "manifest.json").read_text())


def damage(manifest, path, value):
    *way, last = path
    part = manifest
    for key in way:
        part = part[key]
    part[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["columns", 0, "name"], "other"),
        (["columns", 0, "kind"], 3),
        (["columns", 0, "written"], "1,23,4"),
        (["columns", 0, "written"], ["1,234.5"]),
        (["target", "written"], "1,23,4"),
        (["columns"], None),
        (["columns"], [{}]),
        (["features"], []),
        (["features", 0, "scale"], "x"),
        (["networks"], 3),
        (["networks"], 0),
        (["networks"], "two"),
        (["activation"], "exec"),
        (["target", "task"], None),
        (["target"], 5),
        (["target", "scale"], "wide"),
        (["features", 1, "median"], float("nan")),
    ],
)
def test_a_damaged_manifest_is_refused_in_one_line(stored, path, value):
    _, _, folder = stored("classification")
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text())
    damage(manifest, path, value)
    file.write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"^RUN: .* is damaged: ") as raised:
        load(folder)
    assert "\n" not in str(raised.value)


def test_other_folders_versions_and_networks_are_refused(stored, tmp_path):
    with pytest.raises(InputError, match="is not a run folder"):
        load(tmp_path / "nowhere")
    _, _, folder = stored("regression")
    (folder / "model.safetensors").write_bytes(b"not so")
    with pytest.raises(InputError, match="is damaged"):
        load(folder)
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"schema": 1', '"schema": 99'))
    with pytest.raises(InputError, match="has the format 99, and this version reads 1"):
        load(folder)
    file.write_text("[]")
    with pytest.raises(InputError, match="is not a run folder"):
        load(folder)


def test_only_a_new_an_empty_and_a_run_s_own_folder_is_free(stored, tmp_path):
    check_free(tmp_path / "new", "mine.csv")
    check_free(tmp_path, "mine.csv")
    _, _, folder = stored("regression")
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "data": "mine.csv"}))
    check_free(folder, "mine.csv")
    with pytest.raises(InputError, match="holds a fit of mine"):
        check_free(folder, "other.csv")
    file.unlink()
    for place in (folder, folder / "model.safetensors"):
        with pytest.raises(InputError, match="something else than a run of fit"):
            check_free(place, "mine.csv")
