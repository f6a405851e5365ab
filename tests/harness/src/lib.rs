//! What stories and the fault suite have in common: processes that die with their test, PDFs, and a Valkey
//! that can be stopped.

mod pdf;
mod process;
mod valkey;

pub use pdf::pdf;
pub use process::{mortal, spawn_mortal};
pub use valkey::Valkey;

/// Where one of these programs is installed.
pub fn installed(programs: &[&str]) -> Option<std::path::PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .flat_map(|folder| programs.iter().map(move |program| folder.join(program)))
        .find(|program| program.is_file())
}

/// A port that was free a moment ago.
///
/// # Errors
/// Where there is none.
pub fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
