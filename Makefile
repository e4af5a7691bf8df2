# Everything that is done with this checkout, one command each: `make help`.

SITE ?= site
PORT ?= 8000
NEWSROOM_PORT ?= 8001
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help run dev test check format bench lock catalogues clean

help: ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Variables:  SITE=$(SITE) PORT=$(PORT) NEWSROOM_PORT=$(NEWSROOM_PORT)"

run: $(VENV)/run.installed ## Serve the demo edition; the first time everything is made.
	@$(BIN)/broadsheet demo --dir "$(SITE)" --port $(PORT) --newsroom-port $(NEWSROOM_PORT)

dev: $(VENV)/dev.installed ## The same, starting again whenever the code changes.
	@$(BIN)/broadsheet demo --dir "$(SITE)" --port $(PORT) --newsroom-port $(NEWSROOM_PORT) --reload

test: $(VENV)/dev.installed ## Run the whole suite: SQLite, PostgreSQL where one answers, the browser.
	@scripts/test.sh

check: $(VENV)/dev.installed ## Lint, types, layers, templates, migrations, catalogues.
	@scripts/check.sh

format: $(VENV)/dev.installed ## Put code and templates into their standing form.
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet . ; find src -path "*/templates/*.html" -print0 | xargs -0 $(BIN)/djhtml --tabwidth 2

bench: $(VENV)/dev.installed ## Measure, as ratios within one run (needs nginx and wrk).
	@$(BIN)/python -m benchmarks.edge
	@$(BIN)/python -m benchmarks.publishing
	@$(BIN)/python -m benchmarks.readers

lock: $(VENV)/dev.installed ## Choose and lock the newest libraries that pyproject.toml allows.
	@scripts/lock.sh

catalogues: $(VENV)/dev.installed ## Bring the catalogues of interface strings in step with the source.
	@BROADSHEET_SECRET_KEY=catalogues $(BIN)/python -m django catalogues --settings broadsheet.settings.test

clean: ## Delete the environment and caches; the site's folder stays.
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist test-results
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run.installed: requirements/run.txt pyproject.toml scripts/environment.sh
	@scripts/environment.sh run

$(VENV)/dev.installed: requirements/dev.txt pyproject.toml scripts/environment.sh
	@scripts/environment.sh dev
