.DEFAULT_GOAL := help
PY := .venv/bin/python

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

.venv/.ready: $(wildcard */requirements.lock integration_tests/*.lock */pyproject.toml)
	python3 -m venv .venv
	.venv/bin/python -m pip install -q --disable-pip-version-check uv
	.venv/bin/uv pip install -q --python $(PY) --no-deps --require-hashes -r source-visma/requirements.lock -r destination-asana/requirements.lock -r integration_tests/requirements.lock
	.venv/bin/uv pip install -q --python $(PY) --no-deps -e source-visma -e destination-asana
	touch $@

setup: .venv/.ready ## everything the other targets need

.PHONY: help setup
