//! What only the bus across processes can show: connections, subscriptions, and outages.

use std::{sync::Arc, time::Duration};

use domain::ids::JobId;
use jobs::bus::{EventKind, EventWriter, Number, Published, publish_ending};
use serde_json::json;

use super::{PATIENCE, Reader, Stage, key, nth, resp::command, text_of};
use crate::support::servers::Valkey;

/// A server of its own, for stories that stop it or count its clients.
async fn own() -> (Valkey, Stage) {
    let valkey = tokio::task::spawn_blocking(Valkey::start).await.unwrap();
    let stage = Stage::redis_at(&valkey.url);
    (valkey, stage)
}

/// Waits until a server answers so.
async fn eventually(url: &str, parts: &[&str], holds: impl Fn(&str) -> bool) {
    let answered = async {
        while !holds(&command(url, parts).await) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, answered).await;
    assert!(waited.is_ok(), "{parts:?} stays {}", command(url, parts).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_nobody_reads_has_no_subscription() {
    let (valkey, stage) = own().await;
    let job = JobId::generate();
    let key = key(job);
    let subscribers = ["PUBSUB", "NUMSUB", &key];
    let first = Reader::of(&stage.elsewhere, job).await;
    let second = Reader::of(&stage.elsewhere, job).await;
    let other = Reader::of(&stage.here, job).await;
    eventually(&valkey.url, &subscribers, |answer| answer.ends_with(":2")).await;
    drop((first, other));
    eventually(&valkey.url, &subscribers, |answer| answer.ends_with(":1")).await;
    let mut second = second;
    stage.here.publish(job, nth(1, 1)).await.unwrap();
    second.until_text("1 ").await;
    drop(second);
    eventually(&valkey.url, &subscribers, |answer| answer.ends_with(":0")).await;

    // Leaving and coming in quick alternation ends with who stayed.
    for _ in 0..200 {
        drop(Reader::of(&stage.elsewhere, job).await);
    }
    let mut staying = Reader::of(&stage.elsewhere, job).await;
    stage.here.publish(job, nth(1, 2)).await.unwrap();
    staying.until_text("1 2 ").await;
    drop(staying);
    eventually(&valkey.url, &subscribers, |answer| answer.ends_with(":0")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_carries_all_subscriptions_of_a_process() {
    let (valkey, stage) = own().await;
    let jobs: Vec<_> = (0..100).map(|_| JobId::generate()).collect();
    let mut readers = Vec::new();
    for job in &jobs {
        for _ in 0..3 {
            readers.push(Reader::of(&stage.elsewhere, *job).await);
        }
    }
    for job in &jobs {
        stage.here.publish(*job, nth(1, 1)).await.unwrap();
    }
    for reader in &mut readers {
        reader.until_text("1 ").await;
    }
    let clients = command(&valkey.url, &["CLIENT", "LIST", "TYPE", "pubsub"]).await;
    assert_eq!(clients.matches("id=").count(), 1, "{clients}");
    assert!(clients.contains(" sub=100 "), "{clients}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_expires_and_is_capped() {
    let (valkey, stage) = own().await;
    let job = JobId::generate();
    for n in 1..=6_000 {
        stage.here.publish(job, nth(1, n)).await.unwrap();
    }
    let key = key(job);
    let length: i64 = command(&valkey.url, &["XLEN", &key]).await[1..].parse().unwrap();
    assert!((4_096..5_000).contains(&length), "{length} are kept");
    let left: i64 = command(&valkey.url, &["TTL", &key]).await[1..].parse().unwrap();
    assert!((1..=600).contains(&left), "for {left} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_breaks_is_made_again_and_nothing_is_missed() {
    let (valkey, stage) = own().await;
    let job = JobId::generate();
    let mut reader = Reader::of(&stage.elsewhere, job).await;
    stage.here.publish(job, nth(1, 1)).await.unwrap();
    reader.until_text("1 ").await;
    for round in 0..3 {
        command(&valkey.url, &["CLIENT", "KILL", "TYPE", "pubsub"]).await;
        for n in 1..=20 {
            stage.here.publish(job, nth(1, 1 + round * 20 + n)).await.unwrap();
        }
        reader.until(|reader| reader.seen == Number::epoch(1).plus(21 + round * 20)).await;
        assert!(!reader.lost);
    }
    assert_eq!(reader.text, text_of(1..=61));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_on_without_the_bus_and_is_told_again_when_it_is_back() {
    let (mut valkey, stage) = own().await;
    let job = JobId::generate();
    let mut early = Reader::of(&stage.elsewhere, job).await;
    let mut writer = EventWriter::new(Arc::clone(&stage.here), job, 1);
    writer.delta("Preload ").await;
    early.until_text("Preload ").await;
    valkey.stop();
    stage.here.ping().await.unwrap_err();
    stage.here.publish(JobId::generate(), nth(1, 1)).await.unwrap_err();
    // A thousand words take the time of very few attempts to reach it.
    let words = async {
        for n in 0..1_000 {
            writer.delta(&format!("word{n} ")).await;
        }
        writer.flush().await;
    };
    tokio::time::timeout(Duration::from_secs(10), words).await.expect("the job is not held up");
    let mut during = tokio::time::timeout(PATIENCE, Reader::of(&stage.elsewhere, job)).await.unwrap();
    tokio::task::block_in_place(|| valkey.restart());

    let told = async {
        while stage.here.ping().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut n = 0;
        while early.lost || early.text != writer.text() {
            writer.delta(&format!("more{n} ")).await;
            writer.flush().await;
            n += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
            early.look();
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("the early reader has it all again");
    during.until_text(writer.text()).await;
    assert!(early.count(EventKind::Restart) >= 1);
    publish_ending(&stage.here, job, &writer.ending(EventKind::Done, json!({}))).await;
    early.finish().await;
    during.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_told_once_the_bus_is_back() {
    let (mut valkey, stage) = own().await;
    let job = JobId::generate();
    let mut reader = Reader::of(&stage.elsewhere, job).await;
    let mut writer = EventWriter::new(Arc::clone(&stage.here), job, 1);
    writer.delta("All.").await;
    reader.until_text("All.").await;
    valkey.stop();
    let ending = writer.ending(EventKind::Done, json!({}));
    let publish = publish_ending(&stage.here, job, &ending);
    tokio::time::timeout(Duration::from_secs(8), publish).await.expect("the job does not wait for it");
    tokio::task::block_in_place(|| valkey.restart());
    reader.finish().await;
    assert_eq!(reader.text, "All.");
    let again = stage.here.publish(job, ending.event()).await.unwrap();
    assert_eq!(again, Published::Stale, "it is there once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_may_come_up_after_its_processes() {
    let (mut valkey, early_stage) = own().await;
    drop(early_stage);
    valkey.stop();
    let stage = Stage::redis_at(&valkey.url);
    let job = JobId::generate();
    let mut reader = tokio::time::timeout(PATIENCE, Reader::of(&stage.elsewhere, job)).await.unwrap();
    tokio::task::block_in_place(|| valkey.restart());
    let published = async {
        while stage.here.publish(job, nth(1, 1)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, published).await.unwrap();
    reader.until_text("1 ").await;
}
