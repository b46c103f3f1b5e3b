import pytest

from weightdecay.study import _chunks


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """Of 16 members, so that small studies have several."""
    monkeypatch.setattr(_chunks, "MOST_MEMBERS", 16)
