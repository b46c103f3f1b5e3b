"""How fast the interactive page opens and answers, in headless Chromium.

    python benchmarks/page.py REPORT.html [--opens N] [--json]

The page is opened in new tabs of a running browser, as from a click on the file, and as the first
page of browsers of their own. Either way it takes turns with an empty page ("hello", no script),
whose figures are what the browser itself needs. Times are in milliseconds from the start of
navigation: to the mark that the script sets when the first fit is drawn; and to the first
contentful paint, when the frame with header, slider and that fit is on the screen. A drag is λ
moved through every stop and back with the figures all built: the time until its event has been
handled, and until the frame after it has been handed over for painting.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

CHROMIUM = "/usr/bin/chromium"

PAINT = """
() => new Promise((done) => {
  new PerformanceObserver((list) => {
    const [first] = list.getEntriesByName("first-contentful-paint");
    if (first) done(first.startTime);
  }).observe({ type: "paint", buffered: true });
})
"""

FIT = "performance.getEntriesByName('weightdecay-first-fit')[0]?.startTime ?? null"

DRAG = """
async () => {
  const input = document.querySelector("weightdecay-page").shadowRoot.querySelector("input");
  const last = Number(input.max);
  const stops = [...Array(last + 1).keys()];
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(null);
  }));
  const handled = [], shown = [];
  for (const stop of [...stops, ...stops.reverse()]) {
    await painted();
    const start = performance.now();
    input.value = stop;
    input.dispatchEvent(new Event("input"));
    handled.push(performance.now() - start);
    shown.push((await painted()) - start);
  }
  return { handled, shown };
}
"""


Times = dict[str, list[float]]


def started(driver: Playwright) -> Browser:
    return driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def opened(browser: Browser | BrowserContext, file: Path) -> Page:
    page = browser.new_page()
    page.goto(file.as_uri(), wait_until="commit")
    return page


def in_tabs(context: BrowserContext, files: dict[str, Path], opens: int) -> Times:
    """In one window: a new one would load pages of the browser's own meanwhile."""
    times: Times = {name: [] for name in (*files, "fit")}
    opened(context, files["hello"]).wait_for_timeout(3000)  # it is running now, and its window open
    for _ in range(opens):
        for name, file in files.items():
            page = opened(context, file)
            times[name].append(page.evaluate(PAINT))
            if name == "paint":
                times["fit"].append(page.evaluate(FIT))
            page.close()
    return times


def alone(driver: Playwright, files: dict[str, Path], opens: int) -> Times:
    times: Times = {f"first_{name}": [] for name in files}
    for _ in range(opens):
        for name, file in files.items():
            with started(driver) as browser:
                times[f"first_{name}"].append(opened(browser, file).evaluate(PAINT))
    return times


def measure(report: Path, opens: int) -> Times:
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.html")
        hello.write_text('<!doctype html><meta charset="utf-8"><p>hello', encoding="utf-8")
        files = {"hello": hello, "paint": report}
        with started(driver) as browser:
            context = browser.new_context(viewport={"width": 1400, "height": 900})
            times = in_tabs(context, files, opens)
            page = opened(context, report)
            page.wait_for_timeout(2000)  # every figure is built
            times |= page.evaluate(DRAG)
        return times | alone(driver, files, opens)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--opens", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    times = measure(asked.report.resolve(), asked.opens)
    if asked.json:
        print(json.dumps(times))
        return
    print(f"{asked.report}: {asked.report.stat().st_size / 1e6:.2f} MB")
    names = {
        "hello": "in a tab: empty page shown",
        "fit": "in a tab: first fit drawn",
        "paint": "in a tab: report shown",
        "first_hello": "a browser's first: empty page",
        "first_paint": "a browser's first: report shown",
        "handled": "λ moved: event handled",
        "shown": "λ moved: frame handed over",
    }
    for key, name in names.items():
        got = sorted(times[key])
        middle = statistics.median(got)
        print(f"{name:32} median {middle:6.1f} ms, {got[0]:.1f} to {got[-1]:.1f}, of {len(got)}")


if __name__ == "__main__":
    main()
