# The only front door, for people and for CI. `make` alone lists what there is.
# Needs python3 (3.11 or newer) and make; everything else is installed into .venv from hash-locked lists.

PYTHON  ?= python3
# Two cores are what a small CI machine has; more only helps the test stages.
WORKERS ?= 2
VENV    ?= .venv
# Where DigitalOcean publishes its API description, in one file.
DESCRIPTION_URL ?= https://api-engineering.nyc3.digitaloceanspaces.com/spec-ci/DigitalOcean-public.v2.yaml
BIN     := $(CURDIR)/$(VENV)/bin

export PATH := $(BIN):$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export VENV
# What `localcloud env` has put into a shell leads nowhere after `localcloud down`, and pip would not start.
$(foreach name,AWS_CA_BUNDLE SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE,$(if $(wildcard $($(name))),,$(eval unexport $(name))))
PYTEST := $(BIN)/pytest --no-header

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory
.PHONY: help setup setup-dev load lock description demo demo-nextjs pipeline down environment skeleton build galaxy test static lint units contract runs integration molecule sanity soak screenshots mutations bench matrix docs changelog clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# ── Environment ──────────────────────────────────────────────────────────────────────────────────────────────────────

setup: $(VENV)/.run ## Virtual environment with what running needs (nothing to do the second time)

setup-dev: $(VENV)/.dev

$(VENV)/.run: requirements/run.txt pyproject.toml .ci/setup .ci/collections collections/requirements.yml requirements/collections.txt
	@.ci/setup "$(PYTHON)" "$(VENV)" requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml .ci/setup .ci/collections collections/requirements.yml requirements/collections.txt
	@.ci/setup "$(PYTHON)" "$(VENV)" requirements/dev.txt
	@touch $(VENV)/.run $@

lock: ## Renew the lock files from requirements/*.in
	@test -x .cache/uv/bin/uv || { "$(PYTHON)" -m venv .cache/uv && .cache/uv/bin/pip install -q uv; }
	@for list in run load dev galaxy nextjs; do \
	  .cache/uv/bin/uv pip compile --quiet --no-config --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    requirements/$$list.in -o requirements/$$list.txt || exit 1; done

load: setup ## What playbooks/test_load.yml needs beside the rest
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/load.txt

description: setup ## Fetch the API description that localcloud and its tests are held to, into .cache
	@$(BIN)/python -m localcloud.instance.description_fetch "$(DESCRIPTION_URL)" .cache

# ── Seeing it work ───────────────────────────────────────────────────────────────────────────────────────────────────

demo: setup ## Build the whole environment on localcloud, with real software behind it, and show it
	@localcloud up
	@eval "$$(localcloud env)" && ansible-playbook site.yml
	@printf '\nWhat runs on this machine (localcloud status; its page opens in a browser):\n\n' && localcloud status
	@printf '%s\n' '' \
	  'Next, in this directory (localcloud keeps running until `make down`):' \
	  '  . $(VENV)/bin/activate && eval "$$(localcloud env)"' \
	  '  ansible-playbook site.yml                                  # again: changed=0' \
	  '  ansible-playbook playbooks/verify.yml                      # what is there against what is wanted' \
	  '  ansible-playbook playbooks/destroy.yml -e confirm=local -e destroy_data=true    # and away again'

demo-nextjs: setup ## A real Next.js app, built and deployed on localcloud; needs the registry of npm packages, takes minutes
	@.ci/nextjs

pipeline: setup ## From a commit of the app to a version that runs, and from a bad commit back, on localcloud
	@.ci/pipeline

down: ## Stop localcloud
	@if [ -x "$(BIN)/localcloud" ]; then localcloud down; fi

environment: ## A new inventory: NAME=minha-clinica PROFILE=resilient
	@.ci/environment "$(NAME)" "$(PROFILE)"

skeleton: ## A project around the installed collection: NAME=minha-clinica PROFILE=resilient FOLDER=../operations
	@.ci/skeleton "$(NAME)" "$(PROFILE)" "$(FOLDER)"

# ── Tests ────────────────────────────────────────────────────────────────────────────────────────────────────────────

test: setup-dev ## Everything: lint, sanity, unit, contract, integration and molecule tests
	@MAKE="$(MAKE)" .ci/stages static units contract runs

# Neither needs a whole core all the time.
static: setup-dev
	@$(MAKE) -k -j2 --output-sync=target lint sanity

lint: setup-dev ## Style, types and documentation of everything
	@.ci/lint

units: setup-dev ## Unit tests of framework and localcloud
	@$(PYTEST) -n $(WORKERS) tests/unit

contract: setup-dev ## localcloud against the official API description
	@$(PYTEST) -n $(WORKERS) tests/contract

# Each waits a good part of its time: for localcloud, for the forks of Ansible.
runs: setup-dev
	@$(MAKE) -k -j2 --output-sync=target integration molecule

integration: setup-dev ## Real ansible runs against localcloud
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m 'not soak' tests/integration

molecule: setup-dev ## Roles and playbooks: check, converge, idempotence, verify (SCENARIO=name for one)
	@.ci/molecule $(if $(SCENARIO),-s $(SCENARIO),--all $(WORKERS))

sanity: setup-dev ## ansible-test sanity
	@.ci/sanity

soak: setup-dev ## Long proofs with their figures: kills, faults, crowds, secrets; before a release, not in `make test`
	@$(PYTEST) -n $(WORKERS) tests/soak
	@$(PYTEST) -n $(WORKERS) --dist loadgroup -m soak tests/integration

screenshots: ## Reports in reports/ as a browser shows them, for a person to look at; needs Chromium, not in `make test`
	@.ci/screenshots

mutations: setup-dev ## Break small things, one after the other, and see that the tests see each; not in `make test`
	@$(BIN)/python -m tests.mutations

bench: setup-dev ## Figures, one JSON object a line
	@$(BIN)/python -m tests.bench

# The other half of what is declared: Python 3.11 takes ansible-core 2.19, a newer one 2.21. Whichever .venv is not; and
# where that is a Python 3.13, what 2.22 will change: masking, results, both ways to run a module.
matrix: ## The other ansible-core versions of the declared matrix, when a Python for them is on this machine
	@others="3.13 3.12"; "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 12))' && others=3.11; \
	for version in $$others; do \
	  for python in python$$version "$$HOME"/.pyenv/versions/$$version.*/bin/python; do \
	    if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	      exec $(MAKE) VENV=.venv-matrix PYTHON="$$python" matrix-tests; \
	    fi; \
	  done; \
	done; \
	echo "matrix: no Python $$others with venv on this machine, so only $$("$(PYTHON)" --version) was tested"

.PHONY: matrix-tests next-tests
matrix-tests: setup-dev
	@$(BIN)/ansible --version | head -1
	@.ci/sanity
	@$(PYTEST) -n $(WORKERS) tests/unit/plugins tests/integration/test_parity.py
	@$(PYTEST) tests/integration/test_site.py -k "first_run or second_run"
	@if "$(BIN)/python" -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then $(MAKE) next-tests; \
	else echo "matrix: $$("$(BIN)/python" --version) is too old for $$(sed -n 's/^\(ansible-core[^ ]*\).*/\1/p' requirements/next.txt)"; fi

# In the same environment; without its stamps, whoever comes next puts the locked version back. No sanity: that of the
# release candidate installs from elsewhere than a registry.
next-tests:
	@rm -f $(VENV)/.dev $(VENV)/.run
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --require-hashes -r requirements/next.txt
	@$(BIN)/ansible --version | head -1
	@$(PYTEST) -n $(WORKERS) tests/integration/test_parity.py tests/integration/test_controller_path.py

# ── Documentation ────────────────────────────────────────────────────────────────────────────────────────────────────

docs: setup-dev ## All pages and the reference as a site, docs/build/site; links are checked; minutes, not in `make test`
	@.ci/docs

build: setup ## The collection as an archive that ansible-galaxy installs, in build/
	@ansible-galaxy collection build --force --output-path build | sed "s|$(CURDIR)/||"

galaxy: build ## What Galaxy says of that archive when it is uploaded; before a release, not in `make test`
	@.ci/galaxy

changelog: setup-dev ## Turn the fragments into CHANGELOG.md, for a release
	@antsibull-changelog release

clean: ## Stop localcloud; remove environments, caches and what runs left behind
	@if [ -x "$(BIN)/localcloud" ]; then localcloud down >/dev/null 2>&1 || true; fi
	@rm -rf .venv .venv-* .localcloud* .cache .ansible .mypy_cache .pytest_cache .ruff_cache reports build dist docs/build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
