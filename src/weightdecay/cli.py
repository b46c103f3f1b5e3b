"""The command line: parse, call, print.

Nothing heavy is imported before a command needs it, so that ``--help`` answers at once.
"""

import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, redirect_stdout
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from weightdecay._demos import EXPERIMENTS
from weightdecay.apply._conventions import CONVENTIONS
from weightdecay.errors import InputError
from weightdecay.language import LANGUAGES, Words, preferred


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``weightdecay`` with `arguments`, those of the process by default, and exit."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    words = Words(_language(given))
    try:
        status = _application(words)(given, prog_name="weightdecay", standalone_mode=False)
    except typer.TyperException as error:
        _fail(_usage(error, words), words)
    except InputError as error:
        _fail(str(error), words)
    except KeyboardInterrupt:
        status = 130
    if status == 130:
        print(f"\n{words('error.interrupted')}", file=sys.stderr, flush=True)
        # torch takes most of a second to take itself down; nothing is left to be saved.
        os._exit(130)
    sys.exit(status or 0)


def _language(arguments: Sequence[str]) -> str:
    """The language asked for: it is needed before the options are parsed, for what parsing says."""
    asked = preferred()
    for this, following in pairwise([*arguments, ""]):
        name, _, value = this.partition("=")
        if name == "--lang":
            asked = value or following
    return asked if asked in LANGUAGES else preferred()


def _fail(message: str, words: Words) -> None:
    print(words("error.prefix", message=" ".join(message.split())), file=sys.stderr)
    sys.exit(2)


def _usage(error: Any, words: Words) -> str:
    """One line for what the parser could not take."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return words("error.option", name=error.option_name)
    if kind == "BadOptionUsage":
        return words("error.argument", name=error.option_name)
    if kind == "MissingParameter":
        return words("error.missing", name=error.param.opts[-1])
    if kind == "BadParameter":  # `number` says it all
        return str(error.message)
    return words("error.usage", message=error.message)


def _application(words: Words) -> typer.Typer:
    """Build the commands, in the language of `words`."""
    say = _Say(words)
    app = typer.Typer(
        name="weightdecay",
        cls=_in_language(TyperGroup, words),
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

    def argument(metavar: str, help: str) -> Any:
        return typer.Argument(
            metavar=metavar, help=say(help), show_default=False, rich_help_panel=say("arguments")
        )

    Language = Annotated[str | None, option("--lang", help="lang", metavar="en|zh")]
    Json = Annotated[bool, option("--json", help="json")]

    @app.callback(invoke_without_command=True)
    def weightdecay(
        context: typer.Context,
        show_version: Annotated[bool, option("--version", help="version")] = False,
        lang: Language = None,
    ) -> None:
        _check_language(lang, words)
        if show_version:
            print(version("weightdecay"))
            raise typer.Exit
        if context.invoked_subcommand is None:
            print(context.get_help())

    @app.command(
        cls=_in_language(TyperCommand, words),
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
        _check_language(lang, words)
        given = {"seed": seed, "seeds": seeds, "only": only, "weight_decay": weight_decay}
        _demo(experiment, given, out, as_json, words)

    @app.command(
        cls=_in_language(TyperCommand, words),
        help=say("verify"),
        short_help=say("verify_short"),
        rich_help_panel=say("commands"),
    )
    def verify(
        names: Annotated[list[str] | None, argument("NAME", "reference")] = None,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        _check_language(lang, words)
        raise typer.Exit(_verify(names or (), as_json, words))

    @app.command(
        cls=_in_language(TyperCommand, words),
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
        _check_language(lang, words)
        if target is None:
            raise InputError(words("error.missing", name="MODULE:FACTORY"))
        steps = {"steps_per_epoch": steps_per_epoch, "total_steps": total_steps}
        raise typer.Exit(_audit(target, steps, ignore or (), as_json, words))

    @app.command(
        cls=_in_language(TyperCommand, words),
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
        as_list: Annotated[bool, option("--list", help="convert_list")] = False,
        as_json: Json = False,
        lang: Language = None,
    ) -> None:
        _check_language(lang, words)
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
            _conventions(value, as_json, words)
        else:
            _convert(value, from_, to, given, optimizer, as_json, words)

    return app


class _Say:
    """Words of this command line, safe where rich reads markup."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, key: str, **values: object) -> str:
        return self.words(f"cli.{key}", **values).replace("[", r"\[")


def _in_language(kind: type[Any], words: Words) -> type[Any]:
    """`kind` of command with the parser's own words in the language of `words`."""

    class Command(kind):  # type: ignore[misc]
        def format_usage(self, context: Any, formatter: Any) -> None:
            pieces = " ".join(self.collect_usage_pieces(context))
            formatter.write_usage(context.command_path, pieces, prefix=words("cli.usage"))

        def get_command(self, context: Any, name: str) -> Any:
            found = super().get_command(context, name)
            if found is None:
                raise InputError(words("error.command", name=name))
            return found

        def invoke(self, context: Any) -> Any:
            if context.args and not isinstance(self, TyperGroup):
                raise InputError(words("error.extra", name=context.args[0]))
            return super().invoke(context)

        def get_help_option(self, context: Any) -> Any:
            option = super().get_help_option(context)
            option.help = words("cli.help")
            option.rich_help_panel = words("cli.options")
            return option

    return Command


def _check_language(asked: str | None, words: Words) -> None:
    if asked is not None and asked not in LANGUAGES:
        raise InputError(words("error.lang", value=asked))


def _options(experiment: str, given: dict[str, Any], words: Words) -> dict[str, Any]:
    """The options of `experiment`: those given, checked, and its own defaults for the others."""
    if experiment not in EXPERIMENTS:
        raise InputError(words("error.experiment", name=experiment, names=", ".join(EXPERIMENTS)))
    taken = EXPERIMENTS[experiment].options
    given = {name: value for name, value in given.items() if value not in (None, [])}
    for name in given:
        if name not in taken:
            known = ", ".join(map(_flag, taken))
            raise InputError(
                words("error.not_taken", option=_flag(name), name=experiment, options=known)
            )
    if not 0 <= given.get("seed", 0) < 2**64:
        raise InputError(words("error.seed", value=given["seed"]))
    if given.get("seeds", 1) < 1:
        raise InputError(words("error.seeds", value=given["seeds"]))
    if given.get("only", "meant") not in ("published", "meant"):
        raise InputError(words("error.only", value=given["only"]))
    path = given.get("weight_decay", ())
    for value in path:
        if not (math.isfinite(value) and value >= 0):
            raise InputError(words("error.weight_decay", value=value))
    if path:
        if not any(path):
            raise InputError(words("error.only_zero"))
        given["weight_decay"] = tuple(sorted({0.0, *path}))
    return {**taken, **given}


def _flag(option: str) -> str:
    return f"--{option.replace('_', '-')}"


def _demo(
    experiment: str, given: dict[str, Any], out: Path | None, as_json: bool, words: Words
) -> None:
    options = _options(experiment, given, words)

    from weightdecay.report import bars, save, staged

    try:
        with staged(out) if out else nullcontext() as folder:
            with bars(lambda part: words(f"progress.{part}")) as progress:
                shown = EXPERIMENTS[experiment].run(progress, **options)
            text = _json(shown.summary)
            if folder is not None:
                save(shown.figures(words), folder)
                (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
                if shown.results is not None:
                    shown.results.to_netcdf(folder / "results.nc", engine="scipy")
    except OSError as error:
        if out is None:
            raise
        raise InputError(words("error.folder", folder=out, reason=error.strerror)) from error

    if as_json:
        print(text)
        return
    console = _console()
    for part in shown.text(words):
        console.print(part, highlight=False)
    if out:
        console.print(f"\n{words('cli.wrote', folder=out)}", markup=False, highlight=False)


def _verify(names: Sequence[str], as_json: bool, words: Words) -> int:
    """Run reference experiments, all without `names`, and return the exit status."""
    from weightdecay import reference
    from weightdecay.report import bars

    asked = list(dict.fromkeys(names)) or list(reference.REFERENCES)
    for name in asked:
        if name not in reference.REFERENCES:
            known = ", ".join(reference.REFERENCES)
            raise InputError(words("error.reference", name=name, names=known))
    outcomes = []
    with bars(lambda part: words(f"progress.{part}")) as progress:
        progress("verify", 0, len(asked))
        for name in asked:
            outcomes.append(reference.verify(name))
            progress("verify", 1, len(asked))
    if as_json:
        print(_json(reference.summary(outcomes, words)))
    else:
        console = _console()
        for part in reference.text(outcomes, words):
            console.print(part, markup=False, highlight=False)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _convert(
    value: str | None,
    from_: str | None,
    to: str | None,
    given: dict[str, Any],
    optimizer: str | None,
    as_json: bool,
    words: Words,
) -> None:
    """Convert one coefficient."""
    from weightdecay.apply._conventions_text import text
    from weightdecay.apply._convert import Refused, convert, needed

    if value is None or from_ is None or to is None:
        asked = {"VALUE": value, "--from": from_, "--to": to}
        missing = next(name for name, text in asked.items() if text is None)
        raise InputError(words("error.missing", name=missing))
    try:
        number = float(value)
    except ValueError:
        raise InputError(words("error.value", name="VALUE", value=value)) from None
    try:
        result = convert(number, from_, to, optimizer=optimizer, **given)
    except Refused as refused:
        places = {"value": "VALUE", "from_": "--from"}
        place = places.get(refused.argument) or _flag(refused.argument)
        raise InputError(refused.text(words, place, "--optimizer sgd")) from None
    given = {name: given[name] for name in needed(from_, to) if name in given}
    if as_json:
        called = {"value": number, "from": from_, "to": to, "result": result, "given": given}
        print(_json(called))
        return
    for line in text(number, result, from_, to, given, words):
        print(line)


def _conventions(value: str | None, as_json: bool, words: Words) -> None:
    """List the conventions."""
    from weightdecay.apply._conventions_text import listing, summary

    if value is not None:
        raise InputError(words("error.extra", name=value))
    if as_json:
        print(_json(summary(words)))
        return
    console = _console()
    for part in listing(words):
        console.print(part, markup=False, highlight=False)


def _audit(
    target: str,
    steps: dict[str, Any],
    ignore: Sequence[str],
    as_json: bool,
    words: Words,
) -> int:
    """Audit what `target` names, and return the exit status."""
    for name, value in steps.items():
        if value is not None and value < 1:
            raise InputError(words("error.steps", name=_flag(name), value=value))

    import weightdecay as wd
    from weightdecay.apply._audit import CODES, load

    for code in ignore:
        if code not in CODES:
            raise InputError(words("error.ignore", name=code, names=", ".join(CODES)))
    # What the user's code prints is not the audit.
    with redirect_stdout(sys.stderr):
        parts = load(target, words)
        found = wd.audit(*parts, **steps, ignore=ignore, language=words.language)
    if as_json:
        print(_json(found.to_dict()))
    else:
        _console().print(found, highlight=False)
    return 1 if found.findings else 0


def _console() -> Any:
    """Where text for people goes; wide enough for its tables where no terminal sets a width."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = 140
    return console


def _json(value: Any) -> str:
    """Strict JSON; a number that does not exist (NaN, infinity) is null."""

    def strict(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strict(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [strict(item) for item in value]
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(strict(value), ensure_ascii=False, indent=2, allow_nan=False)
