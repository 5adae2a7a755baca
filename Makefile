# Every target makes the .venv that it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
Q ?= What is the Squad?

.PHONY: ask chat run test check bench format

ask: $(VENV)/.installed
	@$(BIN)/quoth ask "$(Q)"
