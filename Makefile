# Two commands for everyone: `make demo` and `make test`. Each sets up .venv first, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test test-slow check docs bench install extras
.DELETE_ON_ERROR:

demo: $(INSTALLED)
	$(BIN)/weightdecay demo article --out out/article

# On two processes: most tests keep one core busy. The tests of a file share what is made for it.
test: $(INSTALLED)
	$(BIN)/pytest -n 2 --dist loadfile

test-slow: $(INSTALLED)
	$(BIN)/pytest -n 2 --dist loadgroup -m slow

check: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The site, in English and Chinese: build/docs/index.html. Each page's code is run as it is built.
docs: $(VENV)/.docs
	for language in en zh; do \
		$(BIN)/python -m sphinx --nitpicky --fail-on-warning --keep-going --fresh-env --quiet \
			-c docs/site -t $$language docs/site/$$language build/docs/$$language || exit 1; \
	done
	cp docs/site/index.html build/docs/
	$(BIN)/python tools/links.py build/docs

# All benchmarks, for hours; their table is what the site shows. One: make bench ONLY=article.
bench: $(INSTALLED)
	$(BIN)/python benchmarks/all.py $(ONLY)

install: $(INSTALLED)

# What more of the tests need: Lightning, transformers, Optuna, Ray, and the packages that
# tests/originals compares with; timm without torchvision, which is not needed there.
extras: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[lightning,transformers,optuna,ray,originals]'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps timm

# Again only if what is to be installed has changed.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name it: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/.docs: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[docs]'
	@touch $@
