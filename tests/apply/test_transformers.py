"""The callback in a real, small training of Hugging Face's Trainer."""

import json

import pytest
import torch
from torch import nn

import weightdecay as wd
from weightdecay.errors import InputError

transformers = pytest.importorskip("transformers", reason="transformers is not installed")
pytest.importorskip("accelerate", reason="transformers trains with accelerate only")
callback = pytest.importorskip("weightdecay.transformers")

# transformers' own deprecations and advice are not ours to judge.
pytestmark = pytest.mark.filterwarnings("ignore")


class Rows(torch.utils.data.Dataset):
    def __init__(self):
        draw = torch.Generator().manual_seed(0)
        self.tokens = torch.randint(0, 20, (24, 6), generator=draw)

    def __len__(self):
        return len(self.tokens)

    def __getitem__(self, row):
        return {"input_ids": self.tokens[row], "labels": self.tokens[row]}


def gpt():
    torch.manual_seed(1)
    config = transformers.GPT2Config(
        vocab_size=20,
        n_positions=6,
        n_embd=8,
        n_layer=1,
        n_head=2,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=0,
        eos_token_id=0,
    )
    return transformers.GPT2LMHeadModel(config)


def train(folder, *callbacks, resume=None, own=0.0, **options):
    arguments = transformers.TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=8,
        num_train_epochs=options.pop("epochs", 3),
        learning_rate=0.01,
        lr_scheduler_type="constant",
        weight_decay=own,
        max_grad_norm=0.0,
        use_cpu=True,
        report_to=[],
        disable_tqdm=True,
        logging_steps=2,
        save_strategy=options.pop("save_strategy", "no"),
        seed=5,
        **options,
    )
    model, rows = gpt(), Rows()
    trainer = transformers.Trainer(
        model, arguments, train_dataset=rows, eval_dataset=rows, callbacks=list(callbacks)
    )
    trainer.train(resume_from_checkpoint=resume)
    return trainer, nn.utils.parameters_to_vector(model.parameters()).detach()


def hugging_face(model):
    """What the trainer's own weight_decay reaches."""
    groups = wd.param_groups(model, 1.0, preset="hugging_face")
    names = {w: name for name, w in model.named_parameters()}
    return [names[w] for group in groups if group["weight_decay"] for w in group["params"]]


def test_on_the_step_it_is_the_trainers_own_decay(tmp_path):
    decay = wd.Decay(0.5, on="step", select=hugging_face)
    _, attached = train(tmp_path, callback.WeightDecay(decay))
    _, own = train(tmp_path, own=0.5)
    _, plain = train(tmp_path)
    torch.testing.assert_close(attached, own, rtol=1e-6, atol=1e-7)
    assert (attached - plain).abs().max() > 1e-3


def test_resumed_from_a_checkpoint_it_is_the_same_run(tmp_path):
    """The schedule counts on, and the initial weights are those of the first run."""

    def decay():
        schedule = wd.decay.Cosine(2.0, 9)
        return callback.WeightDecay(wd.Decay(0.5, on="step", schedule=schedule, around="start"))

    _, whole = train(tmp_path / "whole", decay())
    options = {"save_strategy": "steps", "save_steps": 3}
    train(tmp_path / "half", decay(), epochs=1, **options)
    _, resumed = train(tmp_path / "half", decay(), resume=str(tmp_path / "half/checkpoint-3"))
    assert torch.equal(whole, resumed)
    (tmp_path / "half/checkpoint-3/optimizer.pt").rename(tmp_path / "half/optimizer.old")
    with pytest.raises(InputError, match="resume_from_checkpoint"):
        train(tmp_path / "half", decay(), resume=str(tmp_path / "half/checkpoint-3"))


def test_what_it_monitors_is_in_the_history(tmp_path):
    decay = callback.WeightDecay(wd.Decay(0.5, on="step"), monitor={"prefix": ""})
    trainer, _ = train(tmp_path, decay, eval_strategy="epoch")
    assert not decay.attached
    history = trainer.state.log_history
    steps = [entry["step"] for entry in history if "penalty" in entry]
    assert steps == [2, 4, 6, 8]
    gaps = [entry for entry in history if "generalization_gap" in entry]
    losses = [entry["loss"] for entry in history if "loss" in entry]
    evaluated = [entry["eval_loss"] for entry in history if "eval_loss" in entry]
    assert [entry["validation_loss"] for entry in gaps] == evaluated
    assert gaps[0]["generalization_gap"] == pytest.approx(evaluated[0] - losses[0])
    json.dumps(history)


def test_numbers_go_where_they_are_sent(tmp_path):
    history = {}
    decay = callback.WeightDecay(wd.Decay(0.5), monitor={"to": history, "every": 1})
    train(tmp_path, decay, epochs=1)
    assert history["step"] == [1, 2, 3]
    assert all(value > 0 for value in history["weight_decay/penalty"])


def test_what_is_wrong_is_said_when_training_begins(tmp_path):
    decay = callback.WeightDecay(wd.Decay(0.5, on="step", multipliers={"tail.*": 2.0}))
    with pytest.raises(InputError, match=r"'tail\.\*'"):
        train(tmp_path, decay)
