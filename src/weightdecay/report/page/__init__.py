"""The interactive page of a study: what it shows as plain data, and that data as files.

:class:`Page` is all that a page shows, and its JSON is ``report.json``; ``html`` makes the document
that needs nothing else, ``markdown`` its static twin.
"""

from weightdecay.report.page._data import Page
from weightdecay.report.page._html import fragment, html
from weightdecay.report.page._markdown import markdown
from weightdecay.report.page._reading import load
from weightdecay.report.page._terminal import page_text
from weightdecay.report.page._writing import write_page

__all__ = ["Page", "fragment", "html", "load", "markdown", "page_text", "write_page"]
