"""Run the benchmarks, and write the table of what they found.

    python benchmarks/all.py [NAME ...]        # make bench, make bench ONLY=article

Each is a script of its own, run with --json in a process of its own. What it found is kept in
benchmarks/results.json with its date and machine, beside what the others found before; from that
the tables of the site are written, docs/site/*/reference/benchmarks-table.txt. A benchmark that
fails keeps its old entry, and the exit status is 1.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
TABLES = {language: ROOT / "docs" / "site" / language / "reference" for language in ("en", "zh")}
REPORT = ROOT / "out" / "article" / "report.html"

Found = dict[str, Any]


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 20 else f"{ratio:.2g}×"


def _each(found: Found) -> str:
    return ", ".join(f"{case}: {_times(ratio)}" for case, ratio in found["ratio"].items())


def _article(found: Found) -> str:
    lanes, loop = found["lanes_seconds"] * 1e9, found["loop_seconds"] * 1e9
    return f"{_times(found['ratio'])} ({lanes:,.0f} ns, {loop:,.0f} ns)"


def _border(found: Found) -> str:
    batches: dict[int, list[str]] = {}
    for case in found["cases"]:
        size = f"{case['numbers']:,}: {_times(case['ratio'])}"
        batches.setdefault(case["batch"], []).append(size)
    return "; ".join(f"{rows} – {', '.join(sizes)}" for rows, sizes in batches.items())


def _overhead(found: Found) -> str:
    return ", ".join(f"{case['case']}: {case['ratio']:.3f}" for case in found["cases"])


def _tables(found: Found) -> str:
    cases = found["cases"].items()
    each = (f"{name}: {_times(c['ratio_path'])}; {_times(c['ratio'])}" for name, c in cases)
    return ", ".join(each)


def _scale(found: Found) -> str:
    cases = [f"{case['members']:,}: {case['more'] / 2**20:,.0f} MiB" for case in found["members"]]
    return ", ".join(cases)


def _page(found: Found) -> str:
    opened = (f"{_median(found[name]):.0f}" for name in ("fit", "paint", "hello"))
    return f"{', '.join(opened)} ms; {_median(found['handled']):.1f} ms"


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


@dataclass(frozen=True)
class Benchmark:
    """What a script measures, in both languages, and its figure from what it found."""

    en: str
    zh: str
    figure: Callable[[Found], str] | None = None
    arguments: tuple[str, ...] = ()
    #: Where the site shows all of it, for those with a page of their own.
    page: str | None = None


BENCHMARKS = {
    "article": Benchmark(
        "A training step of one of many article networks, lanes against plain PyTorch",
        "文章里那个网络的一步训练：lanes 一次训练许多个，对比普通 PyTorch",
        _article,
    ),
    "vmap": Benchmark(
        "A training step of a stacked member, vmap against plain PyTorch",
        "叠起来训练的一步：vmap 对比普通 PyTorch",
        _each,
    ),
    "border": Benchmark(
        "vmap's time over that of lanes, by rows of a batch – numbers of a network",
        "vmap 用时与 lanes 之比，按每批行数 – 网络的参数个数",
        _border,
    ),
    "overhead": Benchmark(
        "A step with an attached decay over one with torch's own",
        "装上衰减后的一步，与 torch 自带衰减的一步之比",
        _overhead,
    ),
    "tables": Benchmark(
        "GridSearchCV over scikit-learn's networks, its time over ours: for the same networks; "
        "with the verdict, which takes three times the steps",
        "套在 scikit-learn 网络外的 GridSearchCV，用时是我们的几倍："
        "只训练同样的网络；连同判定（步数是三倍）",
        _tables,
        ("--rounds", "1"),
    ),
    "scale": Benchmark(
        "Memory by networks: peak over what was there before",
        "随网络个数增长的内存：峰值减去开始时",
        _scale,
        ("--figure", "docs/figures/scale.png"),
    ),
    "page": Benchmark(
        "The page in a new tab: first fit drawn, on the screen, an empty page on the screen;"
        " a move of λ handled",
        "在新标签页里打开网页：画好第一张拟合图、显示出来、空白页显示出来；移动 λ 后处理完",
        _page,
        (str(REPORT.relative_to(ROOT)),),
    ),
    "quality": Benchmark(
        "Error on new rows, against GridSearchCV",
        "新数据上的误差，对比 GridSearchCV",
        page="tables.md",
    ),
    "calibration": Benchmark(
        "How often a verdict is wrong, and its interval beside the truth",
        "判定多久错一次，区间多久落空",
        page="calibration.md",
    ),
}


def machine() -> str:
    """The processor, its cores, and torch."""
    from importlib.metadata import version

    name = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        named = [line for line in cpus.read_text().splitlines() if line.startswith("model name")]
        name = named[0].partition(":")[2].strip() if named else name
    return f"{name}, {os.cpu_count()} cores, torch {version('torch')}"


def run(name: str) -> Found:
    """Run one and return its JSON."""
    benchmark = BENCHMARKS[name]
    if name == "page" and not REPORT.exists():
        subprocess.run(["weightdecay", "demo", "article", "--out", REPORT.parent], check=True)
    command = [sys.executable, f"benchmarks/{name}.py", *benchmark.arguments, "--json"]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: Found = json.loads(ran.stdout)
    return found


def table(results: dict[str, Any], language: str) -> Iterator[str]:
    """The lines of the table of the site."""
    heads = {
        "en": ("what is measured", "command", "found", "date", "machine", "not yet", "see"),
        "zh": ("量什么", "命令", "结果", "日期", "机器", "尚未", "见"),
    }
    *columns, not_yet, see = heads[language]
    yield f"| {' | '.join(columns)} |"
    yield "|---|---|---|---|---|"
    for name, benchmark in BENCHMARKS.items():
        command = f"`{' '.join(['python', f'benchmarks/{name}.py', *benchmark.arguments])}`"
        what = benchmark.en if language == "en" else benchmark.zh
        entry = results.get(name)
        if benchmark.page:
            figure = f"{see} [{benchmark.page.removesuffix('.md')}]({benchmark.page})"
        elif entry and benchmark.figure:
            figure = benchmark.figure(entry["found"])
        else:
            figure = not_yet
        when, where = (entry["date"], entry["machine"]) if entry else ("–", "–")
        yield f"| {what} | {command} | {figure} | {when} | {where} |"


def main() -> None:
    """Run, keep, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help="all if none is named")
    names = parser.parse_args().name or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    failed = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        begun = time.perf_counter()
        try:
            found = run(name)
        except (subprocess.CalledProcessError, json.JSONDecodeError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed.append(name)
            continue
        results[name] = {
            "date": date.today().isoformat(),
            "machine": machine(),
            "seconds": round(time.perf_counter() - begun),
            "found": found,
        }
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    for language, folder in TABLES.items():
        file = folder / "benchmarks-table.txt"
        file.write_text("\n".join(table(results, language)) + "\n", encoding="utf-8")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
