//! What the release before made starts under this one, and nothing of it is lost. And two logins: one that owns the
//! tables, one that processes run as.

use std::{borrow::Cow, collections::BTreeMap};

use api::password::{Cost, Passwords};
use nix::sys::signal::Signal;
use postgres::{Server, Settings};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, migrate::Migrator,
    postgres::PgConnectOptions,
};

use crate::support::{Platform, home::Home, key, platform::PASSWORD, servers};

/// The last migration of the release before.
const BEFORE: i64 = 13;

/// Rows of everything, as that release wrote them: a student with a conversation, a document, an image, an own key,
/// what they used, and jobs; an admin; and what admins see.
const ROWS: &str = r#"
    insert into users (id, email, email_verified, name, password_hash, plan) values
      ('00000000-0000-7000-8000-000000000001', 'ada@before.example', true, 'Ada', '{hash}', 'student'),
      ('00000000-0000-7000-8000-000000000002', 'boss@before.example', true, 'Boss', '{hash}', 'admin');
    insert into admin_allowlist (email, role) values ('boss@before.example', 'super_admin');
    insert into sign_ins (id, user_id, expires_at) values
      ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001', now() + interval '7 days');
    insert into ip_attempts (kind, ip, at) values ('login', '192.0.2.1', now()), ('own_key', 'x', now());
    insert into sessions (id, user_id, title) values
      ('00000000-0000-7000-8000-000000000010', '00000000-0000-7000-8000-000000000001', 'Heart');
    insert into jobs (id, queue, name, payload, tenant, state, max_attempts, finished_at, ending) values
      ('00000000-0000-7000-8000-000000000020', 'chat', 'answer_message', '{}',
       '00000000-0000-7000-8000-000000000001', 'done', 3, now(),
       '{"number": 2097151, "kind": "done", "data": {}}');
    insert into queue_tenants (queue, tenant, vtime) values ('chat', '00000000-0000-7000-8000-000000000001', 7);
    insert into messages (id, user_id, session_id, parent_id, role, feature, content, status, job_id) values
      ('00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000001',
       '00000000-0000-7000-8000-000000000010', null, 'user', 'chat', 'What is preload?', 'complete', null),
      ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001',
       '00000000-0000-7000-8000-000000000010', '00000000-0000-7000-8000-000000000011', 'assistant', 'chat',
       'The stretch of the ventricle before it contracts.', 'complete', '00000000-0000-7000-8000-000000000020');
    insert into idempotency_keys (user_id, key, fingerprint, message_id, job_id) values
      ('00000000-0000-7000-8000-000000000001', 'k', 'x', '00000000-0000-7000-8000-000000000011',
       '00000000-0000-7000-8000-000000000020');
    insert into usage_days (user_id, day, tokens_used, requests_used) values
      ('00000000-0000-7000-8000-000000000001', (now() at time zone 'utc')::date, 1234, 3);
    insert into usage_features (user_id, day, feature, used) values
      ('00000000-0000-7000-8000-000000000001', (now() at time zone 'utc')::date, 'chat', 3);
    insert into usage_ledger (job_id, user_id, day, feature, payer, state, held_tokens, prompt_tokens) values
      ('00000000-0000-7000-8000-000000000020', '00000000-0000-7000-8000-000000000001',
       (now() at time zone 'utc')::date, 'chat', 'plan', 'settled', 0, 1234);
    insert into provider_keys (id, owner_id, provider, ciphertext, cipher_key_id, fingerprint, last_four, status) values
      ('00000000-0000-7000-8000-000000000030', null, 'openai', 'x', 'x', 'a', '1234', 'disabled'),
      ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000001', 'gemini', 'x', 'x', 'b', '5678',
       'disabled');
    insert into audit_log (actor_id, actor_email, action, target_type, target_id, details) values
      ('00000000-0000-7000-8000-000000000002', 'boss@before.example', 'add_api_key', 'api_key', 'x', '{"a": 1}');
    insert into audit_bursts (kind, who, since, seen) values ('x', 'y', now(), 1);
    insert into documents (id, user_id, title, sha256, bytes, status, job_id) values
      ('00000000-0000-7000-8000-000000000040', '00000000-0000-7000-8000-000000000001', 'Heart failure', sha256('x'), 1,
       'ready', '00000000-0000-7000-8000-000000000041');
    insert into document_pages values
      ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000040', 1, 'iv', 'read', 'Preload.');
    insert into chunks values
      ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000040', 4096, 0, 8, 3);
    insert into chunk_vectors values
      ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000040', 4096, 'none',
       array_fill(1, array[384])::real[]::vector);
    insert into document_words values
      ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000040', 'preload', '{4096}', '{1}');
    insert into images values
      ('00000000-0000-7000-8000-000000000050', '00000000-0000-7000-8000-000000000001',
       '00000000-0000-7000-8000-000000000011', 'image/png', 1, 1, 1);
    insert into maintenance_windows (id, level, reason, starts_at, ends_at) values
      ('00000000-0000-7000-8000-000000000060', 'soft', 'a drill', '2999-01-01', '2999-01-02');
    insert into feature_settings (feature, enabled, limits) values ('osce', false, '{"free": 3}');
    insert into job_minutes values (date_trunc('minute', now()), 'chat', 'answer_message', 'done', 1, 1, 1, '{1}', '{1}');
    insert into answer_minutes (minute, outcome, count) values (date_trunc('minute', now()), 'complete', 1);
    insert into schedule_ticks (name, tick) values ('sweep', now())
"#;

/// Makes of an empty database what the release before made of it, as its owner.
async fn fill(owner: &PgConnectOptions) {
    let migrations: Vec<_> =
        migrations::MIGRATOR.iter().filter(|migration| migration.version <= BEFORE).cloned().collect();
    assert_eq!(migrations.len(), 13);
    let before = Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT };
    let mut conn = PgConnection::connect_with(owner).await.unwrap();
    before.run(&mut conn).await.unwrap();
    let hash = Passwords::new(Cost::Standard).hash(PASSWORD.into()).await.unwrap();
    // Its owner is no superuser, so that the rows go in as they did.
    let rows = format!("begin; set local role medai_platform; {}; commit", ROWS.replace("{hash}", &hash));
    sqlx::raw_sql(AssertSqlSafe(rows)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// A database as the release before made it, reached as processes do now, and as its owner.
async fn of_the_release_before() -> (PgConnectOptions, PgConnectOptions) {
    let process = servers::empty_database().await;
    let owner = servers::as_owner(&process);
    fill(&owner).await;
    (process, owner)
}

/// What every table holds, in the columns that the release before knew: seen by a superuser, so whole.
async fn contents(
    database: &PgConnectOptions,
    columns: Option<&BTreeMap<String, String>>,
) -> (BTreeMap<String, String>, BTreeMap<String, Vec<String>>) {
    let mut conn = PgConnection::connect_with(&database.clone().username("postgres")).await.unwrap();
    let known: Vec<(String, String)> = sqlx::query_as(
        "select c.table_name::text, string_agg(quote_ident(c.column_name), ', ' order by c.ordinal_position)
         from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
         where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
           and c.table_name <> '_sqlx_migrations'
           -- Locks of accounts, which there are no more: tries are counted elsewhere, and for minutes (0016).
           and not (c.table_name = 'users' and c.column_name in ('failed_logins', 'login_after'))
         group by c.table_name",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let columns = columns.cloned().unwrap_or_else(|| known.into_iter().collect());
    let mut rows = BTreeMap::new();
    for (table, columns) in &columns {
        let sql = format!("select r::text from (select {columns} from {table}) r order by 1");
        let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap();
        rows.insert(table.clone(), found);
    }
    conn.close().await.unwrap();
    (columns, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_release_before_starts_under_this_one_and_loses_nothing() {
    let (process, owner) = of_the_release_before().await;
    let (columns, before) = contents(&owner, None).await;
    let filled = before.values().filter(|rows| !rows.is_empty()).count();
    assert!(filled >= 25, "rows of everything: {filled}");
    medai::migrate::bring_up_to_date(&owner, "medai_app").await.unwrap();
    let (_, after) = contents(&owner, Some(&columns)).await;
    for (table, rows) in &before {
        // Tries to sign in count for minutes, and elsewhere now (0016).
        for row in rows.iter().filter(|row| !(table == "ip_attempts" && row.contains(",login,"))) {
            assert!(after[table].contains(row), "{table} has lost {row}, and has {:?}", after[table]);
        }
    }
    // A second time changes nothing, as two processes that start at once do.
    medai::migrate::bring_up_to_date(&owner, "medai_app").await.unwrap();
    assert_eq!(contents(&owner, Some(&columns)).await.1, after);

    let platform = Platform::setup().on(process).start().await;
    platform.pool([key("good")]).await;
    let reply = platform.browser().login("ada@before.example", PASSWORD).await.expect(200);
    let ada = platform.signed_in(platform.http.clone(), "ada@before.example", &reply.body);
    let session = "00000000-0000-7000-8000-000000000010";
    let messages = ada.messages(session).await;
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1]["content"], "The stretch of the ventricle before it contracts.");
    assert_eq!(ada.usage().await["tokens"]["used"], 1234);
    let documents = ada.get("/api/documents").await.expect(200).body;
    assert_eq!(documents["items"][0]["title"], "Heart failure");
    assert_eq!(ada.asks_in(session, "And afterload?").await.end(), "done");
    let reply = platform.browser().login("boss@before.example", PASSWORD).await.expect(200);
    let boss = platform.signed_in(platform.http.clone(), "boss@before.example", &reply.body);
    let log = boss.get("/api/admin/audit?action=add_api_key").await.expect(200).body;
    let found = log["items"].as_array().unwrap().iter().any(|entry| entry["details"]["a"] == 1);
    assert!(found, "{log}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_of_the_release_before_starts_and_its_processes_run_as_a_login_of_their_own() {
    let home = Home::new().await;
    let cluster = home.folder.join(".data/postgres");
    let settings =
        Settings { tools: servers::tools(), data: cluster.clone(), durable: false, max_connections: 20 };
    let server = Server::start(settings).await.unwrap();
    let superuser = server.options();
    let mut conn = PgConnection::connect_with(&superuser).await.unwrap();
    conn.execute("create role medai login createrole").await.unwrap();
    conn.execute("create database medai owner medai").await.unwrap();
    conn.close().await.unwrap();
    let inside = superuser.database("medai");
    let mut conn = PgConnection::connect_with(&inside).await.unwrap();
    conn.execute("create extension vector").await.unwrap();
    conn.close().await.unwrap();
    fill(&inside.username("medai")).await;
    server.stop().await.unwrap();

    let dev = home.dev(&[]).await;
    let ada = dev.log_in("ada@before.example", PASSWORD).await.unwrap();
    assert_eq!(ada.messages("00000000-0000-7000-8000-000000000010").await.len(), 2);
    assert_eq!(ada.usage().await["tokens"]["used"], 1234);
    let boss = dev.log_in("boss@before.example", PASSWORD).await.unwrap();
    let log = boss.get("/api/admin/audit?action=add_api_key").await.expect(200).body;
    assert_eq!(log["items"][0]["details"]["a"], 1);
    let running = postgres::running(&cluster).unwrap().unwrap();
    let database = running.options().database("medai");
    let mut conn = PgConnection::connect_with(&database).await.unwrap();
    let logins: Vec<String> = sqlx::query_scalar(
        "select distinct usename::text from pg_stat_activity where application_name = 'medai'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert_eq!(logins, ["medai_app"]);
    let mut conn = PgConnection::connect_with(&database.username("medai_app")).await.unwrap();
    for sql in ["truncate audit_log", "delete from audit_log", "alter table audit_log disable trigger all"] {
        assert!(conn.execute(sql).await.is_err(), "{sql}");
    }
    dev.stop(Signal::SIGTERM).await;
    // And once more, on what this release made of it.
    let dev = home.dev(&[]).await;
    assert!(dev.log_in("ada@before.example", PASSWORD).await.is_ok());
    dev.stop(Signal::SIGTERM).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_login_that_owned_everything_goes_on_or_makes_room_for_another() {
    let home = Home::new().await;
    let (process, owner) = of_the_release_before().await;
    let (one, other) = (servers::url(&owner), servers::url(&process));
    // As before: one login for all, of which the doctor says what it could do.
    let alone = [("DATABASE_URL", one.as_str())];
    let migrated = home.run(&["migrate"], &alone, "");
    assert_eq!(migrated.code, Some(0), "{}", migrated.stderr);
    let doctor = home.run(&["doctor"], &alone, "").stdout;
    assert!(doctor.contains("owns it and can empty it"), "{doctor}");
    // The login that was there migrates, and a new one runs the processes.
    let both = [("DATABASE_URL", other.as_str()), ("DATABASE_MIGRATION_URL", one.as_str())];
    let migrated = home.run(&["migrate"], &both, "");
    assert_eq!(migrated.code, Some(0), "{}", migrated.stderr);
    let doctor = home.run(&["doctor"], &both, "").stdout;
    assert!(doctor.contains("can empty nothing"), "{doctor}");
    assert!(doctor.contains(&format!("{} migrations", migrations::MIGRATOR.iter().count())), "{doctor}");
    // Settings that do not go together are said to be wrong.
    let swapped = [("DATABASE_URL", one.as_str()), ("DATABASE_MIGRATION_URL", one.as_str())];
    let doctor = home.run(&["doctor"], &swapped, "").stdout;
    assert!(doctor.contains("FAIL  audit log"), "{doctor}");
    let broken = [("DATABASE_URL", one.as_str()), ("DATABASE_MIGRATION_URL", "secret-words")];
    let migrated = home.run(&["migrate"], &broken, "");
    assert!(
        migrated.stderr.contains("DATABASE_MIGRATION_URL is not a PostgreSQL URL"),
        "{}",
        migrated.stderr
    );
    assert!(!migrated.stderr.contains("secret-words"));
    home.never_logged(["secret-words"]);
}
