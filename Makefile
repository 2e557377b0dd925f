# Everything runs in .venv, which `make setup` builds. `make` alone lists the targets.

PYTHON ?= python3.11
LIBRARY ?= library
PORT ?= 8000
PYTEST_ARGS ?= -n 2 --dist loadfile

BIN := .venv/bin
READY := .venv/.ready
DEMO_LIBRARY := demo-library
DEMO_QUESTION := How many officials had been trained in Moldova by the end of 2023?
BENCHMARKS ?= benchmarks.embedding benchmarks.search benchmarks.page

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-ask serve test lint bench samples clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## build .venv with everything the project needs

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mmsearch needs Python 3.11 or newer; name one with PYTHON=...")'
	@echo "Installing into .venv (some minutes the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt \
		--config-settings editable_mode=compat -e '.[dev]'
	@touch $@

demo: demo-ask ## load the samples, ask them a question, then serve the page
	@$(BIN)/mmsearch serve --library $(DEMO_LIBRARY) --port $(PORT)

demo-ask: setup ## load the samples and ask them a question
	@$(BIN)/mmsearch ingest samples/library --manifest samples/library/manifest.csv --library $(DEMO_LIBRARY)
	@echo
	@$(BIN)/mmsearch ask "$(DEMO_QUESTION)" --library $(DEMO_LIBRARY)

serve: setup ## serve LIBRARY (default "library") on PORT (default 8000)
	@$(BIN)/mmsearch serve --library $(LIBRARY) --port $(PORT)

lint: setup ## check style, types and layers
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > .lint-imports.log || { cat .lint-imports.log; exit 1; }

test: lint ## check everything: lint, then every test
	@$(BIN)/python -m pytest -q $(PYTEST_ARGS)

bench: setup ## measure: each line says what, on what, and the figure
	@for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m $$name || exit 1; done

samples: setup ## write the sample documents anew from samples/source
	@$(BIN)/python -m samples.make samples/library

clean: ## remove .venv, the demo library and every cache
	rm -rf .venv $(DEMO_LIBRARY) build *.egg-info .lint-imports.log
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
