# Sluice's commands for people. `make` alone lists them; the work is in Scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
ARGS ?=

.PHONY: help run build test lint sanitized bench train eval clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build, send one clinical prompt through the gateway, show what happened, and serve (ARGS=--once: and end)
	@exec .build/release/sluice demo $(ARGS)

build: ## install what is missing and build for release
	@Scripts/install-dependencies.sh build
	@Scripts/build.sh release build -c release
	@Scripts/stamp-plugins.sh

test: ## run all that CI runs (ARGS="lint unit": these steps alone)
	@Scripts/test.sh $(ARGS)

lint: ## check the form of the Swift code and the plugins' headers
	@Scripts/lint.sh
	@Scripts/check-headers.sh

sanitized: build ## check plugins under AddressSanitizer (ARGS=--swift: those in Swift, too, which are built anew)
	@Scripts/check-sanitized.sh --prove
	@Scripts/check-sanitized.sh $(ARGS)

bench: ## measure beside nginx and Envoy; writes Benchmarks/RESULTS.md
	@Scripts/install-dependencies.sh build bench
	@Scripts/build.sh release build -c release
	@Scripts/stamp-plugins.sh
	@Scripts/python-environment.sh Tests/Integration/requirements.txt Benchmarks/requirements.txt
	@.build-python/bin/python Benchmarks/run.py $(ARGS)

train: ## learn the tagger's weights anew (CORPUS=FOLDER: with its texts, as the shipped ones were)
	@Scripts/train.sh

eval: ## measure what phi finds and misses, beside Presidio (ARGS="--corpus FOLDER")
	@Scripts/evaluate.sh $(ARGS)

clean: ## remove all that builds and tests have made
	rm -rf .build .build-asan .build-thread .build-address .build-chain .build-payload .build-python .build-logs
