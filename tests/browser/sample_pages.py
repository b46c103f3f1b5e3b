"""Pages with made-up numbers, of every kind of panel, to be looked at in a browser."""

import math

from weightdecay.report.page._data import (
    Band,
    Confusion,
    Curve,
    CurveFit,
    Dependence,
    Error,
    Fit,
    Kind,
    Kinds,
    Layer,
    Norms,
    Other,
    Page,
    Pair,
    Path,
    Reference,
    Scatter,
    Section,
    Seeds,
    Setting,
    Table,
    Text,
    Training,
    Verdict,
    Weights,
)

LAMBDAS = (0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0)


def both(en: str, zh: str | None = None) -> Text:
    return Text(en=en, zh=zh or f"{en}（中文）")


def wave(*places: float) -> float:
    """A number that looks like nothing in particular, the same every time."""
    return math.sin(12.9898 * sum(k * place + 0.1 * k for k, place in enumerate(places, 1)))


def band(count: int, height: float, width: float) -> Band:
    middle = [height * (1.2 + 0.5 * wave(k, height)) for k in range(count)]
    return Band(
        estimate=tuple(middle),
        low=tuple(m - width for m in middle),
        high=tuple(m + width for m in middle),
    )


def path(values: tuple[float, ...] = LAMBDAS) -> Path:
    last = len(values) - 1
    return Path(
        values=values,
        name=both("λ (weight_decay)", "λ（weight_decay）"),
        other=Other(name=both("the article's λ", "原文的 λ"), factor=0.5),
        chosen=min(3, last),
        minimum=min(3, last),
        one_se=min(4, last),
    )


def curve_fit(count: int) -> CurveFit:
    x = tuple(k / 4 for k in range(41))
    mean = tuple(tuple(v * v / (1 + k) + wave(k, v) for v in x) for k in range(count))
    return CurveFit(
        x_name=both("x"),
        y_name=both("y"),
        x=x,
        truth=tuple(v * v for v in x),
        truth_name=both("truth, y = x²"),
        data_x=tuple(float(k) for k in range(1, 11)),
        data_y=tuple(k * k + 5 * wave(k) for k in range(1, 11)),
        mean=mean,
        low=tuple(tuple(v - 3.0 for v in row) for row in mean),
        high=tuple(tuple(v + 3.0 for v in row) for row in mean),
        mean_name=both("mean of 20 networks"),
        band=both("80 % of the networks"),
        seeds=(0, 1),
        lines=tuple(tuple(tuple(v + s for v in row) for row in mean) for s in (-2.0, 2.0)),
    )


def scatter(count: int) -> Scatter:
    observed = tuple(100 + 80 * wave(k) for k in range(60))
    return Scatter(
        target="progression",
        observed=observed,
        predicted=tuple(
            tuple(100 + (v - 100) / (1 + k) + 20 * wave(k, v) for v in observed)
            for k in range(count)
        ),
        about=both("60 rows, each predicted by networks that were not trained on it"),
    )


def confusion(count: int) -> Confusion:
    return Confusion(
        target="species",
        classes=("setosa", "versicolor", "virginica"),
        counts=tuple(((50, 0, 0), (0, 40 + k, 10 - k), (0, k, 50 - k)) for k in range(count)),
        about=both("150 rows"),
    )


def dependences(count: int) -> tuple[Dependence, ...]:
    at = tuple(float(k) for k in range(12))
    levels = ("female", "male", "not recorded in the first round of the survey")

    def bands(points: tuple[float, ...], shift: float) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(v / (1 + k) + shift for v in points) for k in range(count))

    return (
        Dependence(column="bmi", at=at, mean=bands(at, 0), low=bands(at, -1), high=bands(at, 1)),
        Dependence(
            column="sex",
            levels=levels,
            mean=bands((1.0, 2.0, 3.0), 0),
            low=bands((1.0, 2.0, 3.0), -1),
            high=bands((1.0, 2.0, 3.0), 1),
        ),
    )


def error(count: int) -> Error:
    return Error(
        measure=both("mean squared error"),
        over=both("95 % intervals over 5 folds"),
        curves=(
            Curve(name=both("held out"), role="held_out", band=band(count, 40, 6)),
            Curve(name=both("training"), role="train", band=band(count, 20, 2)),
        ),
        references=(Reference(name=both("predicting the mean"), value=80.0),),
    )


def norms(count: int) -> Norms:
    edges = tuple(0.01 * math.sinh(k / 2) for k in range(-15, 16))
    shares = [[math.exp(-abs(b - 15) / (2 + k)) for b in range(30)] for k in range(count)]
    return Norms(
        over=both("means over 20 seeds; intervals: 95 % over seeds"),
        layers=(
            Layer(name="0.weight", decayed=True, norm=band(count, 5, 0.5)),
            Layer(name="0.bias", decayed=False, norm=band(count, 2, 0.2)),
        ),
        weights=Weights(
            edges=edges,
            linear=0.01,
            share=tuple(tuple(v / sum(row) for v in row) for row in shares),
        ),
    )


def training(count: int) -> Training:
    epoch = tuple(float(k) for k in (0, 1, 3, 10, 30, 100, 300))
    return Training(
        epoch=epoch,
        measure=both("mean squared error"),
        over=both("means over 20 seeds"),
        train=tuple(tuple(1000 / (1 + e) + k for e in epoch) for k in range(count)),
        test=tuple(tuple(1200 / (1 + e) + k + 5 for e in epoch) for k in range(count)),
        penalty=tuple(tuple(k * 0.1 * (1 + e / 300) for e in epoch) for k in range(count)),
    )


def seeds(count: int) -> Seeds:
    fates = ("alive", "alive", "alive", "flat", "dead", "diverged")
    return Seeds(
        seeds=tuple(range(12)),
        status=tuple(tuple(fates[(s + k) % 6] for s in range(12)) for k in range(count)),
        error=tuple(
            tuple(None if (s + k) % 6 == 5 else 30 + 10 * wave(s, k) for s in range(12))
            for k in range(count)
        ),
        measure=both("squared error"),
        about=both("Dead: the output is 0 everywhere."),
    )


def kinds() -> Kinds:
    names = (both("none"), both("L2 in the loss"), both("on the step (AdamW)"))
    return Kinds(
        measure=both("root mean squared error, in the unit of progression"),
        over=both("95 % intervals over 5 folds"),
        kinds=tuple(
            Kind(
                name=name,
                choice=10.0**-k if k else 0.0,
                error=58.0 - k,
                low=55.0 - k,
                high=61.0 - k,
                note=both("an end of its path") if k == 1 else None,
            )
            for k, name in enumerate(names)
        ),
        pairs=(
            Pair(
                first=names[0],
                second=names[1],
                change=-0.04,
                low=-0.08,
                high=0.01,
                verdict=both("cannot be told"),
            ),
        ),
        pairs_measure=both("mean squared error"),
        pairs_about=both("The intervals hold together with 95 %."),
    )


def verdict() -> Verdict:
    return Verdict(
        label="helps",
        sentence=both("Weight decay helps: −12 %, 95 % interval [−20, −4]."),
        how=both("λ was chosen on 50 seeds and judged on 50 others."),
        notes=(both("Of 4 dead seeds it brings 2 to life."),),
        effect=-0.12,
        low=-0.2,
        high=-0.04,
    )


def page(fit: str = "curve", values: tuple[float, ...] = LAMBDAS) -> Page:
    """A page with every panel; its fit is a curve, a scatter or a confusion."""
    count = len(values)
    shown = {"curve": curve_fit, "scatter": scatter, "confusion": confusion}[fit](count)
    return Page(
        title=both("Does weight decay help?", "权重衰减有用吗？"),
        subtitle=both("A sample for the browser.", "给浏览器看的样例。"),
        path=path(values),
        fit=Fit(
            shown=shown,
            dependence=() if fit == "curve" else dependences(count),
            dependence_about=None if fit == "curve" else both("bands: 95 % over 20 seeds"),
        ),
        error=error(count),
        norms=norms(count),
        training=training(count),
        seeds=seeds(count),
        verdict=verdict(),
        kinds=kinds(),
        sections=(
            Section(
                title=both("As published"),
                paragraphs=(both("Only one of ten parameters was penalised."),),
                table=Table(
                    columns=(both("parameter"), both("share")),
                    rows=((both("8.bias"), both("100 %")),),
                ),
            ),
        ),
        setup=(Setting(name=both("Network"), value=both("1-3-5-10-5-1")),),
        command="weightdecay demo article --seeds 200",
        versions={"weightdecay": "0.1", "torch": "2.13"},
        thinned=(both("Of 200 networks 2 are drawn one by one."),),
    )


def comparison() -> Page:
    """What compare makes: kinds, and no λ to move."""
    left_out = ("path", "fit", "error", "norms", "training", "seeds", "verdict")
    return page().model_copy(update=dict.fromkeys(left_out))
