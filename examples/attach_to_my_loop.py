"""A decay on an optimizer and a loop of your own: one line, and an audit of what it does.

python examples/attach_to_my_loop.py
"""

import torch

import weightdecay as wd

torch.manual_seed(0)
x = torch.randn(256, 20)
y = x[:, :2].sum(1, keepdim=True) + 0.5 * torch.randn(256, 1)
train, held_out = slice(0, 64), slice(64, None)

model = torch.nn.Sequential(torch.nn.Linear(20, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
wd.presets.adamw(1.0).attach(optimizer, model)  # the one line; biases do not decay
print(wd.audit(model, optimizer, steps_per_epoch=4))

loss_of = torch.nn.functional.mse_loss
for epoch in range(101):
    for rows in torch.randperm(64).split(16):
        optimizer.zero_grad()
        loss_of(model(x[rows]), y[rows]).backward()
        optimizer.step()
    if epoch % 20 == 0:
        with torch.no_grad():
            losses = [loss_of(model(x[part]), y[part]).item() for part in (train, held_out)]
        print(f"epoch {epoch:3}: training {losses[0]:.3f}, held out {losses[1]:.3f}")
