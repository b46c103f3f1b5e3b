"""``weightdecay verify``."""

from collections.abc import Sequence

from weightdecay.cli._printing import strict_json, terminal
from weightdecay.errors import InputError
from weightdecay.language import Words


def run_references(names: Sequence[str], as_json: bool, words: Words) -> int:
    """Run reference experiments, all without `names`, and return the exit status."""
    from weightdecay import reference
    from weightdecay.report import bars

    asked = list(dict.fromkeys(names)) or list(reference.REFERENCES)
    for name in asked:
        if name not in reference.REFERENCES:
            known = ", ".join(reference.REFERENCES)
            raise InputError(words("error.reference", name=name, names=known))
    outcomes = []
    with bars(words) as progress:
        progress("verify", 0, len(asked))
        for name in asked:
            outcomes.append(reference.verify(name))
            progress("verify", 1, len(asked))
    if as_json:
        print(strict_json(reference.summary(outcomes, words)))
    else:
        console = terminal()
        for part in reference.text(outcomes, words):
            console.print(part, markup=False, highlight=False)
    return 0 if all(outcome.passed for outcome in outcomes) else 1
