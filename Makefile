# Everything from a fresh clone needs Python 3.11 or newer and make; the rest is installed into .venv.

HOST ?= 127.0.0.1
PORT ?= 8000
TICK ?= 60
WORKERS ?= 1
PORT_OFFSET ?= 0
ONCE ?=
ROWS ?= 5000000
ROUNDS ?= 3
STAGE ?=
BUCKET ?=
FILE ?=
NAME ?= ops
SCOPE ?= write
WRITE ?=
ALL ?=
SHOTS ?=

VENV := .venv
PYTHON := $(VENV)/bin/python
# Three processes for two cores, because some tests wait. Each gets whole files, because the tests of a file share
# what takes long to start.
PYTEST := $(PYTHON) -m pytest -n 3 --dist loadscope --no-loadscope-reorder
PACKAGE := .local/package
INSTALLED := $(VENV)/.installed
MINISTACK := .venv-ministack

.DEFAULT_GOAL := help
.PHONY: help run serve test test-long promises test-deploy bench bench-pages pictures reference lint package lint-template deploy destroy secret token clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1	/' | expand -t 20

run: $(INSTALLED) ## the main job on one machine, told step by step (ONCE=1 ends after it, PORT_OFFSET=100 moves the ports)
	@$(PYTHON) -m local.run --until-parent-ends --port-offset $(PORT_OFFSET) $(if $(filter-out 0,$(ONCE)),--once)

serve: $(INSTALLED) ## the application and its schedules against the settings in the environment (HOST, PORT, TICK, WORKERS)
	@$(PYTHON) -m local.serve --host $(HOST) --port $(PORT) --tick $(TICK) --workers $(WORKERS)

test: lint ## ruff, mypy and all tests, with other examples each time (SEED=1 has the same ones)
	$(PYTEST) $(if $(SEED),--hypothesis-seed=$(SEED))

test-long: $(INSTALLED) ## the machine of states in 50,000 examples instead of 2,000 (an hour and a half)
	$(PYTHON) -m pytest -n 2 --dist load tests/machine --hypothesis-profile=long

promises: $(INSTALLED) ## all tests, and what they tried written into docs/promises.md
	$(PYTEST) --write-promises

test-deploy: $(INSTALLED) $(MINISTACK)/.installed ## deploy to an AWS on this machine and do the main job there (five minutes, no account)
	@MINISTACK_PYTHON=$(MINISTACK)/bin/python $(PYTHON) -m pytest tests/deploy -vv -x -s

.PHONY: test-browser screenshots
test-browser: $(INSTALLED) ## the pages in a real browser, which has to be there (Debian: apt-get install chromium; a minute and a half)
	@$(PYTEST) tests/browser $(if $(SHOTS),--shots "$(SHOTS)")

screenshots: ## the same, and every page in every state, light and dark, wide and narrow, drawn into .local/screenshots
	@$(MAKE) --no-print-directory test-browser SHOTS=.local/screenshots

bench: $(INSTALLED) ## size of the package and cold start of each function, against a floor (three minutes; WRITE=1 puts it into the README)
	@$(PYTHON) -m bench $(if $(filter-out 0,$(WRITE)),--write README.md)

pictures: $(INSTALLED) ## how notices and pages look, drawn into docs/pictures (needs chromium; ALL=1: every kind, into .local/pictures)
	@$(PYTHON) -m local.pictures $(if $(filter-out 0,$(ALL)),--all .local/pictures,docs/pictures)
	@$(if $(filter-out 0,$(ALL)),,$(PYTHON) -m tests.browser.pictures docs/pictures)

reference: $(INSTALLED) ## the pages of docs/reference/, made from the code
	@$(PYTHON) -m local.reference docs/reference

bench-report: $(INSTALLED) ## summing up reports beside polars, pyarrow and DuckDB (half an hour; ROWS=1000000 makes it shorter, WRITE=1 writes it into bench/)
	@$(PYTHON) -m bench.report --rows $(ROWS) --rounds $(ROUNDS) $(if $(filter-out 0,$(WRITE)),--write bench)

bench-pages: $(INSTALLED) ## how long the status page takes and how large it is, with 0, 1 and 1,000 inventories, beside a floor (two minutes)
	@$(PYTHON) -m bench.pages

lint: $(INSTALLED)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

package: $(INSTALLED) ## the template and the zip for AWS, checked, in .local/package
	@$(PYTHON) -m deploy.package $(PACKAGE)

lint-template: package ## cfn-lint on the template
	@$(VENV)/bin/cfn-lint $(PACKAGE)/sam.json && echo "cfn-lint finds nothing."

deploy: $(INSTALLED) ## package and deploy to your AWS account, or update it (STAGE=prod, settings from STOCKTAKE_...)
	@$(PYTHON) -m deploy --stage "$(STAGE)" --bucket "$(BUCKET)"

destroy: $(INSTALLED) ## take a deployment away; its table and its secret stay (STAGE)
	@$(PYTHON) -m deploy.destroy --stage "$(STAGE)"

secret: $(INSTALLED) ## put the secrets document of a deployment into AWS (STAGE, FILE=secrets.json)
	@$(PYTHON) -m deploy.secret --stage "$(STAGE)" "$(FILE)"

token: $(INSTALLED) ## a new token, and its line for the secrets document (NAME=ops, SCOPE=write)
	@$(PYTHON) -m deploy.token --name "$(NAME)" --scope "$(SCOPE)"

clean: ## remove what was installed and what runs left behind
	rm -rf $(VENV) $(MINISTACK) .local .mypy_cache .ruff_cache .hypothesis

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

# The same Python as in .venv: MiniStack runs the functions, which are packaged there.
$(MINISTACK)/.installed: tests/deploy/requirements.txt $(INSTALLED)
	@echo "Installing MiniStack, a local AWS, into $(MINISTACK) (once, a minute) ..."
	@rm -rf $(MINISTACK)
	@$(PYTHON) -m venv $(MINISTACK)
	@$(MINISTACK)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/deploy/requirements.txt
	@touch $@
