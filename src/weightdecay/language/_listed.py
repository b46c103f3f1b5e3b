"""Several things said one after the other, as a language joins them."""

from collections.abc import Sequence
from functools import reduce

from weightdecay.language._phrase import phrase


def listed(items: Sequence[object], key: str) -> object:
    """Return `items`, one at least, as one: each two put together by the words of `key`.

    Examples
    --------
    >>> from weightdecay.language import phrase
    >>> print(listed([phrase("runs.part.data"), phrase("runs.part.seeds")], "runs.part.and"))
    data, seeds
    """
    return reduce(lambda first, second: phrase(key, first=first, second=second), items)
