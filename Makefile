# Etude. `make run` and `make test` need Python 3.11-3.13, make and the package registries.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VERSION := $(shell $(PYTHON) -c 'import sys; v = sys.version_info[:2]; print("%d.%d" % v if (3, 11) <= v < (3, 14) else "")' 2>/dev/null)
VENV ?= .venv
BIN := $(VENV)/bin
# What is set up leaves a stamp; whatever is newer than its stamp is set up again.
STAMPS := $(VENV)/stamps
TOOLS := $(VENV)/tools
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/__pycache__/*')
# Processes of the test run; two fit two cores.
N ?= 2

.DEFAULT_GOAL := help
.PHONY: help run setup setup-test build test test-long test-quick check format seed reset bench mutants lock sbom audit clean

help: ## Show what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: setup ## Set up what is missing, then start Etude on HOST:PORT (127.0.0.1:8002)
	@exec $(BIN)/python -m config.launcher

setup: $(STAMPS)/packages frontend/dist/.inputs

setup-test: setup $(STAMPS)/test-packages $(STAMPS)/chromium

# An environment of our own; one of another Python version is made anew.
$(STAMPS)/python-$(VERSION):
	@test -n "$(VERSION)" || { echo "Etude needs Python 3.11, 3.12 or 3.13. Name one: make run PYTHON=/path/to/python3.12"; exit 1; }
	@test "$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = $(VERSION) \
		|| { echo "set-up | virtual environment …"; $(PYTHON) -m venv --clear $(VENV); } \
		|| { echo "This Python cannot make virtual environments. On Debian: apt install python3-venv"; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: requirements.lock frontend/requirements.lock $(STAMPS)/python-$(VERSION)
	@echo "set-up | packages …"
	@config/launcher/install.sh $(BIN)/python requirements.lock frontend/requirements.lock
	@touch $@

$(STAMPS)/test-packages: requirements-dev.lock $(STAMPS)/packages
	@echo "set-up | packages for tests and checks …"
	@config/launcher/install.sh $(BIN)/python requirements-dev.lock
	@touch $@

$(STAMPS)/chromium: tests/browser/chromium.py $(STAMPS)/test-packages
	@$(BIN)/python -m tests.browser.chromium
	@touch $@

frontend/dist/.inputs: $(FRONTEND) $(STAMPS)/packages
	@$(BIN)/python frontend/install_and_build.py
	@touch $@

build: setup ## Build scripts and styles into frontend/dist
	@$(BIN)/python frontend/install_and_build.py

test: setup-test ## The whole suite: PostgreSQL and Valkey, then SQLite, then browser
	@$(BIN)/python -m tests.run_all -n $(N)

test-long: setup-test ## Proofs that take minutes: outages of real services, every attack on the sandbox
	@$(BIN)/python -m tests.run_all --long -n $(N)

test-quick: setup-test ## The suite on SQLite without browser and slow tests: K=words to choose
	@ETUDE_TEST_DB=sqlite $(BIN)/python -m pytest -q -n $(N) -m "not browser and not slow and not long" -k "$(K)"

check: setup-test ## Lint, format, types, import direction, migrations, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -m tests.types
	$(BIN)/python frontend/install_and_build.py --types

format: setup-test ## Put code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

seed: setup ## Migrations, question banks and demo people, without starting anything
	@$(BIN)/python -m config.launcher.data

reset: setup ## Forget all data under var/ and seed anew
	@$(BIN)/python -m config.launcher.data --reset

bench: setup-test ## Measure against a peer and at size, see bench/README.md; QUICK=1: rougher
	@$(BIN)/python -m bench $(if $(QUICK),--quick)
	@$(BIN)/python -m bench.diagnostics $(if $(QUICK),--sessions 5000 --faults 500)
	@$(BIN)/python -m bench.tracking_lists $(if $(QUICK),--small)

$(STAMPS)/mutants: requirements-mutants.lock $(STAMPS)/test-packages
	@config/launcher/install.sh $(BIN)/python requirements-mutants.lock
	@touch $@

mutants: setup-test $(STAMPS)/mutants ## Would the tests notice? COUNT=100 small faults by a fixed SEED=13, APP= for one folder or file
	@$(BIN)/python -m tests.mutants --count $(or $(COUNT),100) --seed $(or $(SEED),13) --jobs $(N) --only "$(APP)"

lock: setup ## Pin what the requirements draw in, by hash: ADD=name to bring a package up to date
	@config/launcher/lock.sh $(BIN)/uv $(ADD)

# Tools that look at our packages stand apart from them.
$(TOOLS)/installed: requirements-tools.lock $(STAMPS)/packages
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(TOOLS)
	@$(BIN)/uv pip install --quiet --require-hashes --python $(TOOLS)/bin/python -r requirements-tools.lock
	@touch $@

sbom: $(TOOLS)/installed ## List all packages we ship (CycloneDX) in var/sbom
	@$(BIN)/python -m tests.supply_chain sbom $(TOOLS)/bin

audit: $(TOOLS)/installed ## Ask for known faults of the packages we ship, where the lists can be reached
	@$(BIN)/python -m tests.supply_chain audit $(TOOLS)/bin

clean: ## Remove everything that can be made again; data under var/ stays
	rm -rf .venv bench/.venv frontend/node_modules frontend/dist test-results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
