"""One thread for torch and BLAS: on small arrays more gain nothing, and two processes share two."""

import scipy.linalg  # noqa: F401 - scipy brings a BLAS of its own, which is to be limited too
import torch
from threadpoolctl import threadpool_limits

torch.set_num_threads(1)
threadpool_limits(1, user_api="blas")
