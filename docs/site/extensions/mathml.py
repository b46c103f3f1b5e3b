"""Formulas as MathML, which browsers draw by themselves: no script and no network."""

import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def mathml(tex: str, block: bool) -> str:
    """The formula `tex`, in lines where it has several, as a ``<math>`` element."""
    # docutils wants the braces that TeX lets one leave out.
    tex = re.sub(r"\\(t?frac)(\d)(\w)", r"\\\1{\2}{\3}", tex)
    tex = re.sub(r"\\(t?frac)(\d)(\\)", r"\\\1{\2}\3", tex)
    tex = re.sub(r"\\(hat|bar|tilde) ?([A-Za-z]|\\[A-Za-z]+)", r"\\\1{\2}", tex)
    # A script after an accent would go under and over it; so it hangs on nothing, beside it.
    tex = re.sub(r"(\\(?:hat|bar|tilde)\{[^{}]*\})(?=[_^])", r"\1{}", tex)
    tex = re.sub(r"\\sqrt(\d)", r"\\sqrt{\1}", tex)
    if block and r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    tex = tex.replace(r"\textstyle", "")
    try:
        return tex2mathml(tex, as_block=block)
    except Exception as error:
        error.add_note(f"in the formula {tex}")
        raise


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="formula">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True}
