# Needs python3 (3.11 or newer), go, git and make; everything else is fetched into .venv and .tools.
# Recipes name relative paths only, so that the checkout may stand in a folder with spaces in its name.

PYTHON ?= python3
BIN := .venv/bin
TOOLS := .tools/bin
S ?= 1000

# What the wheel is made of, folders included: a file that is gone changes its folder. The dots tell the folder
# `schemas/.` from the target `schemas`.
SOURCES := $(shell find generator/. schemas/. templates/. tools/build_templates.py -not -name '__pycache__' -not -name '*.pyc') \
           pyproject.toml README.md CHANGELOG.md LICENSE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help test lint types imports unit demo acceptance benchmark golden schemas docs format pins wheel tools clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

test: lint types imports unit ## run every check and test, against the wheel as installed

lint: .venv/.dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: .venv/.dev
	$(BIN)/python -m mypy

imports: .venv/.dev
	$(BIN)/lint-imports --no-logo

# Not `python -m pytest`: that would put the checkout before the installed wheel on sys.path.
unit: export PATH := $(CURDIR)/$(TOOLS):$(PATH)
unit: .venv/.dev .venv/.wheel tools
	$(BIN)/pytest -n 2

demo: .venv/.wheel ## compile samples/shop into a temporary folder and show what came out
	@$(BIN)/python tools/demo.py samples/shop

acceptance: .venv/.wheel ## send every object of every sample to a real API server (builds one: 5 minutes, once)
	$(BIN)/python -m tests.acceptance.run

benchmark: export PATH := $(CURDIR)/$(TOOLS):$(CURDIR)/.tools/kapitan/bin:$(PATH)
benchmark: .venv/.wheel .tools/kapitan/.made ## compare platformc with its peers, at S=1000 microservices or as given
	$(PYTHON) tools/go_tools.py $(TOOLS) sops helm kustomize jsonnet
	$(BIN)/python -m tests.benchmarks.compare $(S)

golden: .venv/.wheel ## compile the samples again, over their committed output
	for sample in samples/*/; do (cd "$$sample" && "$(CURDIR)/$(BIN)/platformc" compile) || exit 1; done

schemas: .venv/.dev ## derive the Kubernetes schemas again from the pinned package
	$(BIN)/python tools/kubernetes_schemas.py

docs: .venv/.wheel ## write the reference again from the schema and the commands
	$(BIN)/python tools/reference.py
	$(BIN)/python -m tools.picture

format: .venv/.dev ## sort imports, fix what can be fixed, lay out the code
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

pins: ## choose the newest development dependencies and pin them
	$(PYTHON) tools/pins.py requirements-dev.txt

wheel: .venv/.wheel ## build the wheel into dist/ and install it into .venv

tools: ## fetch the tools written in Go into .tools/bin, where PATH does not offer them
	@$(PYTHON) tools/go_tools.py $(TOOLS) age-keygen sops kubeconform kustomize

clean: ## remove what was built and fetched here
	rm -rf .venv .tools dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A peer of the benchmark, with dependencies of its own.
.tools/kapitan/.made:
	$(PYTHON) -m venv .tools/kapitan
	.tools/kapitan/bin/python -m pip install --quiet 'kapitan[gojsonnet]==0.36.3'
	@touch $@

.venv/.made: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: '$(PYTHON)' is older than Python 3.11; name another: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.txt build hatchling jinja2 msgspec
	@touch $@

.venv/.wheel: .venv/.made $(SOURCES)
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.txt dist/*.whl
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps dist/*.whl
	@touch $@

.venv/.dev: .venv/.made
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@
