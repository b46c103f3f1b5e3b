"""What is shown of the chapter of Dive into Deep Learning: text, figures, and a page."""

from weightdecay.report.d2l._figures import figures
from weightdecay.report.d2l._page import page
from weightdecay.report.d2l._text import text

__all__ = ["figures", "page", "text"]
