"""What is shown of the chapter of Dive into Deep Learning: text for the terminal and figures."""

from weightdecay.report.d2l._figures import figures
from weightdecay.report.d2l._text import text

__all__ = ["figures", "text"]
