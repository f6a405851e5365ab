//! The audit log: what is written, that it stays, and how it is read.

use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::support::{
    Platform, key,
    platform::PASSWORD,
    student::{Admin, Reply, Student},
};

const WRONG: &str = "Wr0ng-password";

/// PostgreSQL's code for what a role may not do.
const NOT_ALLOWED: &str = "42501";

/// Entries by a query, the newest first.
async fn entries(admin: &Admin, query: &str) -> Vec<Value> {
    let reply = admin.get(&format!("/api/admin/audit{query}")).await.expect(200);
    reply.body["items"].as_array().unwrap().clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action_type"].as_str().unwrap()).collect()
}

async fn notices(platform: &Platform, about: &str) -> i64 {
    platform
        .number(format!("select count(*) from notices where event = 'security' and about like '{about}'"))
        .await
}

/// Runs a statement as the app's login, or as the platform. The code of the error.
async fn tries(platform: &Platform, as_platform: bool, sql: &str) -> Result<u64, String> {
    let db = platform.db();
    let mut tx =
        if as_platform { db.begin_platform().await.unwrap() } else { db.begin_bare().await.unwrap() };
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await;
    let done = done.map_err(|error| error.as_database_error().unwrap().code().unwrap().into_owned())?;
    tx.commit().await.unwrap();
    Ok(done.rows_affected())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_says_who_did_what_to_whom_and_what_changed() {
    let platform = Platform::start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    let path = format!("/api/admin/users/{}", student.id);
    let request = admin.request(Method::PATCH, &path).header("user-agent", "a story/1");
    let request = request.header("x-request-id", "story-7").json(&json!({ "plan": "pro" }));
    Reply::read(request.send().await.unwrap()).await.expect(200);

    let found = entries(&admin, "?action=change_user_plan").await;
    let entry = found[0].as_object().unwrap();
    assert_eq!(found.len(), 1);
    for (name, value) in [
        ("admin_id", json!(admin.id)),
        ("admin_email", json!(admin.email)),
        ("action_type", json!("change_user_plan")),
        ("target_type", json!("user")),
        ("target_id", json!(student.id)),
        ("ip_address", json!("127.0.0.1")),
        ("user_agent", json!("a story/1")),
        ("request_id", json!("story-7")),
    ] {
        assert_eq!(entry[name], value, "{name}");
    }
    assert_eq!(entry["details"]["before"], json!({ "plan": "free", "name": "Student" }));
    assert_eq!(entry["details"]["after"], json!({ "plan": "pro", "name": "Student" }));
    let age = platform.parts.clock.now()
        - entry["timestamp"].as_str().unwrap().parse::<chrono::DateTime<Utc>>().unwrap();
    assert!(age < TimeDelta::minutes(1));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_leaves_no_entry_and_no_secret_is_in_any() {
    let platform = Platform::start().await;
    let spec = key("good");
    let admin = platform.pool([spec.clone()]).await;
    let count = "select count(*) from audit_log where action like '%api_key%' or action like '%user%'";
    let before = platform.number(count).await;
    let nil = uuid::Uuid::nil();
    admin.patch(&format!("/api/admin/users/{nil}"), json!({ "plan": "pro" })).await.expect(404);
    admin.post(&format!("/api/admin/users/{}/disable", admin.id), json!({})).await.expect(409);
    admin.delete(&format!("/api/admin/keys/{nil}?confirm=x")).await.expect(404);
    let twin = json!({ "provider": "openai", "key": spec.value(), "base_url": platform.simulator.url() });
    admin.post("/api/admin/keys", twin).await.expect(409);
    let dead =
        json!({ "provider": "openai", "key": "sk-story-invalid-key-000", "base_url": "http://127.0.0.1:9" });
    admin.post("/api/admin/keys", dead).await.expect(422);
    assert_eq!(platform.number(count).await, before, "nothing happened, so nothing is written");

    let id = platform.key(&admin, &spec).await["id"].as_str().unwrap().to_owned();
    let new = "sk-story-rotated-5b8f3c";
    platform.never_logged([new.to_owned()]);
    admin.patch(&format!("/api/admin/keys/{id}"), json!({ "key": new, "skip_test": true })).await.expect(200);
    let log = admin.get("/api/admin/audit?limit=200").await.expect(200).body.to_string();
    for secret in [&*spec.value(), new, PASSWORD, &admin.token, "argon2"] {
        assert!(!log.contains(secret), "{secret}");
    }
    assert!(log.contains("update_api_key") && log.contains("\"new_value\":true"));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coming_and_going_is_written_and_a_storm_of_failures_is_bounded() {
    let platform = Platform::start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    let home = platform.browser().signed_in(&student).await;
    home.with_csrf().post("/api/auth/logout", json!({})).await.expect(204);
    let phone = platform.browser().signed_in(&student).await;
    phone.with_csrf().post("/api/auth/logout-all", json!({})).await.expect(204);
    let of_student = format!("?admin={}", student.id);
    let found = entries(&admin, &of_student).await;
    assert_eq!(actions(&found), ["sign_out_everywhere", "sign_in", "sign_out", "sign_in", "register"]);

    // A password in the wrong field is no address, and is not kept.
    let typo = "hunter2-in-the-wrong-field";
    platform.never_logged([typo.to_owned()]);
    let tries = (0..30).map(|at| {
        let (mut browser, email) = (platform.browser(), student.email.clone());
        async move { browser.login(if at % 3 == 0 { typo } else { &email }, WRONG).await.status.as_u16() }
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5);
    let failed = entries(&admin, "?action=sign_in_failed").await;
    assert_eq!(failed.len(), 5, "nothing more is written once the address has no try left");
    assert!(failed.iter().all(|entry| entry["admin_id"].is_null()));
    assert!(!json!(failed).to_string().contains(typo));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_written_once_a_minute_and_many_are_told() {
    let platform = Platform::start().await;
    let (admin, nosy) = (platform.admin().await, platform.student().await);
    for _ in 0..19 {
        nosy.get("/api/admin/keys").await.expect(403);
    }
    assert_eq!(notices(&platform, "many_refusals:%").await, 0);
    join_all((0..20).map(|_| nosy.get("/api/admin/users"))).await;
    let found = entries(&admin, "?action=authorization_refused").await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["target_id"], "GET /api/admin/keys");
    assert_eq!(found[0]["admin_email"], json!(nosy.email));
    assert_eq!(entries(&admin, "?action=many_refusals").await.len(), 1);
    assert_eq!(notices(&platform, &format!("many_refusals:{}", nosy.id)).await, 1);

    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(2));
    nosy.get("/api/admin/users").await.expect(403);
    let found = entries(&admin, "?action=authorization_refused").await;
    assert_eq!((found.len(), &found[0]["details"]["more_before"]), (2, &json!(38)));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_suspicious_is_written_and_told() {
    let setup = Platform::setup();
    let setup = setup.config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]);
    let platform = setup.start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    // A refresh token that comes twice.
    let mut owner = platform.browser().signed_in(&student).await;
    let mut thief = owner.clone();
    owner.refresh().await.expect(200);
    for _ in 0..3 {
        thief.refresh().await.expect(401);
    }
    let reused = entries(&admin, "?action=refresh_token_reused").await;
    assert_eq!((reused.len(), &reused[0]["target_id"]), (1, &json!(student.id)));
    assert_eq!(notices(&platform, &format!("refresh_token_reused:{}", student.id)).await, 1);
    // Accounts that are locked: an admin's is told, a student's only written.
    for victim in [&student, &admin.0] {
        platform.sql(format!("update users set failed_logins = 9 where id = '{}'", victim.id)).await;
        let from = if victim.id == student.id { "203.0.113.1" } else { "203.0.113.2" };
        platform.browser().from(from).login(&victim.email, WRONG).await.expect(401);
    }
    let locked = entries(&admin, "?action=account_locked").await;
    assert_eq!(locked.len(), 2);
    assert_eq!(locked[0]["details"]["role"], "super_admin");
    assert_eq!(notices(&platform, "account_locked:%").await, 1);
    // An address that is an admin's cannot be registered.
    for _ in 0..3 {
        let body = json!({ "email": "boss@story.example", "password": PASSWORD, "name": "Eve" });
        admin
            .request(Method::PUT, "/api/admin/allowlist")
            .json(&json!({ "email": "boss@story.example", "role": "viewer" }))
            .send()
            .await
            .unwrap();
        platform.browser().post("/api/auth/register", body).await.expect(403);
    }
    let kept_out = entries(&admin, "?action=registration_refused").await;
    assert_eq!((kept_out.len(), &kept_out[0]["target_id"]), (1, &json!("boss@story.example")));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_stays_for_ninety_days_whoever_asks() {
    let platform = Platform::start().await;
    platform.admin().await;
    let young = platform.number("select count(*) from audit_log").await;
    assert!(young > 0);
    for as_platform in [false, true] {
        for sql in [
            "update audit_log set action = 'nothing'",
            "update audit_log set details = '{}' where false or id > 0",
            "delete from audit_log",
            "delete from audit_log where at > now() - interval '89 days'",
            "truncate audit_log",
        ] {
            assert_eq!(
                tries(&platform, as_platform, sql).await,
                Err(NOT_ALLOWED.to_owned()),
                "{sql} {as_platform}"
            );
        }
    }
    // A student's transaction writes about that student only, and reads nothing.
    let student = platform.student().await;
    let mine: domain::ids::UserId = student.id.parse().unwrap();
    for (sql, fits) in [
        ("select count(*) from audit_log".to_owned(), false),
        ("delete from audit_log".to_owned(), false),
        (
            "insert into audit_log (actor_id, action, target_type) values (gen_random_uuid(), 'x', 'x')"
                .to_owned(),
            false,
        ),
        ("insert into audit_log (action, target_type) values ('x', 'x')".to_owned(), false),
        (format!("insert into audit_log (actor_id, action, target_type) values ('{mine}', 'x', 'x')"), true),
    ] {
        let mut tx = platform.db().begin_as(mine).await.unwrap();
        let done = sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut *tx).await;
        assert_eq!(done.is_ok(), fits, "{sql}");
    }
    let old = "insert into audit_log (at, action, target_type)
               select now() - interval '1 day' * days, 'old', 'x' from unnest(array[89, 91, 400]) days";
    platform.sql(old).await;
    let mut tx = platform.db().begin_platform().await.unwrap();
    let pruned = domain::audit::log::prune(&mut tx, platform.parts.clock.now(), 1_000).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(pruned, 2, "however much is asked for, only what is old goes");
    assert_eq!(platform.number("select count(*) from audit_log where action = 'old'").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_narrowed_by_everything_and_read_in_pages() {
    let platform = Platform::start().await;
    let (admin, other) = (platform.admin().await, platform.admin_with("support").await);
    let student = platform.student().await;
    let path = format!("/api/admin/users/{}", student.id);
    admin.patch(&path, json!({ "plan": "pro", "name": "Grace Hopper" })).await.expect(200);
    other.post(&format!("{path}/reset-usage"), json!({})).await.expect(200);
    for (query, expected) in [
        (format!("?target=user:{}&action=reset_user_usage", student.id), vec!["reset_user_usage"]),
        (format!("?target={}&q=plan", student.id), vec!["change_user_plan"]),
        (
            format!("?admin={}&target=user&action=reset_user_usage", other.email.to_uppercase()),
            vec!["reset_user_usage"],
        ),
        ("?q=hopper".to_owned(), vec!["change_user_plan"]),
        ("?q=%22grace%20hopper%22%20-nothing".to_owned(), vec!["change_user_plan"]),
        ("?q=grace%20or%20usage&action=reset_user_usage".to_owned(), vec!["reset_user_usage"]),
        (format!("?q={}&action=change_user_plan", admin.email), vec!["change_user_plan"]),
        ("?q=hopper&to=2020-01-01T00:00:00Z".to_owned(), vec![]),
        ("?q=hopper&from=2020-01-01T00:00:00Z".to_owned(), vec!["change_user_plan"]),
        ("?q=no%20such%20word".to_owned(), vec![]),
        ("?target=api_key".to_owned(), vec![]),
    ] {
        assert_eq!(actions(&entries(&admin, &query).await), expected, "{query}");
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let reply = admin.get(&format!("/api/admin/audit?limit=2{cursor}")).await.expect(200);
        seen.extend(
            reply.body["items"].as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()),
        );
        let Some(next) = reply.body["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let all = platform.number("select count(*) from audit_log").await;
    assert_eq!(i64::try_from(seen.len()).unwrap(), all);
    assert!(seen.is_sorted_by(|newer, older| newer > older));
    for (query, field) in [
        ("from=yesterday", "from"),
        ("to=-9999-01-01T00:00:00Z", "to"),
        ("q=%00", "q"),
        ("action=a%0Ab", "action"),
        ("limit=0", "limit"),
        ("cursor=nonsense", "cursor"),
    ] {
        let reply = admin.get(&format!("/api/admin/audit?{query}")).await;
        assert_eq!((reply.status.as_u16(), reply.fields()), (422, vec![field]), "{query}: {}", reply.body);
    }
    for odd in ["%22%22%22", "%28%29%26%7C%21", "-", "or%20or", "%3A%2A", "%F0%9F%98%80", "%5C", "a%27b"] {
        entries(&admin, &format!("?q={odd}")).await;
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_content_keeps_an_entry_from_being_written() {
    use domain::audit::{Action, Actor, Target, record};
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let long_words = (0..40_000).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    for details in [
        json!({ "a\0b": "nul \0 nul" }),
        json!({ "word": "x".repeat(10_000) }),
        json!({ "text": long_words }),
        json!({ "number": 1e300, "deep": [[[[[["x"]]]]]] }),
        json!({ "emoji": "😀", "sql": "'; drop table audit_log --", "tsv": "a:1A & !b <-> c" }),
        Value::Null,
        json!("text"),
    ] {
        let mut tx = platform.db().begin_platform().await.unwrap();
        let target = Target { kind: "user", id: Some("od\0d") };
        record(&mut tx, &Actor::platform(), Action("odd"), target, &details).await.unwrap();
        tx.commit().await.unwrap();
    }
    let found = entries(&admin, "?action=odd").await;
    assert_eq!(found.len(), 7);
    assert!(found.iter().any(|entry| entry["details"]["too_long"].is_number()));
    assert_eq!(entries(&admin, "?q=emoji").await.len(), 1, "names of fields are found, too");
    assert_eq!(entries(&admin, "?q=drop%20table").await.len(), 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_reads_its_index() {
    let platform = Platform::setup().queues([]).start().await;
    platform
        .sql(
            "insert into audit_log (action, target_type, target_id, details)
             select 'fill', 'user', n::text, jsonb_build_object('note', 'word' || n) from generate_series(1, 20000) n",
        )
        .await;
    sqlx::query("analyze audit_log").execute(platform.db().pool()).await.unwrap();
    let mut tx = platform.db().begin_platform().await.unwrap();
    let plan: Vec<String> = sqlx::query_scalar(
        "explain select id from audit_log where search @@ websearch_to_tsquery('simple', 'word777')
         order by at desc, id desc limit 51",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    assert!(plan.iter().any(|line| line.contains("audit_log_search")), "{plan:#?}");
    drop(tx);
    platform.end().await;
}

/// The export of some entries as text.
async fn export(admin: &Admin, query: &str) -> (String, String) {
    let request = admin.request(Method::GET, &format!("/api/admin/audit/export?{query}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; filename="));
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    (content_type, response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_every_entry_once_and_no_formula() {
    let platform = Platform::setup().queues([]).start().await;
    let admin = platform.admin().await;
    platform
        .sql(
            "insert into audit_log (action, target_type, target_id, user_agent, details)
             select 'fill', 'user', n::text, '=HYPERLINK(\"http://evil.example\")', '{\"a\": \"x, \\\"y\\\"\\nz\"}'
             from generate_series(1, 1234) n",
        )
        .await;
    let (content_type, lines) = export(&admin, "format=jsonl&action=fill").await;
    assert_eq!(content_type, "application/jsonl");
    let mut ids: Vec<i64> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["target_id"].as_str().unwrap().parse().unwrap()
        })
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=1234).collect::<Vec<_>>());

    let (content_type, text) = export(&admin, "action=fill").await;
    assert_eq!(content_type, "text/csv; charset=utf-8");
    assert!(text.starts_with("id,timestamp,admin_id,admin_email,action_type,"));
    assert_eq!(text.matches("\nid,").count(), 0, "the names of the columns come once");
    assert_eq!(text.matches("\"'=HYPERLINK(").count(), 1234);
    let exports = entries(&admin, "?action=export_audit_log").await;
    assert_eq!(exports.len(), 2);
    assert_eq!(exports[1]["details"]["filter"]["action"], "fill");
    let (_, nothing) = export(&admin, "action=none").await;
    assert_eq!(nothing.lines().count(), 1);

    let reply = admin.get("/api/admin/audit/export?format=xml").await;
    assert_eq!((reply.status.as_u16(), reply.fields()), (422, vec!["format"]));
    let viewer = platform.admin_with("viewer").await;
    viewer.get("/api/admin/audit/export").await.expect(403);
    viewer.get("/api/admin/audit").await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hard_to_undo_is_typed_and_limited() {
    let platform = Platform::start().await;
    let spec = key("good");
    let admin = platform.pool([spec.clone()]).await;
    let path = format!("/api/admin/keys/{}", platform.key(&admin, &spec).await["id"].as_str().unwrap());
    for (query, body) in [
        ("", None),
        ("?confirm=", None),
        ("?confirm=true", None),
        ("", Some(json!({}))),
        ("", Some(json!({ "confirm": "nope" }))),
        ("", Some(json!({ "confirm": 4 }))),
    ] {
        let request = admin.request(Method::DELETE, &format!("{path}{query}"));
        let request = if let Some(body) = &body { request.json(body) } else { request };
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!((reply.status.as_u16(), reply.fields()), (422, vec!["confirm"]), "{query} {body:?}");
    }
    let last_four = &spec.value()[spec.value().len() - 4..];
    let request = admin.request(Method::DELETE, &path).json(&json!({ "confirm": last_four }));
    Reply::read(request.send().await.unwrap()).await.expect(204);
    admin.delete(&format!("{path}?confirm={last_four}")).await.expect(404);

    // One of the thirty of this minute is spent.
    let student = platform.student().await;
    let reset = format!("/api/admin/users/{}/reset-usage", student.id);
    let resets = join_all((0..35).map(|_| admin.post(&reset, json!({})))).await;
    assert_eq!(resets.iter().filter(|reply| reply.status == 200).count(), 29);
    let refused = resets.iter().find(|reply| reply.status != 200).unwrap();
    assert_eq!(refused.code(), "RATE_LIMITED");
    assert!(refused.header("retry-after").is_some());
    assert_eq!(entries(&admin, "?action=reset_user_usage").await.len(), 29);
    // Others, and what is easily undone, go on.
    platform.admin().await.post(&reset, json!({})).await.expect(200);
    let user: &Student = &student;
    admin.post(&format!("/api/admin/users/{}/enable", user.id), json!({})).await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(1));
    admin.post(&reset, json!({})).await.expect(200);
    platform.end().await;
}
