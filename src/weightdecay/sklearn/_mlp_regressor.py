"""Regression with a given α."""

from weightdecay.sklearn._given_alpha import GivenAlpha
from weightdecay.sklearn._regression import Regression


class MLPRegressor(Regression, GivenAlpha):
    r"""A multilayer perceptron for numbers, trained with weight decay.

    The objective is torch's, and does not depend on the batch size:

    .. math:: \frac{1}{NQ} \sum_{i,q} (y_{iq} - \hat y_{iq})^2 + \alpha \cdot \tfrac12 \sum w^2

    with the squares of coefficients, not of intercepts. Training takes `max_iter` passes over the
    rows, without early stopping; initial weights are torch's. X and y are not standardised, as in
    scikit-learn: put a ``StandardScaler`` before it, and a ``TransformedTargetRegressor`` around
    it.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (100,)
        Units of each hidden layer; ``()`` is a linear model.
    activation : {"relu", "tanh", "logistic", "identity"}, default "relu"
        Of the hidden layers.
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
    learning_rate_init : float, default 0.001
        The learning rate, which stays what it is.
    max_iter : int, default 200
        Passes over the rows.
    shuffle : bool, default True
        Whether each pass takes the rows in a new order.
    momentum : float, default 0.9
    nesterovs_momentum : bool, default True
        Both for "sgd" alone.
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
        Mean squared error on the training rows at the end, the mean over the networks. The penalty
        is not in it.
    loss_curve_ : list of `max_iter` floats
        The same after each pass.
    n_iter_ : int
    n_outputs_ : int
        Q.
    n_features_in_ : int
        P.
    feature_names_in_ : array [P]
        If X has column names that are all strings.
    seeds_ : tuple of S ints

    Notes
    -----
    Training is in float32, whatever the type of X, as torch's own default is; predictions are
    summed in float64. Sparse X and missing values are refused.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.preprocessing import scale
    >>> from weightdecay.sklearn import MLPRegressor
    >>> X, y = load_diabetes(return_X_y=True)
    >>> X, y = scale(X), scale(y)  # [442, 10] and [442]
    >>> how = {"batch_size": 442, "learning_rate_init": 0.02, "max_iter": 1000}
    >>> linear = MLPRegressor(hidden_layer_sizes=(), alpha=0.1, **how).fit(X, y)
    >>> ridge = Ridge(alpha=0.1 * 442 / 2).fit(X, y)
    >>> bool(abs(linear.coefs_[0][:, 0] - ridge.coef_).max() < 1e-3)
    True
    """
