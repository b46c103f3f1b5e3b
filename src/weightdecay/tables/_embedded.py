"""Tables that scikit-learn brings along: no network, nothing to download."""

from typing import Any

#: By name: which of scikit-learn's functions loads it.
EMBEDDED = {
    "breast_cancer": "load_breast_cancer",
    "diabetes": "load_diabetes",
    "digits": "load_digits",
    "iris": "load_iris",
    "wine": "load_wine",
}
#: What their target is called.
TARGET = "target"


def embedded(name: str) -> Any:
    """Return the table [N, P + 1] as a data frame, its target last, classes by their names."""
    from sklearn import datasets

    # diabetes comes scaled to unit norm by default; its own units say more.
    options = {"scaled": False} if name == "diabetes" else {}
    found = getattr(datasets, EMBEDDED[name])(as_frame=True, **options)
    frame = found.frame.copy()
    if name in ("breast_cancer", "iris", "wine"):
        frame[TARGET] = found.target_names[frame[TARGET].to_numpy()]
    return frame
