"""Fine-tune a transformer: pretrained weights stay near where they were, a new head near zero.

    python examples/fine_tune.py

It takes no download: the "pretrained" model is a small one that is made here. Yours comes from
from_pretrained(...).
"""

import copy

import torch

import weightdecay as wd

torch.manual_seed(0)
layer = torch.nn.TransformerEncoderLayer(16, nhead=2, dim_feedforward=32, batch_first=True)
body = torch.nn.TransformerEncoder(layer, num_layers=2, enable_nested_tensor=False)
model = torch.nn.ModuleDict({"body": body, "head": torch.nn.Linear(16, 2)})
pretrained = {f"body.{name}": w.clone() for name, w in copy.deepcopy(body).state_dict().items()}

optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
decay = wd.presets.l2_sp(alpha=0.1, beta=0.01, pretrained=pretrained)
attached = decay.attach(optimizer, model)
print(f"{len(attached.parameters)} of {len(list(model.parameters()))} parameters decay")

x = torch.randn(64, 5, 16)
y = (x[:, 0, 0] > 0).long()
for step in range(61):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model["head"](model["body"](x)[:, 0]), y)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        now = dict(model.named_parameters())
        moved = sum((now[k] - w).square().sum() for k, w in pretrained.items()) ** 0.5
        print(f"step {step:2}: loss {loss:.3f}, moved from the pretrained weights by {moved:.3f}")
