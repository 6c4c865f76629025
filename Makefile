# Everything from a fresh clone needs Python 3.11 or newer and make; the rest is installed into .venv.

HOST ?= 127.0.0.1
PORT ?= 8000
TICK ?= 60
PORT_OFFSET ?= 0
ONCE ?=

VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run serve test lint clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1	/' | expand -t 16

run: $(INSTALLED) ## the main job on one machine, told step by step (ONCE=1 ends after it, PORT_OFFSET=100 moves the ports)
	@$(PYTHON) -m local.run --until-parent-ends --port-offset $(PORT_OFFSET) $(if $(filter-out 0,$(ONCE)),--once)

serve: $(INSTALLED) ## the application and its schedules against the settings in the environment (HOST, PORT, TICK)
	@$(PYTHON) -m local.serve --host $(HOST) --port $(PORT) --tick $(TICK)

test: lint ## ruff, mypy and all tests
	$(PYTHON) -m pytest

lint: $(INSTALLED)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

clean: ## remove what was installed and what runs left behind
	rm -rf $(VENV) .local .mypy_cache .ruff_cache .hypothesis

$(INSTALLED): requirements.txt requirements-dev.txt
	@for candidate in python3.13 python3.12 python3 python3.11; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found=$$candidate; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Stocktake needs Python 3.11 or newer: none of python3.13, python3.12, python3, python3.11 is one." >&2; exit 1; \
	fi; \
	echo "Installing what requirements-dev.txt pins into $(VENV) with $$($$found --version) (once, a minute or two) ..."; \
	rm -rf $(VENV); \
	$$found -m venv $(VENV) || { echo "$$found has no venv; on Debian: apt-get install python3-venv" >&2; exit 1; }; \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
