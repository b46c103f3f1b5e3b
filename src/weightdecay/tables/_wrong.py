"""What is wrong with a table."""

from weightdecay.errors import InputError
from weightdecay.language import phrase


def wrong(key: str, option: str, **values: object) -> InputError:
    """Return the error of the catalogue's ``table.error.KEY``.

    `option` is what named the wrong part on the command line: ``DATA``, ``--target``, ``--drop`` or
    ``--group``. It is a value of the phrase, so that a study file can put its key there.
    """
    return InputError(phrase(f"table.error.{key}", option=option, **values))
