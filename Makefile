.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
UV := .venv/bin/uv
CODE := source-visma destination-asana webhook-listener integration_tests standalone benchmarks
SUITS = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $(1)))
# This machine's first interpreter up to 3.12, the newest that PyAirbyte declares; 3.13 does where there is no other.
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do $$p -c '$(call SUITS,12)' 2>/dev/null && echo $$p && exit; done; \
  for p in python3 python3.13; do $$p -c '$(call SUITS,13)' 2>/dev/null && echo $$p && exit; done)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: .venv/.ready .venv-engine/.ready ## everything the other targets need: .venv (connectors, tools), .venv-engine (PyAirbyte)

demo: setup ## both sandboxes, a first sync, three changes in Visma, a second sync (KEEP=1 leaves the board up)
	@$(PY) -m integration_tests.demo $(if $(KEEP),--keep)

test: setup ## every test that needs no Docker
	$(PY) -m pytest -m "not docker" -n 3 --dist worksteal $(ARGS)

coverage: setup ## the same tests, and which branches they reach in every process (at least 94 %, the listener 90 %)
	rm -rf .cache/coverage && mkdir -p .cache/coverage
	.venv/bin/coverage run -m pytest -m "not docker" -n 3 --dist worksteal $(ARGS)
	.venv/bin/coverage combine -q
	@failed=0; for gate in source_visma:94 destination_asana:94 webhook_listener:90; do \
	  echo "== branch coverage of $${gate%:*} (at least $${gate#*:} %)"; \
	  .venv/bin/coverage report --include="*/$${gate%:*}/*" --fail-under=$${gate#*:} || failed=1; done; exit $$failed

mutants: .venv-mutants/.ready ## small faults put into the pure rooms, which unit tests must notice (MODULE=documents/currency, or a sample: N=300 SEED=1)
	.venv-mutants/bin/python integration_tests/mutants.py $(if $(MODULE),--module $(MODULE)) $(if $(N),--sample $(N)) $(if $(SEED),--seed $(SEED))

lint: setup ## formatting, linting, types, doors between rooms
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/ruff check $(CODE)
	.venv/bin/mypy source-visma/source_visma
	.venv/bin/mypy --strict destination-asana/destination_asana
	.venv/bin/mypy --strict webhook-listener/webhook_listener
	.venv/bin/mypy standalone/sync.py
	.venv/bin/lint-imports

format: setup ## what lint would ask for, done
	.venv/bin/ruff check -q --fix $(CODE)
	.venv/bin/ruff format -q $(CODE)

bench: .venv-bench/.ready ## the connectors beside their peers, into docs/benchmarks.md (ARGS="--records 5000 --tasks 200 --rounds 1 --no-promises" for a quick look)
	$(PY) -m benchmarks.run $(ARGS)

builder: setup ## the one-file form of the source for the Connector Builder, into dist/: manifest.yaml and components.py
	@$(PY) source-visma/builder.py dist

images: ## the images of both connectors and of the webhook listener, tagged with their version and `dev`
	@for c in source-visma destination-asana webhook-listener; do \
	  v=$$(sed -n 's/^version = "\(.*\)"/\1/p' $$c/pyproject.toml); echo "visma-asana/$$c:$$v"; \
	  docker build -q -t visma-asana/$$c:$$v -t visma-asana/$$c:dev $$c || exit 1; done

test-images: setup ## the images as `docker run`, compose and Airbyte use them (after `make images`)
	$(PY) -m pytest -m docker $(ARGS)

lock: setup ## newest versions within the declared ranges into the lock files
	for c in source-visma destination-asana; do $(UV) pip compile -q -U --python-version 3.11 --generate-hashes --no-header --no-annotate --override $$c/overrides.txt -o $$c/requirements.lock $$c/pyproject.toml; done
	for l in requirements engine; do $(UV) pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $$([ $$l = engine ] || echo -c source-visma/requirements.lock) -o integration_tests/$$l.lock integration_tests/$$l.in; done
	$(UV) pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c integration_tests/requirements.lock -c source-visma/requirements.lock -o integration_tests/mutants.lock integration_tests/mutants.in
	$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-header --no-annotate -c source-visma/requirements.lock -c integration_tests/requirements.lock -o webhook-listener/requirements.lock webhook-listener/pyproject.toml

clean: ## removes the environments, caches and what the demo left
	rm -rf .venv .venv-engine .venv-bench .venv-mutants .demo dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis */dist */*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: $(wildcard */requirements.lock) integration_tests/requirements.lock $(wildcard */pyproject.toml)
	@"$(PYTHON)" -c '$(call SUITS,13)' 2>/dev/null || { echo "Python 3.11, 3.12 or 3.13 is needed, and $(or $(PYTHON),python3) is not one. Name one: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check uv==0.13.9
	$(UV) pip install -q --compile-bytecode --python $(PY) --no-deps --require-hashes $(patsubst %,-r %,$(filter %.lock,$^))
	$(UV) pip install -q --compile-bytecode --python $(PY) --no-deps $(patsubst %/pyproject.toml,-e %,$(filter %/pyproject.toml,$^))
	touch $@

.venv-engine/.ready: integration_tests/engine.lock | .venv/.ready
	$(UV) venv -q --allow-existing --python $(PY) .venv-engine
	$(UV) pip install -q --compile-bytecode --python .venv-engine/bin/python --no-deps --require-hashes -r $<
	touch $@

.venv-bench/.ready: benchmarks/peers.lock | setup
	$(UV) venv -q --allow-existing --python $(PY) .venv-bench
	$(UV) pip install -q --compile-bytecode --python .venv-bench/bin/python --no-deps --require-hashes -r $<
	touch $@

.venv-mutants/.ready: integration_tests/mutants.lock | .venv/.ready
	$(UV) venv -q --allow-existing --python $(PY) .venv-mutants
	$(UV) pip install -q --compile-bytecode --python .venv-mutants/bin/python --no-deps --require-hashes -r $<
	touch $@

.PHONY: help setup demo test coverage mutants lint builder bench format images test-images lock clean
