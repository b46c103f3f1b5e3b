"""Which of the metadata given to `fit` goes to training, to the scorer and to the splitter."""

from typing import Any, NamedTuple

from sklearn import get_config
from sklearn.model_selection import GroupKFold
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing


class Routed(NamedTuple):
    """What was routed.

    Parameters
    ----------
    groups : array [N] or None
        What the splitter gets.
    weighted : bool
        Whether the scorer gets sample weights.
    """

    groups: Any
    weighted: bool


def router(estimator: Any, cv: Any, scorer: Any) -> MetadataRouter:
    """Return the router of an estimator that fits, splits and scores within its `fit`.

    Parameters
    ----------
    estimator : BaseEstimator
    cv : int, float, splitter, iterable or None
        What is no splitter takes groups: for its folds or for those inside them.
    scorer : callable or None
        A function that is no scorer requests nothing.
    """
    found = MetadataRouter(owner=estimator).add_self_request(estimator)
    splitting = MethodMapping().add(caller="fit", callee="split")
    found.add(splitter=cv if hasattr(cv, "split") else GroupKFold(), method_mapping=splitting)
    if scorer is not None:
        scoring = MethodMapping().add(caller="fit", callee="score")
        found.add(scorer=scorer, method_mapping=scoring)
    return found


def route(estimator: Any, sample_weight: Any, groups: Any) -> Routed:
    """Return what goes where; without metadata routing, all of it to all.

    Parameters
    ----------
    estimator : BaseEstimator
    sample_weight, groups : array [N] or None

    Raises
    ------
    UnsetMetadataPassedError, TypeError
        Of scikit-learn, with routing, if a splitter or scorer does not say whether it takes them.
    """
    if not get_config()["enable_metadata_routing"]:
        return Routed(groups, True)
    given = {"sample_weight": sample_weight, "groups": groups}
    given = {name: value for name, value in given.items() if value is not None}
    routed = process_routing(estimator, "fit", **given)
    scored = routed.get("scorer", {}).get("score", {})
    return Routed(routed["splitter"]["split"].get("groups"), "sample_weight" in scored)
