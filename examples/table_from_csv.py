"""A table: choose λ, train, predict new rows, from a file and back into one.

    python examples/table_from_csv.py [DATA.csv TARGET]

The same on a command line: weightdecay fit DATA.csv --target TARGET.
"""

import sys

import numpy as np
import pandas as pd
from sklearn.compose import (
    TransformedTargetRegressor,
    make_column_selector,
    make_column_transformer,
)
from sklearn.datasets import load_diabetes
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from weightdecay.sklearn import MLPRegressorCV

if len(sys.argv) == 3:
    table, target = pd.read_csv(sys.argv[1]), sys.argv[2]
else:
    table, target = load_diabetes(as_frame=True).frame, "target"

draw = np.random.default_rng(0).permutation(len(table))
old, new = table.iloc[draw[50:]], table.iloc[draw[:50]]

columns = make_column_transformer(
    (StandardScaler(), make_column_selector(dtype_include="number")),
    (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
)
network = MLPRegressorCV(
    hidden_layer_sizes=(32,),
    alphas=[0.01, 0.1, 1.0],
    learning_rate_init=0.01,
    max_iter=40,
    n_iter_no_change=np.inf,
    seeds=2,
    random_state=0,
)
model = TransformedTargetRegressor(make_pipeline(columns, network), transformer=StandardScaler())
model.fit(old.drop(columns=target), old[target])

chosen = model.regressor_[-1]
print(f"α = {chosen.alpha_}, decay {chosen.verdict_.label}")
print(f"R² on {len(new)} new rows: {model.score(new.drop(columns=target), new[target]):.2f}")
new.assign(predicted=model.predict(new.drop(columns=target))).to_csv("predicted.csv", index=False)
