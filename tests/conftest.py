"""One thread for torch and BLAS, as two processes share two; and no terminal's width.

On small arrays more threads gain nothing. Processes that share the tests are told COLUMNS, and one
who runs them may have set it: what a test reads back would be broken into other lines.
"""

import os

import scipy.linalg  # noqa: F401 - scipy brings a BLAS of its own, which is to be limited too
import torch
from threadpoolctl import threadpool_limits

torch.set_num_threads(1)
threadpool_limits(1, user_api="blas")
os.environ.pop("COLUMNS", None)
