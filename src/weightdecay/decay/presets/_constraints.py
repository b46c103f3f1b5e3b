"""Constraints in place of penalties."""

from typing import Literal

from weightdecay.decay._decay import Decay
from weightdecay.decay._selection import Selection
from weightdecay.decay.penalties._constraints import CPR, FixedNorm, MaxNorm


def max_norm(c: float = 2.0, select: Selection = "weights") -> Decay:
    r"""No row of a weight longer than c: Keras' ``MaxNorm`` on a ``Linear``.

    .. math:: v = w_{t-1} - \eta_t\, u_t, \qquad w_{t,i} = v_i \min(1, c / \|v_i\|)

    for each row i, which is one output unit. For large c it does nothing. λ is 1: all the way to
    the constraint at each step, whatever the learning rate.

    Parameters
    ----------
    c : float, default 2.0
        The largest norm of a row. Keras keeps a dense layer's weights as [inputs, outputs], and its
        ``axis=0`` is this.
    select : Selection, default "weights"
        Which parameters.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.max_norm(3.0)
    Decay(weight_decay=1.0, penalty=MaxNorm(c=3.0), on='constraint', select='weights', unit='step')

    References
    ----------
    .. [1] N. Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from
       Overfitting", JMLR 15 (2014), "Max-norm regularization".
    """
    return Decay(1.0, MaxNorm(c), on="constraint", select=select, unit="step")


def fixed_norm(
    c: float | None = None,
    of: Literal["tensor", "all"] = "all",
    select: Selection = "all",
) -> Decay:
    r"""The norm of the weights held where it is, or at c.

    .. math:: v = w_{t-1} - \eta_t\, u_t, \qquad w_t = v\, c / \|v\|

    On weights before a normalisation it fixes the effective learning rate η/‖w‖², which decay only
    drives towards a balance. λ is 1: all the way at each step, whatever the learning rate.

    Parameters
    ----------
    c : float, optional
        The norm; without it, that of the initial weights.
    of : {"all", "tensor"}, default "all"
        Of all selected parameters together, as in [1]_, or of each.
    select : Selection, default "all"
        Which parameters.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.fixed_norm().penalty
    FixedNorm(c=None, of='all')

    References
    ----------
    .. [1] Z. Liu, E. J. Michaud and M. Tegmark, "Omnigrok: Grokking Beyond Algorithmic Data",
       ICLR 2023, arXiv 2210.01117.
    """
    return Decay(1.0, FixedNorm(c, of), on="constraint", select=select, unit="step")


def cpr(
    kappa: float | None = None,
    warm_start: int = 0,
    factor: float = 1.0,
    weight_decay: float = 1.0,
    select: Selection = "weights",
) -> Decay:
    r"""Constrained parameter regularisation: Σw² of each tensor under its own bound κ.

    .. math::
        v = w_{t-1} - \eta_t\, u_t, \qquad
        l_t = \max\left(0,\, l_{t-1} + \tfrac{\lambda}{\mathrm{numel}} (\textstyle\sum v^2 - \kappa)
        \right), \qquad w_t = v - 2\, l_t\, v

    with one multiplier l a tensor. Once within the bound for long enough l is 0, and the optimizer
    alone remains.

    Parameters
    ----------
    kappa : float, optional
        κ; without it, `factor` times what Σw² is after `warm_start` steps, 0 for the initial
        weights. ``pytorch-cpr`` calls these "uniform", "warm_start" and "dependent". A tensor that
        has no gradient then, or is added later, has it from its next step.
    warm_start : int, default 0
    factor : float, default 1.0
    weight_decay : float, default 1.0
        λ, per step, not multiplied by the learning rate: ``kappa_update`` of ``pytorch-cpr``.
    select : Selection, default "weights"
        Which parameters.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.cpr(warm_start=500).penalty
    CPR(kappa=None, warm_start=500, factor=1.0)

    References
    ----------
    .. [1] J. K. H. Franke et al., "Improving Deep Learning Optimization through Constrained
       Parameter Regularization", NeurIPS 2024, arXiv 2311.09058, algorithm 1.
    """
    penalty = CPR(kappa, warm_start, factor)
    return Decay(weight_decay, penalty, on="constraint", select=select, unit="step")
