"""``weightdecay compare``."""

from collections.abc import Sequence
from typing import Any

from weightdecay.cli._fit import table_options
from weightdecay.cli._printing import strict_json, terminal
from weightdecay.errors import InputError
from weightdecay.language import Words, shown

#: The names of ``weightdecay.tables``'s kinds, said here so that help need not import torch.
DECAYS = (
    "l2",
    "adamw",
    "l1",
    "l1_subgradient",
    "elastic_net",
    "norm",
    "group_lasso",
    "lp",
    "cautious",
    "to_init",
    "spectral",
)


def run_compare(
    data: str, decays: Sequence[str], given: dict[str, Any], as_json: bool, words: Words
) -> None:
    """Compare kinds of decay on the table `data`."""
    known = ", ".join(DECAYS)
    if not decays:
        raise InputError(words("table.error.no_decay", names=known))
    for name in decays:
        if name not in DECAYS:
            raise InputError(words("table.error.decay", value=shown(name), names=known))
        if list(decays).count(name) > 1:
            raise InputError(words("table.error.decay_twice", value=name))
    options = table_options(given, words)
    from weightdecay.report import bars
    from weightdecay.report.tables import compare_text
    from weightdecay.tables import compare_decays, read

    source = read(data, words)
    with bars(lambda part: words(f"progress.{part}")) as progress:
        summary = compare_decays(source, decays, options, words, progress)
    if as_json:
        print(strict_json(summary))
        return
    console = terminal()
    for part in compare_text(summary, words):
        console.print(part, markup=False, highlight=False)
