"""The documentation's site: one configuration for both languages, each a tree of its own.

``make docs`` calls ``sphinx-build -c docs/site -t LANGUAGE docs/site/LANGUAGE ...`` for each.
"""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

chinese = tags.has("zh")  # noqa: F821 - Sphinx puts `tags` here
project = "weightdecay"
author = "the authors of weightdecay"
copyright = "the authors of weightdecay, Apache-2.0"
version = release = metadata.version("weightdecay")
language = "zh_CN" if chinese else "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docstrings",
    "chinese",
    "mathml",
    "live",
    "calculator",
]
exclude_patterns = []
nitpicky = True
#: Names of other projects: nothing is fetched when the site is built.
OTHERS = "torch|numpy|np|xr|xarray|dataclasses|fnmatch|str|optuna"
nitpick_ignore_regex = [(r"py:.*", rf"({OTHERS})(\..*)?")]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4

# Extras, which need not be installed where the site is built.
autodoc_mock_imports = ["lightning", "transformers", "optuna", "ray"]
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_use_ivar = True
add_module_names = False
python_display_short_literal_types = True
maximum_signature_line_length = 88

html_math_renderer = "mathml"
html_theme = "furo"
html_title = "weightdecay"
html_static_path = ["static"]
html_css_files = ["site.css"]
templates_path = ["templates"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_context = {
    "twin": {"path": "en", "code": "en", "name": "English"}
    if chinese
    else {"path": "zh", "code": "zh-CN", "name": "中文"}
}
pygments_style = "friendly"
pygments_dark_style = "monokai"
