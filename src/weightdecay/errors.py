"""The one exception that means: the input is wrong, not the program."""


class InputError(ValueError):
    """What the user gave cannot be used.

    The message is one line that names the place (option, file, column, module) and the way out. The
    command line prints it and exits with status 2.
    """
