//! Unfiltered SQL in a student's transaction.

use domain::Db;

use super::{NOT_ALLOWED, OWNED, Pair, count, run};
use crate::support::{Platform, key, servers};

/// Columns that a student's transaction may look at.
fn visible(table: &str) -> &'static str {
    if table == "users" { "id, email, email_verified, name, plan, created_at" } else { "*" }
}

/// What is seen by queries without any `where`.
async fn sees_only_mine(db: &Db, pair: &Pair) {
    for (table, owner) in OWNED {
        let mut tx = db.begin_as(pair.mine).await.unwrap();
        let all = count(&mut tx, format!("select count({owner}) from {table}")).await;
        let mine =
            count(&mut tx, format!("select count(*) from {table} where {owner} = '{}'", pair.mine)).await;
        assert!(all > 0 && all == mine, "{table}: {all} rows, {mine} mine");
        let columns = visible(table);
        let theirs = format!(
            "select count(*) from (select {columns} from {table}) t where {owner} = '{}'",
            pair.theirs
        );
        assert_eq!(count(&mut tx, theirs).await, 0, "{table}");
        // Nor by going around, through a join or an aggregate.
        let around = format!(
            "select count(*) from sessions s right join {table} t on true where t.{owner} <> '{}'",
            pair.mine
        );
        assert_eq!(count(&mut tx, around).await, 0, "{table}");
    }
}

/// Statements that name nobody: they reach what is one's own.
const UPDATES: [&str; 30] = [
    "update users set name = 'stolen'",
    "update sign_ins set revoked_at = now()",
    "update jobs set cancel_requested = true, error = 'stolen'",
    "update sessions set title = 'stolen'",
    "update messages set content = 'stolen'",
    "update idempotency_keys set fingerprint = 'stolen'",
    "update usage_days set tokens_used = 0",
    "update usage_features set used = 0",
    "update usage_ledger set state = 'released'",
    "update provider_keys set status = 'active', base_url = 'http://evil.example'",
    "update documents set title = 'stolen'",
    "update document_pages set body = 'stolen'",
    "update chunks set tokens = 0",
    "update chunk_vectors set model = 'stolen'",
    "update document_words set weights = '{0}'",
    "update searches set query = 'stolen'",
    "update images set width = 0",
    "update folders set name = 'stolen'",
    "update study_settings set time_zone = 'stolen'",
    "update decks set title = 'stolen'",
    "update notes set fields = '{}'",
    "update cards set suspended = true",
    "update answer_votes set helpful = false",
    "update answer_reports set reason = 'stolen'",
    "update question_sets set title = 'stolen'",
    "update questions set stem = 'stolen'",
    "update quizzes set finished_at = now()",
    "update quiz_questions set option = 1",
    "update summaries set title = 'stolen'",
    "update maps set title = 'stolen'",
];

/// What is changed by statements without any `where`, and by those that name another owner.
async fn touches_only_mine(db: &Db, pair: &Pair) {
    let before = pair.their_rows().await;
    let (mine, theirs) = (pair.mine, pair.theirs);
    for (table, owner) in OWNED {
        let refused = |done: Result<u64, String>, what: &str| {
            assert_eq!(done, Err(NOT_ALLOWED.to_owned()), "{what} {table}");
        };
        // Giving a row away, and making one in another's name.
        refused(run(db, mine, format!("update {table} set {owner} = '{theirs}'")).await, "update");
        let new = format!(
            "insert into {table} select (jsonb_populate_record(null::{table},
               to_jsonb(t) || jsonb_build_object('{owner}', '{theirs}'::uuid))).*
             from {table} t limit 1"
        );
        refused(run(db, mine, new).await, "insert");
        refused(run(db, mine, format!("truncate {table}")).await, "truncate");
        let named = run(db, mine, format!("delete from {table} where {owner} = '{theirs}'")).await;
        assert!(named == Ok(0) || named == Err(NOT_ALLOWED.to_owned()), "delete {table}: {named:?}");
    }
    for update in UPDATES {
        let done = run(db, mine, update).await;
        assert!(done.clone().is_ok_and(|rows| rows > 0), "{update}: {done:?}");
    }
    let locked = run(db, mine, "select * from messages, sessions, jobs for update").await;
    assert!(locked.is_ok_and(|rows| rows > 0), "locks are taken on one's own rows, too");
    for (table, _) in OWNED {
        let done = run(db, mine, format!("delete from {table}")).await;
        assert!(done == Err(NOT_ALLOWED.to_owned()) || done.is_ok(), "{table}: {done:?}");
    }
    assert_eq!(pair.their_rows().await, before, "what is theirs is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn unfiltered_sql_sees_and_touches_nobody_elses_rows() {
    let pair = Pair::new().await;
    sees_only_mine(pair.platform.db(), &pair).await;
    touches_only_mine(pair.platform.db(), &pair).await;
    pair.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_superusers_connection_changes_nothing() {
    let pair = Pair::new().await;
    let superuser = pair.superuser().await;
    let mut conn = superuser.pool().acquire().await.unwrap();
    assert_eq!(count(&mut conn, "select count(*) from users").await, 3, "it could see all");
    drop(conn);
    sees_only_mine(&superuser, &pair).await;
    touches_only_mine(&superuser, &pair).await;
    superuser.pool().close().await;
    pair.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_platform_runs_on_a_superusers_url_and_keeps_students_apart() {
    let options = servers::database().await.username("postgres");
    let platform = Platform::setup().on(options).start().await;
    let mut tx = platform.db().begin_bare().await.unwrap();
    let is_superuser = "select count(*) from pg_roles where rolname = session_user and rolsuper";
    assert_eq!(count(&mut tx, is_superuser).await, 1);
    drop(tx);
    platform.pool([key("good")]).await;
    let (owner, thief) = (platform.student().await, platform.student().await);
    let session = owner.session().await;
    owner.asks_in(&session, "What is preload?").await;
    let message = owner.messages(&session).await[0]["id"].as_str().unwrap().to_owned();
    thief.get(&format!("/api/chat/sessions/{session}")).await.expect(404);
    thief.get(&format!("/api/chat/sessions/{session}/messages")).await.expect(404);
    thief.sends(&session, "Me, too").await.expect(404);
    thief.delete(&format!("/api/chat/sessions/{session}")).await.expect(404);
    let path = format!("/api/chat/messages/{message}/regenerate");
    thief.post(&path, serde_json::json!({})).await.expect(404);
    assert_eq!(thief.get("/api/chat/sessions").await.body["items"], serde_json::json!([]));
    assert_eq!(owner.messages(&session).await.len(), 2);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_names_no_student_sees_no_student() {
    let pair = Pair::new().await;
    let mut conn = pair.platform.db().pool().acquire().await.unwrap();
    let version = count(&mut conn, "select current_setting('server_version_num')::bigint").await;
    for (table, owner) in OWNED {
        // The queue and the pool of keys step down to nobody; they hold no content. Servers before 16
        // cannot keep the login from inheriting what housekeeping may.
        if !["jobs", "provider_keys"].contains(&table) && version >= 160_000 {
            assert_eq!(count(&mut conn, format!("select count({owner}) from {table}")).await, 0, "{table}");
        }
    }
    for settings in ["", "set local medai.\"user\" = '';"] {
        let begin = format!("begin; set local role medai_user; {settings}");
        #[expect(clippy::disallowed_methods, reason = "it begins as nobody of ours does")]
        let mut tx = pair.platform.db().pool().begin_with(sqlx::AssertSqlSafe(begin)).await.unwrap();
        for (table, owner) in OWNED {
            assert_eq!(count(&mut tx, format!("select count({owner}) from {table}")).await, 0, "{table}");
        }
    }
    drop(conn);
    pair.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_forgets_whom_it_served() {
    let pair = Pair::new().await;
    let one = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    let db = Db::new(one.connect_with(pair.platform.database.clone()).await.unwrap());
    let login = "select (current_user = session_user and current_user = 'medai_app'
                   and coalesce(current_setting('medai.user', true), '') = '')::int::bigint";
    for ending in ["commit", "rollback", "drop", "error"] {
        for platform in [false, true] {
            let mut tx = if platform {
                db.begin_platform().await.unwrap()
            } else {
                db.begin_as(pair.theirs).await.unwrap()
            };
            assert!(count(&mut tx, "select count(*) from sessions").await > 0);
            match ending {
                "commit" => tx.commit().await.unwrap(),
                "rollback" => tx.rollback().await.unwrap(),
                "drop" => drop(tx),
                _ => {
                    sqlx::query("select 1 / 0").execute(&mut *tx).await.unwrap_err();
                    drop(tx);
                }
            }
            let mut conn = db.pool().acquire().await.unwrap();
            assert_eq!(count(&mut conn, login).await, 1, "after {ending}");
            drop(conn);
            // The next one on the same connection.
            let mut tx = db.begin_as(pair.mine).await.unwrap();
            let theirs = format!("select count(*) from sessions where user_id = '{}'", pair.theirs);
            assert_eq!(count(&mut tx, theirs).await, 0);
        }
    }
    db.pool().close().await;
    pair.platform.end().await;
}
