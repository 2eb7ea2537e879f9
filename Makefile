# Wijkboek: every task is one target. `make demo` and `make test` are the two to know.
# Whatever a target needs on a Debian machine it installs itself (scripts/need.sh).

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
DATA ?= target/demo

.PHONY: help demo test lint build test-rust test-postgres test-android test-ios test-web pictures vendor clean-demo

help: ## Lists the targets.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

demo: ## Runs the main job on this machine: server, offline phones, sync, office pages.
	@echo "Building the server and the phones (a few minutes the first time) …"
	$(CARGO) build -p wijkboek-server -p wijkboek-tests --bins
	target/debug/demo --data $(DATA) $(if $(FRESH),--fresh)

test: ## Installs what the tests need and runs all of them.
	scripts/test-all.sh

lint: ## Formatting, clippy and licences.
	scripts/lint.sh

test-rust: ## The Rust tests: units, properties, simulation, real processes.
	scripts/test-rust.sh

test-postgres: ## The log in PostgreSQL, on a database that it starts itself.
	scripts/test-postgres.sh

test-android: ## Kotlin bindings, Compose screens, Android platform code.
	scripts/test-android.sh

test-ios: ## Swift bindings and models.
	scripts/test-ios.sh

test-web: ## The office pages in Chromium.
	scripts/test-web.sh

pictures: ## Makes the pictures in docs/pictures anew.
	scripts/pictures.sh

vendor: ## Fetches the front-end packages that the server carries, and their licences.
	node scripts/vendor.mjs

SEEDS ?= 1000
.PHONY: sim
sim: ## Runs SEEDS seeds of the simulation, or one again with SEED=n.
	$(CARGO) run --quiet --release -p wijkboek-tests --bin sim -- $(if $(SEED),--seed $(SEED),--seeds $(SEEDS))

SECONDS ?= 60
.PHONY: fuzz
fuzz: ## Runs each coverage-guided fuzz target for SECONDS (60).
	scripts/fuzz.sh $(SECONDS)

.PHONY: bench figures crash
bench: ## Measures the figures into target/bench.json, plain and encrypted; QUICK=1 for small sizes.
	scripts/bench.sh $(if $(QUICK),--quick)

figures: ## Writes the figures measured last into docs/FIGURES.md.
	$(CARGO) run --quiet --release -p wijkboek-tests --bin bench -- --markdown

KILLS ?= 10000
crash: ## Kills a writing process KILLS times and looks for what it acknowledged; SEED=n begins there.
	$(CARGO) build --quiet -p wijkboek-tests --bin scribe --bin crash
	target/debug/crash --kills $(KILLS) $(if $(SEED),--seed $(SEED))
