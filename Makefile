.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
UV := .venv/bin/uv
CODE := source-visma destination-asana webhook-listener integration_tests standalone deploy benchmarks releasing
PACKAGES := source-visma destination-asana webhook-listener
# Processes of the tests start sooner where Python keeps what it has compiled.
unexport PYTHONDONTWRITEBYTECODE
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
	$(PY) -m pytest -m "not docker and not release and not orchestrators" -n 3 --dist worksteal $(ARGS)

coverage: setup ## the same tests, and which branches they reach in every process (at least 94 %, the listener 90 %)
	rm -rf .cache/coverage && mkdir -p .cache/coverage
	.venv/bin/coverage run -m pytest -m "not docker and not release and not orchestrators" -n 3 --dist worksteal $(ARGS)
	.venv/bin/coverage combine -q
	@failed=0; for gate in source_visma:94 destination_asana:94 webhook_listener:90; do \
	  echo "== branch coverage of $${gate%:*} (at least $${gate#*:} %)"; \
	  .venv/bin/coverage report --include="*/$${gate%:*}/*" --fail-under=$${gate#*:} || failed=1; done; exit $$failed

soak: setup ## random episodes of changes, people, faults and kills, judged by the promises (EPISODES=30 SEED=1; SMALL=1 for short ones)
	$(PY) -m integration_tests.soak --episodes $(or $(EPISODES),30) --seed $(or $(SEED),1) $(if $(SMALL),--small)

mutants: .venv-mutants/.ready ## small faults put into the pure rooms, which unit tests must notice (MODULE=documents/currency, or a sample: N=300 SEED=1)
	.venv-mutants/bin/python integration_tests/mutants.py $(if $(MODULE),--module $(MODULE)) $(if $(N),--sample $(N)) $(if $(SEED),--seed $(SEED))

fuzz: setup ## damaged input for all three programs, new in each run, so many per test (N=500; ARGS="-k listener" for one of them)
	FUZZ=$(or $(N),500) $(PY) -m pytest --timeout=0 integration_tests/test_fuzz_*.py $(ARGS)

audit: setup ## the pins of all three programs against the database of known vulnerabilities (needs the internet; not in CI)
	for c in source-visma destination-asana webhook-listener; do $(UV) tool run -q pip-audit@2.10.1 --strict --require-hashes --disable-pip -r $$c/requirements.lock || exit 1; done

lint: setup ## formatting, linting, types, doors between rooms
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/ruff check $(CODE)
	.venv/bin/mypy --strict source-visma/source_visma source-visma/builder.py source-visma/stream_reference.py
	.venv/bin/mypy --strict destination-asana/destination_asana
	.venv/bin/mypy --strict webhook-listener/webhook_listener
	.venv/bin/mypy standalone/sync.py
	.venv/bin/lint-imports

format: setup ## what lint would ask for, done
	.venv/bin/ruff check -q --fix $(CODE)
	.venv/bin/ruff format -q $(CODE)

bench: .venv-bench/.ready ## the connectors beside their peers, into docs/benchmarks.md (ARGS="--records 5000 --tasks 200 --rounds 1 --no-promises" for a quick look, only printed)
	$(PY) -m benchmarks.run $(ARGS)

endurance: setup ## long runs at their whole size, memory, calls and time, into docs/benchmarks.md (ARGS="--scale 0.001" for a try, only printed)
	$(PY) -m benchmarks.endurance $(ARGS)

builder: setup ## the one-file form of the source for the Connector Builder, into dist/: manifest.yaml and components.py
	@$(PY) source-visma/builder.py dist

streams: setup ## docs/streams.md, from the manifest and the fields' descriptions
	@$(PY) source-visma/stream_reference.py docs/streams.md

images: ## the images of both connectors and of the webhook listener, tagged with their version and `dev`
	@$(PYTHON) -m releasing.images

push-images: ## the images, that of the standalone sync too, to a registry (REGISTRY=registry.example.com/data)
	@$(PYTHON) -m releasing.images --only $(PACKAGES) sync --registry $(REGISTRY) --push

test-images: setup ## the images as `docker run`, compose and Airbyte use them (after `make images`)
	$(PY) -m pytest -m docker -n 3 --dist worksteal $(ARGS) $(wildcard integration_tests/test_images*.py)

wheels: setup ## the packages of both connectors and of the listener, into dist/
	@rm -f dist/*.whl
	@for c in $(PACKAGES); do $(UV) build -q --wheel --out-dir dist $$c || exit 1; done; ls dist/*.whl

sboms: .venv-releasing/.ready ## what each package and image contains, from the lock files, as CycloneDX into dist/
	@mkdir -p dist; for c in $(PACKAGES); do .venv-releasing/bin/cyclonedx-py requirements $$c/requirements.lock \
	  --pyproject $$c/pyproject.toml --mc-type application --output-reproducible --output-format JSON -o dist/$$c.cdx.json || exit 1; done; ls dist/*.cdx.json

release: wheels sboms ## what a release publishes, into dist/: packages, bills of materials, notes (the images are `make images`)
	@$(PY) -m releasing.notes > dist/NOTES.md && echo dist/NOTES.md

test-release: wheels ## the packages, installed alone into fresh environments, and by PyAirbyte (needs a package index)
	$(PY) -m pytest -m release $(ARGS)

test-orchestrators: .venv-orchestrators/.ready ## the examples for Airflow, Dagster and Prefect, with those libraries
	$(PY) -m pytest -m orchestrators $(ARGS)

publish: .venv/.ready ## the packages in dist/ to the package index that UV_PUBLISH_TOKEN, or the workflow's identity, may write to
	$(UV) publish dist/*.whl

version: ## the version in all its places (V=1.4.0)
	@$(PYTHON) -m releasing.version $(V)

lock: setup ## newest versions within the declared ranges into the lock files
	for c in source-visma destination-asana; do $(UV) pip compile -q -U --python-version 3.11 --generate-hashes --no-header --no-annotate --override $$c/overrides.txt -o $$c/requirements.lock $$c/pyproject.toml; done
	$(UV) pip compile -q -U --no-deps --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o integration_tests/schemas.lock integration_tests/schemas.in
	$(UV) pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o releasing/tools.lock releasing/tools.in
	$(UV) pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o integration_tests/orchestrators.lock integration_tests/orchestrators.in
	for l in requirements engine; do $(UV) pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $$([ $$l = engine ] || echo -c source-visma/requirements.lock) -o integration_tests/$$l.lock integration_tests/$$l.in; done
	$(UV) pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c integration_tests/requirements.lock -c source-visma/requirements.lock -o integration_tests/mutants.lock integration_tests/mutants.in
	$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-header --no-annotate -c source-visma/requirements.lock -c integration_tests/requirements.lock -o webhook-listener/requirements.lock webhook-listener/pyproject.toml

clean: ## removes the environments, caches and what the demo left
	rm -rf .venv .venv-engine .venv-bench .venv-mutants .venv-releasing .venv-orchestrators .demo dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis */dist */*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: $(wildcard */requirements.lock) integration_tests/schemas.lock $(wildcard */pyproject.toml)
	@"$(PYTHON)" -c '$(call SUITS,13)' 2>/dev/null || { echo "Python 3.11, 3.12 or 3.13 is needed, and $(or $(PYTHON),python3) is not one. Name one: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -w . || { echo "This checkout is read-only, and make setup puts its environments into it. Use a checkout of your own." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check uv==0.13.9
	$(UV) pip install -q --compile-bytecode --python $(PY) --no-deps --require-hashes $(patsubst %,-r %,$(filter %.lock,$^))
	$(UV) pip install -q --compile-bytecode --python $(PY) --no-deps $(patsubst %/pyproject.toml,-e %,$(filter %/pyproject.toml,$^))
	touch $@

# An environment of its own for each lock file whose libraries the connectors must not share.
.venv-engine/.ready: integration_tests/engine.lock | .venv/.ready
.venv-bench/.ready: benchmarks/peers.lock | setup
.venv-mutants/.ready: integration_tests/mutants.lock | .venv/.ready
.venv-orchestrators/.ready: integration_tests/orchestrators.lock | .venv/.ready
.venv-releasing/.ready: releasing/tools.lock | .venv/.ready
$(addsuffix /.ready,.venv-engine .venv-bench .venv-mutants .venv-orchestrators .venv-releasing):
	$(UV) venv -q --allow-existing --python $(PY) $(@D)
	$(UV) pip install -q --compile-bytecode --python $(@D)/bin/python --no-deps --require-hashes -r $<
	touch $@

.PHONY: help setup demo test coverage fuzz audit soak mutants lint builder bench endurance format streams images push-images test-images wheels sboms release test-release test-orchestrators publish version lock clean
