//! The bus across processes: a capped, expiring Redis stream a job for those who come later, and
//! pub/sub for those who are there. Key and channel share a hash tag, so a cluster keeps them together.
//!
//! One connection carries all subscriptions of a process, however many readers; what arrives goes
//! into one log a job, which the readers share.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use async_trait::async_trait;
use domain::ids::JobId;
use futures::StreamExt as _;
use redis::{
    AsyncCommands as _, Client, RedisError, RedisResult, Script,
    aio::{ConnectionManager, ConnectionManagerConfig, PubSubSink},
    streams::StreamRangeReply,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Bus, Event, EventKind, Number, Published, Tail, Unreachable, log::Log};

/// How long Redis keeps the events of a job after the last. The database has the answer long before.
const KEEP: Duration = Duration::from_mins(10);

/// Events of one job that Redis keeps.
const CAPACITY: usize = 4_096;

/// A command that takes longer has failed: the job goes on without its readers.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(1);

/// How often the subscription connection proves that it lives.
const PING_EVERY: Duration = Duration::from_secs(5);

/// Appends and publishes in one step. The number is the stream's id, so Redis itself refuses the
/// events of a worker whose job was taken over. Returns 1 where all before it is gone, -1 where a
/// later event is there already.
static PUBLISH: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local fresh = redis.call('EXISTS', KEYS[1]) == 0
        local added = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], ARGV[1] .. '-1', 'k', ARGV[2], 'd', ARGV[3])
        if type(added) == 'table' and added.err then
          if string.find(added.err, 'equal or smaller', 1, true) then return -1 end
          return added
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        redis.call('PUBLISH', KEYS[1], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
        if fresh and ARGV[6] == '0' then return 1 end
        return 0",
    )
});

/// Events of all jobs, over Redis.
pub struct RedisBus {
    commands: ConnectionManager,
    hub: Arc<Hub>,
}

/// What the readers of this process follow, and the connection that feeds them.
struct Hub {
    client: Client,
    commands: ConnectionManager,
    followed: Mutex<HashMap<JobId, Weak<Followed>>>,
    /// The sending half of the subscription connection, while there is one.
    sink: tokio::sync::Mutex<Option<PubSubSink>>,
    tasks: TaskTracker,
}

/// One job that at least one reader of this process follows.
struct Followed {
    job: JobId,
    log: Arc<Log>,
    /// Whether the log has all that Redis had. Until then, what is in it came live, and what was
    /// before is still to be read.
    whole: tokio::sync::Mutex<bool>,
    hub: Arc<Hub>,
}

impl RedisBus {
    /// Connects lazily: a Redis that is down now may come up later. The bus works until `stop`.
    ///
    /// # Errors
    /// Where the URL is no Redis URL.
    pub fn connect(url: &str, stop: CancellationToken, tasks: &TaskTracker) -> RedisResult<Arc<Self>> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(500))
            .set_response_timeout(Some(COMMAND_TIMEOUT))
            .set_connection_timeout(Some(COMMAND_TIMEOUT));
        let commands = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        let hub = Arc::new(Hub {
            client,
            commands: commands.clone(),
            followed: Mutex::default(),
            sink: tokio::sync::Mutex::new(None),
            tasks: tasks.clone(),
        });
        tasks.spawn({
            let hub = Arc::clone(&hub);
            async move { stop.run_until_cancelled(hub.run()).await }
        });
        Ok(Arc::new(Self { commands, hub }))
    }
}

#[async_trait]
impl Bus for RedisBus {
    async fn publish(&self, job: JobId, event: Event) -> Result<Published, Unreachable> {
        let mut commands = self.commands.clone();
        let forgets_nothing = event.number.is_first() || event.kind.is_terminal();
        let outcome: i64 = PUBLISH
            .key(key(job))
            .arg(event.number.get())
            .arg(event.kind.as_str())
            .arg(&*event.data)
            .arg(u64::try_from(KEEP.as_millis()).unwrap_or(u64::MAX))
            .arg(CAPACITY)
            .arg(i32::from(forgets_nothing))
            .invoke_async(&mut commands)
            .await
            .map_err(unreachable)?;
        Ok(match outcome {
            0 => Published::InOrder,
            1 => Published::AfterLoss,
            _ => Published::Stale,
        })
    }

    async fn follow(&self, job: JobId) -> Tail {
        let followed = self.hub.followed(job);
        // Subscribe first, then read what was: an event between the two comes twice, and is kept once.
        // In an outage neither works, and the hub does both when Redis is back.
        if let Err(error) = self.hub.attach(&followed).await {
            tracing::warn!(%error, job.id = %job, "a reader waits for the bus");
        }
        Tail::new(Arc::clone(&followed.log), followed)
    }

    async fn ping(&self) -> Result<(), Unreachable> {
        let mut commands = self.commands.clone();
        redis::cmd("PING").query_async::<()>(&mut commands).await.map_err(unreachable)
    }
}

impl Hub {
    fn followed(self: &Arc<Self>, job: JobId) -> Arc<Followed> {
        let mut followed = self.lock();
        if let Some(known) = followed.get(&job).and_then(Weak::upgrade) {
            return known;
        }
        let new = Arc::new(Followed {
            job,
            log: Log::new(),
            whole: tokio::sync::Mutex::new(false),
            hub: Arc::clone(self),
        });
        followed.insert(job, Arc::downgrade(&new));
        new
    }

    async fn attach(&self, followed: &Followed) -> RedisResult<()> {
        let mut whole = followed.whole.lock().await;
        // Before the subscription: what comes live after it says nothing about what is missing.
        let last = followed.log.last().filter(|_| *whole);
        if let Some(sink) = self.sink.lock().await.as_mut() {
            sink.subscribe(key(followed.job)).await?;
        }
        let mut commands = self.commands.clone();
        let from = last.map_or_else(|| "-".to_owned(), |last| format!("({}-1", last.get()));
        let replay: StreamRangeReply = commands.xrange(key(followed.job), from, "+").await?;
        for entry in replay.ids {
            let number = entry.id.split_once('-').and_then(|(number, _)| number.parse().ok());
            let kind = entry.get::<String>("k").and_then(|kind| EventKind::parse(&kind));
            let data = entry.get::<String>("d");
            if let (Some(number), Some(kind), Some(data)) = (number.and_then(Number::from_client), kind, data)
            {
                followed.log.add(Event { number, kind, data: data.into() });
            }
        }
        *whole = true;
        Ok(())
    }

    /// Keeps the subscription connection up for the life of the process.
    async fn run(self: Arc<Self>) {
        loop {
            if let Err(error) = self.run_connection().await {
                tracing::warn!(%error, "the bus lost its subscriptions; they will be made again");
            }
            *self.sink.lock().await = None;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn run_connection(self: &Arc<Self>) -> RedisResult<()> {
        let connect = tokio::time::timeout(COMMAND_TIMEOUT, self.client.get_async_pubsub());
        let (sink, mut messages) = connect.await.map_err(|_elapsed| timed_out())??.split();
        *self.sink.lock().await = Some(sink);
        // A reader may have got its answer from elsewhere meanwhile: let it look, event or not.
        let all: Vec<_> = self.lock().values().filter_map(Weak::upgrade).collect();
        for followed in all {
            self.attach(&followed).await?;
            followed.log.nudge();
        }
        let mut ping = tokio::time::interval(PING_EVERY);
        loop {
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.deliver(message.get_channel_name(), message.get_payload_bytes()),
                    None => return Err(RedisError::from((redis::ErrorKind::Io, "the connection ended"))),
                },
                _ = ping.tick() => self.prove_life().await?,
            }
        }
    }

    async fn prove_life(&self) -> RedisResult<()> {
        let mut sink = self.sink.lock().await;
        let Some(sink) = sink.as_mut() else { return Ok(()) };
        let pong = tokio::time::timeout(COMMAND_TIMEOUT, sink.ping::<redis::Value>());
        pong.await.map_err(|_elapsed| timed_out())?.map(drop)
    }

    fn deliver(&self, channel: &str, payload: &[u8]) {
        let job = channel.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix('}')?.parse().ok());
        let followed = job.and_then(|job: JobId| self.lock().get(&job).and_then(Weak::upgrade));
        let (Some(followed), Ok(payload)) = (followed, std::str::from_utf8(payload)) else { return };
        let mut parts = payload.splitn(3, ' ');
        let number = parts.next().and_then(|number| number.parse().ok()).and_then(Number::from_client);
        let kind = parts.next().and_then(EventKind::parse);
        if let (Some(number), Some(kind), Some(data)) = (number, kind, parts.next()) {
            followed.log.add(Event { number, kind, data: data.into() });
        }
    }

    async fn detach(&self, job: JobId) {
        let mut sink = self.sink.lock().await;
        // Somebody else may follow it since: they subscribe after this lock, or are seen here.
        let forget = {
            let mut followed = self.lock();
            let gone = followed.get(&job).is_some_and(|known| known.strong_count() == 0);
            if gone {
                followed.remove(&job);
            }
            gone
        };
        if let (true, Some(sink)) = (forget, sink.as_mut())
            && let Err(error) = sink.unsubscribe(key(job)).await
        {
            tracing::debug!(%error, "a subscription ended with its connection");
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, Weak<Followed>>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        let (hub, job) = (Arc::clone(&self.hub), self.job);
        self.hub.tasks.spawn(async move { hub.detach(job).await });
    }
}

impl fmt::Debug for RedisBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisBus(…)")
    }
}

/// What names of keys and channels begin with.
const PREFIX: &str = "medai:job:{";

fn key(job: JobId) -> String {
    format!("{PREFIX}{job}}}")
}

fn unreachable(error: RedisError) -> Unreachable {
    Unreachable(Some(error))
}

fn timed_out() -> RedisError {
    RedisError::from((redis::ErrorKind::Io, "no answer in time"))
}
