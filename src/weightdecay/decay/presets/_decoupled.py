"""Decays of the weights beside the optimizer's step, by the names of their papers."""

from numbers import Integral

from weightdecay.decay._decay import Decay
from weightdecay.decay._schedules import Cosine
from weightdecay.decay._selection import Selection
from weightdecay.decay._units import Adaptive, Corrected
from weightdecay.errors import InputError


def adamw(weight_decay: float = 1e-2, select: Selection = "weights") -> Decay:
    r"""Decoupled decay in PyTorch's form, on Adam or any other optimizer.

    .. math:: w_t = (1 - \eta_t \lambda)\, w_{t-1} - \eta_t\, u_t

    λ is multiplied by the learning rate, as in ``torch.optim.AdamW`` and unlike the paper [1]_
    (:func:`independent`). With Adam its limit, if there is one, is a KKT point of the loss subject
    to ‖w‖_∞ ≤ 1/λ [2]_; the weights are an average of updates over 1/(ηλ) steps.

    Parameters
    ----------
    weight_decay : float, default 1e-2
        λ, per step and learning rate: ``weight_decay`` of ``torch.optim.AdamW``.
    select : Selection, default "weights"
        Which parameters decay; torch's own takes all of a group.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    >>> wd.presets.adamw(0.5).attach(optimizer, model).amount("weight")
    0.05

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
       arXiv 1711.05101, algorithm 2.
    .. [2] S. Xie and Z. Li, "Implicit Bias of AdamW: ℓ∞ Norm Constrained Optimization", ICML 2024,
       arXiv 2404.04454.
    """
    return Decay(weight_decay, on="step", select=select)


def sgdw(weight_decay: float, select: Selection = "weights") -> Decay:
    r"""Decoupled decay in PyTorch's form, on SGD: the same Decay as :func:`adamw`.

    .. math:: m_t = \mu m_{t-1} + g_t, \qquad w_t = (1 - \eta_t \lambda)\, w_{t-1} - \eta_t\, m_t

    Without momentum it is ``torch.optim.SGD(weight_decay=λ)``. With momentum μ coupled L2 pulls
    1/(1 − μ) times as hard in the long run; :func:`sgds` restores that.

    Parameters
    ----------
    weight_decay : float
        λ, per step and learning rate.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.sgdw(5e-4) == wd.presets.adamw(5e-4)
    True

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
       arXiv 1711.05101, algorithm 1; there η_t is the schedule alone, see :func:`independent`.
    """
    return Decay(weight_decay, on="step", select=select)


def independent(weight_decay: float, select: Selection = "weights") -> Decay:
    r"""Decoupled decay in the paper's form: the schedule counts, the peak learning rate does not.

    .. math:: w_t = \left(1 - \frac{\eta_t}{\eta_{max}} \lambda\right) w_{t-1} - \eta_t\, u_t

    :math:`\eta_{max}` is ``max_lr`` of the parameter group where a scheduler has put one, else
    ``initial_lr``, else the learning rate at attachment. At a constant rate the weights shrink by
    1 − λ a step whatever η is; λ is :func:`adamw`'s times η_max.

    Parameters
    ----------
    weight_decay : float
        λ, per step at the peak of the schedule: of MosaicML Composer's ``DecoupledAdamW``.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    >>> wd.presets.independent(1e-5).attach(optimizer, model).amount("weight")
    1e-05

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
       arXiv 1711.05101, algorithm 2.
    """
    return Decay(weight_decay, on="step", select=select, unit="independent")


def normalized(weight_decay: float, steps: int, select: Selection = "weights") -> Decay:
    r"""Independent decay whose λ shrinks with the length of training.

    .. math:: \lambda = \lambda_{norm} \sqrt{\frac{b}{n E}} = \lambda_{norm} / \sqrt{T}

    with batch size b, n rows and E epochs, so T steps in all; then as :func:`independent`.

    Parameters
    ----------
    weight_decay : float
        λ_norm: what λ would be, per step at the peak of the schedule, for a run of one step.
    steps : int
        T.
    select : Selection, default "weights"
        Which parameters decay.

    Raises
    ------
    InputError
        If `steps` is not 1 or more.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.normalized(0.05, steps=2500).weight_decay
    0.001

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
       arXiv 1711.05101, appendix, "Normalized weight decay".
    """
    if isinstance(steps, bool) or not isinstance(steps, Integral) or steps < 1:
        raise InputError(f"steps: {steps!r} is not a whole number of 1 or more")
    return Decay(weight_decay / int(steps) ** 0.5, on="step", select=select, unit="independent")


def sgds(weight_decay: float, select: Selection = "weights") -> Decay:
    r"""Stable decay for SGD with momentum μ and dampening d.

    .. math::
        w_t = \left(1 - \eta_t \lambda \frac{1 - d}{1 - \mu}\right) w_{t-1} - \eta_t\, m_t

    The effective learning rate of SGD with momentum is η(1 − d)/(1 − μ), and so is that of this
    decay: its limit minimises loss + λ/2·Σw², where :func:`sgdw`'s is that of (1 − μ)·λ. With
    μ = d = 0 it is :func:`sgdw`.

    Parameters
    ----------
    weight_decay : float
        λ, per step and effective learning rate: of coupled L2, ``torch.optim.SGD``'s.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import torch
    >>> import weightdecay as wd
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    >>> round(wd.presets.sgds(0.01).attach(optimizer, model).amount("weight"), 6)
    0.01

    References
    ----------
    .. [1] Z. Xie, Z. Xu, J. Zhang, I. Sato and M. Sugiyama, "On the Overlooked Pitfalls of Weight
       Decay and How to Mitigate Them", NeurIPS 2023, arXiv 2011.11152 (SGDS).
    """
    return Decay(weight_decay, on="step", select=select, unit="stable")


def adams(weight_decay: float = 1e-4, select: Selection = "weights") -> Decay:
    r"""Stable decay for Adam and its kin.

    .. math::
        \bar v_t = \mathrm{mean}(\hat v_t), \qquad
        w_t = \left(1 - \frac{\eta_t \lambda}{\sqrt{\bar v_t}}\right) w_{t-1} - \eta_t\, u_t

    the mean being over all parameters of the optimizer, of the bias-corrected second moment that
    this step has. λ so is that of the objective, as in coupled L2 on SGD. Where all v̂ are 1 it is
    :func:`adamw`.

    Parameters
    ----------
    weight_decay : float, default 1e-4
        λ, per step, learning rate and 1/sqrt(v̄).
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.adams().unit
    'stable'

    References
    ----------
    .. [1] Z. Xie, Z. Xu, J. Zhang, I. Sato and M. Sugiyama, "On the Overlooked Pitfalls of Weight
       Decay and How to Mitigate Them", NeurIPS 2023, arXiv 2011.11152 (AdamS).
    """
    return Decay(weight_decay, on="step", select=select, unit="stable")


def adamc(
    weight_decay: float = 1e-2, select: Selection = "weights", to: Selection | None = None
) -> Decay:
    r"""Corrected decay: of weights before a normalisation, η_t²/η_max in place of η_t.

    .. math::
        w_t = \left(1 - \frac{\eta_t^2}{\eta_{max}} \lambda\right) w_{t-1} - \eta_t\, u_t

    for those, and for the others :func:`adamw`'s. It keeps the ratio of gradient norm to weight
    norm steady while η_t goes to 0. At a constant learning rate it is :func:`adamw`.

    Parameters
    ----------
    weight_decay : float, default 1e-2
        λ, per step and learning rate at the peak.
    select : Selection, default "weights"
        Which parameters decay.
    to : Selection, optional
        Which of them are corrected; without it, those that
        :func:`weightdecay.decay.normalized` finds to stand before a normalisation.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.adamc(0.05).unit
    Corrected(to='normalized')

    References
    ----------
    .. [1] A. Defazio, "Why Gradients Rapidly Increase Near the End of Training", 2025,
       arXiv 2506.02285 (AdamC).
    """
    unit = Corrected() if to is None else Corrected(to)
    return Decay(weight_decay, on="step", select=select, unit=unit)


def cautious(weight_decay: float, select: Selection = "weights") -> Decay:
    r"""Decoupled decay of the entries only whose update the decay does not oppose.

    .. math:: w_t = w_{t-1} - \eta_t\, u_t - \eta_t \lambda\, 1[u_t w_{t-1} \ge 0]\, w_{t-1}

    entry by entry. Where the loss alone would stand still, so does this: its limit minimises the
    loss itself, among the minima in a direction that shrinks. Where u·w ≥ 0 everywhere it is
    :func:`adamw`.

    Parameters
    ----------
    weight_decay : float
        λ, per step and learning rate, as :func:`adamw`'s.
    select : Selection, default "weights"
        Which parameters decay.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.cautious(0.1).mask
    'cautious'

    References
    ----------
    .. [1] L. Chen et al., "Cautious Weight Decay", 2025, arXiv 2510.12402, algorithm 1.
    """
    return Decay(weight_decay, on="step", select=select, mask="cautious")


def awd(weight_decay: float, select: Selection = "weights", beta: float = 0.1) -> Decay:
    r"""Adaptive decay: as strong, against the gradient, as asked for.

    .. math::
        \bar\lambda_t = \beta\, \bar\lambda_{t-1} + (1 - \beta)\, \lambda\, \|g_t\| / \|w_{t-1}\|,
        \qquad g_t \leftarrow g_t + \bar\lambda_t\, w_{t-1}

    with the norms over all decayed weights, before the optimizer's moments. In the limit of
    constant norms it is coupled L2 of λ·‖g‖/‖w‖.

    Parameters
    ----------
    weight_decay : float
        λ, a pure number: the ratio of the norms of decay and gradient.
    select : Selection, default "weights"
        Which parameters decay.
    beta : float, default 0.1
        β.

    Examples
    --------
    >>> import weightdecay as wd
    >>> wd.presets.awd(0.02).unit
    Adaptive(beta=0.1)

    References
    ----------
    .. [1] M. A. Ghiasi, A. Shafahi and R. Ardekani, "Improving Robustness with Adaptive Weight
       Decay", NeurIPS 2023, arXiv 2210.00094.
    """
    return Decay(weight_decay, on="loss", select=select, unit=Adaptive(beta))


def dino(steps: int, start: float = 0.04, end: float = 0.4, select: Selection = "weights") -> Decay:
    r"""Decoupled decay that grows along half a cosine, from 0.04 to 0.4 in DINO.

    .. math::
        \lambda_t = \lambda_T + \tfrac12 (\lambda_0 - \lambda_T)(1 + \cos(\pi t / T)), \qquad
        w_t = (1 - \eta_t \lambda_t)\, w_{t-1} - \eta_t\, u_t

    for t = 0, 1, ... steps taken; from T on λ stays.

    Parameters
    ----------
    steps : int
        T, steps of the optimizer in all epochs.
    start, end : float
        λ_0 and λ_T, per step and learning rate; λ_0 above 0.
    select : Selection, default "weights"
        Which parameters decay.

    Raises
    ------
    InputError
        If `start` is 0, of which `end` is no multiple.

    Examples
    --------
    >>> import weightdecay as wd
    >>> decay = wd.presets.dino(steps=100)
    >>> [round(decay.weight_decay * decay.schedule(t), 3) for t in (0, 50, 100)]
    [0.04, 0.22, 0.4]

    References
    ----------
    .. [1] M. Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021,
       arXiv 2104.14294, "Implementation details".
    """
    if not start > 0:
        raise InputError(f"start: {start!r} is not above 0")
    return Decay(start, on="step", select=select, schedule=Cosine(end=end / start, steps=steps))
