# All that these need is Python 3.11 or newer, in .venv beside this file. `make PYTHON=/path/to/python3.12 …` picks one.
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check bench crash-test clean

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|' 2>/dev/null \
		|| grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

demo: $(VENV)/.ready-to-run  ## Try Floorwalker in the browser, without Slack (make demo ARGS='--port 8080 --no-browser')
	@$(BIN)/floorwalker demo $(ARGS)

test: check  ## Everything a change must pass: make check, then all tests (make test ARGS='-k settings')
	$(BIN)/python -m pytest -n 4 --dist loadscope $(ARGS)

check: $(VENV)/.ready-to-develop  ## Style and types, in seconds
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.ready-to-develop  ## Measure speed, with limits
	$(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -p no:xdist -s $(ARGS)

crash-test: $(VENV)/.ready-to-develop  ## Kill the bot 200 times while people work with it (make crash-test ARGS='--kills 20 --faults')
	$(BIN)/python -m tests.crash $(ARGS)

clean:  ## Remove the environment and all caches; data/ and config.toml stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find bot indexer tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready-to-run: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.ready-to-develop: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/.ready-to-run

# The newest pip of the day knows --group; the shell picks the first Python that is new enough.
$(VENV)/.made:
	@python=""; \
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python py; do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Floorwalker needs Python 3.11 or newer, and none was found. Get it from https://www.python.org/downloads/," \
			"or name it: make PYTHON=/path/to/python3.12 demo" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$python" --version); the first time takes some minutes and about 1.5 GB."; \
	if ! "$$python" -m venv $(VENV); then \
		echo "The virtual environment could not be made. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; \
	fi
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@
