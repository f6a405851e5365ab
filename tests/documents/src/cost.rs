//! Processor time and time by the clock.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// What was used so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    begun: Instant,
    own: Duration,
    children: Duration,
}

/// What was used between two moments.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds by the clock.
    pub(crate) clock: f64,
    /// Seconds of processor time of this process.
    pub(crate) own: f64,
    /// Seconds of processor time of its children.
    pub(crate) children: f64,
}

impl Meter {
    pub(crate) fn start() -> anyhow::Result<Self> {
        Ok(Self {
            begun: Instant::now(),
            own: used(UsageWho::RUSAGE_SELF)?,
            children: used(UsageWho::RUSAGE_CHILDREN)?,
        })
    }

    /// What was used since then.
    pub(crate) fn read(self) -> anyhow::Result<Cost> {
        let now = Self::start()?;
        Ok(Cost {
            clock: (now.begun - self.begun).as_secs_f64(),
            own: now.own.saturating_sub(self.own).as_secs_f64(),
            children: now.children.saturating_sub(self.children).as_secs_f64(),
        })
    }
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.clock += other.clock;
        self.own += other.own;
        self.children += other.children;
    }
}

fn used(who: UsageWho) -> anyhow::Result<Duration> {
    let usage = getrusage(who)?;
    let time = |time: nix::sys::time::TimeVal| {
        anyhow::Ok(
            Duration::from_secs(time.tv_sec().try_into()?)
                + Duration::from_micros(time.tv_usec().try_into()?),
        )
    };
    Ok(time(usage.user_time())? + time(usage.system_time())?)
}

/// The most memory that one child had, in megabytes.
#[expect(clippy::cast_precision_loss, reason = "kilobytes of a process")]
pub(crate) fn largest_child_mb() -> anyhow::Result<f64> {
    Ok(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss() as f64 / 1024.0)
}
