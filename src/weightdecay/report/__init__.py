"""Text, figures and files, made from results alone."""

from weightdecay.report._drawing import save
from weightdecay.report._grid_page import grid_page
from weightdecay.report._kinds_page import kinds_page
from weightdecay.report._lines import Line, draw_lines
from weightdecay.report._path import draw_path
from weightdecay.report._path_page import path_page
from weightdecay.report._progress import bars
from weightdecay.report._side import Side
from weightdecay.report._staging import staged

__all__ = [
    "Line",
    "Side",
    "bars",
    "draw_lines",
    "draw_path",
    "grid_page",
    "kinds_page",
    "path_page",
    "save",
    "staged",
]
