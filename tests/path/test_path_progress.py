"""What is told of the progress: what is done adds up to all that there is to do."""

import pytest
import torch

import weightdecay as wd
from weightdecay.report import _progress as bars

DRAW = torch.Generator().manual_seed(0)
X = torch.randn(24, 5, generator=DRAW)
Y = X[:, :1] + torch.randn(24, 1, generator=DRAW)
HOW = {"seeds": 2, "folds": 2, "inner_folds": 2, "recipe": wd.Recipe(lr=0.05, epochs=4)}
#: 3 λs × 2 seeds × (2 + 2·2) folds × 4 epochs
GIVEN = [0.0, 0.01, 1.0]
WHOLE = 3 * 2 * 6 * 4


def network() -> torch.nn.Module:
    return torch.nn.Linear(5, 1)


@pytest.fixture
def told():
    return Told()


class Told(list):
    def __call__(self, done, total):
        self.append((done, total))

    @property
    def done(self):
        return sum(done for done, _ in self)

    @property
    def totals(self):
        return list(dict.fromkeys(total for _, total in self))


def test_given_lambdas_have_a_known_end(told):
    wd.path(network, X, Y, weight_decay=GIVEN, progress=told, **HOW)
    assert told.totals == [WHOLE]
    assert told.done == WHOLE


def test_what_a_pilot_finds_is_not_known_before(told):
    found = wd.path(network, X, Y, progress=told, **HOW)
    assert told.totals[0] is None
    assert all(total > 0 for total in told.totals[1:])
    assert told.totals[1:] == sorted(told.totals[1:])  # more where the path was extended
    assert told.done == told.totals[-1] > len(found.weight_decay) * WHOLE // 3


def test_what_is_there_already_is_not_to_be_done(told, tmp_path, monkeypatch):
    monkeypatch.setattr("weightdecay.study._chunks.MOST_MEMBERS", 6)
    wd.path(network, X, Y, weight_decay=GIVEN, out=tmp_path, **HOW)
    chunks = sorted((tmp_path / "chunks").iterdir())
    assert len(chunks) > 2
    chunks[1].unlink()
    wd.path(network, X, Y, weight_decay=GIVEN, out=tmp_path, progress=told, **HOW)
    assert told.totals == [6 * 4]
    assert told.done == 6 * 4
    told.clear()
    wd.path(network, X, Y, weight_decay=GIVEN, out=tmp_path, progress=told, **HOW)
    assert told == []


@pytest.mark.parametrize("weight_decay", [GIVEN, "auto"])
def test_learning_rates_add_up(told, weight_decay):
    wd.grid(network, X, Y, lr=[0.01, 0.1], weight_decay=weight_decay, progress=told, **HOW)
    assert told.done == told.totals[-1]
    if weight_decay is GIVEN:
        assert told.totals == [2 * WHOLE]


def test_true_shows_it_on_stderr(monkeypatch, capsys):
    monkeypatch.setattr(bars, "EVERY", 0.0)
    wd.path(network, X, Y, weight_decay=GIVEN, progress=True, **HOW)
    out, err = capsys.readouterr()
    assert out == ""
    assert "100 %" in err


def test_nothing_is_shown_unless_asked(monkeypatch, capsys):
    monkeypatch.setattr(bars, "EVERY", 0.0)
    wd.path(network, X, Y, weight_decay=GIVEN, **HOW)
    assert capsys.readouterr() == ("", "")
