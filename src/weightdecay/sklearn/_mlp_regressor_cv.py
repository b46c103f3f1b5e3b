"""Regression with an α that is chosen."""

from dataclasses import dataclass

from weightdecay.sklearn._chosen_alpha import ChosenAlpha
from weightdecay.sklearn._regression import Regression


@dataclass(eq=False, repr=False, kw_only=True)
class MLPRegressorCV(Regression, ChosenAlpha):
    """A multilayer perceptron for numbers whose weight decay is chosen by cross-validation.

    To :class:`MLPRegressor` what ``RidgeCV`` is to ``Ridge``: all α, folds and seeds are trained
    together, α = 0 among them; then one network from each seed, on all rows, with the α that was
    chosen. `verdict_` says whether decay helps, on rows that took no part in choosing. X and y are
    not standardised: put a ``StandardScaler`` before it, and a ``TransformedTargetRegressor``
    around it.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (100,)
        As all that is not described here, see :class:`MLPRegressor`.
    activation : {"relu", "tanh", "logistic", "identity"}, default "relu"
    loss : {"squared_error", "huber"}, default "squared_error"
    solver : {"adam", "sgd", ...}, default "adam"
    alphas : "auto" or array [L], default "auto"
        λs, torch's ``weight_decay`` beside ``nn.MSELoss()``; see :class:`MLPRegressor` for what
        they are in scikit-learn. 0 is always added. "auto" finds a path from the data, and
        extends it where its best stands at an end, see :func:`weightdecay.path`.
    decay : Decay, optional
        L2 in the loss if not given; its own λ gives way to `alphas`.
    cv : int, float, splitter or iterable, default 5 folds
        See :func:`weightdecay.path`; folds are shuffled, and cut by `groups` of `fit`.
    scoring : str or callable, optional
        What α is chosen and judged by: a scorer of scikit-learn or its name, or a function of
        (estimator, X, y) which looks at predictions alone; the negative loss if not given. It gets
        the weights of rows; with metadata routing, if it requests them.
    rule : {"min", "1se"}, default "min"
        The best mean, or the largest α within one standard error of it.
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
        These hold for the networks of the path too, each of which stops by itself; rows are held
        out of the training rows of each fold.
    validation_fraction : float, default 0.1
    momentum : float, default 0.9
    nesterovs_momentum : bool, default True
    beta_1, beta_2 : float, default 0.9 and 0.999
    epsilon : float, default 1e-8
    dtype : {"float32", "float64"}, default "float32"
    seeds : int, default 3
        S, networks to be trained for each α and fold, and at the end.
    random_state : int, RandomState or None, default None
        Of seeds and folds.

    Attributes
    ----------
    alpha_ : float
        The α that was chosen.
    alphas_ : array [L]
        The path, ascending from 0.
    best_score_ : float
        Mean score of `alpha_` over the folds.
    cv_results_ : dict of array [L]
        ``params``, ``param_alpha``, ``split0_test_score`` ... of each fold, the mean over seeds,
        and ``mean_test_score``, ``std_test_score`` and ``rank_test_score`` over folds; larger is
        better, NaN where a network diverged. No times: all α are trained together.
    verdict_ : Verdict
        Whether decay helps, with its interval; α is chosen anew inside each fold for it.
    path_ : Path
        All of it, but for the rows that were fitted: it can plot and save, and not refit.
    coefs_, intercepts_, networks_, loss_, loss_curve_, best_loss_, validation_losses_
        Of the networks trained at the end, as are those that follow, see :class:`MLPRegressor`.
    best_validation_loss_, n_iter_, n_layers_, n_outputs_, out_activation_, seeds_
    n_features_in_, feature_names_in_

    Notes
    -----
    ``score`` is R², whatever `scoring` is. A ``ConvergenceWarning`` is for the networks trained at
    the end alone. There is no `warm_start`: a path has no networks to begin from.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.preprocessing import scale
    >>> from weightdecay.sklearn import MLPRegressorCV
    >>> X, y = load_diabetes(return_X_y=True)
    >>> X, y = scale(X), scale(y)  # [442, 10] and [442]
    >>> options = {"learning_rate_init": 0.02, "max_iter": 50, "n_iter_no_change": np.inf}
    >>> options.update(seeds=1, random_state=0)
    >>> network = MLPRegressorCV(hidden_layer_sizes=32, alphas=[0.01, 0.1], **options).fit(X, y)
    >>> network.alpha_, network.verdict_.label
    (0.1, 'helps')
    """
