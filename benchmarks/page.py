"""How fast the interactive page opens and answers, in headless Chromium.

    python benchmarks/page.py REPORT.html [--opens N] [--json]

Every open is in a browser of its own, as from a click on the file, and takes turns with an empty
page ("hello", no script), whose figures are what the browser itself needs. Times are in
milliseconds from the start of navigation: to the first contentful paint, which is the frame with
header, slider and the first fit; and to the mark that the script sets when that fit is drawn. A
drag is λ moved through every stop and back with the figures all built: the time until its event
has been handled, and until the frame after it has been handed over for painting.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

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


def opened(browser: Browser, file: Path) -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(file.as_uri(), wait_until="commit")
    return page


def measure(report: Path, opens: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in ("hello", "paint", "fit")}
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.html")
        hello.write_text('<!doctype html><meta charset="utf-8"><p>hello', encoding="utf-8")
        for _ in range(opens):
            for name, file in (("hello", hello), ("paint", report)):
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = opened(browser, file)
                times[name].append(page.evaluate(PAINT))
                if name == "paint":
                    times["fit"].append(page.evaluate(FIT))
                browser.close()
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = opened(browser, report)
        page.wait_for_timeout(2000)  # every figure is built
        drag = page.evaluate(DRAG)
        browser.close()
    return times | drag


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--opens", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    times = measure(asked.report.resolve(), asked.opens)
    if asked.json:
        print(json.dumps(times))
        return
    print(f"{asked.report}: {asked.report.stat().st_size / 1e6:.2f} MB")
    opens = zip(times["paint"], times["hello"], strict=True)
    times["own"] = [report - empty for report, empty in opens]
    names = {
        "hello": "first paint of an empty page",
        "paint": "first paint of the report",
        "own": "what the report adds to it",
        "fit": "first fit drawn",
        "handled": "λ moved: event handled",
        "shown": "λ moved: frame handed over",
    }
    for key, name in names.items():
        got = sorted(times[key])
        middle = statistics.median(got)
        print(f"{name:32} median {middle:6.1f} ms, {got[0]:.1f} to {got[-1]:.1f}, of {len(got)}")


if __name__ == "__main__":
    main()
