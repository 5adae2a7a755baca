# Everything starts here. Each target makes the .venv that it needs: two stamps, so that the first answer
# does not wait for the test tools.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
COMPILED := $(wildcard retrieval/*.c)
Q ?= What is the Squad?

.PHONY: ask chat demo-digest run test check lint format docs bench bench-quality bench-speed test-parts
.DELETE_ON_ERROR:

ask: $(VENV)/.installed                ## answer a question: make ask Q="What is the Squad?"; an honest no is no error
	@$(BIN)/quoth ask "$$Q" || [ $$? -eq 1 ]
export Q

chat: $(VENV)/.installed               ## the whole bot at a prompt
	@$(BIN)/quoth chat

demo-digest: $(VENV)/.installed        ## a digest of the two memos in seeds/, posted here
	@$(BIN)/quoth digest demo --watch "What is the Squad?" --watch "Nippon Steel deal"

run: $(VENV)/.installed                ## start what .env configures
	@$(BIN)/quoth run

test: $(VENV)/.installed-dev           ## all tests
	@$(BIN)/pytest

lint: $(VENV)/.installed-dev           ## style and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

check: lint test                       ## what has to pass before a commit

format: $(VENV)/.installed-dev         ## put the code in shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(VENV)/.installed-dev           ## write the generated parts of README.md and .env.example anew
	@$(BIN)/python -m tests.project.documents

bench: $(VENV)/.installed-dev          ## measure; results go to tests/benchmarks/results
	@for each in tests/benchmarks/[a-z]*.py; do \
	  $(BIN)/python -m "tests.benchmarks.$$(basename "$$each" .py)" || exit 1; \
	done

bench-quality: $(VENV)-bench/.installed  ## our quotes beside those of other engines, on public questions
	@$(VENV)-bench/bin/python -m tests.benchmarks.quality --at 100000 --write \
	  --json tests/benchmarks/results/quality.json

bench-speed: $(VENV)-bench/.installed    ## the ten best passages and whole answers beside other engines, to a million passages
	@$(VENV)-bench/bin/python -m tests.benchmarks.speed --write

test-parts:                            ## real servers that the tests run against, where this machine has none
	@tests/servers/get-slack-stand-in
	@command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 \
	  || echo "For the tests on Postgres: apt install postgresql"
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null \
	  || echo "For the tests in a browser: apt install chromium chromium-driver"
	@command -v soffice >/dev/null \
	  || echo "For the test on 2,000 files: apt install --no-install-recommends libreoffice-writer"

# pip is what is made last: an environment that was interrupted before is made anew.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Quoth needs Python 3.11 or newer; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "This Python cannot make a .venv. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml $(COMPILED) | $(BIN)/pip
	@echo "Setting up $(VENV) (about a minute, once) ..." >&2
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(COMPILED) | $(BIN)/pip
	@echo "Setting up $(VENV) with the test tools (about a minute, once) ..." >&2
	@$(PIP) install --editable ".[dev]"
	@touch $(VENV)/.installed $@

# The other engines live in an environment of their own: the tests must not come to need them.
$(VENV)-bench/.installed: pyproject.toml $(COMPILED)
	@echo "Setting up $(VENV)-bench with the other engines (about a minute, once) ..." >&2
	@$(PYTHON) -m venv --clear $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	@touch $@
