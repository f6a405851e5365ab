//! The schedule: every tick once, whoever lives, and what its jobs do.

use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use jobs::catalogue::{ExpireSubscriptions, PruneAudit, RollUpUsage};
use serde_json::json;

use crate::support::{Platform, key, process::medai, servers};

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_schedulers_tick_once() {
    let platform = Platform::setup().probing_every(Duration::from_secs(1)).start().await;
    platform.pool([key("good")]).await;
    let mut others = Vec::new();
    for _ in 0..2 {
        let other = Platform::setup().queues([]).without_api().beside(&platform);
        others.push(other.probing_every(Duration::from_secs(1)).start().await);
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    for other in others {
        other.end_with_jobs_left().await;
    }
    let ticks = platform.number("select count(*) from schedule_ticks where name = 'probe_keys'").await;
    let jobs = platform.number("select count(*) from jobs where name = 'probe_keys'").await;
    assert!(ticks >= 3 && jobs <= ticks, "{jobs} jobs of {ticks} ticks");
    let daily = "select count(*) from jobs where name in ('roll_up_usage', 'prune_audit', 'sweep_files')";
    assert_eq!(platform.number(daily).await, 3, "what was missed is caught up once");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_see_what_is_done_when_and_that_nobody_does_it() {
    let platform = Platform::setup().queues([]).start().await;
    let admin = platform.admin_with("viewer").await;
    let none = admin.get("/api/admin/schedule").await.expect(200).body;
    assert_eq!(none["items"], json!([]), "no scheduler has run");
    platform
        .sql("insert into schedule_lines values ('of_an_earlier_release', '* * * * *', 'UTC', now(), now())")
        .await;
    let scheduler = Platform::setup().queues([]).without_api().beside(&platform).config(|config| {
        config.schedule.schedule_timezone = "Europe/Berlin".parse().unwrap();
        config.schedule.schedule_sweep_files = "CRON_TZ=Asia/Tokyo 30 3 * * *".parse().unwrap();
    });
    let scheduler = scheduler.probing_every(Duration::from_mins(7)).start().await;
    platform.eventually("select count(*) = 8 from schedule_lines where last_tick is not null").await;
    let lines = admin.get("/api/admin/schedule").await.expect(200).body["items"].clone();
    let shown = |name: &str| {
        let line = lines.as_array().unwrap().iter().find(|line| line["name"] == name).expect(name);
        let time = |field: &str| line[field].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let (last, next, now) = (time("last_tick"), time("next_tick"), platform.parts.clock.now());
        assert!(last <= now && last < next && line["overdue"] == false, "{line}");
        (line["expression"].as_str().unwrap().to_owned(), line["zone"].as_str().unwrap().to_owned(), next)
    };
    for (name, expression, zone) in [
        ("probe_keys", "@every 7m", "UTC"),
        ("sweep", "*/10 * * * *", "Europe/Berlin"),
        ("roll_up_usage", "0 0 * * *", "UTC"),
        ("sweep_files", "30 3 * * *", "Asia/Tokyo"),
    ] {
        let (shown_expression, shown_zone, _) = shown(name);
        assert_eq!((&*shown_expression, &*shown_zone), (expression, zone), "{name}");
    }
    let (_, _, next) = shown("sweep_files");
    assert_eq!(next.time(), NaiveTime::from_hms_opt(18, 30, 0).unwrap(), "half past three in Tokyo");
    platform.student().await.get("/api/admin/schedule").await.expect(403);
    scheduler.end_with_jobs_left().await;
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(2));
    let lines = admin.get("/api/admin/schedule").await.expect(200).body["items"].clone();
    assert_eq!((&lines[0]["name"], &lines[0]["overdue"]), (&json!("release_keys"), &json!(true)), "{lines}");
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_leader_is_replaced_and_nothing_runs_twice() {
    let platform = Platform::setup().queues([]).start().await;
    let env = [("HEALTH_CHECK_INTERVAL", "1s")];
    let start = || medai(&["scheduler"], &platform.database, servers::redis_url(), &env);
    let mut schedulers = [start(), start()];
    platform.eventually("select exists (select from scheduler_lease)").await;
    let leader = |pid: i32| format!("select count(*) from scheduler_lease where holder like '%:{pid}:%'");
    let mut doomed = None;
    for (index, process) in schedulers.iter().enumerate() {
        if platform.number(leader(process.pid())).await == 1 {
            doomed = Some(index);
        }
    }
    let doomed = doomed.expect("one of them leads");
    schedulers[doomed].kill();
    let killed = Instant::now();
    let survivor = schedulers[1 - doomed].pid();
    while platform.number(leader(survivor)).await == 0 {
        assert!(killed.elapsed() < Duration::from_secs(15), "nobody took over");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let ticks = "select count(*) from schedule_ticks where name = 'probe_keys'";
    let before = platform.number(ticks).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(platform.number(ticks).await > before, "it ticks");
    let daily = platform.number("select count(*) from jobs where name = 'roll_up_usage'").await;
    assert_eq!(daily, 1);
    drop(schedulers);
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_rolled_up_after_its_midnight() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let (free, pro) = (platform.student().await, platform.student_on("pro").await);
    for student in [&free, &pro, &pro] {
        student.asks("What is preload?").await;
    }
    let rolled = "select coalesce(sum(requests), 0)::bigint from usage_rollups";
    platform.enqueue(&RollUpUsage {}).await;
    platform
        .eventually("select exists (select from jobs where name = 'roll_up_usage' and state = 'done')")
        .await;
    assert_eq!(platform.number(rolled).await, 0, "today is not over");
    let tomorrow = platform.parts.clock.today() + Days::new(1);
    platform.sleep_until(tomorrow.and_time(NaiveTime::MIN).and_utc());
    for _ in 0..2 {
        platform.enqueue(&RollUpUsage {}).await;
        platform.eventually("select not exists (select from jobs where finished_at is null)").await;
        assert_eq!(platform.number(rolled).await, 3, "once, however often");
    }
    let of_pro = "select requests from usage_rollups where plan = 'pro' and feature = 'chat' and users = 1";
    assert_eq!(platform.number(of_pro).await, 2);
    let even = "select count(*) from usage_rollups
                where (select sum(prompt_tokens + completion_tokens) from usage_rollups)
                    = (select sum(prompt_tokens + completion_tokens) from usage_ledger)";
    assert_eq!(platform.number(even).await, 2);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_paid_for_ends_and_the_audit_log_says_so() {
    let platform = Platform::start().await;
    let (ended, paid, endless) = (
        platform.student_on("pro").await,
        platform.student_on("pro").await,
        platform.student_on("pro").await,
    );
    let until = |when: &str, id: &str| {
        format!("update users set plan_until = now() + interval '{when}' where id = '{id}'")
    };
    platform.sql(until("-1 second", &ended.id)).await;
    platform.sql(until("1 day", &paid.id)).await;
    platform.enqueue(&ExpireSubscriptions {}).await;
    platform.eventually("select not exists (select from users where plan_until <= now())").await;
    for (student, plan) in [(&ended, "free"), (&paid, "pro"), (&endless, "pro")] {
        assert_eq!(student.get("/api/auth/me").await.body["plan"], json!(plan));
    }
    let told = format!(
        "select count(*) from audit_log where action = 'expire_subscription' and target_id = '{}' and actor_id is null
           and details->'before'->>'plan' = 'pro' and details->'after'->>'plan' = 'free'",
        ended.id
    );
    assert_eq!(platform.number(told).await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_pruned_by_age_and_never_before() {
    let platform = Platform::start().await;
    for days in [100, 80, 1] {
        platform
            .sql(format!(
                "insert into audit_log (at, action, target_type) values (now() - interval '{days} days', 'x', 'y')"
            ))
            .await;
    }
    // A retention that is too short changes nothing: the log itself refuses.
    for keep_days in [90, 30] {
        platform.enqueue(&PruneAudit { keep_days }).await;
        platform.eventually("select not exists (select from jobs where finished_at is null)").await;
        assert_eq!(platform.number("select count(*) from audit_log where action = 'x'").await, 2);
    }
    platform.end().await;
}
