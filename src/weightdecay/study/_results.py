"""From trained members to one labelled dataset."""

import numpy as np
import xarray as xr

from weightdecay.decay import selected
from weightdecay.study._population import Trained
from weightdecay.study._study import Study, start
from weightdecay.study._weights import LINEAR, weight_edges, weight_shares


def results(study: Study, trained: Trained) -> xr.Dataset:
    """Lay out what an engine gave back by λ, seed, fold and epoch.

    Parameters
    ----------
    study : Study
    trained : Trained
        Of ``study.plan()``.

    Returns
    -------
    xarray.Dataset
        ``train_loss``, ``test_loss``, ``penalty`` [L, S, F, epoch]; ``weight_norm``
        [L, S, F, parameter], the L2 norm of each parameter tensor after the last epoch, with the
        coordinate ``decayed`` [parameter]; ``weight_share`` [L, S, F, bin], which shares of all
        decayed weights then lie between ``bin_low`` and ``bin_high`` [bin], even in
        asinh(w / ``weight_linear``), an attribute: the same bins in every study, the outermost with
        what lies beyond; ``diverged`` and ``stopped`` [L, S, F], the epochs of it, or 0.
    """
    decayed = selected(start(study.network, study.seeds[0]), study.decay.select)
    edges = weight_edges()
    dims = ("weight_decay", "seed", "fold")
    norms = np.stack(
        [
            np.linalg.norm(w.reshape(len(w), -1).double().numpy(), axis=1)
            for w in trained.weights.values()
        ],
        axis=-1,
    )

    def lay(values: np.ndarray, *extra: str) -> xr.Variable:
        return xr.Variable((*dims, *extra), values.reshape(*study.shape, *values.shape[1:]))

    return xr.Dataset(
        {
            "train_loss": lay(trained.train_loss, "epoch"),
            "test_loss": lay(trained.test_loss, "epoch"),
            "penalty": lay(trained.penalty, "epoch"),
            "weight_norm": lay(norms, "parameter"),
            "weight_share": lay(weight_shares(trained.weights, decayed, trained.diverged), "bin"),
            "diverged": lay(trained.diverged),
            "stopped": lay(trained.stopped),
        },
        coords={
            "weight_decay": list(study.weight_decay),
            "seed": list(study.seeds),
            "fold": range(study.shape[2]),
            "epoch": list(study.epochs()),
            "parameter": list(trained.weights),
            "decayed": ("parameter", [name in decayed for name in trained.weights]),
            "bin_low": ("bin", edges[:-1]),
            "bin_high": ("bin", edges[1:]),
        },
        attrs={"weight_linear": LINEAR},
    )
