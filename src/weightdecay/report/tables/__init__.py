"""What was found in a table, in words and figures."""

from weightdecay.report.tables._compare_text import compare_text
from weightdecay.report.tables._figures import figures
from weightdecay.report.tables._fit_text import text
from weightdecay.report.tables._predict_text import predict_text

__all__ = ["compare_text", "figures", "predict_text", "text"]
