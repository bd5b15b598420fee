# One-word verbs. `make app` and `make test` set up all they need on a machine with Python 3.11 or later, make, and (for tests) apt.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CLUSTERS := /etc/postgresql-common/createcluster.d

.PHONY: app lab demo test lint verify bench docs clean

app: $(VENV)/app.done          ## open the workbook in the browser
	$(BIN)/mentorkit open

lab: $(VENV)/app.done          ## the same notebooks in JupyterLab
	$(BIN)/mentorkit open --lab

demo: $(VENV)/app.done         ## a made-up student over four semesters
	$(BIN)/mentorkit open --demo

test: lint                     ## everything that must pass
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
	MENTORKIT_HOME=$$(mktemp -d) $(BIN)/python -m pytest --nbval-lax --nbval-current-env notebooks

lint: $(VENV)/test.done
	$(BIN)/ruff check mentorkit tests verify benchmarks
	$(BIN)/ruff format --check --quiet mentorkit tests verify benchmarks
	$(BIN)/mypy

verify: $(VENV)/test.done $(VENV)/spark.done  ## fault campaigns, and the measure in Spark: minutes, prints figures
	$(BIN)/python -m verify

bench: $(VENV)/test.done $(VENV)-bench/done  ## the start, a room, a cohort, beside others: prints figures
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.room
	$(BIN)/python -m benchmarks.cohort

docs: $(VENV)/app.done         ## the schemas of records and shares, and the pictures in the README
	$(BIN)/python -m mentorkit.reports.exchange > docs/record.schema.json
	$(BIN)/python -m mentorkit.sharing > docs/share.schema.json

clean:
	rm -rf $(VENV) $(VENV)-bench build dist

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Mentorkit needs Python 3.11 or later: make app PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/app.done: $(VENV)/python.done pyproject.toml
	$(BIN)/python -m pip install --quiet -e '.[cohort,pdf,room]'
	touch $@

$(VENV)/test.done: $(VENV)/python.done pyproject.toml
	$(BIN)/python -m pip install --quiet -e '.[big,cohort,pdf,postgres,room,test,verify]'
	@test -x /usr/bin/chromium || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; }
	@ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || { \
	  mkdir -p $(CLUSTERS) && echo 'create_main_cluster = false' > $(CLUSTERS)/mentorkit.conf && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; }  # the programs, and no server that runs
	touch $@ $(VENV)/app.done

$(VENV)/spark.done: $(VENV)/test.done
	$(BIN)/python -m pip install --quiet -e '.[spark]'
	touch $@

$(VENV)-bench/done: $(VENV)/python.done benchmarks/room/requirements.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet -r benchmarks/room/requirements.txt
	touch $@
