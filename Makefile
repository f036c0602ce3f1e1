# Few verbs. Each does its own set-up; only python3 (3.11 or newer) with venv, git and make are needed.
PYTHON ?= python3
BIN := .venv/bin
export UV_PROJECT_ENVIRONMENT := .venv

.PHONY: setup demo run test lint drill bench sbom audit

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	@$(BIN)/uv sync --frozen --inexact --quiet
	@touch .venv/.ready

demo: setup
	@$(BIN)/kintsugi demo

run: setup
	@$(BIN)/kintsugi run

lint: setup
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > /dev/null || $(BIN)/lint-imports
	@$(BIN)/deptry . 2> /dev/null || $(BIN)/deptry .

test: lint
	@$(BIN)/pytest -q

drill: setup
	@$(BIN)/pytest -q -m drill -n 0 -s

bench: setup
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python -P $$file || exit 1; done

# After every change of uv.lock: pins with hashes, the bill of materials, the licences.
sbom: setup
	@$(BIN)/uv sync --frozen --inexact --all-extras --quiet
	@$(BIN)/python -P deploy/supply_chain.py

# Known vulnerabilities of what is locked, asked of api.osv.dev.
audit: setup
	@$(BIN)/uv audit --frozen --preview-features audit-command
