# Few, obvious commands: `make help` lists them. Works with GNU make 3.81 and newer.

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
UV_VERSION := 0.13.9

# Otherwise pyright asks the package index for a newer version on every run. Its node is a locked wheel.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export PYTHON

.PHONY: help install demo pictures test lint format words lock clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED)  ## make .venv with the locked dependencies and kurs in it

# A virtual environment that is there already is kept, unless its Python is gone or too old.
$(INSTALLED): pyproject.toml requirements.lock
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    python=`sh scripts/find_python.sh` || exit 1; \
	    echo "Making $(VENV) with $$python"; \
	    "$$python" -m venv --clear $(VENV); }
	@echo "Installing the locked dependencies (the first time takes a minute or two)"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## run both examples end to end: get data, load, check, status, queries, why, report
	$(BIN)/python examples/records/fetch.py
	$(BIN)/kurs --project examples/records load
	$(BIN)/kurs --project examples/records check
	$(BIN)/kurs --project examples/records status
	$(BIN)/kurs --project examples/records query revenue orders aov --grain month --from 1998-01-01
	$(BIN)/python examples/shop/simulate.py
	$(BIN)/kurs --project examples/shop load
	$(BIN)/kurs --project examples/shop check
	$(BIN)/kurs --project examples/shop status
	$(BIN)/kurs --project examples/shop query conversion_rate \
	    --from 2026-11-20 --to 2026-12-13 --compare last_year_weekday
	$(BIN)/kurs --project examples/shop explain holiday_conversion --by channel
	@mkdir -p examples/shop/.kurs/reports
	@$(BIN)/kurs --project examples/shop report -o examples/shop/.kurs/reports/now.html
	@$(BIN)/kurs --project examples/shop report -o examples/shop/.kurs/reports/now.pdf
	@echo "The report of the shop: examples/shop/.kurs/reports/now.html, and the same as .pdf"
	@echo "The dashboard: $(BIN)/kurs --project examples/shop serve, then http://127.0.0.1:8400/ in a browser"

pictures: install  ## the pictures of the README, from the shop of `make demo`; needs Debian's chromium
	$(BIN)/python scripts/pictures.py

test: lint  ## all gates, then all tests
	$(BIN)/pytest -n auto --maxprocesses 8 -r fEsx

lint: install  ## ruff (rules and format), pyright (strict), the floors of the house
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

format: install  ## put the code in order: imports, quotes, line breaks
	$(BIN)/ruff check --fix-only --select I
	$(BIN)/ruff format

words: install  ## bring the catalogues of texts up to date with the code, and say what they lack
	$(BIN)/python -m kurs.words.catalogue extract
	$(BIN)/python -m kurs.words.catalogue update
	$(BIN)/python -m kurs.words.catalogue check

lock:  ## resolve pyproject.toml anew into requirements.lock (all platforms, Python 3.11 and up)
	@python=`sh scripts/find_python.sh` && "$$python" -m venv --clear .venv-lock
	@.venv-lock/bin/python -m pip --disable-pip-version-check install --quiet uv==$(UV_VERSION)
	.venv-lock/bin/uv pip compile pyproject.toml --group dev --group build --universal --python-version 3.11 \
	    --generate-hashes --upgrade --no-header --no-config --quiet -o requirements.lock
	@rm -rf .venv-lock

clean:  ## remove what can be made again: .venv, caches, the examples' stores
	rm -rf $(VENV) .venv-lock build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf examples/*/.kurs
	find src tests examples -type d -name __pycache__ -prune -exec rm -rf {} +
