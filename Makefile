# The whole of it: `make run` starts medai, `make test` runs every test. Both install what they need.
.PHONY: run build apps test test-apps test-e2e test-document screenshots lint deny audit sqlx sqlx-check bench bench-documents chaos clean

export CARGO_TERM_COLOR ?= auto
# A machine that builds once has no use for what makes the next build quicker, which is gigabytes.
ifdef CI
export CARGO_INCREMENTAL := 0
endif

run: build
	target/release/medai dev

build: apps
	cargo build --release --locked --bin medai

# The web apps, which the program takes in. A machine without Node gets the API, and a page that says how to add them.
APPS := dashboards/dist/student/index.html
NODE := node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b > 11) || (a == 20 && b > 18) ? 0 : 1)'
apps:
	@if $(NODE) 2>/dev/null; then $(MAKE) --no-print-directory $(APPS); \
	else echo 'No Node.js 20.19 or later: going on without the web apps.'; fi

$(APPS): $(shell find dashboards -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
	cd dashboards && npm ci && npm run build

# What the apps promise: lints, types, a client that is in step with the API, and their tests.
test-apps:
	@if $(NODE) 2>/dev/null; then cd dashboards && npm ci && npm run check; \
	else echo 'No Node.js 20.19 or later: the web apps are not tested.'; fi

# The apps in a browser, against the program with a private PostgreSQL and simulated providers. Installs Chromium where
# there is none.
E2E = cargo build --workspace --locked --bin medai --bin simulator && cd dashboards && npm run
test-e2e: apps
	@if $(NODE) 2>/dev/null; then $(E2E) e2e; \
	else echo 'No Node.js 20.19 or later: the web apps are not tested in a browser.'; fi

# The API against its own document, as a student and as an admin. Needs Python 3.10; fetches Schemathesis.
test-document:
	cargo build --workspace --locked --bin medai
	python3 tests/schemathesis/run.py target/debug/medai

# The pictures of docs/screenshots, made anew.
screenshots: apps
	$(E2E) screenshots

# Format, lints, all tests (on a private PostgreSQL and Valkey), and the queries' metadata.
test: apps lint test-apps
	cargo test --workspace --locked
	$(MAKE) test-e2e
	$(MAKE) sqlx-check

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

# Licences, bans and sources of all dependencies, which needs no network. The tool is built where it is not there.
DENY := 0.20.2
deny:
	@cargo deny --version 2>/dev/null | grep -qF ' $(DENY)' || cargo install --locked --debug --version $(DENY) cargo-deny
	cargo deny --locked check licenses bans sources

# Advisories about dependencies. Not a part of the tests: the databases are not where packages are, and what they say
# changes by the day. What is accepted stands in deny.toml, with date and reason.
audit:
	cargo deny --locked check advisories
	cd dashboards && npm audit

# After a change of SQL or schema: describes all queries anew, into .sqlx.
sqlx: target/sqlx
	rm -rf .sqlx && cp -r target/sqlx .sqlx

# Fails where .sqlx is not what `make sqlx` would make of it.
sqlx-check: target/sqlx
	diff -r .sqlx target/sqlx

# The queries are checked against a real database while their crates compile, so these are made to.
.PHONY: target/sqlx
target/sqlx:
	rm -rf $@ && mkdir -p $@
	touch domain/src/lib.rs jobs/src/lib.rs scheduler/src/lib.rs
	cargo run --quiet --locked -p migrations --bin with_database -- \
	  env SQLX_OFFLINE_DIR=$(CURDIR)/$@ cargo check --quiet --locked -p domain -p jobs -p scheduler

# Prints one table; see docs in tests/load.
bench:
	cargo build --release --locked -p medai -p load -p simulator
	target/release/load

# What documents cost: reading, splitting and embedding the PDFs of a folder; searching among a million chunks; and,
# with questions, how often the right page is found: make bench-documents DIR=some/folder QUESTIONS=some.jsonl
bench-documents:
	cargo build --release --locked -p documents
	target/release/documents measure $(DIR)
	target/release/documents latency
	$(if $(QUESTIONS),target/release/documents quality $(DIR) $(QUESTIONS))

# Lets one thing at a time go wrong under load, and prints one table; fails where anything is lost or doubled.
chaos:
	cargo build --release --locked -p medai -p chaos
	target/release/chaos

clean:
	cargo clean
	rm -rf .data dashboards/node_modules dashboards/dist/student dashboards/dist/admin
