//! What the machine grants this process: how many files may be open.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// As many open files as are of use. Some programs that we start look at each number up to their limit.
const ENOUGH: u64 = 65_536;

/// Open files that are not connections of the API: those to the database and providers, the store, the log.
const RESERVE: u64 = 256;

/// Lets this process open as many files as it may, since each connection is one.
pub(crate) fn raise_open_files() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        let wanted = hard.min(ENOUGH).max(soft);
        setrlimit(Resource::RLIMIT_NOFILE, wanted, hard)
    });
    if let Err(error) = raised {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// How many connections the API may take, so that something is left for the rest.
pub(crate) fn connections() -> usize {
    let files = getrlimit(Resource::RLIMIT_NOFILE).map_or(1024, |(soft, _)| soft);
    let connections = files.saturating_sub(RESERVE).max(files / 2);
    usize::try_from(connections).unwrap_or(usize::MAX)
}
