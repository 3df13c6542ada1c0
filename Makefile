# The interface of the project: make help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FEEDS ?=
AS_AT ?=
SIZE ?= full
# Half of the time that the tests take
NIGHTS := tests/night tests/orchestration
SQL := $(shell find dbt_project docs/queries -name '*.sql')

.DEFAULT_GOAL := help
.PHONY: help run up down test unit lint soak bench docs lock clean

help:  ## What there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'
	@echo "  Over your own deliveries: make run FEEDS=dir AS_AT=2026-03-31"

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' || \
	    { echo "Python 3.11 to 3.14 is needed; name one: make run PYTHON=python3.12"; exit 2; }
	@echo "Installing the environment into $(VENV) (once, two to three minutes) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --compile -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY)  ## Everything from nothing: the night over the fictional service's feeds (or FEEDS=dir AS_AT=date)
	@$(BIN)/yos run $(if $(FEEDS),--feeds "$(FEEDS)") $(if $(AS_AT),--as-at "$(AS_AT)")

up: $(READY)  ## Airflow's pages, PostgreSQL and a mail catcher, kept running
	@$(BIN)/yos up

down: $(READY)  ## Stop what make up started
	@$(BIN)/yos down

test: $(READY)  ## All tests but the long ones, and lint; whole nights run beside the rest
	@mkdir -p var
	@$(BIN)/python -m pytest -m "not soak" $(NIGHTS) > var/test-night.txt 2>&1 & night=$$!; \
	    $(BIN)/python -m pytest -m "not soak" $(NIGHTS:%=--ignore=%); rest=$$?; \
	    $(MAKE) --no-print-directory lint; lint=$$?; \
	    wait $$night; night=$$?; cat var/test-night.txt; exit $$((rest + lint + night))

unit: $(READY)  ## The inner loop: tests that need no server (seconds)
	@$(BIN)/python -m pytest -x -m "not soak and not slow and not server" tests/sources tests/fictional tests/door tests/history \
	    tests/dbt_project tests/test_*.py

lint: $(READY) var/sql-lint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/mypy

# Two minutes of parsing for all of it: only what changed since it was last found good, unless what all of it hangs on did.
var/sql-lint: $(SQL) .sqlfluff requirements.lock | $(READY)
	@$(BIN)/sqlfluff lint --nocolor --disable-progress-bar $(filter-out dbt_project/macros/% .sqlfluff requirements.lock,$(if $(filter dbt_project/macros/% .sqlfluff requirements.lock,$?),$(SQL),$?))
	@mkdir -p var && touch $@

soak: $(READY)  ## Everything that takes long; goes on where it stopped
	@$(BIN)/python -m pytest -m soak

bench: $(READY)  ## The budgets, as ratios (SIZE=small is quicker and rougher)
	@$(BIN)/python -m yos_warehouse.bench --size $(SIZE)

docs: $(READY)  ## Contract pages with their checks, data dictionary
	@$(BIN)/yos docs

lock:  ## Resolve requirements.lock anew (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header --all-extras --upgrade pyproject.toml -o requirements.lock

clean:  ## Remove what runs have written (the environment stays)
	@test ! -x $(BIN)/yos || $(BIN)/yos down
	@rm -rf var
