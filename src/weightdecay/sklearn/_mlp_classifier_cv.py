"""Classification with an α that is chosen."""

from dataclasses import dataclass

from weightdecay.sklearn._chosen_alpha import ChosenAlpha
from weightdecay.sklearn._classification import Classification


@dataclass(eq=False, repr=False, kw_only=True)
class MLPClassifierCV(Classification, ChosenAlpha):
    """A multilayer perceptron for classes whose weight decay is chosen by cross-validation.

    To :class:`MLPClassifier` what :class:`MLPRegressorCV` is to :class:`MLPRegressor`; see there
    for how it is done. X is not standardised: put a ``StandardScaler`` before it.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (100,)
        As all that is not described here, see :class:`MLPRegressorCV`.
    activation : {"relu", "tanh", "logistic", "identity"}, default "relu"
    solver : {"adam", "sgd", ...}, default "adam"
    alphas : "auto" or array [L], default "auto"
        λs, torch's ``weight_decay`` beside cross-entropy; see :class:`MLPClassifier` for what they
        are in scikit-learn. 0 is always added.
    decay : Decay, optional
        L2 in the loss if not given; its own λ gives way to `alphas`.
    cv : int, float, splitter or iterable, default 5 folds
        See :func:`weightdecay.path`; folds are shuffled, stratified by class unless rows have
        several labels, and cut by `groups` of `fit`.
    scoring : str or callable, optional
        What α is chosen and judged by, as there; it gets y as it was given. The negative
        cross-entropy if not given.
    rule : {"min", "1se"}, default "min"
    batch_size : int or "auto", default "auto"
    learning_rate : {"constant", "invscaling"}, default "constant"
        With "invscaling" the rows of an epoch are those of the networks that are trained at the
        end, and on the path the mean over folds of the rows that train, for inner folds too.
    learning_rate_init : float, default 0.001
    power_t : float, default 0.5
    max_iter : int, default 200
    shuffle : bool, default True
    tol : float, default 1e-4
    n_iter_no_change : int or inf, default 10
    early_stopping : bool, default False
    validation_fraction : float, default 0.1
    momentum : float, default 0.9
    nesterovs_momentum : bool, default True
    beta_1, beta_2 : float, default 0.9 and 0.999
    epsilon : float, default 1e-8
    dtype : {"float32", "float64"}, default "float32"
    seeds : int, default 3
    random_state : int, RandomState or None, default None

    Attributes
    ----------
    classes_ : array [C]
        The classes, sorted; the numbers of the columns of y, where they are labels.
    alpha_, alphas_, best_score_, cv_results_, verdict_, path_
        See :class:`MLPRegressorCV`.
    coefs_, intercepts_, networks_, loss_, loss_curve_, best_loss_, validation_losses_
        Of the networks trained at the end, as are those that follow, see :class:`MLPClassifier`.
    best_validation_loss_, n_iter_, n_layers_, n_outputs_, out_activation_, seeds_
    n_features_in_, feature_names_in_

    Notes
    -----
    ``score`` is accuracy, whatever `scoring` is.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_wine
    >>> from sklearn.preprocessing import scale
    >>> from weightdecay.sklearn import MLPClassifierCV
    >>> X, y = load_wine(return_X_y=True)  # [178, 13] and [178]
    >>> options = {"learning_rate_init": 0.01, "max_iter": 20, "n_iter_no_change": np.inf}
    >>> options.update(seeds=1, random_state=0)
    >>> network = MLPClassifierCV(hidden_layer_sizes=16, alphas=[0.01, 0.1], cv=3, **options)
    >>> network.fit(scale(X), y).alphas_.tolist()
    [0.0, 0.01, 0.1]
    """
