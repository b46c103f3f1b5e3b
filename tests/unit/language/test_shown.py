"""Text of the user's on one short line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from weightdecay.language import shown


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(max_size=300))
def test_is_one_short_line_that_prints(text):
    line = shown(text)
    assert line.isprintable()
    assert len(line) <= 60


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text(max_size=60).filter(str.isprintable))
def test_what_is_short_and_prints_stays(text):
    assert shown(text) == text


def test_control_characters_are_spelt_out_and_the_middle_of_long_text_left_out():
    assert shown("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
    assert shown("begin" + "x" * 100 + "end").startswith("begin")
    assert shown("begin" + "x" * 100 + "end").endswith("end")
