# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Every target sets up what it needs in .venv and .build, and reuses it the next time.

PYTHON ?= python3
BIN := .venv/bin
COLLECTION := .build/collections/ansible_collections/tenantops/entra

export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.build/collections
export ANSIBLE_HOME := $(CURDIR)/.build/ansible
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test unit integration browser bench lint sanity format build clean

help:
	@echo "make demo         approve apps on a simulated tenant: check, apply, apply again"
	@echo "make test         unit and integration tests"
	@echo "make unit         unit tests only"
	@echo "make integration  integration tests only"
	@echo "make browser      tests of the HTML report in Chromium; leaves screenshots in .build/browser"
	@echo "make bench        measure the speed against other ways; BENCH=--quick only shows that it works"
	@echo "make lint         ruff, mypy, yamllint, ansible-lint"
	@echo "make sanity       ansible-test's sanity tests, imports with each Python that is found"
	@echo "make format       format the Python code"
	@echo "make build        build the collection's archive in .build"
	@echo "make clean        remove everything that the targets made"

demo: .venv/run.stamp $(COLLECTION)
	@$(BIN)/python demo/run.py

test: .venv/test.stamp $(COLLECTION)
	$(BIN)/python -m pytest -n auto --dist loadfile

unit: .venv/test.stamp $(COLLECTION)
	$(BIN)/python -m pytest -n auto --dist loadfile tests/unit simulator/tests

integration: .venv/test.stamp $(COLLECTION)
	$(BIN)/python -m pytest -n auto --dist loadfile tests/integration

browser: .venv/browser.stamp $(COLLECTION)
	@command -v chromium >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium" && \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null; } || \
	  { echo "The program chromium is needed: install it, on Debian with: sudo apt-get install chromium"; exit 1; }
	$(BIN)/python -m pytest tests/browser

bench: .venv/bench.stamp $(COLLECTION)
	$(BIN)/python -m benchmarks.run $(BENCH)

lint: .venv/lint.stamp $(COLLECTION)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p ansible_collections.tenantops.entra.plugins -p entra_simulator
	$(BIN)/mypy tests/conftest.py tests/unit tests/integration tests/browser demo benchmarks
	$(BIN)/mypy simulator/tests
	$(BIN)/mypy .ci/sanity.py
	$(BIN)/yamllint --strict .
	PATH="$(CURDIR)/$(BIN):$$PATH" ansible-lint --offline --profile production

sanity: .venv/run.stamp
	@$(BIN)/python .ci/sanity.py

format: .venv/lint.stamp
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

build: .venv/run.stamp
	$(BIN)/ansible-galaxy collection build --force --output-path .build

clean:
	rm -rf .venv .build

# One environment in five layers: each stamp is made again when its list of requirements changes.

.venv/created.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is older or missing. Name one with: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up .venv (a minute the first time)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: .venv/created.stamp requirements.txt tests/requirements-run.txt simulator/pyproject.toml
	@$(BIN)/python -m pip install --quiet -r requirements.txt -r tests/requirements-run.txt
	@touch $@

.venv/bench.stamp: .venv/run.stamp tests/requirements-bench.txt
	@$(BIN)/python -m pip install --quiet -r tests/requirements-bench.txt
	@touch $@

.venv/test.stamp: .venv/bench.stamp tests/requirements-test.txt
	@$(BIN)/python -m pip install --quiet -r tests/requirements-test.txt
	@touch $@

.venv/browser.stamp: .venv/test.stamp tests/requirements-browser.txt
	@$(BIN)/python -m pip install --quiet -r tests/requirements-browser.txt
	@touch $@

.venv/lint.stamp: .venv/browser.stamp tests/requirements-lint.txt
	@$(BIN)/python -m pip install --quiet -r tests/requirements-lint.txt
	@touch $@

# Ansible finds collections by their path; the checkout may lie anywhere.
$(COLLECTION):
	@mkdir -p $(dir $@)
	@ln -sfn ../../../.. $@
