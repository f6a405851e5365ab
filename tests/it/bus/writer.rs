//! The writer on a bus that fails in every way there is. Whatever is lost, a reader never takes for
//! whole what is not, and has the whole text as soon as the bus works again.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::ids::JobId;
use jobs::bus::{Bus, Event, EventKind, EventWriter, MemoryBus, Published, Tail, Unreachable};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use super::Reader;
use crate::support::logs;

/// A bus that loses events, and says so or not.
#[derive(Debug)]
struct Unreliable {
    bus: Arc<MemoryBus>,
    fate: Mutex<StdRng>,
    healthy: AtomicBool,
}

/// What happens to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Arrives,
    /// It never arrived.
    Lost,
    /// It arrived, and the answer was lost.
    Unconfirmed,
    /// The bus lost all that was before it.
    AfterAFlood,
}

impl Unreliable {
    fn new(seed: u64) -> Arc<Self> {
        let fate = Mutex::new(StdRng::seed_from_u64(seed));
        Arc::new(Self { bus: MemoryBus::new(), fate, healthy: AtomicBool::new(true) })
    }

    fn fate(&self) -> Fate {
        if self.healthy.load(Ordering::Acquire) {
            return Fate::Arrives;
        }
        match self.fate.lock().unwrap().random_range(0..10) {
            0 | 1 => Fate::Lost,
            2 => Fate::Unconfirmed,
            3 => Fate::AfterAFlood,
            _ => Fate::Arrives,
        }
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Bus for Unreliable {
    fn publish<'a, 'b>(&'a self, job: JobId, event: Event) -> Boxed<'b, Result<Published, Unreachable>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            match self.fate() {
                Fate::Arrives => self.bus.publish(job, event).await,
                Fate::Lost => Err(Unreachable(None)),
                Fate::Unconfirmed => {
                    self.bus.publish(job, event).await?;
                    Err(Unreachable(None))
                }
                Fate::AfterAFlood => {
                    self.bus.forget();
                    self.bus.publish(job, event).await
                }
            }
        })
    }

    fn follow<'a, 'b>(&'a self, job: JobId) -> Boxed<'b, Tail>
    where
        'a: 'b,
        Self: 'b,
    {
        self.bus.follow(job)
    }

    fn ping<'a, 'b>(&'a self) -> Boxed<'b, Result<(), Unreachable>>
    where
        'a: 'b,
        Self: 'b,
    {
        self.bus.ping()
    }
}

/// Panics where a reader takes for whole what is not: if the job ended now, would it ask the database?
fn assert_not_misled(reader: &mut Reader, writer: &EventWriter, seed: u64) {
    reader.look();
    let ending = writer.ending(EventKind::Done, json!({}));
    if !reader.lost && ending.number.ends(reader.seen) {
        assert_eq!(reader.text, writer.text(), "seed {seed}: believed at {}", reader.seen);
    }
}

async fn tell_a_story(seed: u64) {
    let mut rng = StdRng::seed_from_u64(!seed);
    let unreliable = Unreliable::new(seed);
    let bus: Arc<dyn Bus> = unreliable.clone();
    let job = JobId::generate();
    let mut readers = vec![Reader::of(&bus, job).await];
    let mut writer = EventWriter::new(Arc::clone(&bus), job, 1);
    writer.send(EventKind::Started, json!({})).await;
    unreliable.healthy.store(false, Ordering::Release);
    for word in 0..40 {
        match rng.random_range(0..20) {
            0 => writer.restart().await,
            1 => writer.send(EventKind::Usage, json!({})).await,
            2 => readers.push(Reader::of(&bus, job).await),
            3 => unreliable.bus.forget(),
            // Beyond the time for which a bus that failed is left alone.
            4 => tokio::time::sleep(Duration::from_millis(520)).await,
            5..=9 => tokio::time::sleep(Duration::from_millis(rng.random_range(0..20))).await,
            _ => {}
        }
        writer.delta(&format!("{word} ")).await;
        if rng.random_bool(0.5) {
            writer.flush().await;
            for reader in &mut readers {
                assert_not_misled(reader, &writer, seed);
            }
        }
    }
    unreliable.healthy.store(true, Ordering::Release);
    tokio::time::sleep(Duration::from_millis(520)).await;
    writer.delta("the end").await;
    writer.flush().await;
    readers.push(Reader::of(&bus, job).await);
    let ending = writer.ending(EventKind::Done, json!({}));
    for reader in &mut readers {
        reader.look();
        assert_eq!((reader.lost, reader.text.as_str()), (false, writer.text()), "seed {seed}");
        assert!(ending.number.ends(reader.seen), "seed {seed}: the end does not follow {}", reader.seen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_bus_loses_no_reader_is_misled_and_all_is_told_in_the_end() {
    logs::keep();
    let base: u64 = rand::random();
    let stories: Vec<_> = (0..400).map(|n| tokio::spawn(tell_a_story(base.wrapping_add(n)))).collect();
    for story in stories {
        story.await.unwrap();
    }
}
