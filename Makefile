# What a developer runs; every line also works by hand.
.PHONY: setup demo test check slow bench
setup: .venv/bin/tidun ## a virtual environment with everything
.venv/bin/tidun: pyproject.toml constraints.txt
	python3 -m venv .venv
	.venv/bin/pip install -q -c constraints.txt -e '.[test,check,browser,train,ocr]'
	@touch $@
demo: setup ## the main job end to end on the demo data, then the web pages
	.venv/bin/tidun demo
test: setup ## the plain tests
	.venv/bin/pytest -q -n auto
slow: setup ## slow and browser tests
	.venv/bin/pytest -q -m 'slow or browser'
check: setup ## format, lint, types, import contracts
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
bench: setup ## figures; real data by path: make bench DATA=folder
	for bench in vault_ledger printing drift; do .venv/bin/python benchmarks/$$bench.py; done
	for bench in exchange imports readiness live_duplicates similarity assembly leaks; do \
	  .venv/bin/python benchmarks/$$bench.py $(if $(DATA),--data $(DATA),); done
