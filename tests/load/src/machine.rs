//! The machine: what it is, and what its processes use.

use std::{collections::HashMap, fs, process::Command, thread, time::Duration};

use anyhow::Context as _;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Lets this process and its children open as many files as the system permits.
pub(crate) fn lift_file_limit() -> anyhow::Result<()> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most).context("the limit of open files cannot be lifted")
}

/// What the numbers were measured on.
pub(crate) fn describe() -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_owned();
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(unknown);
    let cores = thread::available_parallelism().map_or_else(|_| unknown(), |cores| cores.to_string());
    let memory = kilobytes("/proc/meminfo", "MemTotal")
        .map_or_else(unknown, |memory| format!("{:.1} GB", memory / (1024.0 * 1024.0)));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_else(unknown);
    vec![
        ("machine", format!("{cpu}, {cores} cores, {memory}, Linux {}", kernel.trim())),
        ("medai", format!("{}, release build, {}", env!("CARGO_PKG_VERSION"), rustc.trim())),
    ]
}

/// Megabytes of memory that a process has for itself and its share of others'.
pub(crate) fn resident_mb(pid: u32) -> anyhow::Result<f64> {
    let memory = kilobytes(&format!("/proc/{pid}/status"), "VmRSS");
    Ok(memory.context("the process is gone")? / 1024.0)
}

/// Time on a processor that a process used, and all that it started, by their names.
fn processor_time(root: u32) -> HashMap<String, Duration> {
    let all: Vec<Stat> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Stat::parse(&fs::read_to_string(entry.path().join("stat")).ok()?))
        .collect();
    let mut family = vec![root];
    let mut times = HashMap::new();
    while let Some(pid) = family.pop() {
        for stat in &all {
            if stat.pid == pid {
                *times.entry(stat.name.clone()).or_default() += stat.time;
            }
            if stat.parent == pid {
                family.push(stat.pid);
            }
        }
    }
    times
}

/// What this process and all that it started use from now on.
#[derive(Debug)]
pub(crate) struct Meter(HashMap<String, Duration>);

impl Meter {
    /// Begins.
    pub(crate) fn start() -> Self {
        Self(processor_time(std::process::id()))
    }

    /// Milliseconds on a processor of each program by its name, for each of so many things done.
    #[expect(clippy::cast_precision_loss, reason = "nothing is done 2⁵³ times")]
    pub(crate) fn ms_each(&self, done: u64) -> impl Fn(&str) -> f64 + use<> {
        let mut used = processor_time(std::process::id());
        for (name, time) in &mut used {
            *time = time.saturating_sub(self.0.get(name).copied().unwrap_or_default());
        }
        move |name| used.get(name).copied().unwrap_or_default().as_secs_f64() * 1e3 / done.max(1) as f64
    }
}

/// A line of `/proc/<pid>/stat`.
struct Stat {
    pid: u32,
    parent: u32,
    name: String,
    time: Duration,
}

impl Stat {
    fn parse(line: &str) -> Option<Self> {
        // The name may hold spaces and brackets of its own.
        let (pid, rest) = line.split_once(" (")?;
        let (name, rest) = rest.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
        // Linux tells all programs hundredths of a second.
        let time = Duration::from_millis(10 * (ticks(11)? + ticks(12)?));
        Some(Self {
            pid: pid.parse().ok()?,
            parent: fields.get(1)?.parse().ok()?,
            name: name.to_owned(),
            time,
        })
    }
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':'))?;
    Some(value.trim().to_owned())
}

fn kilobytes(path: &str, name: &str) -> Option<f64> {
    field(path, name)?.trim_end_matches("kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_with_odd_names_are_read() {
        let stat = Stat::parse("42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0").unwrap();
        assert_eq!((stat.pid, stat.parent, stat.name.as_str()), (42, 7, "a (b) c"));
        assert_eq!(stat.time, Duration::from_secs(2));
    }

    #[test]
    fn this_process_uses_memory() {
        assert!(resident_mb(std::process::id()).unwrap() > 1.0);
    }
}
