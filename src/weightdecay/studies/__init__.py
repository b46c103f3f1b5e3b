"""The study file: one study as a strict TOML file, and what it asks of ``path`` or ``grid``.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> text = '''
... [data]
... source = "diabetes"
... [model]
... hidden = [16]
... [recipe]
... epochs = 40
... batch_size = 32
... [study]
... weight_decay = [0.0, 0.01, 1.0]
... seeds = 4
... folds = 5
... '''
>>> with TemporaryDirectory() as folder:
...     file = Path(folder) / "study.toml"
...     _ = file.write_text(text, encoding="utf-8")
...     study = load(file, ["recipe.lr=0.005"])
>>> study.recipe.lr, study.decay.kind
(0.005, 'l2')

``build(study).run()`` runs it. docs/study-file.md describes every key.
"""

from weightdecay.studies._build import Arguments, build
from weightdecay.studies._load import load
from weightdecay.studies._schema import StudyFile, schema
from weightdecay.studies._summary import summary
from weightdecay.studies._write import resolved

__all__ = ["Arguments", "StudyFile", "build", "load", "resolved", "schema", "summary"]
