//! That it stays.

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::support::Platform;

use super::entries;

/// PostgreSQL's code for what a role may not do.
const NOT_ALLOWED: &str = "42501";

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
async fn the_login_that_processes_run_as_can_neither_empty_it_nor_take_its_guards_away() {
    let platform = Platform::start().await;
    platform.admin().await;
    let before = platform.number("select count(*) from audit_log").await;
    assert!(before > 0);
    for as_platform in [false, true] {
        for sql in [
            "truncate audit_log",
            "truncate audit_log cascade",
            "delete from audit_log",
            "update audit_log set at = now() - interval '91 days'",
            "alter table audit_log disable trigger all",
            "alter table audit_log disable trigger audit_log_rows_stay",
            "drop trigger audit_log_table_stays on audit_log",
            "drop table audit_log",
            "alter table audit_log rename to forgotten",
            "alter table audit_log owner to medai_app",
            "alter table audit_log no force row level security",
            "create policy none on audit_log using (false)",
            "drop policy audit_log_all on audit_log",
            "create or replace function audit_log_is_append_only() returns trigger language plpgsql as
             $$ begin return old; end $$",
            "drop function audit_log_is_append_only cascade",
            "create trigger gone before insert on audit_log for each row execute function suppress_redundant_updates_trigger()",
            "create rule gone as on insert to audit_log do instead nothing",
            "set local session_replication_role = replica",
            "set local role medai",
            "create table forged (like audit_log)",
            "drop schema public cascade",
            "delete from _sqlx_migrations",
        ] {
            assert_eq!(
                tries(&platform, as_platform, sql).await,
                Err(NOT_ALLOWED.to_owned()),
                "{sql} {as_platform}"
            );
        }
    }
    assert_eq!(platform.number("select count(*) from audit_log").await, before);
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
