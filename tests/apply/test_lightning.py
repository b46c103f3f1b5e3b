"""The callback in a real, small training of Lightning."""

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import weightdecay as wd
from weightdecay.errors import InputError

pl = pytest.importorskip("lightning.pytorch", reason="lightning is not installed")
callback = pytest.importorskip("weightdecay.lightning")

# Lightning's own warnings on few workers, short epochs and the like are not ours to judge.
pytestmark = pytest.mark.filterwarnings("ignore")

DRAW = torch.Generator().manual_seed(0)
X = torch.randn(24, 3, dtype=torch.float64, generator=DRAW)
DATA = TensorDataset(X, X.sum(1, keepdim=True) + 1)


class Regression(pl.LightningModule):
    def __init__(self, own=0.0, optimizers=1):
        super().__init__()
        torch.manual_seed(1)
        self.body = nn.Sequential(nn.Linear(3, 8), nn.Tanh()).double()
        self.head = nn.Linear(8, 1).double()
        self.own, self.count = own, optimizers
        self.automatic_optimization = optimizers == 1

    def loss(self, batch):
        x, y = batch
        return nn.functional.mse_loss(self.head(self.body(x)), y)

    def training_step(self, batch, index):
        loss = self.loss(batch)
        if not self.automatic_optimization:
            for optimizer in self.optimizers():
                optimizer.zero_grad()
            self.manual_backward(loss)
            for optimizer in self.optimizers():
                optimizer.step()
        return loss

    def validation_step(self, batch, index):
        self.log("val_loss", self.loss(batch))

    def configure_optimizers(self):
        if self.count == 2:
            return [
                torch.optim.AdamW(m.parameters(), 0.01, weight_decay=0.0)
                for m in (self.body, self.head)
            ]
        groups = wd.param_groups(self, self.own)
        return torch.optim.AdamW(groups, 0.01, weight_decay=0.0)


class Logger(pl.loggers.logger.DummyLogger):
    def __init__(self):
        super().__init__()
        self.written = []

    def log_metrics(self, metrics, step=None):
        self.written.append((step, metrics))


def fit(module, *callbacks, logger=False, epochs=3, validate=False, resume=None, **options):
    trainer = pl.Trainer(
        max_epochs=epochs,
        callbacks=list(callbacks),
        logger=logger,
        accelerator="cpu",
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        log_every_n_steps=2,
        **options,
    )
    validation = DataLoader(DATA, 24) if validate else None
    trainer.fit(module, DataLoader(DATA, 8), validation, ckpt_path=resume)
    return trainer


def weights(module):
    return nn.utils.parameters_to_vector(module.parameters()).detach()


def test_on_the_step_it_is_torchs_adamw():
    attached, own, plain = Regression(), Regression(own=0.5), Regression()
    fit(attached, callback.WeightDecay(wd.Decay(0.5, on="step")))
    fit(own)
    fit(plain)
    torch.testing.assert_close(weights(attached), weights(own), rtol=1e-12, atol=1e-14)
    assert (weights(attached) - weights(plain)).abs().max() > 1e-3


def test_in_the_loss_it_is_the_penalty_added_by_hand():
    class Penalized(Regression):
        def loss(self, batch):
            return super().loss(batch) + wd.penalty(self, wd.Decay(0.5))

    attached, by_hand = Regression(), Penalized()
    fit(attached, callback.WeightDecay(wd.Decay(0.5)))
    fit(by_hand)
    torch.testing.assert_close(weights(attached), weights(by_hand), rtol=1e-8, atol=1e-10)


def test_several_optimizers_get_each_what_they_train():
    attached, one = Regression(optimizers=2), Regression()
    decay = wd.Decay(0.5, on="step", multipliers={"head.*": 0.5})
    kept = callback.WeightDecay(decay)
    fit(attached, kept)
    fit(one, callback.WeightDecay(decay))
    torch.testing.assert_close(weights(attached), weights(one), rtol=1e-12, atol=1e-14)
    assert [set(attached.parameters) for attached in kept.attached] == [
        {"body.0.weight"},
        {"head.weight"},
    ]


def test_resumed_from_a_checkpoint_it_is_the_same_run(tmp_path):
    """The schedule counts on, and the initial weights are those of the first run."""

    def decays():
        schedule = wd.decay.Cosine(2.0, 12)
        return callback.WeightDecay(wd.Decay(0.5, on="step", schedule=schedule, around="start"))

    whole, half, resumed = Regression(), Regression(), Regression()
    fit(whole, decays(), epochs=4)
    fit(half, decays(), epochs=2).save_checkpoint(tmp_path / "half.ckpt")
    with torch.no_grad():
        resumed.head.weight.add_(1.0)  # a start of its own, which must not count
    fit(resumed, decays(), epochs=4, resume=tmp_path / "half.ckpt")
    assert torch.equal(weights(whole), weights(resumed))


def test_what_it_monitors_reaches_the_logger():
    logger = Logger()
    decay = callback.WeightDecay(wd.Decay(0.5, on="step"), monitor={"prefix": ""})
    fit(Regression(), decay, logger=logger, validate=True)
    found = {key for _, numbers in logger.written for key in numbers}
    assert {"penalty", "data_loss", "weight_norm/head.weight", "generalization_gap"} <= found
    steps = [step for step, numbers in logger.written if "penalty" in numbers]
    assert steps == [0, 2, 4, 6, 8]


def test_accumulated_batches_give_their_mean_as_data_loss():
    written = {}
    for batches in (1, 3):
        history = written[batches] = {}
        decay = callback.WeightDecay(wd.Decay(0.5, on="step"), monitor={"to": history, "every": 1})
        module = Regression()
        with torch.no_grad():
            expected = module.loss(DATA.tensors).item()
        fit(module, decay, epochs=1, accumulate_grad_batches=batches)
    assert len(written[1]["step"]) == 3
    assert written[3]["weight_decay/data_loss"] == pytest.approx([expected])


def test_what_is_wrong_is_said_when_fit_begins():
    decay = callback.WeightDecay(wd.Decay(0.5, on="step", multipliers={"tail.*": 2.0}))
    with pytest.raises(InputError, match=r"'tail\.\*'"):
        fit(Regression(), decay)


def test_fitted_again_it_is_attached_once():
    module, twice = Regression(), Regression()
    decay = callback.WeightDecay(wd.Decay(0.5, on="step"))
    for network, callbacks in (
        (module, (decay, decay)),
        (twice, (decay, callback.WeightDecay(*decay.decays))),
    ):
        for each in callbacks:
            fit(network, each)
    assert torch.equal(weights(module), weights(twice))
    assert len(decay.attached) == 1
