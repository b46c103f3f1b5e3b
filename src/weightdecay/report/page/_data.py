"""What a page shows, as plain data: the documented schema of ``report.json``.

Everything here comes from results; a page computes nothing that it does not find here. Lists over λ
are in the order of ``path.values``; a number that does not exist is null.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

#: Raised when an older page could not be shown from the data any more.
SCHEMA: Literal[1] = 1

Number = float | None
Numbers = tuple[Number, ...]


class Part(BaseModel):
    """A part of the data: immutable, and without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Text(Part):
    """A text in both languages; never markup."""

    en: str
    zh: str


class Other(Part):
    """A second convention of λ: what is shown beside torch's, and how many times it that is."""

    name: Text
    factor: float


class Path(Part):
    """The λs [L], ascending from 0, and the places among them that matter.

    ``minimum`` and ``one_se`` are what the two rules pick; ``chosen`` is what the study took.
    """

    values: tuple[float, ...] = Field(min_length=1)
    name: Text
    other: Other | None = None
    chosen: int | None = None
    minimum: int | None = None
    one_se: int | None = None


class Band(Part):
    """An estimate and its interval at each λ, three lists [L]."""

    estimate: Numbers
    low: Numbers
    high: Numbers


class CurveFit(Part):
    """A function of one variable, fitted: mean, band and single networks over ``x`` [n].

    ``mean``, ``low``, ``high`` are [L][n]; ``lines`` [S'][L][n] are the networks of ``seeds`` [S'].
    """

    kind: Literal["curve"] = "curve"
    x_name: Text
    y_name: Text
    x: tuple[float, ...]
    truth: tuple[float, ...] | None = None
    truth_name: Text | None = None
    data_x: tuple[float, ...]
    data_y: tuple[float, ...]
    mean: tuple[Numbers, ...]
    low: tuple[Numbers, ...]
    high: tuple[Numbers, ...]
    mean_name: Text
    band: Text
    seeds: tuple[int, ...] = ()
    lines: tuple[tuple[Numbers, ...], ...] = ()


class Scatter(Part):
    """Predicted against observed, on rows that took no part in training: [N'] and [L][N']."""

    kind: Literal["scatter"] = "scatter"
    target: str
    observed: tuple[float, ...]
    predicted: tuple[Numbers, ...]
    about: Text


class Confusion(Part):
    """How many rows of each class were taken for which: [L][observed][predicted]."""

    kind: Literal["confusion"] = "confusion"
    target: str
    classes: tuple[str, ...]
    counts: tuple[tuple[tuple[int, ...], ...], ...]
    about: Text


class Dependence(Part):
    """Partial dependence on one column: mean prediction over rows, [L][g], its band over seeds.

    ``at`` are numbers, or ``levels`` names of categories, one of the two. ``of`` is the class whose
    probability it is.
    """

    column: str
    at: tuple[float, ...] | None = None
    levels: tuple[str, ...] | None = None
    of: str | None = None
    mean: tuple[Numbers, ...]
    low: tuple[Numbers, ...]
    high: tuple[Numbers, ...]


class Fit(Part):
    """The fit at each λ, and for tables what it depends on."""

    shown: Annotated[CurveFit | Scatter | Confusion, Field(discriminator="kind")]
    dependence: tuple[Dependence, ...] = ()
    dependence_about: Text | None = None


class Curve(Part):
    """One curve over λ: ``role`` decides colour and mark."""

    name: Text
    role: Literal["held_out", "train", "other"]
    band: Band


class Reference(Part):
    """A level to hold a curve against, say of predicting the mean."""

    name: Text
    value: float


class Error(Part):
    """Error against λ; ``over`` says what its intervals are over, and how many of them."""

    measure: Text
    over: Text
    scale: Literal["linear", "log"] = "linear"
    curves: tuple[Curve, ...]
    references: tuple[Reference, ...] = ()


class Layer(Part):
    """The norm of one parameter tensor against λ."""

    name: str
    decayed: bool
    norm: Band


class Weights(Part):
    """The distribution of all decayed weights at each λ: shares [L][B] between ``edges`` [B + 1].

    Edges are even in asinh(w / ``linear``): about linear inside ± ``linear``, logarithmic outside.
    The outermost bins hold what lies beyond.
    """

    edges: tuple[float, ...]
    linear: float
    share: tuple[Numbers, ...]


class Norms(Part):
    """The weights against λ; ``over`` says what norms are means over."""

    over: Text
    layers: tuple[Layer, ...]
    weights: Weights | None = None


class Training(Part):
    """Curves of training at each λ, [L][E], at ``epoch`` [E]; data loss and penalty apart."""

    epoch: tuple[float, ...]
    measure: Text
    over: Text
    train: tuple[Numbers, ...]
    test: tuple[Numbers, ...] | None = None
    test_name: Text | None = None
    penalty: tuple[Numbers, ...]


Status = Literal["alive", "dead", "flat", "diverged"]


class Seeds(Part):
    """What became of each seed: ``status`` and ``error`` [L][S]."""

    seeds: tuple[int, ...]
    status: tuple[tuple[Status, ...], ...]
    error: tuple[Numbers, ...]
    measure: Text
    about: Text


class Verdict(Part):
    """The verdict in a sentence, how it was obtained, and what has to be said besides.

    ``effect`` and its interval are the change that decay makes to the error, as a share of the
    error without it: below 0 is better.
    """

    label: Literal["helps", "hurts", "no_difference", "cannot_tell"]
    sentence: Text
    how: Text
    notes: tuple[Text, ...] = ()
    effect: Number = None
    low: Number = None
    high: Number = None


class Kind(Part):
    """One kind of decay at its own λ."""

    name: Text
    choice: float
    error: Number
    low: Number
    high: Number
    note: Text | None = None


class Pair(Part):
    """Two kinds held against each other: the change from the first to the second, a share of it."""

    first: Text
    second: Text
    change: Number
    low: Number
    high: Number
    verdict: Text


class Kinds(Part):
    """Kinds of decay side by side, or something else that has a λ of its own.

    ``title`` and ``each`` say of what else, together and one by one. ``pairs_measure`` is what
    pairs are changes of: often a mean square, where ``measure`` is its root; ``pairs_about`` is
    there where they are.
    """

    title: Text | None = None
    each: Text | None = None

    measure: Text
    over: Text
    kinds: tuple[Kind, ...]
    pairs: tuple[Pair, ...] = ()
    pairs_measure: Text | None = None
    pairs_about: Text | None = None


class Table(Part):
    """A table of texts."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


class Section(Part):
    """Something told beside the panels."""

    title: Text
    paragraphs: tuple[Text, ...] = ()
    table: Table | None = None


class Setting(Part):
    """A line of the set-up."""

    name: Text
    value: Text


class Page(Part):
    """All that a page shows.

    Panels whose part is null are left out. ``command`` makes the study again; ``thinned`` says what
    was left out to keep the page small.
    """

    schema_version: Literal[1] = SCHEMA
    title: Text
    subtitle: Text
    path: Path | None = None
    fit: Fit | None = None
    error: Error | None = None
    norms: Norms | None = None
    training: Training | None = None
    seeds: Seeds | None = None
    verdict: Verdict | None = None
    kinds: Kinds | None = None
    sections: tuple[Section, ...] = ()
    setup: tuple[Setting, ...]
    command: str
    versions: dict[str, str]
    thinned: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_entry_a_lambda(self) -> Self:
        from weightdecay.report.page._shapes import check

        check(self)
        return self
