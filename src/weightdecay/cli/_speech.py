"""What the parser itself says, in the language asked for."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from typer.core import TyperGroup

from weightdecay.errors import InputError
from weightdecay.language import LANGUAGES, Words


class Say:
    """Words of this command line, safe where rich reads markup."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, key: str, **values: object) -> str:
        return self.words(f"cli.{key}", **values).replace("[", r"\[")


def in_language(kind: type[Any], words: Words) -> type[Any]:
    """`kind` of command with the parser's own words in the language of `words`."""

    class Command(kind):  # type: ignore[misc]
        def format_usage(self, context: Any, formatter: Any) -> None:
            pieces = " ".join(self.collect_usage_pieces(context))
            formatter.write_usage(context.command_path, pieces, prefix=words("cli.usage"))

        def get_command(self, context: Any, name: str) -> Any:
            found = super().get_command(context, name)
            if found is None:
                raise InputError(unknown("command", name, self.list_commands(context), words))
            return found

        def invoke(self, context: Any) -> Any:
            if context.args and not isinstance(self, TyperGroup):
                raise InputError(words("error.extra", name=context.args[0]))
            return super().invoke(context)

        def get_help_option(self, context: Any) -> Any:
            option = super().get_help_option(context)
            option.help = words("cli.help")
            option.metavar = ""
            option.rich_help_panel = words("cli.options")
            return option

    return Command


def unknown(kind: str, name: str, known: Iterable[str], words: Words, **about: str) -> str:
    """Return that there is no `name`, of a "command" or an "option", and what may be meant."""
    bare = {each.lstrip("-"): each for each in known}  # all options are alike in their dashes
    near = get_close_matches(name.lstrip("-"), bare, n=1)
    if not near:
        return words(f"error.{kind}", name=name, **about)
    return words(f"error.{kind}_like", name=name, like=bare[near[0]], **about)


def check_language(asked: str | None, words: Words) -> None:
    if asked is not None and asked not in LANGUAGES:
        raise InputError(words("error.lang", value=asked))


def flag(option: str) -> str:
    return f"--{option.replace('_', '-')}"
