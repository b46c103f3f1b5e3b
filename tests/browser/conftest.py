"""Chromium, one for all tests here; pages that must make no noise and ask for nothing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AXE = ROOT / "build" / "package" / "axe.min.js"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a document from a file; afterwards nothing may have gone wrong in any of them."""
    contexts, faults = [], []

    def show(
        document: str,
        fragment: str = "",
        scheme: str = "light",
        width: int = 1200,
        height: int = 800,
    ) -> Any:
        file = tmp_path / f"{len(contexts)}.html"
        file.write_text(document, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        address = file.as_uri()
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append("dialog"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:"))
                else faults.append(f"request: {request.url}")
            ),
        )
        page.goto(address + fragment)
        return page

    yield show
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        pytest.skip(f"no {AXE.relative_to(ROOT)}: .ci/run fetches axe-core")
    return AXE.read_text(encoding="utf-8")
