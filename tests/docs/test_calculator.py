"""The form on the site converts as :func:`weightdecay.convert` does."""

import json
import math
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest

from weightdecay.apply._conventions import CONVENTIONS
from weightdecay.apply._conventions_text import summary
from weightdecay.apply._convert import Refused, convert
from weightdecay.language import Words

SCRIPT = Path(__file__).parents[2] / "docs" / "site" / "static" / "convert.js"

# Asked of Node: the same conversions, by the form's own code.
ASK = """
const {{ convert, Refused }} = require({script});
const {{ conventions, cases }} = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const byName = Object.fromEntries(conventions.map((one) => [one.name, one]));
const answers = cases.map(({{ value, from, to, given, sgd }}) => {{
  try {{
    return String(convert(byName[from], byName[to], value, given, sgd));
  }} catch (error) {{
    if (!(error instanceof Refused)) throw error;
    return [error.reason, error.values];
  }}
}});
console.log(JSON.stringify(answers));
"""


def cases() -> list[dict]:
    """Every pair of conventions, with quantities in range, missing, and out of range."""
    draw = random.Random(0)
    made = []
    for source, target in product(CONVENTIONS, repeat=2):
        for turn in range(4):
            given = {
                "rows": draw.randint(1, 10**6),
                "batch_size": draw.randint(1, 4096),
                "epochs": draw.uniform(0.5, 300),
                "lr": 10 ** draw.uniform(-6, 0),
                "sigma": draw.uniform(0.01, 10),
                "l1_ratio": draw.choice([0.0, 1.0, draw.random()]),
                "momentum": draw.choice([0.0, draw.random()]),
                "dampening": draw.choice([0.0, draw.random()]),
                "outputs": draw.choice([1, 10]),
            }
            if turn == 2:
                given.pop(draw.choice(list(given)))
            if turn == 3:
                given[draw.choice(list(given))] = draw.choice([-1.0, 0.0, 1.0, 1.5])
            value = draw.choice([0.0, 10 ** draw.uniform(-8, 3), -1.0 if turn == 3 else 1.0])
            made.append(
                {"value": value, "from": source, "to": target, "given": given, "sgd": turn != 1}
            )
    return made


def by_python(case: dict) -> float | tuple[str, dict]:
    optimizer = "sgd" if case["sgd"] else None
    try:
        return convert(
            case["value"], case["from"], case["to"], optimizer=optimizer, **case["given"]
        )
    except Refused as refused:
        return refused.reason, {"argument": refused.argument, **refused.values}


def test_the_form_gives_what_python_gives() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node here: apt-get install nodejs")
    asked = cases()
    ran = subprocess.run(
        [node, "-e", ASK.format(script=json.dumps(str(SCRIPT)))],
        input=json.dumps({"conventions": summary(Words("en"))["conventions"], "cases": asked}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    refused = 0
    for case, answer in zip(asked, json.loads(ran.stdout), strict=True):
        expected = by_python(case)
        if isinstance(expected, tuple):
            refused += 1
            assert answer[0] == expected[0], case
            named = {k: v for k, v in expected[1].items() if k not in ("value", "argument")}
            assert {k: answer[1][k] for k in named} == named, case
        else:
            found = float(answer.replace("Infinity", "inf"))
            assert math.isclose(found, expected, rel_tol=1e-12), case
    assert 0 < refused < len(asked)
