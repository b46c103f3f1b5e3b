"""Regression with an α that is chosen."""

from weightdecay.sklearn._chosen_alpha import ChosenAlpha
from weightdecay.sklearn._regression import Regression


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
    solver : {"adam", "sgd", ...}, default "adam"
    alphas : "auto" or array, default "auto"
        λs, torch's ``weight_decay`` beside ``nn.MSELoss()``; see :class:`MLPRegressor` for what
        they are in scikit-learn. 0 is always added. "auto" finds a path from the data, and
        extends it where its best stands at an end, see :func:`weightdecay.path`.
    decay : Decay, optional
        L2 in the loss if not given; its own λ gives way to `alphas`.
    cv : int, float, splitter or iterable, default 5 folds
        See :func:`weightdecay.path`; folds are shuffled.
    scoring : str, optional
        What α is chosen and judged by: a scorer of scikit-learn by its name; the negative mean
        squared error if not given.
    rule : {"min", "1se"}, default "min"
        The best mean, or the largest α within one standard error of it.
    batch_size : int or "auto", default "auto"
    learning_rate_init : float, default 0.001
    max_iter : int, default 200
    shuffle : bool, default True
    momentum : float, default 0.9
    nesterovs_momentum : bool, default True
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
        ``param_alpha``, ``split0_test_score`` ... of each fold, the mean over seeds, and
        ``mean_test_score``, ``std_test_score`` and ``rank_test_score`` over folds; larger is
        better, NaN where a network diverged.
    verdict_ : Verdict
        Whether decay helps, with its interval; α is chosen anew inside each fold for it.
    path_ : Path
        All of it, but for the rows that were fitted: it can plot and save, and not refit.
    coefs_, intercepts_, networks_, loss_, loss_curve_, n_iter_, n_outputs_, seeds_
        Of the networks trained at the end, see :class:`MLPRegressor`.
    n_features_in_, feature_names_in_
        As there.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.preprocessing import scale
    >>> from weightdecay.sklearn import MLPRegressorCV
    >>> X, y = load_diabetes(return_X_y=True)
    >>> X, y = scale(X), scale(y)  # [442, 10] and [442]
    >>> options = {"learning_rate_init": 0.02, "max_iter": 50, "seeds": 1, "random_state": 0}
    >>> network = MLPRegressorCV(hidden_layer_sizes=32, alphas=[0.01, 0.1], **options).fit(X, y)
    >>> network.alpha_, network.verdict_.label
    (0.1, 'helps')
    """
