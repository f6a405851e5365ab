//! A child that is confined before it looks at a stranger's file, whatever it is to make of it.
//!
//! Whoever has a file to read that is no PDF starts the program again by a subcommand of its own ([`start`]), whose whole work
//! is [`child`] with what is to be done: it gets the open file, and where its parent listens.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _},
    os::fd::AsFd as _,
    path::Path,
    process::ExitCode,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{io::AsyncWriteExt as _, net::UnixStream, process::Child};

use super::{attempt, sandbox};

/// The stack of the thread that reads: files nest deep, and the limit is the kernel's to keep.
const STACK: usize = 32 * 1024 * 1024;

/// The longest order.
const LONGEST_ORDER: u64 = 64 * 1024;

/// What a child may use up.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Bounds {
    /// Bytes of its address space.
    pub memory: u64,
    /// Milliseconds of processor time.
    pub cpu: u64,
    /// The most of it that the child may allow itself.
    pub most_cpu: u64,
    /// Seconds until the kernel ends it, should its parent not be there to do so.
    pub wall: u32,
}

/// What a child is told.
#[derive(Serialize, Deserialize)]
struct Instructions<O> {
    bounds: Bounds,
    order: O,
}

/// What the program does as such a child: `work` with the file, where the parent listens, and what it ordered.
pub fn child<O: DeserializeOwned + Send + 'static>(
    work: impl FnOnce(File, File, O) -> anyhow::Result<()> + Send + 'static,
) -> ExitCode {
    obey(
        |instructions: &Instructions<O>| instructions.bounds,
        |file, parent, instructions| work(file, parent, instructions.order),
    )
}

/// Confines this process by the order that it reads, and does the work.
pub(super) fn obey<O: DeserializeOwned + Send + 'static>(
    bounds: impl FnOnce(&O) -> Bounds,
    work: impl FnOnce(File, File, O) -> anyhow::Result<()> + Send + 'static,
) -> ExitCode {
    // What a panic says may quote the file.
    std::panic::set_hook(Box::new(|_| {}));
    let obeyed = || -> anyhow::Result<()> {
        // Files, not a socket and a standard output: libraries print, and sockets are about to be denied.
        let parent = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        nix::unistd::dup2_stdout(File::options().write(true).open("/dev/null")?)?;
        let mut order = String::new();
        BufReader::new(parent.try_clone()?).take(LONGEST_ORDER).read_line(&mut order)?;
        let order: O = serde_json::from_str(&order)?;
        sandbox::enter(&bounds(&order))?;
        let reader = std::thread::Builder::new().stack_size(STACK).spawn(move || {
            sandbox::no_more_threads();
            work(file, parent, order)
        })?;
        reader.join().map_err(|_panic| anyhow::anyhow!("the reader panicked"))?
    };
    if obeyed().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A child that runs. Killed where it is dropped.
#[derive(Debug)]
pub struct Confined {
    child: Child,
    socket: UnixStream,
}

/// Starts the program `exe` by a subcommand, as a child that reads this file.
///
/// # Errors
/// Where it cannot be started.
pub async fn start<O: Serialize>(
    exe: &Path,
    subcommand: &str,
    file: &File,
    bounds: Bounds,
    order: O,
) -> io::Result<Confined> {
    let (mut child, mut socket) = attempt::spawn(exe, subcommand, file)?;
    // Nothing of what it prints is kept: it may quote the file.
    drop(child.stderr.take());
    let mut said = serde_json::to_vec(&Instructions { bounds, order })?;
    said.push(b'\n');
    socket.write_all(&said).await?;
    Ok(Confined { child, socket })
}

impl Confined {
    /// Where it is heard. What it says is a stranger's word.
    pub fn socket(&mut self) -> &mut UnixStream {
        &mut self.socket
    }

    /// Ends it, whatever it does.
    ///
    /// # Errors
    /// Where it cannot be waited for.
    pub async fn end(mut self) -> io::Result<()> {
        self.child.kill().await
    }
}
