"""Which λ for a network of yours, and whether it is worth it.

    python examples/which_lambda.py

Put your own network and data in; then also a page to drag λ in: path.report("report.html").
"""

import torch
from sklearn.datasets import load_diabetes

import weightdecay as wd

X, y = load_diabetes(return_X_y=True)
X, y = (X - X.mean(0)) / X.std(0), (y - y.mean()) / y.std()


def network():
    return torch.nn.Sequential(torch.nn.Linear(10, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))


recipe = wd.Recipe(lr=0.01, epochs=40, batch_size=32)
first = wd.suggest(rows=353, batch_size=32, epochs=40, lr=0.01)
print(f"without a search: λ = {first.weight_decay:.2g}, within {first.low:.2g} to {first.high:.2g}")

path = wd.path(
    network,
    X,
    y,
    decay=wd.presets.adamw(),
    recipe=recipe,
    weight_decay=[0.01, 0.1, 0.3, 1.0, 3.0, 10.0],  # 0 is always in; "auto" finds them
    seeds=2,
    folds=5,
)
for value, error in zip(path.weight_decay, path.errors.mean(axis=(1, 2)), strict=True):
    print(f"λ = {value:5}: held-out error {error:.3f}")

effect = path.verdict.effect
print(f"chosen: {path.choice}; decay {path.verdict.label}")
print(f"change of the error {effect.estimate:+.3f}, 95 % [{effect.low:+.3f}, {effect.high:+.3f}]")

model = path.refit()  # trained on all rows at the chosen λ
torch.save(model.state_dict(), "model.pt")
