"""What is shown of the article's experiment: text for the terminal, figures, and a page."""

from weightdecay.report.article._figures import figures
from weightdecay.report.article._page import page
from weightdecay.report.article._text import text

__all__ = ["figures", "page", "text"]
