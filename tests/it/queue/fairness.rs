//! Who is served when: no student waits for another's thousands, no queue for another.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::ids::UserId;
use jobs::{
    Job, Queue,
    catalogue::kinds,
    queue::{Outcome, control},
};
use serde::{Deserialize, Serialize};
use worker::Extra;

use super::{Chore, Diary, add, add_many, chore, clear_away, nobody, worker};
use crate::support::{Platform, platform::Setup};

/// A worker that notes what it starts, each taking this long.
fn noting(slots: usize, diary: &Diary, time: Duration) -> Setup {
    let seen = diary.clone();
    worker(slots, move |running| {
        seen.note(&running);
        async move {
            tokio::time::sleep(time).await;
            Outcome::Done
        }
    })
    .config(|config| config.jobs.tenant_concurrency = 1_000)
}

fn many(student: UserId, count: usize) -> Vec<Chore> {
    vec![Chore::of(student, 0); count]
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_jobs_of_one_student_do_not_delay_anothers_first() {
    const SLOTS: usize = 4;
    let diary = Diary::default();
    let platform = noting(SLOTS, &diary, Duration::from_millis(10)).start().await;
    let eager = UserId::generate();
    for some in many(eager, 5_000).chunks(250) {
        add_many(&platform, some).await;
    }
    diary.until(50).await;
    for _ in 0..5 {
        let newcomer = UserId::generate();
        let job = add(&platform, &Chore::of(newcomer, 1)).await;
        let before = diary.count();
        while !diary.tenants().contains(&Some(newcomer)) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let place = diary.starts().iter().position(|start| start.id == job).unwrap();
        // What had been claimed by then, and as much again that was claimed in the same instant.
        assert!(place <= before + 3 * SLOTS, "{} were let in before", place - before);
    }
    clear_away(&platform).await;
    platform.end().await;
}

/// Starts with the queue paused, so that what is added is there before the first is chosen.
async fn paused(setup: Setup) -> Platform {
    let platform = Box::pin(setup.start()).await;
    let mut conn = platform.db().pool().acquire().await.unwrap();
    control::pause(&mut conn, Queue::Command).await.unwrap();
    platform
}

async fn go(platform: &Platform) {
    let mut conn = platform.db().pool().acquire().await.unwrap();
    control::resume(&mut conn, Queue::Command).await.unwrap();
}

/// Panics unless two take turns in these starts.
fn assert_turns(starts: &[Option<UserId>]) {
    let first = starts[0];
    let mut ahead = 0_i32;
    for start in starts {
        ahead += if *start == first { 1 } else { -1 };
        assert!(ahead.abs() <= 2, "one got ahead: {starts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_backlogs_take_turns() {
    let diary = Diary::default();
    let platform = paused(noting(1, &diary, Duration::ZERO)).await;
    let (one, two) = (UserId::generate(), UserId::generate());
    add_many(&platform, &many(one, 30)).await;
    add_many(&platform, &many(two, 30)).await;
    go(&platform).await;
    diary.until(60).await;
    assert_turns(&diary.tenants());

    // When all have been served, everybody starts level, whoever asked for more before.
    for times in [20, 1] {
        let mut conn = platform.db().pool().acquire().await.unwrap();
        control::pause(&mut conn, Queue::Command).await.unwrap();
        drop(conn);
        let before = diary.count();
        for _ in 0..times {
            add(&platform, &Chore::of(one, 0)).await;
        }
        add_many(&platform, &many(two, 20)).await;
        go(&platform).await;
        diary.until(before + 20 + times).await;
        if times == 20 {
            assert_turns(&diary.tenants()[before..]);
        } else {
            assert!(diary.tenants()[before..before + 2].contains(&Some(one)));
        }
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_for_nothing_saves_up_no_rights() {
    let home = nobody().start().await;
    let (busy, idle) = (UserId::generate(), UserId::generate());
    let diary = Diary::default();
    let seen = diary.clone();
    let db = home.db().clone();
    let platform = worker(1, move |running| {
        seen.note(&running);
        let (db, n) = (db.clone(), chore(&running.job).n);
        async move {
            if n == 30 {
                let mut tx = db.begin_bare().await.unwrap();
                jobs::queue::enqueue_many(&mut tx, &many(idle, 30)).await.unwrap();
                tx.commit().await.unwrap();
            }
            Outcome::Done
        }
    })
    .config(|config| config.jobs.tenant_concurrency = 1_000)
    .beside(&home);
    let platform = paused(platform).await;
    add_many(&home, &(1..=60).map(|n| Chore::of(busy, n)).collect::<Vec<_>>()).await;
    go(&home).await;
    diary.until(90).await;
    // Both have thirty left: they share, instead of the idle one catching up first.
    assert_turns(&diary.tenants()[31..85]);
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_at_the_cap_leaves_slots_to_others_and_takes_the_next_when_one_ends() {
    for cap in [1, 3] {
        let home = nobody().start().await;
        let student = UserId::generate();
        let (now, most) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
        let diary = Diary::default();
        let seen = diary.clone();
        let highest = Arc::clone(&most);
        let platform = worker(8, move |running| {
            seen.note(&running);
            let (now, most) = (Arc::clone(&now), Arc::clone(&highest));
            async move {
                if running.job.tenant == Some(student) {
                    most.fetch_max(now.fetch_add(1, Ordering::AcqRel) + 1, Ordering::AcqRel);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                if running.job.tenant == Some(student) {
                    now.fetch_sub(1, Ordering::AcqRel);
                }
                Outcome::Done
            }
        })
        .config(|config| config.jobs.tenant_concurrency = cap)
        .beside(&home)
        .start()
        .await;
        add_many(&home, &many(student, 30)).await;
        add_many(&home, &many(UserId::generate(), 1)).await;
        add_many(&home, &vec![Chore::default(); 10]).await;
        // If the next were found by polls only, it would take 50 s and more.
        diary.until_within(41, Duration::from_secs(15)).await;
        assert_eq!(most.load(Ordering::Acquire), cap, "never more, and no fewer");
        platform.end().await;
        home.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_that_two_workers_share_does_not_stall_either() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let mut workers = Vec::new();
    for _ in 0..2 {
        let worker = noting(4, &diary, Duration::from_millis(20));
        let worker = worker.config(|config| config.jobs.tenant_concurrency = 2).beside(&home);
        workers.push(worker.start().await);
    }
    let student = UserId::generate();
    for _ in 0..40 {
        add(&home, &Chore::of(student, 0)).await;
    }
    diary.until_within(40, Duration::from_secs(15)).await;
    for worker in workers {
        worker.end().await;
    }
    home.end().await;
}

/// Jobs that differ by their policy only.
macro_rules! policy {
    ($name:ident, $stored:literal, $queue:ident, $priority:literal) => {
        #[derive(Serialize, Deserialize, Clone)]
        struct $name {}

        impl Job for $name {
            const NAME: &'static str = $stored;
            const QUEUE: Queue = Queue::$queue;
            const TIMEOUT: Duration = Duration::from_mins(1);
            const PRIORITY: i16 = $priority;
        }
    };
}

policy!(Urgent, "urgent", Command, -5);
policy!(Whenever, "whenever", Command, 5);
policy!(Ingestion, "ingestion", Ingest, 0);

/// The reading of a student's document.
#[derive(Serialize, Deserialize, Clone)]
struct Reading {
    of: UserId,
    n: i64,
}

impl Job for Reading {
    const NAME: &'static str = "reading";
    const QUEUE: Queue = Queue::Ingest;
    const TIMEOUT: Duration = Duration::from_mins(1);

    fn tenant(&self) -> Option<UserId> {
        Some(self.of)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_nothing_yet_goes_before_whoever_reads_already() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let (seen, read) = (diary.clone(), Arc::new(AtomicI64::new(0)));
    let until = Arc::clone(&read);
    let extra = Extra::new(move |running| {
        seen.note(&running);
        let reading: Reading = serde_json::from_value(running.job.payload.clone()).unwrap();
        let until = Arc::clone(&until);
        async move {
            while until.load(Ordering::Acquire) < reading.n {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Outcome::Done
        }
    });
    let platform = nobody().queues([(Queue::Ingest, 3)]).extra(extra).beside(&home).start().await;
    let [eager, one, two] = [UserId::generate(), UserId::generate(), UserId::generate()];
    for n in 1..=8 {
        add(&home, &Reading { of: eager, n }).await;
    }
    // Alone, a student has all slots.
    diary.until(3).await;
    for of in [one, two] {
        add(&home, &Reading { of, n: 9 }).await;
    }
    for (finished, is_eager) in [(1, false), (2, false), (3, true)] {
        read.store(finished, Ordering::Release);
        diary.until(3 + usize::try_from(finished).unwrap()).await;
        assert_eq!(diary.tenants().last() == Some(&Some(eager)), is_eager, "{:?}", diary.tenants());
    }
    read.store(9, Ordering::Release);
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_urgent_goes_first() {
    let diary = Diary::default();
    let platform = paused(noting(1, &diary, Duration::ZERO)).await;
    add_many(&platform, &vec![Whenever {}; 5]).await;
    add_many(&platform, &vec![Chore::default(); 5]).await;
    add_many(&platform, &vec![Urgent {}; 5]).await;
    go(&platform).await;
    diary.until(15).await;
    let order: Vec<_> = diary.starts().into_iter().map(|job| job.name).collect();
    assert_eq!(order, [["urgent"; 5], ["chore"; 5], ["whenever"; 5]].concat());
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_do_not_starve_each_other() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let seen = diary.clone();
    let extra = Extra::new(move |running| {
        seen.note(&running);
        async move {
            if running.job.name == "ingestion" {
                running.cancel.cancelled().await;
                return Outcome::Cancelled;
            }
            Outcome::Done
        }
    });
    let queues = [(Queue::Ingest, 2), (Queue::Command, 2)];
    let platform = nobody().queues(queues).extra(extra).beside(&home).start().await;
    add_many(&home, &vec![Ingestion {}; 50]).await;
    diary.until(2).await;
    add_many(&home, &vec![Chore::default(); 20]).await;
    diary.until(22).await;
    let starts = diary.starts();
    let chores = starts.iter().filter(|job| job.name == "chore").count();
    assert_eq!(chores, 20, "while the slots of the other queue are all taken");
    clear_away(&home).await;
    for job in starts.iter().filter(|job| job.name == "ingestion") {
        control::cancel(home.db(), &home.parts.bus, kinds(), job.id).await.unwrap();
    }
    platform.end().await;
    home.end().await;
}
