# Everything a developer types. `make` alone prints this list.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime-installed
DEVELOPMENT := .venv/.development-installed
CODE := survey_app tests migrations bench wsgi.py
EXPLAINED := survey_app/stats survey_app/ask/instruments survey_app/hear/reading survey_app/know/measures \
	survey_app/know/aggregation survey_app/know/disclosure survey_app/know/evidence survey_app/show/charts
MAX_LINES := 400
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(DEVELOPMENT) ## Make .venv with everything developers need

.PHONY: demo
demo: $(RUNTIME) ## Load synthetic data and start everything on http://127.0.0.1:8000 (PORT=8080 changes it)
	@$(BIN)/python -m survey_app demo run

.PHONY: run
run: $(RUNTIME) ## Bring the database up to date and start web, jobs and one worker
	@$(BIN)/python -m survey_app db upgrade
	@$(BIN)/python -m survey_app serve

.PHONY: test
test: $(DEVELOPMENT) chromium pango postgresql ## Run all tests, on SQLite and PostgreSQL (ARGS="-k word" picks some)
	@$(BIN)/python -m pytest -n 3 $(ARGS)

.PHONY: test-long
test-long: $(DEVELOPMENT) ## Hold CONVERSATIONS=10000 simulated conversations in bad weather, and count what broke
	@$(BIN)/python -m pytest -n 2 -m long $(ARGS)
	@$(BIN)/python -m tests.simulation --conversations $(or $(CONVERSATIONS),10000) --seed $(or $(SEED),1) --workers 2

.PHONY: check
check: $(DEVELOPMENT) ## Check format, lint, types, import contracts, docstrings, templates and sizes; no tests
	@$(BIN)/ruff format --check --quiet $(wildcard $(CODE)) || { echo 'not formatted: run `make fix`'; exit 1; }
	@$(BIN)/ruff check --quiet $(wildcard $(CODE))
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > .venv/imports.txt 2>&1 || { cat .venv/imports.txt; exit 1; }
	@$(BIN)/numpydoc lint $$(find $(wildcard $(EXPLAINED)) -name '*.py' -not -path '*/drawing/*')
	@$(BIN)/djlint --lint --quiet survey_app
	@find $(wildcard survey_app tests bench) -name '*.py' -exec wc -l {} + | awk '$$2 != "total" && $$1 > $(MAX_LINES) \
		{print $$2 " has " $$1 " lines, at most $(MAX_LINES): split it"; bad = 1} END {exit bad}'
	@echo "check: all well"

.PHONY: fix
fix: $(DEVELOPMENT) ## Format, and correct what can be corrected safely
	@$(BIN)/ruff check --fix --quiet $(wildcard $(CODE)) || true
	@$(BIN)/ruff format $(wildcard $(CODE))

.PHONY: bench
bench: $(DEVELOPMENT) ## Print speed and load ratios, one `name: value` a line
	@$(BIN)/python -m bench

.PHONY: attack
attack: $(DEVELOPMENT) ## Attack the gate over WORLDS=20 random years, and print what was recovered and what it costs
	@$(BIN)/python -m tests.attacker --worlds $(or $(WORLDS),20) --seed $(or $(SEED),1) --workers 2

.PHONY: screenshots
screenshots: $(DEVELOPMENT) chromium ## Take the README's pictures, and one of every page in build/pictures, of a running `make demo`
	@PYTHONPATH=. $(BIN)/python docs/pictures/take.py $(or $(BASE),http://127.0.0.1:8000) --data-dir $(or $(DATA_DIR),.data)

.PHONY: lock
lock: $(DEVELOPMENT) ## Pin what requirements.in and requirements-dev.in ask for, with hashes
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			$$name.in --output-file $$name.txt; done

# ---- what the targets above stand on

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "This needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Say which with PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "$(PYTHON) cannot make a virtual environment: on Debian, apt-get install python3-venv"; exit 1; }

$(RUNTIME): requirements.txt | .venv/bin/python
	@echo "Installing what the product needs (about a minute, once) ..."
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what developers need (two minutes, once) ..."
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-dev.txt
	@touch $(RUNTIME) $@

# Playwright's own driver needs libatomic, which a bare Debian does not have.
.PHONY: chromium
chromium: $(DEVELOPMENT)
	@{ command -v chromium > /dev/null && $(BIN)/python -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2> /dev/null; } || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing Chromium for the browser tests ..."; \
		$(APT) update > /dev/null && $(APT) install -y --no-install-recommends chromium libatomic1 > /dev/null; \
	else $(BIN)/python -m playwright install chromium; fi

# WeasyPrint loads Pango when it is imported.
.PHONY: pango
pango: $(DEVELOPMENT)
	@$(BIN)/python -c 'import weasyprint' 2> /dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing Pango for the tests of documents ..."; \
		$(APT) update > /dev/null && $(APT) install -y --no-install-recommends \
			libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 > /dev/null; \
	else echo "Pango is missing: the tests of documents are skipped"; fi

# Without server binaries, and without root, the tests start the one from requirements-dev.txt.
.PHONY: postgresql
postgresql: $(DEVELOPMENT)
	@[ -n "$${TEST_DATABASE_URL:-}" ] || command -v initdb > /dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null \
		|| if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing PostgreSQL for the tests ..."; \
		$(APT) update > /dev/null && $(APT) install -y --no-install-recommends postgresql > /dev/null \
			|| echo "PostgreSQL could not be installed: using the one from its wheel"; fi
