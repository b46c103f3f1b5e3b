"""The commands and their options, in one language."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from weightdecay._names import DECAY_NAMES
from weightdecay.apply._conventions import CONVENTIONS
from weightdecay.cli._audit import run_audit
from weightdecay.cli._compare import run_compare
from weightdecay.cli._convert import convert_value, list_conventions
from weightdecay.cli._demo import run_demo
from weightdecay.cli._fit import run_fit
from weightdecay.cli._optional import ADDRESS, with_optional_value
from weightdecay.cli._predict import run_predict
from weightdecay.cli._report import run_report
from weightdecay.cli._run import run_study
from weightdecay.cli._speech import Say, check_language, in_language
from weightdecay.cli._verify import run_references
from weightdecay.errors import InputError
from weightdecay.language import Words


def application(words: Words) -> typer.Typer:
    """Build the commands, in the language of `words`."""
    say = Say(words)
    app = typer.Typer(
        name="weightdecay",
        cls=in_language(TyperGroup, words),
        help=say("about"),
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    options = say("options")

    def number(kind: type[int] | type[float], name: str) -> Callable[[str], float]:
        def parse(text: str) -> float:
            try:
                return kind(text)
            except ValueError:
                raise typer.BadParameter(words("error.value", name=name, value=text)) from None

        return parse

    def option(*names: str, help: str, **more: Any) -> Any:
        return typer.Option(
            *names, help=say(help), show_default=False, rich_help_panel=options, **more
        )

    def switch(name: str, help: str) -> Any:
        return option(name, help=help, metavar="")  # else its value would be named: <bool>

    def argument(metavar: str, help: str) -> Any:
        return typer.Argument(
            metavar=metavar, help=say(help), show_default=False, rich_help_panel=say("arguments")
        )

    Language = Annotated[str | None, option("--lang", help="lang", metavar="en|zh")]
    Json = Annotated[bool, switch("--json", help="json")]

    def whole(name: str, help: str) -> Any:
        return option(name, help=help, metavar="N", parser=number(int, name))

    # Options of fit and compare.
    Data = Annotated[str | None, argument("DATA", "data")]
    Target = Annotated[str | None, option("--target", help="table_target", metavar="COL")]
    Task = Annotated[
        str | None, option("--task", help="table_task", metavar="regression|classification")
    ]
    Drop = Annotated[list[str] | None, option("--drop", help="table_drop", metavar="COL")]
    Group = Annotated[str | None, option("--group", help="table_group", metavar="COL")]
    Seeds = Annotated[int | None, whole("--seeds", "table_seeds")]
    FoldCount = Annotated[int | None, whole("--folds", "table_folds")]
    Hidden = Annotated[str | None, option("--hidden", help="table_hidden", metavar="N,N")]
    Epochs = Annotated[int | None, whole("--epochs", "table_epochs")]
    Rate = Annotated[
        float | None, option("--lr", help="table_lr", metavar="H", parser=number(float, "--lr"))
    ]
    Batch = Annotated[int | None, whole("--batch-size", "table_batch_size")]
    Rule = Annotated[str | None, option("--rule", help="table_rule", metavar="min|1se")]

    @app.callback(invoke_without_command=True)
    def weightdecay(
        context: typer.Context,
        show_version: Annotated[bool, switch("--version", help="version")] = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        if show_version:
            print(version("weightdecay"))
            raise typer.Exit
        if context.invoked_subcommand is None:
            print(context.get_help())

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("demo"),
        context_settings={"allow_extra_args": True},
        short_help=say("demo_short"),
        rich_help_panel=say("commands"),
    )
    def demo(
        experiment: Annotated[str, argument("EXPERIMENT", "experiment")] = "article",
        seed: Annotated[
            int | None, option(help="seed", metavar="N", parser=number(int, "--seed"))
        ] = None,
        seeds: Annotated[
            int | None, option(help="seeds", metavar="N", parser=number(int, "--seeds"))
        ] = None,
        only: Annotated[str | None, option(help="only", metavar="published|meant")] = None,
        weight_decay: Annotated[
            list[float] | None,
            option(help="weight_decay", metavar="λ", parser=number(float, "--weight-decay")),
        ] = None,
        out: Annotated[Path | None, option(help="out", metavar="DIR")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        given = {"seed": seed, "seeds": seeds, "only": only, "weight_decay": weight_decay}
        run_demo(experiment, given, out, as_json, words)

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("fit"),
        context_settings={"allow_extra_args": True},
        short_help=say("fit_short"),
        rich_help_panel=say("commands"),
    )
    def fit(
        data: Data = None,
        target: Target = None,
        task: Task = None,
        drop: Drop = None,
        group: Group = None,
        seeds: Seeds = None,
        folds: FoldCount = None,
        hidden: Hidden = None,
        epochs: Epochs = None,
        lr: Rate = None,
        batch_size: Batch = None,
        rule: Rule = None,
        out: Annotated[Path | None, option("--out", help="fit_out", metavar="DIR")] = None,
        force: Annotated[bool, switch("--force", help="fit_force")] = False,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        if data is None:
            raise InputError(words("error.missing", name="DATA"))
        given = {
            "target": target,
            "task": task,
            "drop": drop,
            "group": group,
            "seeds": seeds,
            "folds": folds,
            "hidden": hidden,
            "epochs": epochs,
            "lr": lr,
            "batch_size": batch_size,
            "rule": rule,
        }
        run_fit(data, given, out, force, as_json, words)

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("predict"),
        context_settings={"allow_extra_args": True},
        short_help=say("predict_short"),
        rich_help_panel=say("commands"),
    )
    def predict(
        run: Annotated[str | None, argument("RUN", "run")] = None,
        data: Data = None,
        out: Annotated[Path | None, option("--out", help="predict_out", metavar="FILE")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        for name, value in {"RUN": run, "DATA": data}.items():
            if value is None:
                raise InputError(words("error.missing", name=name))
        run_predict(str(run), str(data), out, as_json, words)

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("compare", names=", ".join(DECAY_NAMES)),
        context_settings={"allow_extra_args": True},
        short_help=say("compare_short"),
        rich_help_panel=say("commands"),
    )
    def compare(
        data: Data = None,
        target: Target = None,
        decay: Annotated[list[str] | None, option("--decay", help="decay", metavar="NAME")] = None,
        task: Task = None,
        drop: Drop = None,
        group: Group = None,
        seeds: Seeds = None,
        folds: FoldCount = None,
        hidden: Hidden = None,
        epochs: Epochs = None,
        lr: Rate = None,
        batch_size: Batch = None,
        rule: Rule = None,
        out: Annotated[Path | None, option("--out", help="compare_out", metavar="DIR")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        if data is None:
            raise InputError(words("error.missing", name="DATA"))
        given = {
            "target": target,
            "task": task,
            "drop": drop,
            "group": group,
            "seeds": seeds,
            "folds": folds,
            "hidden": hidden,
            "epochs": epochs,
            "lr": lr,
            "batch_size": batch_size,
            "rule": rule,
        }
        run_compare(data, decay or (), given, out, as_json, words)

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("report"),
        context_settings={"allow_extra_args": True},
        short_help=say("report_short"),
        rich_help_panel=say("commands"),
    )
    def report(
        run: Annotated[str | None, argument("RUN", "report_run")] = None,
        out: Annotated[Path | None, option("--out", help="report_out", metavar="FILE")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        if run is None:
            raise InputError(words("error.missing", name="RUN"))
        run_report(run, out, as_json, words)

    @app.command(
        cls=with_optional_value(in_language(TyperCommand, words), "--ray", ADDRESS),
        help=say("run_command"),
        context_settings={"allow_extra_args": True},
        short_help=say("run_short"),
        rich_help_panel=say("commands"),
    )
    def run(
        study: Annotated[str | None, argument("STUDY.toml", "run_study")] = None,
        sets: Annotated[
            list[str] | None, option("--set", help="run_set", metavar="KEY=VALUE")
        ] = None,
        out: Annotated[Path | None, option("--out", help="run_out", metavar="DIR")] = None,
        force: Annotated[bool, switch("--force", help="run_force")] = False,
        ray: Annotated[str | None, option("--ray", help="run_ray", metavar="[ADDRESS]")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        if study is None:
            raise InputError(words("error.missing", name="STUDY.toml"))
        run_study(study, sets or (), out, force, ray, as_json, words)

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("verify"),
        short_help=say("verify_short"),
        rich_help_panel=say("commands"),
    )
    def verify(
        names: Annotated[list[str] | None, argument("NAME", "reference")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        raise typer.Exit(run_references(names or (), as_json, words))

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("audit"),
        context_settings={"allow_extra_args": True},
        short_help=say("audit_short"),
        rich_help_panel=say("commands"),
    )
    def audit(
        target: Annotated[str | None, argument("MODULE:FACTORY", "target")] = None,
        steps_per_epoch: Annotated[
            int | None,
            option(help="steps_per_epoch", metavar="N", parser=number(int, "--steps-per-epoch")),
        ] = None,
        total_steps: Annotated[
            int | None,
            option(help="total_steps", metavar="N", parser=number(int, "--total-steps")),
        ] = None,
        ignore: Annotated[list[str] | None, option(help="ignore", metavar="CODE")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        if target is None:
            raise InputError(words("error.missing", name="MODULE:FACTORY"))
        steps = {"steps_per_epoch": steps_per_epoch, "total_steps": total_steps}
        raise typer.Exit(run_audit(target, steps, ignore or (), as_json, words))

    @app.command(
        cls=in_language(TyperCommand, words),
        help=say("convert", names=", ".join(CONVENTIONS)),
        short_help=say("convert_short"),
        rich_help_panel=say("commands"),
    )
    def convert(
        value: Annotated[str | None, argument("VALUE", "convert_value")] = None,
        from_: Annotated[str | None, option("--from", help="convert_from", metavar="NAME")] = None,
        to: Annotated[str | None, option("--to", help="convert_to", metavar="NAME")] = None,
        rows: Annotated[
            int | None, option(help="convert_rows", metavar="N", parser=number(int, "--rows"))
        ] = None,
        batch_size: Annotated[
            int | None,
            option(help="convert_batch_size", metavar="B", parser=number(int, "--batch-size")),
        ] = None,
        epochs: Annotated[
            float | None,
            option(help="convert_epochs", metavar="E", parser=number(float, "--epochs")),
        ] = None,
        lr: Annotated[
            float | None, option(help="convert_lr", metavar="H", parser=number(float, "--lr"))
        ] = None,
        sigma: Annotated[
            float | None, option(help="convert_sigma", metavar="S", parser=number(float, "--sigma"))
        ] = None,
        l1_ratio: Annotated[
            float | None,
            option(help="convert_l1_ratio", metavar="A", parser=number(float, "--l1-ratio")),
        ] = None,
        momentum: Annotated[
            float | None,
            option(help="convert_momentum", metavar="M", parser=number(float, "--momentum")),
        ] = None,
        dampening: Annotated[
            float | None,
            option(help="convert_dampening", metavar="D", parser=number(float, "--dampening")),
        ] = None,
        outputs: Annotated[
            int | None, option(help="convert_outputs", metavar="N", parser=number(int, "--outputs"))
        ] = None,
        optimizer: Annotated[str | None, option(help="convert_optimizer", metavar="sgd")] = None,
        as_list: Annotated[bool, switch("--list", help="convert_list")] = False,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        check_language(lang, words)
        given = {
            "rows": rows,
            "batch_size": batch_size,
            "epochs": epochs,
            "lr": lr,
            "sigma": sigma,
            "l1_ratio": l1_ratio,
            "momentum": momentum,
            "dampening": dampening,
            "outputs": outputs,
        }
        given = {name: quantity for name, quantity in given.items() if quantity is not None}
        if as_list:
            list_conventions(value, as_json, words)
        else:
            convert_value(value, from_, to, given, optimizer, as_json, words)

    return app
