"""Which kind of decay, each at its own λ: where the truth is known, every seed is a pair.

python examples/compare_kinds.py
"""

import torch

import weightdecay as wd

noise = 0.3 * torch.randn(12, 1, generator=torch.Generator().manual_seed(0))
x, grid = torch.linspace(-1, 1, 12)[:, None], torch.linspace(-1, 1, 101)[:, None]
problem = wd.Problem.with_truth(x, x**2 + noise, grid, grid**2)


def network():
    return torch.nn.Sequential(torch.nn.Linear(1, 30), torch.nn.Tanh(), torch.nn.Linear(30, 1))


path = (0.0, 0.001, 0.01, 0.1, 1.0)
recipe = wd.Recipe(lr=0.01, epochs=300, batch_size=12)
kinds = {"none": wd.presets.l2(0.0), "L2": wd.presets.l2(0.0), "AdamW": wd.presets.adamw(0.0)}
kinds["L1"] = wd.presets.l1(0.0)

judged = []
for name, decay in kinds.items():
    study = wd.Study(problem, network, recipe, decay, path, seeds=tuple(range(40)))
    results, _ = wd.run(study)
    error = results.test_loss.isel(fold=0, epoch=-1).to_numpy()  # [L, S]
    best = 0 if name == "none" else wd.choose(error[:, ::2])  # on the even seeds
    judged.append(error[best, 1::2])  # on the odd
    print(f"{name:6} λ = {path[best]:5}: error {judged[-1].mean():.4f}")

for name, other in list(zip(kinds, judged, strict=True))[1:]:
    said = wd.judge(judged[0], other)
    effect = said.effect
    print(f"{name:6} {said.label}: {effect.estimate:+.4f} [{effect.low:+.4f}, {effect.high:+.4f}]")
