# `make run` and `make test` are all a stranger needs; both make their own environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MARK := $(VENV)/.made-for

.PHONY: run demo test test-training lint format types bench stories train train-anew weights evaluate clean

run: $(MARK)-run  ## poll the real sources; alerts in this terminal, or in Slack and Telegram with tokens in .env
	@$(BIN)/chipwire run

demo: $(MARK)-run  ## a made-up day in half a minute: no network, no tokens
	@$(BIN)/chipwire demo

test: $(MARK)-test
	$(BIN)/python -m pytest -m "not training" -n 2 --dist loadfile

test-training: $(MARK)-train
	OMP_WAIT_POLICY=passive $(BIN)/python -m pytest -m training

lint: $(MARK)-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(MARK)-lint
	$(BIN)/mypy

format: $(MARK)-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(MARK)-train  ## how fast, as ratios to the peers in the same run
	$(BIN)/python -m tests.bench

TRAIN := OMP_WAIT_POLICY=passive $(BIN)/python -m classifiers train
TEACHERS := build/first build/second build/third

train: $(MARK)-train  ## from the base model to weights to ship, taught by those that ship now
	$(TRAIN) --teacher classifiers/weights/full
	$(MAKE) weights

train-anew: $(MARK)-train  ## the same, taught by three models that are trained first: three times as long
	$(TRAIN) --run build/first --teach-only
	$(TRAIN) --run build/second --teach-only --seed 11
	$(TRAIN) --run build/third --teach-only --seed 23
	$(TRAIN) $(TEACHERS:%=--teacher %) --epochs 3
	$(MAKE) weights

weights: $(MARK)-train  ## from build/model: the shipped weights, their fast form, the model card
	$(BIN)/python -m classifiers export
	$(TRAIN) --fast --epochs 3
	$(BIN)/python -m classifiers export --fast
	$(BIN)/python -m classifiers card

stories: $(MARK)-test  ## how well headlines are joined into stories
	$(BIN)/python -m tests.stories

evaluate: $(MARK)-train
	$(BIN)/python -m classifiers evaluate

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(MARK)-run: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Chipwire needs Python 3.11 or newer; name one: make run PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(MARK)-test: $(MARK)-run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

$(MARK)-lint: $(MARK)-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[lint]'
	@touch $@

# torch first and by pip: any other order may fetch a build with gigabytes of GPU libraries.
$(MARK)-train: $(MARK)-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,train]'
	@touch $@
