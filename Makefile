# The verbs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup format check test-unit test-contracts test-integration test-conformance test-e2e test run up down bench docs docs-check dead-letters migrate model-replies service lock clean

help:  ## list the verbs
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F ':.*?## ' '{printf "  %-18s %s\n", $$1, $$2}'

setup: $(VENV)/.installed  ## make the environment from the hashed requirements

$(VENV)/.installed: requirements.lock.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked requirements (about a minute the first time)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock.txt
	@touch $@

format: setup  ## format and repair what can be repaired
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

check: setup  ## format, lint, types, import arrows, unit and contract tests: under a minute
	@$(PY) -m deploy.check

test-unit: setup  ## tests without any input or output
	@$(PY) -m pytest tests/unit $(ARGS)

test-contracts: setup  ## the event contracts and what is generated from them
	@$(PY) -m pytest tests/contracts $(ARGS)

test-integration: setup  ## one service at a time with real servers
	@$(PY) -m pytest tests/integration $(ARGS)

test-conformance: setup  ## the plumbing of all five services under faults
	@$(PY) -m pytest tests/conformance $(ARGS)

test-e2e: setup  ## all processes together, and the pages in a browser
	@$(PY) -m pytest tests/e2e $(ARGS)

test: setup  ## everything
	@$(PY) -m deploy.check --only lint
	@$(PY) -m pytest tests $(ARGS)

run: setup  ## the main job: real overdue loans through the whole flow (ARGS="--exit --summary FILE --days N --data FILE --cases N")
	@$(PY) -m deploy.sandbox $(ARGS)

up: setup  ## the local stack alone, with the data of last time
	@$(PY) -m deploy.local up $(ARGS)

down: setup  ## stop what `make up` started
	@$(PY) -m deploy.local down

bench: setup  ## measure against the raw baseline (ARGS="--json FILE")
	@$(PY) -m tests.bench $(ARGS)

docs: setup  ## generate schemas, examples, AsyncAPI, OpenAPI, topology, tables
	@$(PY) -m docs.generate

docs-check: setup  ## fail if something generated is stale
	@$(PY) -m docs.generate --check

service: setup  ## run one role: SERVICE=outreach ROLE=api
	@$(PY) -m services.$(SERVICE) $(ROLE)

migrate: setup  ## bring a service's database up to date: SERVICE=outreach
	@$(PY) -m services.$(SERVICE) migrate

model-replies: setup  ## train the reader of replies again (ARGS=--check fails if it would come out differently)
	@$(PY) -m deploy.models.replies $(ARGS)

dead-letters: setup  ## cases in quarantine: SERVICE=outreach ARGS="list | show KEY | release KEY | discard KEY"
	@$(PY) -m services.$(SERVICE) dead-letters $(or $(ARGS),list)

lock: setup  ## resolve pyproject.toml into requirements.lock.txt again
	@$(PY) -m venv .local/uv && .local/uv/bin/pip install --quiet uv && .local/uv/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:local --group pyproject.toml:dev pyproject.toml -o requirements.lock.txt

clean:  ## remove everything that was made here
	@rm -rf $(VENV) .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
