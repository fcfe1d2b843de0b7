# Open Talks: one command each. Works with GNU make 3.81 and without git.
# The shell and Python parts are in .make/; nothing but Python 3.11-3.13 and make is needed.

# Tests run on this many processes; ARGS goes to the command behind a target:
#   make test ARGS="tests/core -k capacity"      make run PORT=8080
WORKERS ?= 2
ARGS ?=

# Variables of the caller that would lead Python or pip out of the environment, or make every
# process of the tests compile the whole application.
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

.PHONY: help run test check bench drill fmt lock translations test-environment

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-14s%s\n", $$1, $$2}' Makefile

run: ## set up all that is needed and serve http://127.0.0.1:8000
	@sh .make/run.sh

test: test-environment ## every test, on SQLite and PostgreSQL
	@.venv-test/bin/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: test-environment ## lint, format, types, imports, templates, translations, migrations
	@sh .make/check.sh

bench: test-environment ## the benchmarks, as ratios against a floor of the same run
	@.venv-test/bin/python -m benchmarks $(ARGS)

drill: test-environment ## the long counts: races, fuzzed requests, kills
	@.venv-test/bin/python -m pytest -m drill $(ARGS)

fmt: test-environment ## put the code into its one format
	@.venv-test/bin/python -m ruff check --fix $(ARGS) .
	@.venv-test/bin/python -m ruff format $(ARGS) .

lock: test-environment ## requirements*.in -> hashed requirements*.txt (ARGS=--upgrade for newer ones)
	@sh .make/lock.sh $(ARGS)

translations: test-environment ## collect the texts into translations/ (then translate, then make check)
	@.venv-test/bin/python .make/texts.py update

test-environment:
	@sh .make/environment.sh .venv-test requirements.txt requirements-dev.txt
	@.venv-test/bin/python .make/texts.py compile
