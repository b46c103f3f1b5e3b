"""What is raised where the input is wrong, not the program."""


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


class MemberError(InputError):
    """The user's network, loss or recipe raises for some members, which the message names.

    All chunks without one of them have been trained, and are kept where there is a run folder.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> class Broken(torch.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.weight = torch.nn.Parameter(torch.ones(1))
    ...     def forward(self, x):
    ...         raise ZeroDivisionError("by design")
    >>> x = torch.linspace(-1, 1, 12)[:, None]
    >>> problem = wd.Problem.with_truth(x, x, x, x)
    >>> study = wd.Study(problem, Broken, wd.Recipe(epochs=1), wd.Decay(), (0.0, 0.1), seeds=(0,))
    >>> try:
    ...     wd.run(study, engine="loop")
    ... except wd.MemberError as error:
    ...     print("by design" in str(error))
    True
    """
