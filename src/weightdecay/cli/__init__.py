"""The command line: parse, call, print.

Nothing heavy is imported before a command needs it, so that ``--help`` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import typer

from weightdecay.cli._application import application
from weightdecay.cli._lines import break_between_characters
from weightdecay.cli._speech import unknown
from weightdecay.errors import InputError
from weightdecay.language import LANGUAGES, Words, preferred, told


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``weightdecay`` with `arguments`, those of the process by default, and exit."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    words = Words(_language(given))
    break_between_characters()
    try:
        status = application(words)(given, prog_name="weightdecay", standalone_mode=False)
    except typer.TyperException as error:
        _fail(_usage(error, words), words)
    except InputError as error:
        _fail(told(error, words), words)
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
        known = [name for option in error.ctx.command.params for name in option.opts]
        command = error.ctx.command_path
        return unknown("option", error.option_name, known, words, command=command)
    if kind == "BadOptionUsage":
        return words("error.argument", name=error.option_name)
    if kind == "MissingParameter":
        return words("error.missing", name=error.param.opts[-1])
    if kind == "BadParameter":  # `number` says it all
        return str(error.message)
    return words("error.usage", message=error.message)
