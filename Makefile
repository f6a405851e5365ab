# The whole of it: `make run` starts medai, `make test` runs every test. Both install what they need.
.PHONY: run build test lint sqlx sqlx-check bench bench-documents chaos clean

export CARGO_TERM_COLOR ?= auto

run: build
	target/release/medai dev

build:
	cargo build --release --locked --bin medai

# Format, lints, all tests (on a private PostgreSQL and Valkey), and the queries' metadata.
test: lint
	cargo test --workspace --locked
	$(MAKE) sqlx-check

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

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
	rm -rf .data
