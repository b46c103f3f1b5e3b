"""The one exception that means: the input is wrong, not the program."""


class InputError(ValueError):
    """What the user gave cannot be used.

    The message is one line that names the place (option, file, column, module) and the way out. The
    command line prints it and exits with status 2.

    Examples
    --------
    >>> import weightdecay as wd
    >>> try:
    ...     wd.Decay(-1.0)
    ... except wd.InputError as error:
    ...     print(error)
    weight_decay: -1.0 is not a finite number of 0 or more
    """
