# Two commands do everything on a machine with Python 3.11 and make:
#   make run    the dashboard on http://localhost:8501
#   make test   every check and test
PYTHON ?= python3.11
UV_VERSION := 0.13.9
BIN := .venv/bin
UV := $(BIN)/uv
PORT ?= 8501
SOAK := $(addprefix tests/test_,any_file.py separators.py crash.py saving.py odd_councils.py contradictions.py \
	oracle.py random_councils.py)
# The number that random councils begin with: new each time, and printed, so that it can be repeated.
SEED := $(or $(SEED),$(shell date +%s))
CHROMIUM := $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))

.PHONY: run test lint types imports pytest soak browser load benchmark benchmark-uploads benchmark-papers benchmark-trends benchmark-forecasts benchmark-steps simulated pictures datapackages exampleshire verify-kent verify-spc verify-forecast clean

# Serve the dashboard; the store is built from data/ at the first start.
run: .venv/ready
	$(BIN)/streamlit run app.py --server.port $(PORT)

# Every check, in the order in which they are quick to fail.
test: .venv/ready lint types imports browser pytest

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

imports: .venv/ready
	$(BIN)/lint-imports

pytest: .venv/ready
	$(BIN)/pytest -n auto --dist loadfile

# The long form of the tests that try at random: any file at all (10,000 and more), kills (200), councils
# that might contradict themselves (200),
# random councils against the oracle (2,000 new ones; make soak SEED=number repeats them).
soak: .venv/ready
	@echo "Random councils from $(SEED)"
	KPI_SOAK=1 KPI_SEED=$(SEED) $(BIN)/pytest -n auto $(SOAK)
	$(BIN)/python -m benchmarks.uploads

# An upload of a million figures: seconds and memory of each step.
benchmark-uploads: .venv/ready
	$(BIN)/python -m benchmarks.uploads

# The whole Quarterly Performance Report as PDF, Word, Excel and web page: seconds from nothing and again.
benchmark-papers: .venv/ready
	$(BIN)/python -m benchmarks.papers

# What each page costs: queries, bytes, milliseconds.
benchmark: .venv/ready
	$(BIN)/python -m benchmarks.pages

# How often each rule sees a trend that is or is not there, and how long a million series take.
benchmark-trends: .venv/ready
	$(BIN)/python -m benchmarks.trends

# How many of what came the intervals of forecasts hold, of each kind of series, all made up.
benchmark-forecasts: .venv/ready
	$(BIN)/python -m benchmarks.forecasts

# How often step changes are found that are there, and that are not, in made-up series.
benchmark-steps: .venv/ready
	$(BIN)/python -m benchmarks.steps

# The false alarms and the power of each rule as the method page quotes them: the same every time.
simulated: .venv/ready
	$(BIN)/python -m benchmarks.trends --write

# The pictures that the README shows, taken from the running dashboard.
pictures: .venv/ready browser
	$(BIN)/python -m docs.take_pictures

# datapackage.json of each organisation, from the schemas.
datapackages: .venv/ready
	$(BIN)/python -m kpi_core.datapackage data/*/

# The made-up council, written anew by its generator: the same bytes every time.
exampleshire: .venv/ready
	$(BIN)/python -m data.exampleshire.generator
	$(BIN)/python -m kpi_core.datapackage data/*/

# Every number of Kent's five documents, against data/kent: make verify-kent SOURCE=folder
verify-kent: .venv/ready
	$(BIN)/python data/kent/verify.py $(SOURCE)

# XmR charts, against the cases and series of the NHS-R community: make verify-spc SOURCE=folder
verify-spc: .venv/ready
	$(BIN)/python -m benchmarks.verify_spc $(SOURCE)

# The outlook, back-tested on real series, half of them never used for a choice: make verify-forecast SOURCE=folder
verify-forecast: .venv/ready
	$(BIN)/python -m benchmarks.verify_forecast $(SOURCE)

# The browser of the tests.
browser:
ifeq ($(CHROMIUM),)
	$(if $(filter 0,$(shell id -u)),,sudo) apt-get update -qq
	$(if $(filter 0,$(shell id -u)),,sudo) apt-get install -y -qq chromium
endif

# The environment: uv from the package registry, everything else as the lock file has it.
.venv/ready: pyproject.toml uv.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(UV) sync --locked --quiet --compile-bytecode
	touch $@

clean:
	rm -rf .venv var build .mypy_cache .ruff_cache .pytest_cache .hypothesis
