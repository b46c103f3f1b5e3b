"""Regression with a given α."""

from dataclasses import dataclass

from weightdecay.sklearn._given_alpha import GivenAlpha
from weightdecay.sklearn._regression import Regression


@dataclass(eq=False, repr=False, kw_only=True)
class MLPRegressor(Regression, GivenAlpha):
    r"""A multilayer perceptron for numbers, trained with weight decay.

    The objective is torch's, and does not depend on the batch size:

    .. math:: \frac{1}{NQ} \sum_{i,q} (y_{iq} - \hat y_{iq})^2 + \alpha \cdot \tfrac12 \sum w^2

    with the squares of coefficients, not of intercepts. Initial weights are torch's. X and y are
    not standardised, as in scikit-learn: put a ``StandardScaler`` before it, and a
    ``TransformedTargetRegressor`` around it.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (100,)
        Units of each hidden layer; ``()`` is a linear model.
    activation : {"relu", "tanh", "logistic", "identity"}, default "relu"
        Of the hidden layers.
    loss : {"squared_error", "huber"}, default "squared_error"
        The mean over rows and outputs of the squared error, without the half that scikit-learn
        has, or of Huber's with δ = 1.
    solver : {"adam", "sgd", ...}, default "adam"
        An optimizer by its name in :class:`weightdecay.Recipe`. "lbfgs" is none of them.
    alpha : float, default 0.0001
        λ, torch's ``weight_decay`` beside ``nn.MSELoss()``. The objective is that of scikit-learn's
        ``MLPRegressor`` whose alpha is α·Q·b/2 for b rows in a batch (which divides its alpha by
        them), and without hidden layers that of ``Ridge`` with alpha α·N/2 for one output:
        :func:`weightdecay.convert` from "torch-mse" to "mlp" or "ridge".
    decay : Decay, optional
        Penalty, coupling and selection; L2 in the loss if not given. Its own λ gives way to
        `alpha`, whose unit and convention are those of this decay.
    batch_size : int or "auto", default "auto"
        Rows of a step; 200 for "auto". An epoch of fewer rows is one step.
    learning_rate : {"constant", "invscaling"}, default "constant"
        For "sgd" alone: whether the rate stays what it is, or is η_0/(t + 1)^`power_t` in an epoch
        before which t rows were met, with the rows of all epochs counted. With momentum, torch
        takes the present rate for the whole of a step, and scikit-learn for its newest part.
        "adaptive" is refused.
    learning_rate_init : float, default 0.001
        η_0.
    power_t : float, default 0.5
    max_iter : int, default 200
        The most passes over the rows.
    shuffle : bool, default True
        Whether each pass takes the rows in a new order.
    tol : float, default 1e-4
    n_iter_no_change : int or inf, default 10
        A network stops when for more than `n_iter_no_change` passes in a row its loss was not below
        its best by more than `tol`, in the unit of the loss; with inf it takes `max_iter` passes.
        The loss is that of the data as the steps meet them; scikit-learn has the penalty in it, and
        half the squared error.
    early_stopping : bool, default False
        Whether the loss of rows that are held out is watched, and the weights of the best pass
        come back. scikit-learn watches the score of these rows.
    validation_fraction : float, default 0.1
        Share of the rows that is held out, other rows for each network.
    momentum : float, default 0.9
    nesterovs_momentum : bool, default True
        Both for "sgd" alone.
    beta_1, beta_2 : float, default 0.9 and 0.999
    epsilon : float, default 1e-8
        All three for "adam" and its kin alone. As in torch, epsilon stands beside the root of the
        second moment after its bias is corrected; in scikit-learn before.
    warm_start : bool, default False
        Whether a second fit begins from the networks of the first. The optimizer's moments, the
        learning rate and the waiting begin anew.
    dtype : {"float32", "float64"}, default "float32"
        Of training.
    seeds : int, default 1
        S, networks to be trained, each from its own initial weights; a prediction is their mean.
    random_state : int, RandomState or None, default None
        Number r gives the seeds rS … rS + S − 1 of :class:`weightdecay.Study`, and the same bits
        every time.

    Attributes
    ----------
    coefs_, intercepts_ : lists of array [in, out] and [out]
        Of each layer of the first network.
    networks_ : list of S pairs of such lists
        Of every network.
    loss_ : float
        Loss on the training rows at the end, the mean over the networks. The penalty is not in it.
    loss_curve_ : list of float
        The same after each pass, those of earlier fits before it with `warm_start`. A network that
        has stopped is in the mean with what it was left with.
    best_loss_ : float or None
        The least of them; None with `early_stopping`.
    validation_losses_ : list of `n_iter_` floats, or None
        With `early_stopping`, the loss on the rows held out. scikit-learn's `validation_scores_`
        are not there, since no score was watched.
    best_validation_loss_ : float or None
        Its value for the weights that came back.
    n_iter_ : int
        Passes of the network that took most.
    n_layers_ : int
        With that of the inputs and that of the outputs.
    n_outputs_ : int
        Q.
    out_activation_ : str
        "identity".
    n_features_in_ : int
        P.
    feature_names_in_ : array [P]
        If X has column names that are all strings.
    seeds_ : tuple of S ints

    Notes
    -----
    Training is in float32, whatever the type of X, as torch's own default is, unless `dtype` says
    otherwise; predictions are summed in float64. Sparse X is trained on with its zeros, up to 2²⁸
    numbers. Missing values are refused.

    Weights of rows stand beside a mean loss: a row of weight 2 is what two rows of it are, and one
    of weight 0 what none is, if all rows are one batch. In smaller batches, rows in which the loss
    weighs more are in one step, and repeated rows in several.

    A ``ConvergenceWarning`` says that a network had not stopped after `max_iter` passes; with an
    `n_iter_no_change` of inf, which asks for as many, there is none.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.preprocessing import scale
    >>> from weightdecay.sklearn import MLPRegressor
    >>> X, y = load_diabetes(return_X_y=True)
    >>> X, y = scale(X), scale(y)  # [442, 10] and [442]
    >>> how = {"batch_size": 442, "learning_rate_init": 0.02, "max_iter": 1000}
    >>> linear = MLPRegressor(hidden_layer_sizes=(), alpha=0.1, n_iter_no_change=np.inf, **how)
    >>> linear = linear.fit(X, y)
    >>> ridge = Ridge(alpha=0.1 * 442 / 2).fit(X, y)
    >>> bool(abs(linear.coefs_[0][:, 0] - ridge.coef_).max() < 1e-3)
    True
    """
