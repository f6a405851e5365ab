//! How the queue is found in a database that is empty, new or full.

use std::time::{Duration, Instant};

use super::{deck_with, queue_of};
use crate::{
    plans::{MODES, run, statement},
    support::{Platform, student::Student},
};

/// 30,000 cards of a student, of which 3,000 are due and 10,000 new.
async fn fill(platform: &Platform, student: &Student, deck: &str) {
    platform
        .sql(format!(
            "insert into notes (id, user_id, deck_id, guid, kind, fields, created_by)
             select gen_random_uuid(), '{0}', '{deck}', 'made ' || n, 'basic',
                    jsonb_build_object('front', repeat('Question ' || n || ' ', 20), 'back', repeat('Answer ', 40)), 'import'
             from generate_series(1, 30000) n",
            student.id
        ))
        .await;
    platform
        .sql(format!(
            "insert into cards (id, user_id, note_id, deck_id, ordinal, position, state, stability, difficulty, due_day, interval, last_day, reps)
             select gen_random_uuid(), user_id, id, deck_id, 0, n, case when n <= 10000 then 'new' else 'review' end::card_state,
                    case when n > 10000 then 20 end, case when n > 10000 then 5 end,
                    case when n <= 10000 then null when n <= 13000 then today.day - n % 3 else today.day + 1 + n % 200 end,
                    case when n > 10000 then 20 else 0 end, case when n > 10000 then today.day - 20 end, case when n > 10000 then 4 else 0 end
             from (select *, substr(guid, 6)::int as n from notes where user_id = '{0}' and guid like 'made %') notes,
                  (select (current_date - date '1970-01-01') as day) today",
            student.id
        ))
        .await;
    platform
        .sql(format!(
            "insert into reviews (id, user_id, card_id, deck_id, day, reviewed_at, rating, was, was_interval, state, step, interval, duration_ms, key)
             select gen_random_uuid(), '{}', gen_random_uuid(), '{deck}', (current_date - date '1970-01-01') - n % 60,
                    now() - (n % 60) * interval '1 day', 3, 'review', 20, 'review', 0, 40, 5000, 'made ' || n
             from generate_series(1, 60000) n",
            student.id
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "a test tells its figures")]
async fn the_queue_is_found_along_its_indexes() {
    let platform = Platform::setup().queues([]).start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let deck = deck_with(&student, serde_json::json!({ "title": "All", "reviews_per_day": 9_999 })).await;
    let deck_of_other = deck_with(&other, serde_json::json!({ "title": "All" })).await;
    let (user, today) = (&student.id, "(current_date - date '1970-01-01')");
    let asked = [
        ("order by due_at, id limit", format!("'{user}', {today}, array['{deck}']::uuid[], 10000"), 100),
        ("order by due_day, id limit", format!("'{user}', {today}, array['{deck}']::uuid[], 10000"), 4_000),
        (
            "order by n.position, n.id limit d.room",
            format!("'{user}', {today}, array['{deck}']::uuid[], array[20]::bigint[], '{{}}'::uuid[]"),
            400,
        ),
        ("r.day = $2 order by r.id", format!("'{user}', {today}"), 6_000),
        ("and was = 'review' and rating is not null", format!("'{user}', {today} - 28, {today} - 1"), 1_500),
        ("greatest(due_day, $2 - 1)", format!("'{user}', {today}, {today} + 90"), 1_500),
    ];
    for state in ["empty", "new", "analysed"] {
        match state {
            "new" => {
                fill(&platform, &student, &deck).await;
                fill(&platform, &other, &deck_of_other).await;
            }
            "analysed" => platform.sql_as_owner("vacuum analyze cards, reviews").await,
            _ => {}
        }
        for (words, arguments, most) in &asked {
            let statement = statement(words);
            for mode in MODES {
                let mut tx = platform.db().begin_as(student.id.parse().unwrap()).await.unwrap();
                let cost = run(&mut tx, &statement, arguments, mode).await;
                eprintln!("{state}, {mode}: {} pages for {words:?}", cost.pages);
                let what = format!("{state}, {mode}: {:#}", cost.plan);
                if state != "empty" {
                    assert_eq!(cost.scanned, Vec::<String>::new(), "{what}");
                }
                // What was just imported is not vacuumed yet: the table is looked into for each entry of the index.
                let most = if state == "new" { 30_000 } else { *most };
                assert!(cost.pages < most, "{} pages: {what}", cost.pages);
            }
        }
    }
    let begun = Instant::now();
    let mut tx = platform.db().begin_as(student.id.parse().unwrap()).await.unwrap();
    let (user, now) = (student.id.parse().unwrap(), platform.parts.clock.now());
    let plan = ::study::store::queue::plan(&mut tx, user, now, None).await.unwrap().unwrap();
    eprintln!("planning took {:?}, {} cards are asked", begun.elapsed(), plan.now.len());
    let begun = Instant::now();
    ::study::store::queue::shown(&mut tx, user, &plan, 50, now).await.unwrap();
    eprintln!("showing 50 took {:?}", begun.elapsed());
    drop(tx);
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..30 {
        let begun = Instant::now();
        let queue = queue_of(&student, "").await;
        times.push(begun.elapsed());
        assert_eq!(queue["items"].as_array().unwrap().len(), 50);
    }
    times.sort_unstable();
    eprintln!("a queue of 30,000 cards with 3,000 due: median {:?}, p95 {:?}", times[15], times[28]);
    platform.end().await;
}
