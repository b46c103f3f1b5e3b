"""Compare several kinds of decay."""

from collections.abc import Callable, Mapping
from pathlib import Path as File
from typing import Any

from numpy.typing import ArrayLike
from torch import nn

from weightdecay._beginning import when_begun
from weightdecay._comparison import Comparison, checked_names
from weightdecay._progress import Progress, Sum, told
from weightdecay._search import given_path, is_automatic, path
from weightdecay.decay import Decay
from weightdecay.errors import InputError
from weightdecay.runs import RunFolder
from weightdecay.study import repeatable


def compare(
    make_net: Callable[[], nn.Module] | nn.Module,
    X: Any,
    y: Any = None,
    *,
    decays: Mapping[str, Decay],
    weight_decay: str | ArrayLike | Mapping[str, Any] = "auto",
    out: str | File | RunFolder | None = None,
    force: bool = False,
    progress: bool | Progress = False,
    **options: Any,
) -> Comparison:
    """Find a path of λ for each kind of decay, and say whether any two, or none, differ.

    Every kind trains on the same folds, from the same initialisations, and is judged at the λ that
    it chose itself, on rows or seeds that took no part in choosing.

    Parameters
    ----------
    make_net, X, y
        As of :func:`weightdecay.path`.
    decays : mapping of str to Decay
        Kinds of decay by names of your own. Their own λs are not used.
    weight_decay : "auto", array [L], or mapping of str to either
        λs, as of :func:`weightdecay.path`: for all kinds, each in its own convention, or by name.
        "auto" finds for each kind where it acts.
    out : str, Path or RunFolder, optional
        A run folder for all of it, as of :func:`weightdecay.path`; the order of the kinds belongs
        to what it holds.
    force : bool, default False
        Begin anew, what `out` held being moved beside it.
    progress : bool or callable, default False
        As of :func:`weightdecay.path`, over all kinds.
    **options
        All others of :func:`weightdecay.path`.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If `decays` is empty or holds what is no decay, a name cannot be shown, `weight_decay` names
        other kinds or holds a λ that its kind does not take: before any training; and as
        :func:`weightdecay.path`, what is wrong with one kind alone when its turn comes.
    OSError
        If a chunk cannot be written into `out`; those before are kept.

    See Also
    --------
    weightdecay.select.compare_by_rows : what is said of every two, from arrays.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> X = torch.randn(40, 30, generator=torch.Generator().manual_seed(0))
    >>> y = X[:, :1] + 0.5 * torch.randn(40, 1, generator=torch.Generator().manual_seed(1))
    >>> found = wd.compare(
    ...     lambda: torch.nn.Linear(30, 1), X, y,
    ...     decays={"L2": wd.Decay(), "L1": wd.Decay(penalty=wd.L1(), on="prox")},
    ...     recipe=wd.Recipe(lr=0.1, epochs=50), weight_decay=[0.03, 0.1, 0.3], seeds=1,
    ... )
    >>> kind, weight_decay = found.choice
    >>> kind, weight_decay > 0
    ('L2', True)
    >>> [(pair.first, pair.second) for pair in found.pairs]
    [(0, 1), (0, 2), (1, 2)]
    """
    if not isinstance(decays, Mapping):
        raise InputError(f"decays: {decays!r} is no mapping from names to decays")
    names = checked_names(decays)
    for name in names:
        if not isinstance(decays[name], Decay):
            raise InputError(f"decays: {name!r} is no weightdecay.Decay")
    values = _by_name(weight_decay, names)
    for name in names:
        _check(name, decays[name], values[name])
    if "folds" in options:
        options["folds"] = repeatable(options["folds"])
    with when_begun(out, force) as folder, told(progress) as tell:
        done = Sum(tell, len(names))
        paths = [
            path(
                make_net,
                X,
                y,
                decay=decays[name],
                weight_decay=values[name],
                out=folder,
                progress=done.next(),
                **options,
            )
            for name in names
        ]
    return Comparison.of(names, paths)


def _by_name(weight_decay: Any, names: list[str]) -> Mapping[str, Any]:
    """The λs of each kind."""
    if not isinstance(weight_decay, Mapping):
        return dict.fromkeys(names, weight_decay)
    if other := [name for name in names if name not in weight_decay]:
        raise InputError(f"weight_decay: {other[0]!r} of decays is not in it; give its λs, or auto")
    if other := [name for name in weight_decay if name not in names]:
        raise InputError(f"weight_decay: {other[0]!r} is none of decays: {', '.join(names)}")
    return weight_decay


def _check(name: str, decay: Decay, weight_decay: Any) -> None:
    """Check the λs of a kind before those before it are trained."""
    try:
        if not is_automatic(weight_decay):
            given_path(weight_decay, decay)
    except InputError as error:
        raise InputError(f"decays, {name!r}: {error}") from None
