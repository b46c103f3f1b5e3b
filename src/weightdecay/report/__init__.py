"""Text, figures and files, made from results alone."""

from weightdecay.report._drawing import save
from weightdecay.report._path import draw_path
from weightdecay.report._path_page import path_page
from weightdecay.report._progress import bars
from weightdecay.report._staging import staged

__all__ = ["bars", "draw_path", "path_page", "save", "staged"]
