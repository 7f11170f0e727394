# All tasks of a developer; `make help` lists them.
SHELL := /bin/bash
export PYTHONDONTWRITEBYTECODE :=  # set, it would compile all modules again in each process of the tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROCESSES := tests/stories tests/fuzz tests/torture tests/simulation/fidelity
CODE := app.py commands composition config.py log_repeats.py logs.py tracing.py webhook.py settings handlers slack_ui deletion kore_api sandbox tests proof bench
NODE_MODULES := proof/node/node_modules
# Install a locked file of requirements; one line counts the packages, because it takes a minute or more.
install = set -o pipefail; PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --progress-bar off --disable-pip-version-check --require-hashes -r $(1) \
	| { count=0; while read -r verb package _; do case $$verb in \
		Collecting|Processing) count=$$((count + 1)); printf '\r  %3d packages, now %-50.50s' $$count "$${package\#\#*/}";; \
		Installing) printf '\r  installing %d packages %-50s' $$count '…';; esac; done; echo; }

.DEFAULT_GOAL := help
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make lock'
PYTHONS ?= 3.11 3.12 3.13 3.14
PLATFORMS ?= x86_64-manylinux_2_28 aarch64-manylinux_2_28 x86_64-unknown-linux-musl aarch64-unknown-linux-musl aarch64-apple-darwin
RELEASE = campaign-delete-$(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

.PHONY: help run test format check-format lint types imports pytest stories proof pictures fuzz torture doctor-demo simulate mutation bench lock wheels matrix release clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: $(VENV)/run.stamp ## Start a local Slack and Kore.ai with the bot, and print the address to open
	@$(BIN)/python -m sandbox

test: $(VENV)/dev.stamp ## Format check, lint, types, import contracts, tests
	@$(MAKE) --no-print-directory check-format lint types imports pytest
	@echo "All checks passed: format, lint, types, imports, tests."

format: $(VENV)/dev.stamp ## Format the code
	@$(BIN)/ruff check --quiet --fix $(CODE); $(BIN)/ruff format $(CODE)

check-format: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check $(CODE)

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check $(CODE)

types: $(VENV)/dev.stamp
	@$(BIN)/mypy

imports: $(VENV)/dev.stamp
	@$(BIN)/lint-imports

pytest: $(VENV)/dev.stamp
	@$(BIN)/pytest -n auto --dist worksteal --durations 10 $(PROCESSES:%=--ignore=%)

stories: $(VENV)/dev.stamp ## Run the tests that start real processes, the tests of logic on PostgreSQL too, and the first 500 schedules (about 6 minutes)
	@$(BIN)/pytest -n 3 --dist loadfile --durations 10 $(PROCESSES)
	@$(BIN)/pytest -n auto --dist worksteal --both-databases -m any_database tests/deletion tests/handlers
	@$(BIN)/python -m tests.simulation.explore --schedules 500

proof: $(VENV)/proof.stamp $(NODE_MODULES)/.stamp ## Check against third-party code: Block Kit libraries, Slack's types, Slack emulators, a browser
	@$(BIN)/mypy proof
	@$(BIN)/pytest proof -n 3 --dist loadgroup

pictures: $(VENV)/proof.stamp $(NODE_MODULES)/.stamp ## Take the pictures in docs/pictures again
	@PICTURES=docs/pictures $(BIN)/pytest -q proof/test_browser.py proof/test_pictures.py

fuzz: $(VENV)/dev.stamp ## Send the bot thousands of valid, malformed and hostile payloads (about 20 minutes)
	@FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),300) $(BIN)/pytest -n 2 tests/fuzz tests/handlers/test_any_typed_text.py

torture: $(VENV)/dev.stamp ## Kill the bot 400 times on both databases, 80 times more during lists, click 200 times at once, refuse messages for ever, measure it idle (30 to 70 minutes)
	@$(BIN)/python -m tests.torture --database sqlite --kills 200
	@$(BIN)/python -m tests.torture --database postgresql --kills 200
	@$(BIN)/python -m tests.torture lists --kills 40
	@$(BIN)/python -m tests.torture crowd
	@$(BIN)/python -m tests.torture refuse --minutes 3
	@$(BIN)/python -m tests.torture rest

doctor-demo: $(VENV)/dev.stamp ## Cause each fault of an installation in the sandbox, and print what `python app.py doctor` finds
	@$(BIN)/python -m tests.doctor.demo

simulate: $(VENV)/dev.stamp ## Explore 10,000 schedules of faults in virtual time; SEED=n replays one, SCHEDULES=n runs so many, RECORD=file goes on after an interruption
	@$(BIN)/python -m tests.simulation.explore $(if $(SEED),--seed $(SEED),--schedules $(or $(SCHEDULES),10000)) $(if $(PICTURE),--picture $(PICTURE)) $(if $(RECORD),--record $(RECORD))

mutation: $(VENV)/dev.stamp ## Seed faults into the bot one at a time, and show after how many schedules each is found
	@$(BIN)/python -m tests.simulation.explore.mutation

bench: $(VENV)/bench.stamp ## Compare the bot with simpler implementations and write docs/bench.md (about 20 minutes, on an idle machine)
	@$(BIN)/python -m bench

lock: $(VENV)/release.stamp ## Write the locked requirements from requirements/*.in; UPGRADE=1 takes the newest versions
	@$(LOCK) $(if $(UPGRADE),--upgrade) requirements/bot.in -o requirements.txt
	@$(LOCK) $(if $(UPGRADE),--upgrade) requirements/dev.in -c requirements.txt -o requirements/dev.txt
	@for set in otel proof bench release; do \
		$(LOCK) $(if $(UPGRADE),--upgrade) requirements/$$set.in -c requirements/dev.txt -o requirements/$$set.txt || exit 1; done

wheels: $(VENV)/release.stamp ## Check that every locked package has a wheel for each Python and platform
	@failed=0; for python in $(PYTHONS); do for platform in $(PLATFORMS); do \
		$(BIN)/uv pip compile --quiet --no-deps --only-binary :all: --python-version $$python --python-platform $$platform \
			requirements.txt -o /dev/null && echo "  wheels for all packages: Python $$python, $$platform" \
		|| { echo "  a wheel is missing: Python $$python, $$platform" >&2; failed=1; }; \
	done; done; exit $$failed

matrix: ## Run `make test` with each Python of PYTHONS that this machine has
	@failed=; missing=; tested=; for version in $(PYTHONS); do \
		if python$$version -c '' 2>/dev/null; then \
			tested="$$tested $$version"; echo "Python $$version:"; $(MAKE) --no-print-directory test PYTHON=python$$version VENV=.venv-$$version || failed="$$failed $$version"; \
		else missing="$$missing $$version"; fi; done; \
	echo "Tested:$${tested:- none}. Failed:$${failed:- none}. Not on this machine:$${missing:- none}."; [ -n "$$tested" ] && [ -z "$$failed" ]

release: $(VENV)/release.stamp ## Audit the locked requirements, and write archive, bill of materials and checksums to dist/
	@[ -z "$$(git status --porcelain)" ] || { echo "Commit first: the release is what git has." >&2; exit 1; }
	@$(BIN)/pip-audit --strict --requirement requirements.txt --require-hashes --disable-pip --progress-spinner off \
		|| { echo "Not released: pip-audit found a vulnerability, or could not ask its service about every package; see above." >&2; exit 1; }
	@rm -rf dist && mkdir dist
	@PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON \
		-o dist/$(RELEASE).cdx.json requirements.txt
	@git archive --prefix=$(RELEASE)/ -o dist/$(RELEASE).tar.gz HEAD
	@cd dist && sha256sum $(RELEASE).* | tee SHA256SUMS

clean: ## Remove everything that the other targets created
	@rm -rf $(VENV) $(PYTHONS:%=.venv-%) dist $(NODE_MODULES) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .sandbox

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is required, and '$(PYTHON)' was not found; set it: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is required, and '$(PYTHON)' is $$($(PYTHON) -V 2>&1); set another: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV) >/dev/null || { echo "'$(PYTHON) -m venv' does not work; on Debian and Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing the bot's requirements into $(VENV) …"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(VENV)/bin/python
	@echo "Installing the tests' requirements into $(VENV) …"
	@$(call install,requirements/dev.txt)
	@touch $@ $(VENV)/run.stamp

$(VENV)/proof.stamp: requirements/proof.txt | $(VENV)/bin/python
	@echo "Installing the proof's requirements into $(VENV) …"
	@$(call install,requirements/proof.txt)
	@touch $@ $(VENV)/dev.stamp $(VENV)/run.stamp

$(NODE_MODULES)/.stamp: proof/node/package-lock.json
	@command -v npm >/dev/null || { echo "The proof needs Node.js 20 or later with npm; on Debian: apt install nodejs npm" >&2; exit 1; }
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' || { echo "The proof needs Node.js 20 or later, and 'node' is $$(node --version)" >&2; exit 1; }
	@echo "Installing the proof's Node.js packages into proof/node …"
	@cd proof/node && npm ci --loglevel=error
	@touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/dev.stamp
	@echo "Installing the benchmark's requirements into $(VENV) …"
	@$(call install,requirements/bench.txt)
	@touch $@

$(VENV)/release.stamp: requirements/release.txt | $(VENV)/bin/python
	@echo "Installing the tools of a release into $(VENV) …"
	@$(call install,requirements/release.txt)
	@touch $@
