"""Pictures of a report as people see it, for the documentation.

    python tools/screenshots.py out/article/report.html [--folder docs/figures]

Writes page-wide.png, page-narrow.png, page-dark.png and page-zh.png: the first screens of the page
on a desk and on a telephone, in the dark, and in Chinese.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

#: Width and height of the picture, and what the address asks for.
PICTURES = {
    "wide": (1400, 1560, "lang=en&theme=light"),
    "narrow": (390, 1560, "lang=en&theme=light"),
    "dark": (1400, 1560, "lang=en&theme=dark"),
    "zh": (1400, 1560, "lang=zh&theme=light"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("docs/figures"))
    asked = parser.parse_args()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (width, height, state) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{asked.report.resolve().as_uri()}#{state}")
            page.wait_for_selector(".waiting", state="detached")
            page.screenshot(path=asked.folder / f"page-{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
