"""What columns hold, and the inputs that are made of them."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder

from weightdecay.errors import InputError
from weightdecay.tables._columns import Column, Dropped, as_dates, column_of
from weightdecay.tables._layout import check, layout_of
from weightdecay.tables._scaling import as_numbers, scaling

quick = settings(deadline=None, derandomize=True, max_examples=60)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["a", "b", "?", "2020-01-02", "31.12.2020", "inf", "1e400"]),
    st.binary(max_size=2),
    st.lists(st.integers(), max_size=2),
)


@quick
@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=30))
def test_anything_becomes_finite_numbers_or_gaps_and_always_as_many(rows):
    frame = pd.DataFrame(rows, columns=["a", "b"])
    layout, dropped = layout_of(frame, ())
    assert {c.name for c in layout.columns} | {d.name for d in dropped} == {"a", "b"}
    made = layout.features(frame)
    assert made.shape == (len(frame), len(layout.names))
    assert not np.isinf(made).any()
    assert set(np.unique(made[:, layout.numbers :])) <= {0.0, 1.0}
    part = layout.features(frame.iloc[:1])
    assert np.array_equal(part, made[:1], equal_nan=True)


@quick
@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=40, max_size=80))
def test_categories_are_as_scikit_learn_encodes_them(column):
    frame = pd.DataFrame({"c": pd.Series(column, dtype=object)})
    layout, _ = layout_of(frame, ())
    if not layout.columns:
        return
    levels = list(layout.columns[0].levels)
    encoder = OneHotEncoder(categories=[levels], handle_unknown="ignore", sparse_output=False)
    theirs = encoder.fit(np.array(levels, dtype=object)[:, None]).transform(
        np.array([str(cell) for cell in column], dtype=object)[:, None]
    )
    assert np.array_equal(layout.features(frame)[:, : len(levels)], theirs)


@quick
@given(
    st.lists(
        st.lists(st.floats(-1e9, 1e9) | st.just(np.nan), min_size=3, max_size=3),
        min_size=2,
        max_size=20,
    )
)
def test_scaling_written_down_is_scaling_as_fitted(rows):
    x = np.array(rows)
    x[:, 2] = np.isnan(x[:, 2])
    fitted = scaling(2).fit(x)
    assert isinstance(fitted, ColumnTransformer)
    ours = as_numbers(fitted, 2, 3)(x)
    assert ours == pytest.approx(fitted.transform(x))
    assert np.isfinite(ours).all()


def test_the_median_is_that_of_the_rows_it_is_fitted_on():
    x = np.array([[1.0], [3.0], [np.nan], [100.0]])
    found = as_numbers(scaling(1).fit(x[:3]), 1, 1)
    assert found.median == SimpleImputer(strategy="median").fit(x[:3]).statistics_ == 2.0


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pd.Series(range(40)), "number"),
        (pd.Series(["1", "2", "?", "4"] * 10).replace("1", "1.5"), "category"),
        (pd.Series([str(k / 7) for k in range(38)] + ["?", "?"]), "number"),
        (pd.Series(["a", "b"] * 20), "category"),
        (pd.Series([True, False] * 20), "category"),
        (pd.Series(["2020-01-05", "2021-02-03"] * 20), "date"),
        (pd.Series(["5.1.2020", "13.2.2021"] * 20), "date"),
        (pd.Series(["1/25/2020", "2/13/2021"] * 20), "date"),
        (pd.Series(["2024年1月5日", "2024年12月31日"] * 20), "date"),
        (pd.Series(["2024年1月5日 13:05", "2024年12月31日 0:00"] * 20), "date"),
        (pd.Series(["2024/1/5 13:05:09", "2024/12/31 0:00:00"] * 20), "date"),
        (pd.Series(pd.date_range("2020", periods=40, tz="Asia/Shanghai")), "date"),
        (pd.Series(pd.to_timedelta(range(40), unit="D")), "number"),
    ],
)
def test_kinds(column, kind):
    found = column_of("c", column, 2)
    assert isinstance(found, Column)
    assert found.kind == kind


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ([None] * 20, "missing"),
        ([np.inf] * 20, "missing"),
        ([3] * 20, "constant"),
        (["a"] * 20, "constant"),
        (["2020-01-01"] * 20, "constant"),
        ([f"id {k}" for k in range(20)], "distinct"),
        ([[1, 2]] * 20, "unreadable"),
        ([1j, 2j] * 10, "unreadable"),
    ],
)
def test_columns_that_say_nothing_are_left_out_and_why_is_said(column, reason):
    assert column_of("c", pd.Series(column), 2) == Dropped("c", reason)


def test_rare_levels_are_one_and_so_is_an_unseen_one():
    frame = pd.DataFrame({"c": ["a"] * 100 + ["b"] * 100 + ["r1"] * 3 + ["r2"] * 3})
    layout, _ = layout_of(frame, ())
    assert layout.names == ("c = a", "c = b", "c: other")
    made = layout.features(pd.DataFrame({"c": ["b", "r1", "never seen", None]}))
    assert made.tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]]


def test_that_a_number_is_missing_is_an_input_where_enough_are():
    frame = pd.DataFrame({"n": [np.nan] * 10 + list(range(30)), "m": [np.nan, *range(39)]})
    layout, _ = layout_of(frame, ())
    assert layout.names == ("n", "m", "n: missing")


def test_dates_turn_with_the_week_and_the_year():
    frame = pd.DataFrame({"d": pd.date_range("2023-01-02", periods=400).astype(str)})
    layout, _ = layout_of(frame, ())
    made = dict(zip(layout.names, layout.features(frame).T, strict=True))
    assert made["d"] == pytest.approx(made["d"][0] + np.arange(400))
    week = made["d: sine of week"]
    assert week[:7] == pytest.approx(week[7:14])
    assert len(np.unique(week[:7].round(6))) == 7


@quick
@given(
    st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), min_size=1),
    st.sampled_from(["{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日"]),
    st.sampled_from(["", " {0.hour}:{0:%M}", " {0:%H:%M:%S}"]),
)
def test_dates_with_slashes_and_in_chinese_are_those_of_iso(moments, day, clock):
    written = pd.Series([f"{day}{clock}".format(moment) for moment in moments])
    kept = {"": "%Y-%m-%d", " {0.hour}:{0:%M}": "%Y-%m-%dT%H:%M"}.get(clock, "%Y-%m-%dT%H:%M:%S")
    iso = pd.Series([moment.strftime(kept) for moment in moments])
    found = column_of("d", pd.concat([written, written + " "]), 2)
    if isinstance(found, Dropped):
        assert found.reason == "constant"
        assert iso.nunique() == 1
    else:
        assert np.array_equal(as_dates(written, found.written), as_dates(iso, ""))


class TestNewRows:
    frame = pd.DataFrame(
        {
            "n": ["1.5", "2.5", *map(str, range(38))],
            "c": ["a", "b"] * 20,
            "d": ["2020-01-05", "2021-02-03"] * 20,
        }
    )
    layout = layout_of(frame, ())[0]

    def test_those_of_the_fit_pass(self):
        assert check(self.layout, self.frame, "t.csv") == ({}, {})

    def test_unseen_levels_are_counted(self):
        assert check(self.layout, self.frame.assign(c="new"), "t.csv") == ({"c": 40}, {})

    def test_a_missing_column_is_named(self):
        with pytest.raises(InputError, match=r"t\.csv has no column c"):
            check(self.layout, self.frame.drop(columns=["c"]), "t.csv")

    @pytest.mark.parametrize(("name", "kind"), [("n", "a number"), ("d", "a date")])
    def test_text_where_none_was_is_named_with_its_row(self, name, kind):
        frame = self.frame.copy()
        frame.loc[6, name] = "soon"
        with pytest.raises(InputError, match=f"column {name}, row 7: soon is not {kind}"):
            check(self.layout, frame, "t.csv")
