"""What was found in a table, in words, figures and pages."""

from weightdecay.report.tables._compare_page import compare_page
from weightdecay.report.tables._compare_text import compare_text
from weightdecay.report.tables._figures import figures
from weightdecay.report.tables._fit_text import text
from weightdecay.report.tables._page import page
from weightdecay.report.tables._predict_text import predict_text

__all__ = ["compare_page", "compare_text", "figures", "page", "predict_text", "text"]
