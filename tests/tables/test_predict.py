"""Predictions for new rows, and files of them."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weightdecay.language import Words
from weightdecay.report.tables import predict_text
from weightdecay.tables import Options, Source, as_csv, fit, predict, read, write_frame
from weightdecay.tables._layout import check, layout_of

from .conftest import TINY

both = pytest.mark.parametrize("kind", ["regression", "classification"])


@pytest.fixture
def fitted(request):
    def get(kind):
        file, found = request.getfixturevalue(kind)
        return read(file), found.model

    return get


@both
def test_a_row_has_the_same_prediction_alone_in_any_order_and_without_the_target(fitted, kind):
    source, model = fitted(kind)
    whole = predict(model, source).frame
    numbers = whole.select_dtypes("number").to_numpy()
    shuffled = source.frame.sample(frac=1, random_state=0).drop(columns=[model.target.name])
    again = predict(model, Source("t", "t", shuffled)).frame
    order = shuffled.index.to_numpy()
    assert again.select_dtypes("number").to_numpy() == pytest.approx(numbers[order])
    one = predict(model, Source("t", "t", source.frame.iloc[7:8])).frame
    assert one.select_dtypes("number").to_numpy()[0] == pytest.approx(numbers[7])


CELLS = {
    "code": ["01", "02", "A1", "NA", ""],
    "degree": ["None", "mild", "null", "N/A"],
    "truth": ["True", "FALSE", "None", ""],
    "whole": ["1", "2", "None", "?"],
    "day": ["2024-01-05", "2024-03-07", "NA", "None"],
    "share": ["1,234.5", "0.25", "None", "7.125"],
    "y": ["None", "01", "B", "NaN"],
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A table whose cells only the whole file can tell the meaning of, and its model."""
    rng = np.random.default_rng(0)
    odds = {"whole": [0.4, 0.4, 0.15, 0.05]}
    frame = pd.DataFrame(
        {name: rng.choice(cells, 200, p=odds.get(name)) for name, cells in CELLS.items()}
    ).assign(x=rng.normal(size=200).round(3))
    file = tmp_path_factory.mktemp("odd") / "t.csv"
    frame.to_csv(file, index=False)
    return frame, fit(read(file), Options(target="y", **TINY)).model


@settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.integers(0, 199), min_size=1, max_size=3), st.sampled_from(",;"))
def test_a_prediction_does_not_depend_on_the_other_rows_of_a_file(odd, tmp_path, rows, separator):
    frame, model = odd
    file = tmp_path / "t.csv"
    found = []
    for part in (frame, frame.iloc[rows]):
        part.to_csv(file, index=False, sep=separator)
        found.append(predict(model, read(file, model.readings)).frame)
    whole, alone = found
    pd.testing.assert_frame_equal(alone, whole.iloc[rows].reset_index(drop=True))


def test_codes_of_digits_alone_are_the_levels_that_were_fitted(odd, tmp_path):
    frame, model = odd
    columns = {column.name: column for column in model.layout.columns}
    kinds = {name: column.kind for name, column in columns.items()}
    assert kinds == {
        **dict.fromkeys(["code", "degree", "truth"], "category"),
        **dict.fromkeys(["whole", "share", "x"], "number"),
        "day": "date",
    }
    assert model.target.classes == ("01", "B", "None")
    part = frame[frame["code"].isin(["01", "02"]) & (frame["degree"] == "None")]
    part.to_csv(tmp_path / "t.csv", index=False)
    source = read(tmp_path / "t.csv", model.readings)
    made = dict(zip(model.layout.names, model.layout.features(source.frame).T, strict=True))
    assert (made["code = 01"] == (part["code"] == "01").to_numpy()).all()
    assert (made["degree = None"] == 1).all()
    assert predict(model, source).summary["rows_scored"] == (part["y"] != "NaN").sum()


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series(["1", "2", None] * 40, dtype="category"),
        pd.Series([True, False, None] * 40, dtype="boolean"),
        pd.Series(["01", "1", None] * 40, dtype="category"),
        pd.Series(["1.0", "1", None] * 40, dtype="category"),
        pd.Series(["None", "null", None] * 40).replace("null", "x"),
    ],
)
def test_levels_of_parquet_are_those_of_csv(tmp_path, cells):
    frame = pd.DataFrame({"c": cells, "n": range(120)})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_csv(tmp_path / "t.csv", index=False)
    parquet = read(tmp_path / "t.parquet").frame
    layout, _ = layout_of(parquet, ())
    csv = read(tmp_path / "t.csv", layout.readings).frame
    assert layout.columns[0].kind == "category"
    assert check(layout, csv, "t.csv").unseen == {}
    assert np.array_equal(layout.features(csv), layout.features(parquet))


def test_classes_come_with_probabilities(fitted):
    source, model = fitted("classification")
    frame = predict(model, source).frame
    assert list(frame.columns) == [
        "prediction",
        "probability of =1+1",
        "probability of no",
        "spread",
    ]
    probability = frame.iloc[:, 1:3].to_numpy()
    assert probability.sum(axis=1) == pytest.approx(np.ones(60))
    best = np.array(model.target.classes)[probability.argmax(axis=1)]
    assert (frame["prediction"] == best).all()
    assert (frame["spread"] > 0).all()


@both
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_index_of_the_rows_changes_nothing(fitted, tmp_path, kind, ending):
    source, model = fitted(kind)
    frame = source.frame.sample(frac=1, random_state=0)
    said = []
    for index in (True, False):
        file = tmp_path / f"t.{ending}"
        frame.to_csv(file, index=index) if ending == "csv" else frame.to_parquet(file, index=index)
        said.append(predict(model, read(file)))
    pd.testing.assert_frame_equal(said[0].frame, said[1].frame)
    assert said[0].summary["extra"] == said[1].summary["extra"]


def test_what_is_new_is_said(fitted):
    source, model = fitted("regression")
    frame = source.frame.assign(colour="violet", extra=1).drop(columns=["id"])
    summary = predict(model, Source("t", "t", frame)).summary
    assert summary["extra"] == ["extra"]
    assert summary["unseen"] == {"colour": 60}


def test_what_is_missing_or_no_target_is_counted_and_said(fitted):
    source, model = fitted("regression")
    (number, *_) = [c.name for c in model.layout.columns if c.kind == "number"]
    name = model.target.name
    frame = source.frame.astype({name: object})
    frame.loc[:3, number] = np.nan
    frame.loc[:9, name] = "a lot"
    frame.loc[10, name] = None
    summary = predict(model, Source("t", "t", frame)).summary
    before = predict(model, source).summary["missing"].get(number, 0)
    assert 0 < summary["missing"][number] - before <= 4
    # Beside text that is no mark a column holds no numbers.
    assert (summary["unknown_targets"], summary["scores"]) == (59, None)
    said = " ".join(map(str, predict_text({**summary, "out": None}, Words("en"))))
    assert f"(column: rows): {number}: {summary['missing'][number]}" in said
    assert f"{name}: not read as the fit's were" in said


@both
def test_the_error_is_said_where_the_target_is_known(fitted, kind):
    source, model = fitted(kind)
    target = source.frame[model.target.name].astype(object).where(np.arange(60) < 20, None)
    frame = source.frame.assign(**{model.target.name: target})
    found = predict(model, Source("t", "t", frame))
    assert found.summary["rows_scored"] == 20
    predicted = found.frame["prediction"][:20].to_numpy()
    true = target[:20].to_numpy()
    scores = found.summary["scores"]
    if kind == "regression":
        rmse = np.sqrt(np.mean((predicted - true.astype(float)) ** 2))
        assert scores["rmse"] == pytest.approx(rmse)
    else:
        assert scores["accuracy"] == pytest.approx((predicted == true).mean())


@pytest.mark.parametrize("text", ["=1+1", "@sum", "+cmd", "-1+2", "\t=1", "-a"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    frame = pd.DataFrame({"prediction": [text], f"probability of {text}": [0.5]})
    rows = list(csv.reader(io.StringIO(as_csv(frame))))
    assert rows == [["prediction", f"probability of {text}"], [f"'{text}", "0.5"]]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.sampled_from(["a", "-1", "+1.5", "-", "+", "-2e-5", 'q"', "x,y", "l\nm"])))
def test_all_else_is_written_as_it_is(cells):
    frame = pd.DataFrame({"prediction": cells}, dtype=object)
    rows = list(csv.reader(io.StringIO(as_csv(frame))))
    assert [row[0] for row in rows[1:]] == cells


def test_files_by_their_ending_and_all_or_nothing(tmp_path):
    frame = pd.DataFrame({"prediction": [0.1 + 0.2, 3.0], "spread": [0.0, 1.0]})
    write_frame(frame, tmp_path / "p.csv")
    write_frame(frame, tmp_path / "p.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "p.parquet"), frame)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "p.csv"), frame, check_dtype=False)
    (tmp_path / "folder.csv").mkdir()
    for place in (tmp_path / "folder.csv", tmp_path / "none" / "p.csv"):
        with pytest.raises(OSError, match=r"."):
            write_frame(frame, place)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder.csv", "p.csv", "p.parquet"]
