# Two commands do everything on a fresh machine with Python 3.11 or newer: `make serve` and `make test`.
# `make` alone lists the rest.

# PYTHON: the interpreter to use; the first fitting one on the PATH by default.
VENV ?= .venv
ADDR ?= 127.0.0.1:8000
PYTEST_ARGS ?=
BENCH_ARGS ?=
LOCK_ARGS ?=
LINKS_ARGS ?=
UV = 0.13.8

bin = $(VENV)/bin
# Of two -m options pytest takes the last: one in PYTEST_ARGS wins.
pytest_args = $(if $(filter no,$(BROWSER)),-m "not browser") $(PYTEST_ARGS)

.DEFAULT_GOAL := help
.PHONY: help serve site test check links editor schema lint format types bench lock wheel smoke clean venv

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

serve: venv ## Build the site, serve it at http://127.0.0.1:8000 and rebuild on change (ADDR=host:port)
	$(bin)/roadmap-site serve --addr $(ADDR)

site: venv ## Build the site into site/; any warning fails it
	$(bin)/roadmap-site build --strict

test: venv ## Run the tests, in a browser too (PYTEST_ARGS='-k search'; BROWSER=no leaves the browser out)
	@$(bin)/python tests/ensure_browser.py $(pytest_args)
	$(bin)/python -m pytest $(pytest_args)

check: venv ## Check the curriculum, its style, and the links within its site
	$(bin)/roadmap-site check --strict
	$(bin)/roadmap-site fmt --check
	$(bin)/roadmap-site links --offline

links: venv ## Ask for every link of the curriculum on the network (LINKS_ARGS='--since origin/main')
	$(bin)/roadmap-site links --cache .cache/links.jsonl $(LINKS_ARGS)

editor: venv .cache/language_server/node_modules ## Test what an editor's language server makes of the YAML (needs Node.js)
	$(bin)/python -m pytest tests/language_server $(PYTEST_ARGS)

schema: venv ## Bring the schemas that editors use up to date with the curriculum
	$(bin)/roadmap-site schema

lint: venv ## Check the code's style, its import contracts, and GitHub's workflows
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/lint-imports
	$(bin)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(bin)/zizmor --offline --no-progress --quiet --strict-collection .github

format: venv ## Put the code into shape
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

types: venv ## Check the code's types
	$(bin)/mypy

bench: venv ## Hold building, loading and pages against their bars (BENCH_ARGS=--quick)
	$(bin)/python -m benchmarks $(BENCH_ARGS)

lock: venv ## Bring requirements.lock up to pyproject.toml (LOCK_ARGS=--upgrade for newer versions)
	test -x .cache/uv/bin/uv || $(bin)/python -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet uv==$(UV)
	.cache/uv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11.2 \
	    --fork-strategy fewest --group dev --generate-hashes --custom-compile-command 'make lock' \
	    $(LOCK_ARGS) --output-file requirements.lock pyproject.toml

wheel: venv ## Build the sdist and, from it, the wheel into dist/
	rm -rf dist
	$(bin)/python -m build --no-isolation --outdir dist

smoke: wheel ## Install the wheel away from the checkout and build a small curriculum with it
	.ci/smoke $(VENV)

clean: ## Remove what was built; .venv stays
	rm -rf site dist .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

.cache/language_server/node_modules: tests/language_server/package-lock.json
	mkdir -p $(@D)
	cp tests/language_server/package.json tests/language_server/package-lock.json $(@D)
	cd $(@D) && npm ci --no-audit --no-fund --ignore-scripts
	touch $@

venv:
	@.ci/venv $(VENV)
