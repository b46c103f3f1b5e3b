"""What is written is what is read, however it is written; what cannot be read gives one line."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from weightdecay.errors import InputError
from weightdecay.tables import EMBEDDED, Options, read
from weightdecay.tables._columns import Dropped
from weightdecay.tables._gaps import GAPS
from weightdecay.tables._reading import SEPARATORS
from weightdecay.tables._table import table_of

quick = settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# A cell of a letter first, which no reader takes for a number or for nothing.
text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8).map(
    lambda tail: "x" + tail.rstrip()
)
WAYS = {
    "comma": {"sep": ","},
    "semicolon": {"sep": ";"},
    "tab": {"sep": "\t"},
    "bar": {"sep": "|"},
    "decimal comma": {"sep": ";", "decimal": ","},
    "windows": {"lineterminator": "\r\n"},
    "old mac": {"lineterminator": "\r"},
    "mark": {"encoding": "utf-8-sig"},
    "utf-16": {"encoding": "utf-16"},
}


def attempt(file):
    """The table, or else what was wrong with it."""
    try:
        return read(file).frame, None
    except InputError as error:
        return None, str(error)


@quick
@given(
    st.lists(text, min_size=2, max_size=4, unique=True),
    st.lists(st.tuples(text, st.floats(-1e6, 1e6)), min_size=1, max_size=6),
    st.sampled_from(sorted(WAYS)),
)
def test_reads_what_was_written(tmp_path, names, rows, way):
    names = names[:2]
    # One of the others in the header, and it would cut it into as many columns.
    assume(not set("".join(names)) & (set(SEPARATORS) - {WAYS[way].get("sep", ",")}))
    frame = pd.DataFrame(rows, columns=names)
    frame[names[1]] = frame[names[1]].round(3) + 0.25  # no column of whole numbers
    file = tmp_path / "table.csv"
    frame.to_csv(file, index=False, **WAYS[way])
    found = read(file).frame
    assert list(found.columns) == names
    assert found[names[0]].astype(object).tolist() == frame[names[0]].tolist()
    assert found[names[1]].to_numpy() == pytest.approx(frame[names[1]].to_numpy())


@settings(quick, max_examples=200)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_table_or_one_line(tmp_path, content):
    file = tmp_path / "any.csv"
    file.write_bytes(content)
    found, said = attempt(file)
    assert (found is None) == (said is not None)
    if found is None:
        assert said.startswith("DATA: ")
        assert "\n" not in said
    else:
        assert len(found) > 0
        assert found.columns.is_unique


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2\n3\n", "line 3: there are 1 fields where the header has 2"),
        (b"a,b\n1,2,3\n", "line 2: there are 3 fields where the header has 2"),
        (b'a,b\n1,2\n"3,4\n', "line 3"),
        (b"a,a\n1,2\n", "two columns are called a"),
        (b"a,b\n\xe4,2\n", "line 2: it is not text in UTF-8"),
        (b"PAR1 not so", "not a Parquet file"),
    ],
)
def test_says_what_is_wrong_and_where(tmp_path, content, said):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=f"^DATA: .*{said}"):
        read(file)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(InputError, match=r"there is no file .*nope\.csv"):
        read(tmp_path / "nope.csv")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)


def test_parquet_gives_what_csv_gives(tmp_path):
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": ["x", None]})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_csv(tmp_path / "t.csv", index=False)
    one, other = (read(tmp_path / f"t.{kind}").frame for kind in ("parquet", "csv"))
    pd.testing.assert_frame_equal(one, other, check_dtype=False)


def written(frame, file):
    """Write a frame with its index, as pandas does where it is not told otherwise."""
    frame.to_csv(file) if file.suffix == ".csv" else frame.to_parquet(file)
    return file


@pytest.mark.parametrize(
    ("name", "column"), [("t.csv", "column 1"), ("t.parquet", "index")], ids=["csv", "parquet"]
)
@pytest.mark.parametrize("rows", [[17, 3, 90], [5, 90, 17]])
def test_an_index_without_a_name_is_none_of_the_inputs_and_that_is_said(
    tmp_path, name, column, rows
):
    source = read(written(made().iloc[rows], tmp_path / name))
    assert source.index == (column,)
    assert source.frame.columns[0] == column


def made(rows=100):
    """Two columns, and rows in the order of their target: where one stood tells it."""
    y = np.sort(np.random.default_rng(0).normal(size=rows))
    return pd.DataFrame({"a": np.random.default_rng(1).normal(size=rows), "y": y})


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_a_stray_index_leaks_no_target(tmp_path, name):
    source = read(written(made().sample(frac=1, random_state=0), tmp_path / name))
    table = table_of(source, Options(target="y"))
    assert table.layout.names == ("a",)
    assert table.dropped == (Dropped(*source.index, "index"),)


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_an_index_that_is_asked_for_is_used(tmp_path, name):
    patients = made().set_axis(np.arange(100) * 7 % 101, axis=0)
    source = read(written(patients, tmp_path / name))
    table = table_of(source, Options(target="y", group=source.index[0]))
    assert len(np.unique(table.groups)) == 100
    assert table.dropped == (Dropped(*source.index, "group"),)


def test_an_index_with_a_name_is_a_column_and_a_count_is_none(tmp_path):
    file = tmp_path / "t.parquet"
    named = made().sample(frac=1, random_state=0).rename_axis("day")
    assert read(written(named, file)).index == ()
    assert list(read(file).frame.columns) == ["day", "a", "y"]
    assert list(read(written(made(), file)).frame.columns) == ["a", "y"]
    both = made().set_index([[*range(50)] * 2, pd.Index(range(100), name="index")])
    assert read(written(both, file)).index == ("index 2",)


def test_an_index_called_as_a_column_is_gets_one_line(tmp_path):
    file = tmp_path / "t.parquet"
    written(made().sample(frac=1, random_state=0).rename_axis("a"), file)
    with pytest.raises(InputError, match=r"^DATA: .*two columns are called a"):
        read(file)


def test_an_index_that_another_program_took_for_a_column_is_none(tmp_path):
    made().sample(frac=1, random_state=0).to_parquet(tmp_path / "t.parquet")
    polars = pytest.importorskip("polars")
    polars.read_parquet(tmp_path / "t.parquet").write_parquet(tmp_path / "p.parquet")
    assert read(tmp_path / "p.parquet").index == ("__index_level_0__",)


@pytest.mark.parametrize("cells", [[1, 1, 2], [1.5, 2, 3], ["a", "b", "c"], [1, None, 2]])
def test_another_first_column_without_a_name_is_a_column(tmp_path, cells):
    file = tmp_path / "t.csv"
    pd.DataFrame({"": cells, "a": [5, 7, 6]}).to_csv(file, index=False)
    assert read(file).index == ()


def column(tmp_path, cells, fitted=None):
    """Read one column of CSV; the other keeps its empty cells from being empty lines."""
    file = tmp_path / "t.csv"
    file.write_text("a,b\n" + "".join(f"{cell},1\n" for cell in cells))
    source = read(file, fitted)
    return source.frame["a"].astype(object).where(source.frame["a"].notna(), None).tolist(), source


@pytest.mark.parametrize("gap", sorted(GAPS))
@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["1", "2.5"], [1, 2.5]),
        (["True", "false"], [True, False]),
        (["2024-01-05", "2024-02-03"], ["2024-01-05", "2024-02-03"]),
        ([*"1234567890", "?"], [*"1234567890", "?"]),
    ],
)
def test_all_gaps_are_missing_among_numbers_truth_values_and_dates(tmp_path, gap, cells, found):
    assert column(tmp_path, [*cells, gap])[0] == [*found, None]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_none_is_a_word_among_others_and_what_is_missing_is_said(tmp_path, separator):
    file = tmp_path / "t.csv"
    cells = ["Mild", "None", "", "NaN", "NA", "Severe", "N/A", "null"]
    frame = pd.DataFrame({"a": cells, "b": [*cells[:2], *cells[:2] * 3], "c": range(8)})
    frame.to_csv(file, index=False, sep=separator)
    source = read(file)
    missing = source.frame["a"].isna()
    assert source.frame["a"][~missing].tolist() == ["Mild", "None", "Severe"]
    assert source.frame["b"].tolist() == frame["b"].tolist()
    assert source.marks == {"a": ("N/A", "NA", "NaN", "null")}


def test_a_fit_names_what_it_took_for_missing(tmp_path):
    file = tmp_path / "t.csv"
    rows = ["a,NA,0", "NA,b,1"] * 20
    file.write_text("used,left out,y\n" + "\n".join([*rows, "a,b,?", "b,a,?"]))
    table = table_of(read(file), Options(target="y", drop=("left out",)))
    assert table.marks == {"used": ("NA",), "y": ("?",)}
    assert table.target.classes == ("0", "1")
    assert table.without_target == 2


def test_a_column_of_gaps_alone_is_missing_unless_a_fit_knows_it_as_text(tmp_path):
    assert column(tmp_path, ["None", "NA", ""])[0] == [None] * 3
    assert column(tmp_path, ["None", "NA", ""], {"a": "text"})[0] == ["None", None, None]
    assert column(tmp_path, ["None", "NA", ""], {"a": "written"})[0] == [None] * 3


@quick
@given(st.lists(st.sampled_from([*sorted(GAPS), "01", "1.0", "TRUE", "x", "1,5"]), min_size=1))
def test_what_a_fit_has_as_text_is_read_cell_by_cell(tmp_path, cells):
    cells = [cell if "," not in cell else f'"{cell}"' for cell in cells]
    whole, _ = column(tmp_path, cells, {"a": "text"})
    assert whole == [column(tmp_path, [cell], {"a": "text"})[0][0] for cell in cells]


def test_a_cell_of_a_million_characters_is_read(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("a,b\n" + "x" * 1_000_000 + ",1\n")
    assert len(read(file).frame["a"][0]) == 1_000_000


@pytest.mark.parametrize("name", sorted(EMBEDDED))
def test_embedded_tables_come_with_their_target(name):
    source = read(name)
    assert source.embedded
    assert source.frame.columns[-1] == "target"
    assert len(source.frame) >= 150
