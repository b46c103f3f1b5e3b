"""What a key of a study file may hold, each kind of value with its own words."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, Field

from weightdecay._names import DecayName
from weightdecay.language import Phrase, phrase, shown
from weightdecay.studies._metric import check_scorer
from weightdecay.studies._sources import FUNCTION

#: Whole numbers are TOML's: signed, of 64 bits.
LARGEST = 2**63 - 1
#: Nothing that is counted is more: epochs, rows of a batch, folds.
MOST = 2**31 - 1

T = TypeVar("T")


def _takes(key: str, **values: object) -> Phrase:
    """Return the words for a value, as in "recipe.lr: it takes ..."; a Literal says them itself."""
    return phrase(f"study.takes.{key}", **values)


def one_of(literal: Any) -> Phrase:
    """Return the words for a Literal."""
    *some, last = map(json.dumps, get_args(literal))
    return _takes("one_of", some=", ".join(some), last=last)


def _distinct(values: Sequence[T]) -> Sequence[T]:
    if len(set(values)) < len(values):
        twice = next(value for place, value in enumerate(values) if value in values[:place])
        raise ValueError(phrase("study.error.twice", value=shown(repr(twice))))
    return values


#: TOML's arrays are lists, and a frozen study holds tuples: this one conversion is no looseness.
AsTuple = Field(strict=False)
Distinct = AfterValidator(_distinct)

Text = Annotated[str, Field(min_length=1, max_length=4096)]
Finite = Annotated[float, Field(allow_inf_nan=False)]

Source = Annotated[Text, _takes("source")]
Folder = Annotated[Text, _takes("folder")]
Column = Annotated[Text, _takes("column")]
Columns = Annotated[tuple[Text, ...], AsTuple, Distinct, _takes("columns")]
Factory = Annotated[str, Field(pattern=FUNCTION, max_length=4096), _takes("factory")]
Metric = Annotated[Text, AfterValidator(check_scorer), _takes("metric")]
Hidden = Annotated[
    tuple[Annotated[int, Field(ge=1, le=65_536)], ...],
    Field(max_length=64, strict=False),
    _takes("hidden"),
]

Truth = Annotated[bool, _takes("truth")]
Count = Annotated[int, Field(ge=1, le=MOST), _takes("whole", least=1)]
FromTwo = Annotated[int, Field(ge=2, le=MOST), _takes("whole", least=2)]
State = Annotated[int, Field(ge=0, le=2**32 - 1), _takes("state", most=2**32 - 1)]
AboveZero = Annotated[Finite, Field(gt=0), _takes("above_zero")]
Rates = Annotated[
    Annotated[Finite, Field(gt=0)]
    | Annotated[
        tuple[Annotated[Finite, Field(gt=0)], ...],
        Field(min_length=1, max_length=1_000, strict=False),
        Distinct,
    ],
    _takes("several", one=_takes("above_zero")),
]
Kinds = Annotated[
    DecayName | Annotated[tuple[DecayName, ...], Field(min_length=1, strict=False), Distinct],
    _takes("several", one=one_of(DecayName)),
]
FromZero = Annotated[Finite, Field(ge=0), _takes("from_zero")]
Fraction = Annotated[float, Field(ge=0, lt=1), _takes("fraction")]

Option = Annotated[
    bool
    | Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
    | Finite
    | Annotated[tuple[Finite, ...], AsTuple],
    _takes("option"),
]
Options = Annotated[dict[str, Option], _takes("options", example="{momentum = 0.9}")]

Lambdas = Annotated[
    Literal["auto"]
    | Annotated[
        tuple[FromZero, ...], Field(min_length=1, max_length=10_000, strict=False), Distinct
    ],
    _takes("lambdas"),
]
Seeds = Annotated[
    Annotated[int, Field(ge=1, le=100_000)]
    | Annotated[
        tuple[Annotated[int, Field(ge=0, le=LARGEST)], ...],
        Field(min_length=1, max_length=100_000, strict=False),
        Distinct,
    ],
    _takes("seeds"),
]
Folds = Annotated[
    FromTwo | Annotated[float, Field(gt=0, lt=1)],
    _takes("folds"),
]
Device = Annotated[
    str,
    Field(pattern="^[a-z]+(:[0-9]{1,3})?$", max_length=32),
    _takes("device"),
]
