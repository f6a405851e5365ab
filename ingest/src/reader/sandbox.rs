//! What holds a child that reads a stranger's file.
//!
//! The child confines itself, before it looks at the first byte: so all of it is safe calls, and nothing happens
//! between fork and exec. Limits of resources must be there, or the child ends. The rest is taken as far as the
//! kernel gives it:
//!
//! - root becomes `nobody`, in a network namespace of its own where root may make one;
//! - `no_new_privs`, and the death of the parent ends the child;
//! - Landlock: no file can be opened any more, and no TCP connection made;
//! - seccomp: no socket, no other program, no look into other processes, whatever Landlock knows.

use std::time::Duration;

use nix::{
    sys::resource::{Resource, UsageWho, getrusage, setrlimit},
    unistd::alarm,
};

use super::confined::Bounds;

/// Open files of a child: three, and room for what the runtime opens in passing.
const FILES: u64 = 32;

/// Confines this process for good.
pub(super) fn enter(bounds: &Bounds) -> nix::Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_FSIZE, 0, 0)?;
    setrlimit(Resource::RLIMIT_NOFILE, FILES, FILES)?;
    let (soft, hard) = (seconds(bounds.cpu), seconds(bounds.most_cpu) + 1);
    setrlimit(Resource::RLIMIT_CPU, soft.min(hard), hard)?;
    // For the case that nobody is there any more to end this process in time.
    alarm::set(bounds.wall);
    #[cfg(target_os = "linux")]
    linux::confine();
    // After what is allocated for that.
    setrlimit(Resource::RLIMIT_AS, bounds.memory, bounds.memory)
}

/// No more threads or processes. Only after the last one that is needed.
pub(super) fn no_more_threads() {
    // What root becomes is held by this; an administrator's uid 0 would not be.
    if setrlimit(Resource::RLIMIT_NPROC, 0, 0).is_err() {
        // A system without this limit.
    }
}

/// The kernel ends this process when it has used `until` milliseconds of processor time, from its start.
pub(super) fn end_after(until: u64, most: u64) -> nix::Result<()> {
    let (_, hard) = nix::sys::resource::getrlimit(Resource::RLIMIT_CPU)?;
    setrlimit(Resource::RLIMIT_CPU, seconds(until.min(most)).min(hard), hard)
}

/// Milliseconds of processor time that this process has used.
pub(super) fn cpu() -> u64 {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else { return 0 };
    [usage.user_time(), usage.system_time()]
        .into_iter()
        .map(|time| {
            let (seconds, micros) = (time.tv_sec(), time.tv_usec());
            let time = Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
                + Duration::from_micros(u64::try_from(micros).unwrap_or(0));
            u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
        })
        .sum()
}

/// Rounded up, as the kernel counts whole seconds.
fn seconds(millis: u64) -> u64 {
    millis.div_ceil(1_000).max(1)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _};
    use nix::{
        libc,
        sched::{CloneFlags, unshare},
        sys::{prctl, signal::Signal},
        unistd::{Gid, Uid, User, geteuid, setgroups, setresgid, setresuid},
    };
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

    /// The ids of `nobody` where no user of that name is known.
    const NOBODY: u32 = 65_534;

    /// Each step is worth taking without the others, so none that fails keeps from the next.
    pub(super) fn confine() {
        let steps: [fn() -> anyhow::Result<()>; 4] = [step_down, keep_down, close_files, close_system_calls];
        for step in steps {
            if step().is_err() {
                // Not given by this kernel, or by the container around us.
            }
        }
    }

    fn step_down() -> anyhow::Result<()> {
        if !geteuid().is_root() {
            return Ok(());
        }
        if unshare(CloneFlags::CLONE_NEWNET).is_err() {
            // Needs CAP_SYS_ADMIN; sockets are denied below in any case.
        }
        let nobody = User::from_name("nobody")?.filter(|user| !user.uid.is_root());
        let (uid, gid) =
            nobody.map_or((Uid::from_raw(NOBODY), Gid::from_raw(NOBODY)), |user| (user.uid, user.gid));
        setgroups(&[])?;
        setresgid(gid, gid, gid)?;
        setresuid(uid, uid, uid)?;
        Ok(())
    }

    fn keep_down() -> anyhow::Result<()> {
        prctl::set_no_new_privs()?;
        // After the change of credentials, which clears it.
        prctl::set_pdeathsig(Signal::SIGKILL)?;
        Ok(())
    }

    fn close_files() -> anyhow::Result<()> {
        Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V5))?
            .handle_access(AccessNet::from_all(ABI::V5))?
            .create()?
            .restrict_self()?;
        Ok(())
    }

    /// What a reader of a file never calls, and what somebody who took it over would.
    const DENIED: &[libc::c_long] = &[
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendmmsg,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_open,
        libc::SYS_pidfd_getfd,
        libc::SYS_kill,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_pivot_root,
        libc::SYS_chroot,
        libc::SYS_open_by_handle_at,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_io_uring_setup,
        libc::SYS_memfd_create,
        libc::SYS_init_module,
        libc::SYS_finit_module,
        libc::SYS_kexec_load,
    ];

    fn close_system_calls() -> anyhow::Result<()> {
        let rules: BTreeMap<i64, _> = DENIED.iter().map(|call| (*call, Vec::new())).collect();
        let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let filter =
            SeccompFilter::new(rules, SeccompAction::Allow, denied, std::env::consts::ARCH.try_into()?)?;
        let program: BpfProgram = filter.try_into()?;
        apply_filter(&program)?;
        Ok(())
    }
}
