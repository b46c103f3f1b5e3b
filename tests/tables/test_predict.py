"""Predictions for new rows, and files of them."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.tables import Source, as_csv, predict, read, write_frame

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
