"""What a page shows, read back out of the browser."""

from typing import Any

ROOT = 'document.querySelector("weightdecay-page").shadowRoot'

#: Everything that waits for its turn, as before printing, with all tables closed again after.
BUILT = 'dispatchEvent(new Event("beforeprint")), dispatchEvent(new Event("afterprint"))'


def until(page: Any, condition: str) -> None:
    """Wait for a condition. Playwright's own way evaluates strings, which the page forbids."""
    for _ in range(250):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {condition}")


def built(page: Any) -> Any:
    """Return the page with every figure made."""
    page.evaluate(BUILT)
    return page


def number(text: str) -> float | None:
    """Return the number that is shown as `text`, None for one that does not exist."""
    if text == "–":
        return None
    plain = text.replace("−", "-")
    if "10" in plain and any(c in plain for c in "⁰¹²³⁴⁵⁶⁷⁸⁹"):
        head, _, power = plain.rpartition("10")
        exponent = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        factor = float(head.removesuffix("×")) if head.endswith("×") else float(f"{head}1")
        return factor * 10.0 ** int(exponent)
    return float(plain)


def tables(page: Any, figure: str) -> list[list[list[str]]]:
    """Open the numbers behind a figure, and return the cells of each of its tables."""
    page.evaluate(f'{ROOT}.querySelector("[data-figure={figure}] details").open = true')
    until(page, f'{ROOT}.querySelector("[data-figure={figure}] table") !== null')
    return page.evaluate(
        f"""[...{ROOT}.querySelectorAll("[data-figure={figure}] table")].map((table) =>
          [...table.tBodies[0].rows].map((row) =>
            [...row.cells].map((cell) => cell.textContent)))"""
    )


def move(page: Any, index: int) -> None:
    """Put the slider on the λ of an index."""
    page.evaluate(
        f"""(index) => {{
          const slider = {ROOT}.querySelector("input");
          slider.value = index;
          slider.dispatchEvent(new Event("input"));
        }}""",
        index,
    )


def chosen(page: Any) -> int:
    """Return the index of the λ in force."""
    return int(page.evaluate(f'{ROOT}.querySelector("input").value'))
