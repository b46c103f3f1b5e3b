"""Any page whose lists fit is valid, comes back from its JSON, and with one entry less is none."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from weightdecay.language import LANGUAGES
from weightdecay.report.page import Page, markdown

quick = settings(deadline=None, derandomize=True, max_examples=60)
finite = st.floats(-1e6, 1e6)
number = st.none() | finite
words = st.text(max_size=12)
text = st.fixed_dictionaries({"en": words, "zh": words})


def rows(of: st.SearchStrategy, *shape: int) -> st.SearchStrategy:
    """Nested lists of `shape`."""
    for size in reversed(shape):
        of = st.lists(of, min_size=size, max_size=size)
    return of


def ascending(count: int) -> st.SearchStrategy:
    """0 and `count` − 1 numbers above it."""
    above = st.lists(st.floats(1e-9, 1e3), min_size=count - 1, max_size=count - 1, unique=True)
    return above.map(lambda values: [0.0, *sorted(values)])


@st.composite
def pages(draw: Any) -> dict[str, Any]:
    """A page as JSON has it, each panel there or not."""
    size = st.integers(1, 3)
    count, points, seeds, classes, epochs = (draw(size) for _ in range(5))

    def band() -> st.SearchStrategy:
        part = rows(number, count)
        return st.fixed_dictionaries({"estimate": part, "low": part, "high": part})

    curve = {
        "kind": st.just("curve"),
        "x_name": text,
        "y_name": text,
        "x": rows(finite, points),
        "truth": st.none() | rows(finite, points),
        "truth_name": st.none() | text,
        "data_x": rows(finite, 2),
        "data_y": rows(finite, 2),
        **{name: rows(number, count, points) for name in ("mean", "low", "high")},
        "mean_name": text,
        "band": text,
        "seeds": rows(st.integers(0, 99), seeds),
        "lines": rows(number, seeds, count, points),
    }
    scatter = {
        "kind": st.just("scatter"),
        "target": words,
        "observed": rows(finite, points),
        "predicted": rows(number, count, points),
        "about": text,
    }
    confusion = {
        "kind": st.just("confusion"),
        "target": words,
        "classes": rows(words, classes),
        "counts": rows(st.integers(0, 99), count, classes, classes),
        "about": text,
    }
    dependence = {
        "column": words,
        **{name: rows(number, count, points) for name in ("mean", "low", "high")},
    }
    at = st.fixed_dictionaries({**dependence, "at": rows(finite, points)})
    levels = st.fixed_dictionaries({**dependence, "levels": rows(words, points)})
    shown = st.one_of(*map(st.fixed_dictionaries, (curve, scatter, confusion)))
    role = st.sampled_from(["held_out", "train", "other"])
    place = st.none() | st.integers(0, count - 1)
    status = st.sampled_from(["alive", "dead", "flat", "diverged"])
    verdict = {
        "label": st.sampled_from(["helps", "hurts", "no_difference", "cannot_tell"]),
        "sentence": text,
        "how": text,
        "notes": st.lists(text, max_size=2),
        "effect": number,
    }
    table = st.fixed_dictionaries(
        {"columns": rows(text, classes), "rows": rows(text, points, classes)}
    )
    panels = {
        "fit": {"shown": shown, "dependence": st.lists(at | levels, max_size=2)},
        "error": {
            "measure": text,
            "over": text,
            "curves": st.lists(
                st.fixed_dictionaries({"name": text, "role": role, "band": band()}), max_size=2
            ),
        },
        "norms": {
            "over": text,
            "layers": st.lists(
                st.fixed_dictionaries({"name": words, "decayed": st.booleans(), "norm": band()}),
                max_size=2,
            ),
            "weights": st.none()
            | st.fixed_dictionaries(
                {
                    "edges": ascending(points + 1),
                    "linear": finite,
                    "share": rows(number, count, points),
                }
            ),
        },
        "training": {
            "epoch": rows(finite, epochs),
            "measure": text,
            "over": text,
            "train": rows(number, count, epochs),
            "test": st.none() | rows(number, count, epochs),
            "test_name": text,
            "penalty": rows(number, count, epochs),
        },
        "seeds": {
            "seeds": rows(st.integers(0, 99), seeds),
            "status": rows(status, count, seeds),
            "error": rows(number, count, seeds),
            "measure": text,
            "about": text,
        },
        "verdict": verdict,
    }
    whole = {
        "schema_version": st.just(1),
        "title": text,
        "subtitle": text,
        "path": st.fixed_dictionaries(
            {"values": ascending(count), "name": text, "chosen": place, "minimum": place}
        ),
        **{name: st.none() | st.fixed_dictionaries(part) for name, part in panels.items()},
        "sections": st.lists(
            st.fixed_dictionaries({"title": text, "table": st.none() | table}), max_size=2
        ),
        "setup": st.just([]),
        "command": words,
        "versions": st.just({}),
    }
    made: dict[str, Any] = draw(st.fixed_dictionaries(whole))
    return made


def measured(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all lists that a page's lists of λs, seeds and points have to fit."""
    # Lists may be as long as one likes that nothing else has to fit.
    free = {"curves", "layers", "dependence", "notes", "sections", "setup", "thinned"}
    if isinstance(value, dict):
        for name, part in value.items():
            yield from measured(part, (*way, name))
    elif isinstance(value, list):
        if way[-1] not in free and value:
            yield way
        for place, part in enumerate(value):
            yield from measured(part, (*way, place))


@quick
@given(pages())
def test_any_page_that_fits_is_valid_and_comes_back_the_same(page: dict[str, Any]) -> None:
    made = Page.model_validate(page)
    assert Page.model_validate_json(made.model_dump_json()) == made
    for language in LANGUAGES:
        assert markdown(made, language).startswith("# ")


@settings(quick, max_examples=200)
@given(pages(), st.data())
def test_with_one_entry_less_it_is_none(page: dict[str, Any], data: Any) -> None:
    ways = list(measured(page))
    way = data.draw(st.sampled_from(ways))
    part: Any = page
    for step in way:
        part = part[step]
    part.pop()
    if not judged(page, way):
        return
    with pytest.raises(ValidationError):
        Page.model_validate(page)


def judged(page: dict[str, Any], way: tuple[Any, ...]) -> bool:
    """Whether there is something that the shortened list no longer fits."""
    if way[:2] == ("path", "values"):
        chosen = page["path"]["chosen"], page["path"]["minimum"]
        lists = [n for n in ("training", "seeds") if page[n] is not None]
        return bool(
            lists
            or not page["path"]["values"]
            or len(page["path"]["values"]) in chosen
            or page["fit"]
            or (page["error"] and page["error"]["curves"])
            or (page["norms"] and (page["norms"]["layers"] or page["norms"]["weights"]))
        )
    if way[0] == "sections":  # a row less is a smaller table; of one without rows, so is a column
        return way[-1] != "rows" and bool(page["sections"][way[1]]["table"]["rows"])
    return True
