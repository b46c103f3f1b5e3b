"""``weightdecay audit``."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

from weightdecay.cli._printing import strict_json, terminal
from weightdecay.cli._speech import flag
from weightdecay.errors import InputError
from weightdecay.language import Words


def run_audit(
    target: str,
    steps: dict[str, Any],
    ignore: Sequence[str],
    as_json: bool,
    words: Words,
) -> int:
    """Audit what `target` names, and return the exit status."""
    for name, value in steps.items():
        if value is not None and value < 1:
            raise InputError(words("error.steps", name=flag(name), value=value))

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
        print(strict_json(found.to_dict()))
    else:
        terminal().print(found, highlight=False)
    return 1 if found.findings else 0
