"""One thread for torch: on small tensors more gain nothing, and on a busy machine they wait."""

import torch

torch.set_num_threads(1)
