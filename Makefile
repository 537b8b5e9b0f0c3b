# The commands of Threadwise. `make run` and `make test` are all that most people need.

PYTHON ?= python3
VENV   ?= .venv
TORCH  ?= torch==2.13.0
CUDA   ?=
BIN    := $(VENV)/bin

.PHONY: help run test fast check format bench bench-answers examples lock clean

help:
	@echo "make run     install, import the demo forum, open the web app on http://127.0.0.1:7860"
	@echo "make test    every test, browser tests included (they need chromium)"
	@echo "make fast    the tests that take under a minute"
	@echo "make check   formatting, lint, types, import directions"
	@echo "make bench-answers   how well answers cite, keep silent, hear outcomes and check claims"
	@echo "make bench   speed and quality, against reference pipelines"
	@echo "TORCH=...    the torch build to install, as pip takes it (default: $(TORCH))"

$(VENV)/.ready: pyproject.toml constraints.txt
	@MAKE_GOAL=run $(PYTHON) tools/environment.py $(VENV) --torch "$(TORCH)" --cuda "$(CUDA)"

$(VENV)/.ready-dev: pyproject.toml constraints.txt
	@MAKE_GOAL=test $(PYTHON) tools/environment.py $(VENV) --torch "$(TORCH)" --cuda "$(CUDA)" --extra dev
	@touch $(VENV)/.ready

run: $(VENV)/.ready
	@$(BIN)/python app.py

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest

fast: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -m "not slow and not model and not browser"

check: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench-answers: $(VENV)/.ready-dev
	$(BIN)/python -m bench.answers
	$(BIN)/python -m bench.answers --kept
	$(BIN)/python -m bench.silence
	$(BIN)/python -m bench.outcomes
	$(BIN)/python -m bench.claims
	$(BIN)/python tools/train_claims.py --held-out
	$(BIN)/threadwise eval-advice tests/labels/advice-demo.jsonl

bench: $(VENV)/.ready-dev
	$(BIN)/python -m bench

examples: $(VENV)/.ready-dev
	$(BIN)/python tools/examples.py

lock: $(VENV)/.ready-dev
	$(BIN)/python -m pip freeze --exclude-editable | grep -v '^torch==' > constraints.txt

clean:
	rm -rf $(VENV) index/* cache build dist
