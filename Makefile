# Comment Desk: `make demo` opens the running product, `make test` passes the tests.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= $(HOME)/.local/share/comment-desk/demo
STAMP := $(VENV)/.installed

.PHONY: install demo demo-reset test check format lint types contracts bench bench-spikes lock clean

install: $(STAMP)

demo: $(STAMP)
	$(BIN)/comment-desk demo --data "$(DEMO_DATA)"

demo-reset:
	rm -rf "$(DEMO_DATA)"

test: $(STAMP)
	$(BIN)/pytest

check: format lint types contracts

format: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/pyright

contracts: $(STAMP)
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python tests/bench/intake.py

bench-spikes: $(STAMP)
	$(BIN)/python tests/bench/spikes/run.py

# Everything that is installed is pinned by hash; the desk itself is installed in place.
$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

# For maintainers, after changing the dependencies in pyproject.toml; needs uv.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
