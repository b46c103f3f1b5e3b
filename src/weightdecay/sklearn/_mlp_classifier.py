"""Classification with a given α."""

from dataclasses import dataclass

from weightdecay.sklearn._classification import Classification
from weightdecay.sklearn._given_alpha import GivenAlpha


@dataclass(eq=False, repr=False, kw_only=True)
class MLPClassifier(Classification, GivenAlpha):
    r"""A multilayer perceptron for classes, trained with weight decay.

    The objective is torch's, and does not depend on the batch size: the mean cross-entropy over
    rows, plus :math:`\alpha \cdot \tfrac12 \sum w^2` of coefficients, not of intercepts. Two
    classes have one logit, as in scikit-learn, and C > 2 classes C. Q labels, as y [N, Q] of 0 and
    1, have Q logits; their loss is the mean over rows and labels, in scikit-learn the sum over
    labels. Initial weights are torch's. X is not standardised, as in scikit-learn: put a
    ``StandardScaler`` before it.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (100,)
        As all that is not described here, see :class:`MLPRegressor`.
    activation : {"relu", "tanh", "logistic", "identity"}, default "relu"
    solver : {"adam", "sgd", ...}, default "adam"
    alpha : float, default 0.0001
        λ, torch's ``weight_decay`` beside cross-entropy. The objective is that of scikit-learn's
        ``MLPClassifier`` whose alpha is α·b for b rows in a batch (which divides its alpha by
        them), α·Q·b for Q labels, and without hidden layers that of ``LogisticRegression`` with
        C = 1/(α·N):
        :func:`weightdecay.convert` from "torch" to "mlp" or "logistic".
    decay : Decay, optional
        L2 in the loss if not given; its own λ gives way to `alpha`.
    batch_size : int or "auto", default "auto"
    learning_rate : {"constant", "invscaling"}, default "constant"
    learning_rate_init : float, default 0.001
    power_t : float, default 0.5
    max_iter : int, default 200
    shuffle : bool, default True
    tol : float, default 1e-4
    n_iter_no_change : int or inf, default 10
    early_stopping : bool, default False
    validation_fraction : float, default 0.1
        Rows are held out class by class, unless they have several labels.
    momentum : float, default 0.9
    nesterovs_momentum : bool, default True
    beta_1, beta_2 : float, default 0.9 and 0.999
    epsilon : float, default 1e-8
    warm_start : bool, default False
        As there; y must have the same classes again.
    dtype : {"float32", "float64"}, default "float32"
    seeds : int, default 1
        S, networks to be trained; a probability is the mean of theirs.
    random_state : int, RandomState or None, default None

    Attributes
    ----------
    classes_ : array [C]
        The classes, sorted; the numbers of the columns of y, where they are labels.
    out_activation_ : {"logistic", "softmax"}
    coefs_, intercepts_, networks_, loss_, loss_curve_, best_loss_, validation_losses_
        See :class:`MLPRegressor`, as for those that follow; the loss is cross-entropy.
    best_validation_loss_, n_iter_, n_layers_, n_outputs_, seeds_
    n_features_in_, feature_names_in_

    Notes
    -----
    Types, sparse X, weights of rows and warnings are as for :class:`MLPRegressor`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from weightdecay.sklearn import MLPClassifier
    >>> X, y = load_iris(return_X_y=True)  # [150, 4] and [150]
    >>> network = MLPClassifier(hidden_layer_sizes=16, alpha=0.01, learning_rate_init=0.02)
    >>> network.fit(X, y).predict_proba(X[:2]).shape
    (2, 3)
    """
