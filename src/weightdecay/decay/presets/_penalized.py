"""Penalties, each where it enters best."""

from collections.abc import Mapping
from typing import Literal

from torch import Tensor

from weightdecay.decay._decay import Coupling, Decay
from weightdecay.decay._selection import Selection
from weightdecay.decay.penalties._elastic_net import ElasticNet
from weightdecay.decay.penalties._group_lasso import GroupLasso
from weightdecay.decay.penalties._lp import Lp
from weightdecay.decay.penalties._orthogonal import Orthogonal
from weightdecay.decay.penalties._penalty import L1, L2
from weightdecay.decay.penalties._spectral import Spectral
from weightdecay.errors import InputError


def l2(weight_decay: float, select: Selection = "weights") -> Decay:
    r"""Ridge: half the squared norm in the loss, ``weight_decay`` of torch's SGD and Adam.

    .. math:: g_t \leftarrow g_t + \lambda\, w_{t-1}

    before momentum and second moment. On a linear network its limit is ridge regression; under
    Adam the second moment divides the penalty too, so that weights with large gradients decay less.

    Parameters
    ----------
    weight_decay : float
        λ, per mean loss: twice the λ of a loop that adds λ‖w‖².
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.l2(5e-4)
    Decay(weight_decay=0.0005, penalty=L2(), on='loss', select='weights')

    References
    ----------
    .. [1] A. E. Hoerl and R. W. Kennard, "Ridge Regression: Biased Estimation for Nonorthogonal
       Problems", Technometrics 12 (1970), equation 2.1.
    """
    return Decay(weight_decay, L2(), on="loss", select=select)


def l1(weight_decay: float, select: Selection = "weights") -> Decay:
    r"""Lasso, by the proximal step: weights become exactly 0.

    .. math:: v = w_{t-1} - \eta_t\, u_t, \qquad
        w_t = \mathrm{sign}(v)\, \max(|v| - \eta_t \lambda, 0)

    With plain SGD the limit minimises loss + λ·Σ|w|; from λ = ‖∇loss(0)‖_∞ on it is 0.

    Parameters
    ----------
    weight_decay : float
        λ, per mean loss: scikit-learn's ``Lasso(alpha)`` where the loss is half the mean square.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.l1(1e-3).on
    'prox'

    References
    ----------
    .. [1] I. Daubechies, M. Defrise and C. De Mol, "An Iterative Thresholding Algorithm for Linear
       Inverse Problems with a Sparsity Constraint", CPAM 57 (2004).
    """
    return Decay(weight_decay, L1(), on="prox", select=select)


def elastic_net(weight_decay: float, l1_ratio: float = 0.5, select: Selection = "weights") -> Decay:
    r"""L1 and L2 together, by the proximal step.

    .. math:: v = w_{t-1} - \eta_t\, u_t, \qquad
        w_t = \frac{\mathrm{sign}(v)\, \max(|v| - \eta_t \lambda a, 0)}{1 + \eta_t \lambda (1 - a)}

    With a = 1 it is :func:`l1`; with a = 0 implicit L2. With plain SGD its limit is
    scikit-learn's ``ElasticNet``.

    Parameters
    ----------
    weight_decay : float
        λ, per mean loss: ``alpha`` of scikit-learn where the loss is half the mean square.
    l1_ratio : float, default 0.5
        a.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.elastic_net(1e-3, l1_ratio=0.9).penalty
    ElasticNet(l1_ratio=0.9)

    References
    ----------
    .. [1] H. Zou and T. Hastie, "Regularization and Variable Selection via the Elastic Net",
       JRSS B 67 (2005).
    """
    return Decay(weight_decay, ElasticNet(l1_ratio), on="prox", select=select)


def group_lasso(
    weight_decay: float,
    groups: Literal["rows", "columns", "tensor"] = "rows",
    select: Selection = "weights",
) -> Decay:
    r"""Whole units, inputs or layers become exactly 0, by the proximal step.

    .. math:: v = w_{t-1} - \eta_t\, u_t, \qquad
        w_{t,G} = v_G \max\left(1 - \frac{\eta_t \lambda \sqrt{|G|}}{\|v_G\|}, 0\right)

    With groups of one entry it is :func:`l1`.

    Parameters
    ----------
    weight_decay : float
        λ, per mean loss; the penalty is λ·Σ_G ``sqrt(|G|)``·‖w_G‖.
    groups : {"rows", "columns", "tensor"}, default "rows"
        G: what belongs to one output, to one input, or the tensor.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.group_lasso(1e-3, "columns").penalty
    GroupLasso(groups='columns')

    References
    ----------
    .. [1] M. Yuan and Y. Lin, "Model Selection and Estimation in Regression with Grouped
       Variables", JRSS B 68 (2006), section 2.
    """
    return Decay(weight_decay, GroupLasso(groups), on="prox", select=select)


def lp(weight_decay: float, p: float, select: Selection = "weights") -> Decay:
    r"""Decoupled Lp decay, stable for every p above 0.

    .. math:: v = w_{t-1} - \eta_t\, u_t, \qquad w_t = v \,/\, (1 + \eta_t \lambda |v|^{p-2})

    For small ηλ it is a step on λ/p·Σ|w|^p; with p = 2, w/(1 + ηλ), which is :func:`adamw` to first
    order.

    Parameters
    ----------
    weight_decay : float
        λ, per step and learning rate.
    p : float
        Above 0; under 1 the penalty is not convex.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.lp(1e-2, p=0.8).penalty
    Lp(p=0.8)

    References
    ----------
    .. [1] N. J. Outmezguine and N. Levi, "Decoupled Weight Decay for Any p Norm", 2024,
       arXiv 2404.10824.
    """
    return Decay(weight_decay, Lp(p), on="prox", select=select)


def orthogonal(
    weight_decay: float, off_diagonal: bool = False, select: Selection = "weights"
) -> Decay:
    r"""Rows or columns of each weight towards orthonormal ones, in the loss.

    .. math:: g_t \leftarrow g_t + 2\lambda\, (W W^T - I)\, W

    Its limit without data has all singular values 1; with `off_diagonal`, orthogonal rows of any
    norm.

    Parameters
    ----------
    weight_decay : float
        λ, per mean loss; the penalty is λ/2·‖WWᵀ − I‖².
    off_diagonal : bool, default False
        Whether the diagonal of WWᵀ − I is left out.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.orthogonal(1e-4, off_diagonal=True).penalty
    Orthogonal(off_diagonal=True)

    References
    ----------
    .. [1] A. Brock, J. Donahue and K. Simonyan, "Large Scale GAN Training for High Fidelity Natural
       Image Synthesis", ICLR 2019, arXiv 1809.11096, equations 2 and 3.
    """
    return Decay(weight_decay, Orthogonal(off_diagonal), on="loss", select=select)


def spectral(
    weight_decay: float, iterations: int | None = None, select: Selection = "weights"
) -> Decay:
    r"""The largest singular value of each weight, in the loss.

    .. math:: g_t \leftarrow g_t + \lambda\, \sigma_1 u_1 v_1^T

    On a tensor of rank one it is :func:`l2`.

    Parameters
    ----------
    weight_decay : float
        λ, per mean loss; the penalty is λ/2·Σσ₁².
    iterations : int, optional
        Of the power method; without it, σ₁ is exact.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.spectral(0.01, iterations=10).penalty
    Spectral(iterations=10)

    References
    ----------
    .. [1] Y. Yoshida and T. Miyato, "Spectral Norm Regularization for Improving the
       Generalizability of Deep Learning", 2017, arXiv 1705.10941.
    """
    return Decay(weight_decay, Spectral(iterations), on="loss", select=select)


def to_init(weight_decay: float, on: Coupling = "step", select: Selection = "weights") -> Decay:
    r"""Decay to the initial weights in place of zero.

    .. math:: w_t = w_{t-1} + \eta_t \lambda\, (w_0 - w_{t-1}) - \eta_t\, u_t

    Without data it returns to w0; for large λ the network stays in the tangent space of its start.

    Parameters
    ----------
    weight_decay : float
        λ, per step and learning rate (per mean loss with ``on="loss"``).
    on : {"step", "loss", "prox"}, default "step"
        Where it enters.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.to_init(0.1).around
    'start'

    References
    ----------
    .. [1] W. Hu, Z. Li and D. Yu, "Simple and Effective Regularization Methods for Training on
       Noisily Labeled Data with Generalization Guarantee", ICLR 2020, arXiv 1905.11368
       (regularisation by distance to initialisation).
    """
    return Decay(weight_decay, L2(), on=on, select=select, around="start")


def l2_sp(
    alpha: float,
    beta: float,
    pretrained: Mapping[str, Tensor],
    select: Selection = "weights",
) -> Decay:
    r"""L2-SP: pretrained weights towards where they came from, new ones towards zero.

    .. math:: \frac{\alpha}{2} \|w_S - w_S^0\|^2 + \frac{\beta}{2} \|w_{\bar S}\|^2

    in the loss, so :math:`g \leftarrow g + \alpha(w_S - w_S^0)` and
    :math:`g \leftarrow g + \beta w_{\bar S}`. With an empty S it is :func:`l2` of β.

    Parameters
    ----------
    alpha, beta : float
        Coefficients of the two parts, per mean loss, in torch's convention (½ inside the penalty).
        α above 0.
    pretrained : mapping of name to Tensor
        w0 of the parameters in S, by their names in the model, as they are now; those left out are
        new.
    select : Selection, default "weights"
        Which parameters decay.

    Raises
    ------
    InputError
        If α is not above 0.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> body, head = torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)
    >>> decay = wd.presets.l2_sp(0.1, 0.01, {"0.weight": body.weight})
    >>> model = torch.nn.Sequential(body, head)
    >>> attached = decay.attach(torch.optim.SGD(model.parameters(), lr=1.0), model)
    >>> attached.weight_decay("0.weight"), round(attached.weight_decay("1.weight"), 12)
    (0.1, 0.01)

    References
    ----------
    .. [1] X. Li, Y. Grandvalet and F. Davoine, "Explicit Inductive Bias for Transfer Learning with
       Convolutional Networks", ICML 2018, arXiv 1802.01483.
    """
    if not alpha > 0:
        raise InputError(f"alpha: {alpha!r} is not above 0; for none, use l2(beta)")
    multipliers = tuple((_escaped(name), 1.0) for name in pretrained)
    return Decay(
        alpha,
        L2(),
        on="loss",
        select=select,
        around=pretrained,
        multipliers=(*multipliers, ("*", beta / alpha)),
    )


def layer_wise(
    weight_decay: float,
    multipliers: Mapping[str, float],
    on: Coupling = "step",
    select: Selection = "weights",
) -> Decay:
    r"""Each layer with its own coefficient.

    .. math:: w_t = (1 - \eta_t \lambda k)\, w_{t-1} - \eta_t\, u_t

    where k is the factor of the first pattern that the parameter's name matches, and 1 if none
    does. With no patterns it is :func:`adamw`.

    Parameters
    ----------
    weight_decay : float
        λ, per step and learning rate (per mean loss with ``on="loss"``).
    multipliers : mapping of pattern to float
        k by patterns of :mod:`fnmatch`, in order.
    on : {"step", "loss", "prox"}, default "step"
        Where it enters.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.layer_wise(0.1, {"embed.*": 0.0, "head.*": 0.5}).multipliers
    (('embed.*', 0.0), ('head.*', 0.5))

    References
    ----------
    .. [1] M. Ishii and A. Sato, "Layer-Wise Weight Decay for Deep Neural Networks", PSIVT 2017,
       for decay rates by layer; the patterns are this library's.
    """
    return Decay(weight_decay, L2(), on=on, select=select, multipliers=tuple(multipliers.items()))


def _escaped(name: str) -> str:
    """`name` as a pattern that matches it alone."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
