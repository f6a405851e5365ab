//! The reader by itself, for tests: what `medai read-pdf` does.

fn main() -> std::process::ExitCode {
    ingest::reader::child()
}
