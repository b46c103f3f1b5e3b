"""Where no bar can be drawn, a line now and then says how far it is and what is left."""

import pytest

from weightdecay.language import Words
from weightdecay.report import bars


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_short_work_says_nothing(clock, capsys):
    with bars(Words("en"), clock) as progress:
        for _ in range(50):
            clock.wait(1)
            progress("run", 1, 50)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("language", "end"),
    [("en", ": 30 %, 3 min so far, about 7 min left"), ("zh", "：30 %，已用 3 分钟，约剩 7 分钟")],
)
def test_a_line_a_minute_with_what_is_left(clock, capsys, language, end):
    with bars(Words(language), clock) as progress:
        progress("run", 0, 100)
        for _ in range(30):
            clock.wait(6)
            progress("run", 1, 100)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert lines[-1] == Words(language)("progress.run") + end


def test_long_work_is_told_in_hours(clock, capsys):
    with bars(Words("en"), clock) as progress:
        progress("run", 0, 100)
        for _ in range(2):
            clock.wait(3600)
            progress("run", 10, 100)
    assert "20 %, 2 h 0 min so far, about 8 h 0 min left" in capsys.readouterr().err


def test_nothing_is_said_of_the_end_where_it_is_not_known(clock, capsys):
    with bars(Words("en"), clock) as progress:
        progress("run", 0, None)
        clock.wait(120)
        progress("run", 5, None)
    assert capsys.readouterr().err.endswith("compiles): 2 min so far\n")


def test_what_is_to_do_may_grow(clock, capsys):
    with bars(Words("en"), clock) as progress:
        progress("run", 0, 10)
        clock.wait(60)
        progress("run", 10, 20)
    assert ": 50 %," in capsys.readouterr().err


def test_a_slower_pace_lengthens_what_is_left(clock, capsys):
    with bars(Words("en"), clock) as progress:
        progress("run", 0, 1000)
        for _ in range(10):
            clock.wait(60)
            progress("run", 50, 1000)
        for _ in range(20):
            clock.wait(60)
            progress("run", 5, 1000)
    last = capsys.readouterr().err.splitlines()[-1]
    # 400 are left: at the pace of the last ten minutes, 5 a minute, 80 min; at that of all, 20.
    assert last.endswith("about 1 h 20 min left")
