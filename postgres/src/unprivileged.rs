//! Children that aren't root, and that don't outlive us.

#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "`pre_exec` is the only way to act between fork and exec")
)]

use std::{os::unix::process::CommandExt, process::Command};

use anyhow::Context;
use nix::{
    sys::signal::Signal,
    unistd::{User, geteuid},
};

/// Who the server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// As we are.
    Own,
    /// As root who is called 65534: a user namespace, which satisfies PostgreSQL and changes no file's owner.
    Namespace,
    /// As somebody else, where namespaces are denied.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// The user that root becomes where it may not make a namespace.
    pub(crate) fn fallback() -> anyhow::Result<Self> {
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name).context("reading the list of users")?
                && !user.uid.is_root()
            {
                return Ok(Self::Other { uid: user.uid.as_raw(), gid: user.gid.as_raw() });
            }
        }
        anyhow::bail!(
            "PostgreSQL refuses to run as root, user namespaces are denied here, and there is neither a user \
             `postgres` nor `nobody`: start as an ordinary user, or set DATABASE_URL"
        )
    }

    /// The user id that the server's files have.
    pub(crate) fn file_owner(self) -> u32 {
        match self {
            Self::Own | Self::Namespace => geteuid().as_raw(),
            Self::Other { uid, .. } => uid,
        }
    }
}

/// Makes `command` run as `account`, and get `at_death` when the thread that spawns it ends.
pub(crate) fn confine(command: &mut Command, account: Account, at_death: Signal) {
    command.process_group(0);
    if let Account::Other { uid, gid } = account {
        // The standard library also empties the supplementary groups.
        command.uid(uid).gid(gid);
    }
    before_exec(command, account, at_death);
}

/// Whether this process can start a child in a user namespace of its own.
pub(crate) fn namespaces_work() -> bool {
    if cfg!(not(target_os = "linux")) {
        return false;
    }
    let mut probe = Command::new("true");
    confine(&mut probe, Account::Namespace, Signal::SIGKILL);
    match probe.status() {
        Ok(status) => status.success(),
        // The namespace was made; only then is the program looked for.
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

#[cfg(not(target_os = "linux"))]
fn before_exec(_: &mut Command, _: Account, _: Signal) {}

#[cfg(target_os = "linux")]
fn before_exec(command: &mut Command, account: Account, at_death: Signal) {
    let parent = nix::unistd::getpid();
    let maps = (account == Account::Namespace).then(linux::Maps::to_65534);
    // SAFETY: other threads may hold locks, the allocator's among them, at the moment of the fork, so the closure
    // only makes system calls and reads what it owns: the strings are ready, and errors are plain numbers.
    unsafe {
        command.pre_exec(move || {
            if let Some(maps) = &maps {
                maps.enter()?;
            }
            // Last, since a change of credentials clears it.
            nix::sys::prctl::set_pdeathsig(at_death)?;
            // The parent may have died before that call.
            if nix::unistd::getppid() == parent { Ok(()) } else { Err(nix::Error::ESRCH.into()) }
        });
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::CStr;

    use nix::{
        fcntl::{OFlag, open},
        sched::{CloneFlags, unshare},
        sys::stat::Mode,
        unistd::{getegid, geteuid, write},
    };

    /// What the kernel is told about a new user namespace, written before the fork.
    pub(super) struct Maps {
        user: String,
        group: String,
    }

    impl Maps {
        pub(super) fn to_65534() -> Self {
            Self { user: format!("65534 {} 1", geteuid()), group: format!("65534 {} 1", getegid()) }
        }

        pub(super) fn enter(&self) -> nix::Result<()> {
            unshare(CloneFlags::CLONE_NEWUSER)?;
            write_to(c"/proc/self/setgroups", b"deny")?;
            write_to(c"/proc/self/uid_map", self.user.as_bytes())?;
            write_to(c"/proc/self/gid_map", self.group.as_bytes())
        }
    }

    fn write_to(path: &CStr, text: &[u8]) -> nix::Result<()> {
        let file = open(path, OFlag::O_WRONLY | OFlag::O_CLOEXEC, Mode::empty())?;
        write(&file, text).map(drop)
    }
}
