# Every target does its own set-up; Python 3.11 or newer, make and git are all that must be there.
.DEFAULT_GOAL := help
.PHONY: help run test lint bench soak audit lock clean
PY := .venv/bin/python

help: ## say what there is
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1	\2/p' Makefile

run: ## start Lectern: the local chat, or Telegram when TELEGRAM_BOT_TOKEN is set
	@scripts/bootstrap run
	@exec $(PY) -m bot

# A test that hangs for five minutes says where it does, and fails.
test: lint ## check everything: style, types, the house rules, all tests
	@$(PY) -m pytest -n auto --dist worksteal -m "not soak" -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true

lint: ## the checks that run nothing: ruff, mypy, import contracts, measures
	@scripts/bootstrap test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	@$(PY) -m tests.test_house

bench: ## measure speed beside what it is compared with, as a table of ratios
	@scripts/bootstrap test
	@$(PY) -m benchmarks

soak: ## the long versions of the tests that make test runs in a small dose
	@scripts/bootstrap test
	@$(PY) -m pytest -m soak

audit: ## look every pinned package up in the database of known vulnerabilities (needs the internet)
	@scripts/bootstrap test
	$(PY) -m pip_audit --strict --require-hashes --disable-pip -r requirements/run.txt -r requirements/test.txt

COMPILE := .venv/bin/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
lock: ## pin the newest versions that pyproject.toml allows, with hashes
	@scripts/bootstrap test
	$(COMPILE) -o requirements/run.txt
	$(COMPILE) --extra test --constraint requirements/run.txt -o requirements/test.txt

clean: ## take away what can be made again; data/ and .env stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
