"""Networks for tables, as scikit-learn has them: what RidgeCV is to Ridge.

`MLPRegressor` and `MLPClassifier` train with a given α, and `MLPRegressorCV` and `MLPClassifierCV`
choose it from a path, with a verdict on whether decay helps at all:

>>> from sklearn.datasets import load_diabetes
>>> from sklearn.pipeline import make_pipeline
>>> from sklearn.preprocessing import StandardScaler
>>> from weightdecay.sklearn import MLPRegressor
>>> X, y = load_diabetes(return_X_y=True)  # [N, P] and [N]
>>> network = MLPRegressor(hidden_layer_sizes=16, alpha=30, learning_rate_init=0.02)
>>> model = make_pipeline(StandardScaler(), network).fit(X, y)
>>> model.score(X, y) > 0.4
True
"""

from weightdecay.sklearn._mlp_classifier import MLPClassifier
from weightdecay.sklearn._mlp_classifier_cv import MLPClassifierCV
from weightdecay.sklearn._mlp_regressor import MLPRegressor
from weightdecay.sklearn._mlp_regressor_cv import MLPRegressorCV

__all__ = ["MLPClassifier", "MLPClassifierCV", "MLPRegressor", "MLPRegressorCV"]
