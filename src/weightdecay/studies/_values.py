"""What a key of a study file may hold, each kind of value with its own words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, Field

from weightdecay._names import DecayName
from weightdecay.studies._sources import FUNCTION

#: Whole numbers are TOML's: signed, of 64 bits.
LARGEST = 2**63 - 1
#: Nothing that is counted is more: epochs, rows of a batch, folds.
MOST = 2**31 - 1

T = TypeVar("T")


@dataclass(frozen=True)
class Takes:
    """The words for a value, as in "recipe.lr: it takes ..."; a Literal says them itself."""

    words: str


def one_of(literal: Any) -> str:
    """Return the words for a Literal."""
    *some, last = map(json.dumps, get_args(literal))
    return f"{', '.join(some)} or {last}"


def _distinct(values: Sequence[T]) -> Sequence[T]:
    if len(set(values)) < len(values):
        twice = next(value for place, value in enumerate(values) if value in values[:place])
        raise ValueError(f"{twice!r} stands there twice")
    return values


#: TOML's arrays are lists, and a frozen study holds tuples: this one conversion is no looseness.
AsTuple = Field(strict=False)
Distinct = AfterValidator(_distinct)

Text = Annotated[str, Field(min_length=1, max_length=4096)]
Finite = Annotated[float, Field(allow_inf_nan=False)]

Source = Annotated[Text, Takes("a file, an embedded table or module:function, in quotes")]
Folder = Annotated[Text, Takes("a folder, in quotes")]
Column = Annotated[Text, Takes("the name of a column, in quotes")]
Columns = Annotated[tuple[Text, ...], AsTuple, Distinct, Takes("a list of names, none twice")]
Factory = Annotated[
    str, Field(pattern=FUNCTION, max_length=4096), Takes('"module:function", as in "nets:make"')
]
Hidden = Annotated[
    tuple[Annotated[int, Field(ge=1, le=65_536)], ...],
    Field(max_length=64, strict=False),
    Takes("a list of at most 64 whole numbers from 1 to 65536"),
]

Truth = Annotated[bool, Takes("true or false")]
Count = Annotated[int, Field(ge=1, le=MOST), Takes("a whole number of 1 or more")]
FromTwo = Annotated[int, Field(ge=2, le=MOST), Takes("a whole number of 2 or more")]
State = Annotated[int, Field(ge=0, le=2**32 - 1), Takes(f"a whole number from 0 to {2**32 - 1}")]
AboveZero = Annotated[Finite, Field(gt=0), Takes("a finite number above 0")]
Rates = Annotated[
    Annotated[Finite, Field(gt=0)]
    | Annotated[
        tuple[Annotated[Finite, Field(gt=0)], ...],
        Field(min_length=1, max_length=1_000, strict=False),
        Distinct,
    ],
    Takes("a finite number above 0, or a list of them, none twice"),
]
Kinds = Annotated[
    DecayName | Annotated[tuple[DecayName, ...], Field(min_length=1, strict=False), Distinct],
    Takes(f"{one_of(DecayName)}, or a list of them, none twice"),
]
FromZero = Annotated[Finite, Field(ge=0), Takes("a finite number of 0 or more")]
Fraction = Annotated[float, Field(ge=0, lt=1), Takes("a number from 0 to below 1")]

Option = Annotated[
    bool
    | Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
    | Finite
    | Annotated[tuple[Finite, ...], AsTuple],
    Takes("true, false, a finite number or a list of those"),
]
Options = Annotated[dict[str, Option], Takes("a table, as in {momentum = 0.9}")]

Lambdas = Annotated[
    Literal["auto"]
    | Annotated[tuple[FromZero, ...], Field(min_length=1, max_length=10_000, strict=False)],
    Takes('"auto" or a list of finite numbers of 0 or more'),
]
Seeds = Annotated[
    Annotated[int, Field(ge=1, le=100_000)]
    | Annotated[
        tuple[Annotated[int, Field(ge=0, le=LARGEST)], ...],
        Field(min_length=1, max_length=100_000, strict=False),
        Distinct,
    ],
    Takes("a number of seeds from 1 to 100000, or a list of whole numbers from 0, none twice"),
]
Folds = Annotated[
    FromTwo | Annotated[float, Field(gt=0, lt=1)],
    Takes("a whole number of 2 or more, or a share between 0 and 1 for one hold-out"),
]
Device = Annotated[
    str,
    Field(pattern="^[a-z]+(:[0-9]{1,3})?$", max_length=32),
    Takes('a device of torch\'s, as in "cuda" or "cuda:0"'),
]
