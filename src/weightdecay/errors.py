"""What is raised where the input is wrong, not the program."""


class InputError(ValueError):
    """What the user gave cannot be used.

    The message is one line that names the place (option, file, column, module) and the way out. The
    command line prints it, a phrase of the catalogue in the language asked for, and exits with
    status 2.

    Examples
    --------
    >>> import weightdecay as wd
    >>> try:
    ...     wd.Decay(-1.0)
    ... except wd.InputError as error:
    ...     print(error)
    weight_decay: -1.0 is not a finite number of 0 or more
    """


class MemberError(InputError):
    """The user's network, loss or recipe raises for some members, which the message names.

    All chunks without one of them have been trained, and are kept where there is a run folder.

    Examples
    --------
    The command line treats it as it treats every error of the user's: one line, and exit status 2.

    >>> import weightdecay as wd
    >>> issubclass(wd.MemberError, wd.InputError)
    True
    """
