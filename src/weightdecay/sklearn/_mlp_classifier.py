"""Classification with a given α."""

from weightdecay.sklearn._classification import Classification
from weightdecay.sklearn._given_alpha import GivenAlpha


class MLPClassifier(Classification, GivenAlpha):
    r"""A multilayer perceptron for classes, trained with weight decay.

    The objective is torch's, and does not depend on the batch size: the mean cross-entropy over
    rows, plus :math:`\alpha \cdot \tfrac12 \sum w^2` of coefficients, not of intercepts. Two
    classes have one logit, as in scikit-learn, and C > 2 classes C. Training takes `max_iter`
    passes over the rows, without early stopping; initial weights are torch's. X is not
    standardised, as in scikit-learn: put a ``StandardScaler`` before it.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (100,)
        As all that is not described here, see :class:`MLPRegressor`.
    activation : {"relu", "tanh", "logistic", "identity"}, default "relu"
    solver : {"adam", "sgd", ...}, default "adam"
    alpha : float, default 0.0001
        λ, torch's ``weight_decay`` beside cross-entropy. The objective is that of scikit-learn's
        ``MLPClassifier`` whose alpha is α·b for b rows in a batch (which divides its alpha by
        them), and without hidden layers that of ``LogisticRegression`` with C = 1/(α·N):
        :func:`weightdecay.convert` from "torch" to "mlp" or "logistic".
    decay : Decay, optional
        L2 in the loss if not given; its own λ gives way to `alpha`.
    batch_size : int or "auto", default "auto"
    learning_rate_init : float, default 0.001
    max_iter : int, default 200
    shuffle : bool, default True
    momentum : float, default 0.9
    nesterovs_momentum : bool, default True
    seeds : int, default 1
        S, networks to be trained; a probability is the mean of theirs.
    random_state : int, RandomState or None, default None

    Attributes
    ----------
    classes_ : array [C]
        The classes, sorted.
    loss_ : float
        Mean cross-entropy on the training rows at the end, the mean over the networks.
    loss_curve_ : list of `max_iter` floats
        The same after each pass.
    coefs_, intercepts_, networks_, n_iter_, n_outputs_, n_features_in_, feature_names_in_, seeds_
        See :class:`MLPRegressor`.

    Notes
    -----
    Training is in float32, as for :class:`MLPRegressor`. Several labels a row are refused.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from weightdecay.sklearn import MLPClassifier
    >>> X, y = load_iris(return_X_y=True)  # [150, 4] and [150]
    >>> network = MLPClassifier(hidden_layer_sizes=16, alpha=0.001, learning_rate_init=0.02)
    >>> network.fit(X, y).predict_proba(X[:2]).shape
    (2, 3)
    """
