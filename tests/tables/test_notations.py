"""Numbers as people write them: what was written is read, and in new rows as in the fit."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from weightdecay.errors import InputError
from weightdecay.tables import read
from weightdecay.tables._columns import Column, Dropped, column_of, numbers_and_marks, numbers_of
from weightdecay.tables._layout import check, layout_of
from weightdecay.tables._notations import NOTATIONS, in_notation, notation_of
from weightdecay.tables._target import target_of

quick = settings(
    deadline=None,
    derandomize=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
notations = st.sampled_from(sorted(NOTATIONS))
#: With two decimals, as which they are exact.
amounts = st.integers(-(10**11), 10**11).map(lambda cents: Decimal(cents) / 100)


def put(number, example, grouped=True, typed=False):
    """Write a number in a notation."""
    notation = NOTATIONS[example]
    marks = {",": notation.grouping if grouped else "", ".": notation.decimal}
    places = 0 if number == int(number) else 2
    digits = "".join(marks.get(c, c) for c in f"{abs(number):,.{places}f}")
    text = example.replace(f"1{notation.grouping}234{notation.decimal}5", digits)
    text = f"-{text}" if number < 0 else text
    return text.translate(str.maketrans(" %¥-", "\u00a0％￥\u2212")) if typed else text


def series(cells):
    return pd.Series(cells, dtype=object)


@quick
@given(st.lists(st.tuples(amounts, st.booleans(), st.booleans()), min_size=1), notations)
def test_reads_the_numbers_that_were_written(rows, example):
    cells = series([put(number, example, *how) for number, *how in rows])
    assert in_notation(cells, example).tolist() == [float(number) for number, *_ in rows]


@quick
@given(st.lists(amounts, min_size=1), notations)
def test_finds_the_notation_where_a_cell_tells(numbers, example):
    cells = [put(number, example) for number in [*numbers, Decimal("1234567.25")]]
    assert notation_of(cells) == example


@quick
@given(st.lists(amounts, min_size=1), notations, st.randoms())
def test_the_order_of_rows_does_not_matter(numbers, example, random):
    cells = [put(number, example) for number in numbers]
    other = random.sample(cells, len(cells))
    assert notation_of(cells) == notation_of(other)


@quick
@given(st.lists(amounts, min_size=1), notations)
def test_what_can_be_groups_is_groups_and_of_percentages_decimals(numbers, example):
    cells = series([put(number, example) for number in numbers])
    assume(found := notation_of(cells))
    size, theirs = (np.abs(in_notation(cells, way)).sum() for way in (found, example))
    assert size <= theirs if NOTATIONS[found].unit == "%" else size >= theirs


@quick
@given(st.lists(st.floats(allow_nan=False) | st.integers(), min_size=1), st.data())
def test_plain_numbers_are_read_as_before(numbers, data):
    cells = series([str(number) for number in numbers])
    found, marks, written = numbers_of(cells)
    before, known = numbers_and_marks(cells)
    assert np.array_equal(found, before, equal_nan=True)
    assert (marks, written) == (known, "")


@quick
@given(st.lists(amounts, min_size=11, max_size=30), notations)
def test_rows_one_by_one_are_what_they_were_in_the_fit(tmp_path, numbers, example):
    cells = series([put(number, example) for number in numbers])
    layout, _ = layout_of(pd.DataFrame({"n": cells}), ())
    assume(layout.notations)
    whole = layout.features(pd.DataFrame({"n": cells}))
    for separator in (",", ";"):
        for k in (0, 10):
            file = tmp_path / "one.csv"
            pd.DataFrame({"n": cells[[k]], "m": 1}).to_csv(file, index=False, sep=separator)
            frame = read(file, layout.readings).frame
            assert check(layout, frame, "one.csv") == ({}, {})
            assert np.array_equal(layout.features(frame)[0], whole[k])


@pytest.mark.parametrize(
    ("cells", "example", "numbers"),
    [
        (["12.3%", "4 %"], "1,234.5 %", [12.3, 4]),
        (["12,345%", "1,2 %"], "1.234,5 %", [12.345, 1.2]),
        (["0,53", "1,25"], "1.234,5", [0.53, 1.25]),
        (["0,531", "1,253"], "1.234,5", [0.531, 1.253]),
        (["1,234", "5,678"], "1,234.5", [1234, 5678]),
        (["1,234", "12"], "1,234.5", [1234, 12]),
        (["1,234", "0,5"], "1.234,5", [1.234, 0.5]),
        (["1.234", "0,5"], "1.234,5", [1234, 0.5]),
        (["1.234.567", "1.234"], "1.234,5", [1234567, 1234]),
        (["12 345", "1 234,5"], "1 234,5", [12345, 1234.5]),
        (["12\u00a0345", "7\u202f000"], "1 234.5", [12345, 7000]),
        (["$1,234.50", "-$2", "$-3"], "$1,234.5", [1234.5, -2, -3]),
        (["1.234 €", "950 €"], "1.234,5 €", [1234, 950]),
        (["￥12.50", "¥3"], "¥1,234.5", [12.5, 3]),
        (["100元", "99.5 元"], "1,234.5 元", [100, 99.5]),
        (["-.5%", "+5％"], "1,234.5 %", [-0.5, 5]),
    ],
)
def test_examples(cells, example, numbers):
    assert notation_of(cells) == example
    assert in_notation(series(cells), example).tolist() == numbers


@pytest.mark.parametrize(
    "cells",
    [
        ["01,234", "12,345"],  # no number begins with a zero
        ["012 345", "123 456"],
        ["110 00", "123 45"],  # a postal code
        ["732 829 320", "552 100 554"],  # as many digits for each: companies
        ["12,34,567", "1,234"],
        ["1,2,3", "1,2"],  # a list
        ["192.168.1.1", "10.0.0.1"],
        ["12%", "12"],
        ["5 €", "5 $"],
        ["1,234.5", "1.234,5"],
        ["12-345", "12 345"],
        ["1e5%", "2%"],
        ["5 %%", "5 %"],
        ["²%", "5 %"],
        ["$", "5 $"],
        [1.5, "1,234"],
    ],
)
def test_what_is_no_number_stays_text(cells):
    assert notation_of(cells) == ""


@pytest.mark.parametrize("odd", ["soon", "12", "1.234,5 $", "", "5 % 5"])
def test_one_cell_of_another_notation_and_the_column_stays_what_it_was(odd):
    cells = [f"{k},5 €" for k in range(40)]
    assert column_of("c", series(cells), 2) == Column("c", "number", written="1.234,5 €")
    assert column_of("c", series([*cells, odd]), 2) == Dropped("c", "distinct")


def test_categories_that_were_asked_for_stay():
    cells = pd.Series(["10%", "20%"] * 20, dtype="category")
    assert column_of("c", cells, 2).kind == "category"


def test_gaps_are_gaps():
    cells = series(["10%", None, "30%", None])
    numbers, marks, written = numbers_of(cells)
    assert np.array_equal(numbers, [10, np.nan, 30, np.nan], equal_nan=True)
    assert (marks, written) == ((), "1,234.5 %")


def test_few_groups_among_plain_numbers_are_numbers_but_change_no_other():
    plain = [f"{k}.125" for k in range(1, 39)]
    numbers, marks, written = numbers_of(series([*plain, "1,234.5", "2,000"]))
    assert numbers[-2:].tolist() == [1234.5, 2000]
    assert numbers[0] == 1.125
    assert written == "1,234.5"
    numbers, marks, written = numbers_of(series([*plain, "0,5", "7,5"]))
    assert numbers[0] == 1.125
    assert (marks, written) == (("0,5", "7,5"), "")


def test_the_target_is_read_alike_and_in_new_rows_too():
    target = target_of("y", series([f"{k}.5%" for k in range(40)]), None, "t.csv")
    assert (target.task, target.written) == ("regression", "1,234.5 %")
    assert target.mean == pytest.approx(20)
    y, known = target.encode(series(["20%", "20", None]))
    assert y == pytest.approx([0, 0, 0])
    assert known.tolist() == [True, False, False]


class TestNewRows:
    frame = pd.DataFrame({"n": [f"{k}.5%" for k in range(40)], "m": ["1,234", "5,678"] * 20})
    layout = layout_of(frame, ())[0]

    @pytest.mark.parametrize("cell", ["12.5", "12,5 %", "soon", 0.125])
    def test_another_notation_is_named_with_its_row_and_how_it_was(self, cell):
        frame = self.frame.assign(n=self.frame["n"].astype(object))
        frame.loc[6, "n"] = cell
        said = f"column n, row 7: {cell} is not .* where 1234.5 is 1,234.5 %;"
        with pytest.raises(InputError, match=said):
            check(self.layout, frame, "t.csv")

    def test_numbers_as_such_need_no_notation_but_a_unit(self):
        frame = self.frame.assign(m=range(40))
        assert check(self.layout, frame, "t.csv") == ({}, {})
        assert self.layout.features(frame)[:, 1].tolist() == list(range(40))
        with pytest.raises(InputError, match="column n, row 1: 0"):
            check(self.layout, self.frame.assign(n=range(40)), "t.csv")
