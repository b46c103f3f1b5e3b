"""Text, figures and files, made from results alone."""

from weightdecay.report._drawing import save
from weightdecay.report._grid import draw_grid
from weightdecay.report._grid_page import Rate, grid_page
from weightdecay.report._path import draw_path
from weightdecay.report._path_page import path_page
from weightdecay.report._progress import bars
from weightdecay.report._staging import staged

__all__ = ["Rate", "bars", "draw_grid", "draw_path", "grid_page", "path_page", "save", "staged"]
