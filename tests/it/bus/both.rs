//! What every bus promises.

use std::{sync::Arc, time::Duration};

use domain::ids::JobId;
use jobs::bus::{Bus, EventKind, EventWriter, Number, Published, publish_ending};
use serde_json::json;

use super::{Reader, Stage, nth, text_of};

/// Tells each story on both kinds of bus.
macro_rules! on_both {
    ($($story:ident)*) => {
        mod in_memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(super::Stage::memory()).await;
            })*
        }

        mod over_redis {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(super::Stage::redis().await).await;
            })*
        }
    };
}

on_both! {
    events_come_in_order_to_those_who_are_there_and_to_those_who_come_later
    a_reader_who_returns_gets_what_is_above_the_last_it_saw
    readers_of_one_job_hear_nothing_of_another
    who_was_taken_for_dead_is_heard_no_more
    a_bus_that_forgot_says_so
    the_first_word_leaves_at_once_and_the_rest_is_joined
    what_is_not_text_comes_after_the_text_before_it
    what_the_bus_forgot_is_told_again
    the_end_follows_the_last_word
    who_joins_in_the_middle_of_a_torrent_misses_nothing
    a_slow_reader_holds_nobody_up_and_sees_a_hole_instead_of_disorder
    hundreds_of_jobs_do_not_mix
}

async fn events_come_in_order_to_those_who_are_there_and_to_those_who_come_later(stage: Stage) {
    let job = JobId::generate();
    let mut early = [Reader::of(&stage.here, job).await, Reader::of(&stage.elsewhere, job).await];
    for n in 1..=100 {
        assert_eq!(stage.here.publish(job, nth(1, n)).await.unwrap(), Published::InOrder);
    }
    let last = Number::epoch(1).plus(100);
    let mut late = Reader::of(&stage.elsewhere, job).await;
    let text = text_of(1..=100);
    for reader in early.iter_mut().chain([&mut late]) {
        reader.until(|reader| reader.seen == last).await;
        assert_eq!(reader.text, text);
        assert_eq!(reader.numbers(), (1..=100).map(|n| Number::epoch(1).plus(n).get()).collect::<Vec<_>>());
    }
    stage.here.ping().await.unwrap();
}

async fn a_reader_who_returns_gets_what_is_above_the_last_it_saw(stage: Stage) {
    let job = JobId::generate();
    for n in 1..=10 {
        stage.here.publish(job, nth(1, n)).await.unwrap();
    }
    let mut reader = Reader::after(&stage.elsewhere, job, Number::epoch(1).plus(7)).await;
    stage.here.publish(job, nth(1, 11)).await.unwrap();
    reader.until_text("8 9 10 11 ").await;
    let mut nothing_new = Reader::after(&stage.elsewhere, job, Number::epoch(1).plus(11)).await;
    nothing_new.look();
    assert_eq!(nothing_new.events, []);
    stage.here.publish(job, nth(1, 12)).await.unwrap();
    nothing_new.until_text("12 ").await;
}

async fn readers_of_one_job_hear_nothing_of_another(stage: Stage) {
    let (one, two) = (JobId::generate(), JobId::generate());
    let mut readers = [Reader::of(&stage.elsewhere, one).await, Reader::of(&stage.elsewhere, two).await];
    stage.here.publish(one, nth(1, 1)).await.unwrap();
    stage.here.publish(two, nth(3, 1)).await.unwrap();
    for (reader, epoch) in readers.iter_mut().zip([1, 3]) {
        reader.until(|reader| !reader.events.is_empty()).await;
        assert_eq!(reader.events, [nth(epoch, 1)]);
    }
}

async fn who_was_taken_for_dead_is_heard_no_more(stage: Stage) {
    let job = JobId::generate();
    let mut reader = Reader::of(&stage.elsewhere, job).await;
    let publish = async |event| stage.here.publish(job, event).await.unwrap();
    assert_eq!(publish(nth(1, 1)).await, Published::InOrder);
    assert_eq!(publish(nth(2, 1)).await, Published::InOrder);
    assert_eq!(publish(nth(1, 2)).await, Published::Stale);
    assert_eq!(publish(nth(2, 1)).await, Published::Stale, "nor is anything said twice");
    assert_eq!(stage.elsewhere.publish(job, nth(1, 3)).await.unwrap(), Published::Stale);
    assert_eq!(publish(nth(2, 2)).await, Published::InOrder);
    let expected = [nth(1, 1), nth(2, 1), nth(2, 2)];
    reader.until(|reader| reader.events == expected).await;
    let mut late = Reader::of(&stage.elsewhere, job).await;
    late.until(|reader| reader.events == expected).await;
}

async fn a_bus_that_forgot_says_so(stage: Stage) {
    let job = JobId::generate();
    let publish = async |event| stage.here.publish(job, event).await.unwrap();
    assert_eq!(publish(nth(1, 1)).await, Published::InOrder);
    stage.forget(job).await;
    assert_eq!(publish(nth(1, 2)).await, Published::AfterLoss);
    assert_eq!(publish(nth(1, 3)).await, Published::InOrder);
    stage.forget(job).await;
    assert_eq!(publish(nth(2, 1)).await, Published::InOrder, "a new epoch tells all anew");
    stage.forget(job).await;
    let writer = EventWriter::new(Arc::clone(&stage.here), job, 3);
    let ending = writer.ending(EventKind::Error, json!({})).event();
    assert_eq!(publish(ending).await, Published::InOrder, "an end needs nothing before it");
}

async fn the_first_word_leaves_at_once_and_the_rest_is_joined(stage: Stage) {
    let job = JobId::generate();
    let mut writer = EventWriter::new(Arc::clone(&stage.here), job, 1);
    writer.delta("First ").await;
    assert!(!writer.waits());
    let mut reader = Reader::of(&stage.elsewhere, job).await;
    reader.until_text("First ").await;
    let mut text = "First ".to_owned();
    for n in 0..2_000 {
        writer.delta(&n.to_string()).await;
        text.push_str(&n.to_string());
    }
    writer.flush().await;
    assert_eq!(writer.text(), text);
    reader.until_text(&text).await;
    // All of it took far less than two thousand times 15 ms, so most must have travelled together.
    assert!(reader.count(EventKind::Delta) < 500, "{} deltas", reader.count(EventKind::Delta));
}

async fn what_is_not_text_comes_after_the_text_before_it(stage: Stage) {
    let job = JobId::generate();
    let mut writer = EventWriter::new(Arc::clone(&stage.here), job, 1);
    let mut reader = Reader::of(&stage.elsewhere, job).await;
    writer.send(EventKind::Started, json!({ "attempt": 1 })).await;
    writer.delta("a").await;
    writer.delta("b").await;
    writer.send(EventKind::Usage, json!({})).await;
    writer.restart().await;
    assert_eq!(writer.text(), "");
    writer.delta("c").await;
    reader.until_text("c").await;
    let kinds: Vec<_> = reader.events.iter().map(|event| event.kind).collect();
    let joined: Vec<_> = kinds.iter().filter(|kind| **kind != EventKind::Delta).collect();
    assert_eq!(joined, [&EventKind::Started, &EventKind::Usage, &EventKind::Restart]);
    let usage = kinds.iter().position(|kind| *kind == EventKind::Usage).unwrap();
    assert!(kinds[1..usage].iter().all(|kind| *kind == EventKind::Delta) && usage > 1, "{kinds:?}");
    assert_eq!(&*reader.events[0].data, r#"{"attempt":1}"#);
}

async fn what_the_bus_forgot_is_told_again(stage: Stage) {
    let job = JobId::generate();
    let mut writer = EventWriter::new(Arc::clone(&stage.here), job, 1);
    let mut early = Reader::of(&stage.elsewhere, job).await;
    writer.delta("Preload ").await;
    early.until_text("Preload ").await;
    stage.forget(job).await;
    let mut late = Reader::of(&stage.elsewhere, job).await;
    writer.delta("is ").await;
    writer.flush().await;
    writer.delta("stretch.").await;
    writer.flush().await;
    for reader in [&mut early, &mut late, &mut Reader::of(&stage.here, job).await] {
        reader.until_text("Preload is stretch.").await;
        assert_eq!(reader.count(EventKind::Restart), 1);
    }
    let ending = writer.ending(EventKind::Done, json!({}));
    publish_ending(&stage.here, job, &ending).await;
    early.finish().await;
    late.finish().await;
}

async fn the_end_follows_the_last_word(stage: Stage) {
    let job = JobId::generate();
    let mut writer = EventWriter::new(Arc::clone(&stage.here), job, 4);
    let mut reader = Reader::of(&stage.elsewhere, job).await;
    writer.delta("All.").await;
    let ending = writer.ending(EventKind::Truncated, json!({ "usage": 3 }));
    publish_ending(&stage.here, job, &ending).await;
    reader.finish().await;
    assert_eq!(reader.events.last(), Some(&ending.event()));
    writer.delta("Too late").await;
    writer.flush().await;
    let mut late = Reader::of(&stage.elsewhere, job).await;
    late.finish().await;
    assert_eq!(late.events, reader.events);
}

async fn who_joins_in_the_middle_of_a_torrent_misses_nothing(stage: Stage) {
    const MANY: i64 = 300;
    let torrent = |n: u64| {
        let (here, elsewhere) = (Arc::clone(&stage.here), Arc::clone(&stage.elsewhere));
        tokio::spawn(async move {
            let job = JobId::generate();
            // Two come at once, in the middle of it, at another time for each job.
            let joins = i64::try_from(n * 7 % 250).unwrap();
            let mut joiners = Vec::new();
            for n in 1..=MANY {
                here.publish(job, nth(1, n)).await.unwrap();
                if (joins..joins + 2).contains(&n) {
                    let elsewhere = Arc::clone(&elsewhere);
                    joiners.push(tokio::spawn(async move { join(&elsewhere, job, MANY).await }));
                }
            }
            for joiner in joiners {
                joiner.await.unwrap();
            }
        })
    };
    let torrents: Vec<_> = (1..=60).map(torrent).collect();
    for torrent in torrents {
        torrent.await.unwrap();
    }
}

/// Joins, and reads to the `last` event without a hole.
async fn join(bus: &Arc<dyn Bus>, job: JobId, last: i64) {
    let mut reader = Reader::of(bus, job).await;
    reader.until(|reader| reader.lost || reader.seen == Number::epoch(1).plus(last)).await;
    assert!(!reader.lost, "a hole at {}: {:?}", reader.seen, reader.numbers());
}

async fn a_slow_reader_holds_nobody_up_and_sees_a_hole_instead_of_disorder(stage: Stage) {
    const MANY: i64 = 10_000;
    let job = JobId::generate();
    let last = Number::epoch(1).plus(MANY);
    let mut slow = Reader::of(&stage.elsewhere, job).await;
    let bus = Arc::clone(&stage.elsewhere);
    let mut fast = Reader::of(&bus, job).await;
    let fast = tokio::spawn(async move {
        fast.until(|reader| reader.seen == last).await;
        (fast.lost, fast.events.len())
    });
    stage.here.publish(job, nth(1, 1)).await.unwrap();
    slow.until_text("1 ").await;
    for n in 2..=MANY {
        stage.here.publish(job, nth(1, n)).await.unwrap();
    }
    let (fast_lost, fast_count) = fast.await.unwrap();
    assert_eq!((fast_lost, fast_count), (false, usize::try_from(MANY).unwrap()));

    slow.look();
    assert!(slow.lost, "it fell out of what is remembered");
    assert!(slow.events.len() < 6_000, "what is remembered is bounded");
    assert_eq!(slow.seen, last);
    let numbers = slow.numbers();
    assert!(numbers[1..].windows(2).all(|pair| pair[0] + 1 == pair[1]), "one hole, then all in order");
    // A restart heals it.
    let mut healing = delta_restart(last.next());
    stage.here.publish(job, healing.clone()).await.unwrap();
    healing = super::delta(last.plus(2), "whole");
    stage.here.publish(job, healing).await.unwrap();
    slow.until_text("whole").await;
}

fn delta_restart(number: Number) -> jobs::bus::Event {
    jobs::bus::Event { number, kind: EventKind::Restart, data: "{}".into() }
}

async fn hundreds_of_jobs_do_not_mix(stage: Stage) {
    let tell = |n: usize| {
        let (here, elsewhere) = (Arc::clone(&stage.here), Arc::clone(&stage.elsewhere));
        tokio::spawn(async move {
            let job = JobId::generate();
            let mut reader = Reader::of(&elsewhere, job).await;
            let mut writer = EventWriter::new(Arc::clone(&here), job, 1);
            writer.send(EventKind::Started, json!({})).await;
            for part in 0..10 {
                writer.delta(&format!("{n}:{part} ")).await;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            writer.flush().await;
            publish_ending(&here, job, &writer.ending(EventKind::Done, json!({}))).await;
            reader.finish().await;
            assert_eq!(reader.text, writer.text());
            assert!(reader.text.starts_with(&format!("{n}:0 ")));
        })
    };
    let told: Vec<_> = (0..300).map(tell).collect();
    for job in told {
        job.await.unwrap();
    }
}
