//! Processes that end with the one that started them, whatever happens to it.

use std::{
    ffi::OsStr,
    io,
    process::{Child, Command},
    sync::{OnceLock, mpsc},
};

type Request = (Command, mpsc::Sender<io::Result<Child>>);

/// Spawns a [`mortal`] command. The kernel ties its death to that of the thread that spawns, so one
/// thread spawns for all.
///
/// # Errors
/// Where it cannot be started.
pub fn spawn_mortal(command: Command) -> io::Result<Child> {
    static SPAWNER: OnceLock<mpsc::Sender<Request>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (sender, requests) = mpsc::channel::<Request>();
        std::thread::spawn(move || {
            for (mut command, answer) in requests {
                // Whoever asked may have given up by now.
                drop(answer.send(command.spawn()));
            }
        });
        sender
    });
    let (answer, child) = mpsc::channel();
    let sent = spawner.send((command, answer)).is_ok();
    let gone = || io::Error::other("the thread that spawns is gone");
    if sent { child.recv().map_err(|_gone| gone())? } else { Err(gone()) }
}

/// A command of a program that asks the kernel for the signal before it begins.
pub fn mortal(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}
