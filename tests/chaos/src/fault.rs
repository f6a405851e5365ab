//! What goes wrong, one at a time.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{TimeDelta, Timelike as _};
use simulator::Script;
use tokio::time::sleep;

use crate::{disk::SmallDisk, row::Timing, uploads::Uploads, world::World};

/// How long a provider asks to wait whose quota is spent.
const QUOTA_AWAY: Duration = Duration::from_secs(8);

/// How long before midnight the processes are started.
const BEFORE_MIDNIGHT: Duration = Duration::from_secs(25);

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Fault {
    /// A worker is killed, and stays away.
    WorkerKilled,
    /// An api is killed, and stays away.
    ApiKilled,
    /// The scheduler that leads is killed, and stays away.
    LeaderKilled,
    /// Redis is away for a while, and forgets everything.
    RedisRestarted,
    /// PostgreSQL is stopped and started.
    PostgresRestarted,
    /// PostgreSQL is killed and started.
    PostgresKilled,
    /// All keys of the provider that is asked first are invalid.
    ProviderDead,
    /// Every key says to come back in some seconds.
    QuotaGone,
    /// The provider that is asked first never answers.
    ProviderHangs,
    /// The provider that is asked first breaks off within each answer.
    ProviderCuts,
    /// The clocks pass midnight in UTC.
    Midnight,
    /// The disk for files is full.
    DiskFull,
}

/// When it began, and when its cause was gone.
#[derive(Debug, Clone, Copy)]
pub struct Struck {
    /// When it began.
    pub began: Instant,
    /// When a killed process was dead, or a server back.
    pub over: Instant,
}

impl Fault {
    /// All, in the order of the table. The last one moves the clocks, which do not go back.
    pub const ALL: [Self; 12] = [
        Self::WorkerKilled,
        Self::ApiKilled,
        Self::LeaderKilled,
        Self::RedisRestarted,
        Self::PostgresRestarted,
        Self::PostgresKilled,
        Self::ProviderDead,
        Self::QuotaGone,
        Self::ProviderHangs,
        Self::ProviderCuts,
        Self::DiskFull,
        Self::Midnight,
    ];

    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorkerKilled => "worker kill -9",
            Self::ApiKilled => "api kill -9",
            Self::LeaderKilled => "leader scheduler kill -9",
            Self::RedisRestarted => "Redis away 10 s, back empty",
            Self::PostgresRestarted => "PostgreSQL restarted",
            Self::PostgresKilled => "PostgreSQL kill -9, started",
            Self::ProviderDead => "all keys of a provider dead",
            Self::QuotaGone => "every key out of quota for 8 s",
            Self::ProviderHangs => "provider hangs",
            Self::ProviderCuts => "provider cuts its streams",
            Self::Midnight => "midnight in UTC",
            Self::DiskFull => "disk for files full",
        }
    }

    /// How soon all must be as usual again.
    pub const fn target(self) -> Duration {
        Duration::from_secs(match self {
            Self::RedisRestarted => 5,
            Self::PostgresRestarted | Self::PostgresKilled => 10,
            Self::LeaderKilled => 15,
            _ => 30,
        })
    }

    /// Sees to what has to be so before the load begins, or says why it cannot be tried.
    pub(crate) async fn prepare(self, world: &mut World) -> anyhow::Result<Option<&'static str>> {
        if self == Self::DiskFull {
            world.disk = SmallDisk::mount(&world.files)?;
            return Ok(world.disk.is_none().then_some("no small disk can be mounted here"));
        }
        if self == Self::Midnight {
            world.kill_roles()?;
            let now = world.clock.now();
            let day = TimeDelta::days(1) - TimeDelta::seconds(i64::from(now.num_seconds_from_midnight()));
            world.ahead = (day.to_std()?).saturating_sub(BEFORE_MIDNIGHT);
            world.start_roles().await?;
        }
        Ok(None)
    }

    /// Lets it go wrong.
    pub(crate) async fn strike(self, world: &mut World, timing: &Timing) -> anyhow::Result<Struck> {
        let began = Instant::now();
        match self {
            Self::WorkerKilled => world.workers.first_mut().context("no worker")?.kill()?,
            Self::ApiKilled => world.apis.first_mut().context("no api")?.kill()?,
            Self::LeaderKilled => kill_leader(world).await?,
            Self::RedisRestarted => {
                world.valkey.stop()?;
                sleep(timing.away).await;
                world.valkey.restart()?;
            }
            Self::PostgresRestarted => {
                world.stop_postgres().await?;
                world.start_postgres().await?;
            }
            Self::PostgresKilled => {
                world.kill_postgres()?;
                world.start_postgres().await?;
            }
            Self::ProviderDead => world.script("gemini", &Script::invalid_key()),
            Self::QuotaGone => {
                for provider in ["gemini", "openai"] {
                    world.script(provider, &Script::rate_limited(QUOTA_AWAY));
                }
                // Long enough that each has been asked, and heard it.
                sleep(Duration::from_secs(2)).await;
                world.all_healthy();
                sleep(QUOTA_AWAY).await;
            }
            Self::ProviderHangs => world.script("gemini", &Script::silent()),
            Self::ProviderCuts => world.script("gemini", &Script::cut_after(5)),
            Self::Midnight => {
                let now = world.clock.now() + TimeDelta::from_std(world.ahead)?;
                let left =
                    TimeDelta::days(1) - TimeDelta::seconds(i64::from(now.num_seconds_from_midnight()));
                // After midnight nothing is left to wait for.
                if left < TimeDelta::minutes(2) {
                    sleep(left.to_std()?).await;
                }
                let over = Instant::now();
                return Ok(Struck { began: over, over });
            }
            Self::DiskFull => return fill_disk(world, timing).await,
        }
        let over = match self {
            // Its cause stays; what is measured is how soon it makes no difference.
            Self::ProviderDead | Self::ProviderHangs | Self::ProviderCuts => began,
            _ => Instant::now(),
        };
        Ok(Struck { began, over })
    }

    /// Puts the world as it was: what a supervisor of processes, or the provider, does.
    pub(crate) async fn mend(self, world: &mut World) -> anyhow::Result<()> {
        world.all_healthy();
        world.start_roles().await
    }
}

/// Somebody uploads before, while and after the disk is full.
async fn fill_disk(world: &mut World, timing: &Timing) -> anyhow::Result<Struck> {
    let mut uploads = Uploads::start(world).await?;
    uploads.upload().await?;
    let disk = world.disk.as_ref().context("no disk")?;
    disk.fill()?;
    let began = Instant::now();
    while began.elapsed() < timing.away {
        uploads.upload().await?;
        sleep(Duration::from_millis(200)).await;
    }
    disk.free()?;
    let over = Instant::now();
    uploads.upload().await?;
    world.uploads = Some(uploads);
    Ok(Struck { began, over })
}

/// Kills the scheduler that holds the lease.
async fn kill_leader(world: &mut World) -> anyhow::Result<()> {
    let leader = leader(world).await?.context("nobody leads")?;
    let pid = leader.split(':').nth(1).and_then(|pid| pid.parse::<u32>().ok());
    let of_leader = world.schedulers.iter_mut().find(|scheduler| scheduler.pid() == pid && pid.is_some());
    of_leader.context("the leader is none of ours")?.kill()
}

/// The name of the scheduler that leads now.
pub(crate) async fn leader(world: &World) -> anyhow::Result<Option<String>> {
    let pool = world.pool().await?;
    let holder = sqlx::query_scalar("select holder from scheduler_lease where until > now()");
    let holder = holder.fetch_optional(&pool).await?;
    pool.close().await;
    Ok(holder)
}
