//! What the roles may, and that no table was forgotten.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;

use super::{NOT_ALLOWED, OWNED, Pair, count, run};
use crate::support::Platform;

async fn names(platform: &Platform, sql: &'static str) -> BTreeSet<String> {
    let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(platform.db().pool()).await.unwrap();
    names.into_iter().collect()
}

fn set(names: impl IntoIterator<Item = &'static str>) -> BTreeSet<String> {
    names.into_iter().map(ToOwned::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_that_knows_an_owner_is_guarded_also_against_its_owner() {
    let platform = Platform::setup().queues([]).start().await;
    let owned = OWNED.map(|(table, _)| table);
    let forced = names(
        &platform,
        "select relname::text from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
           and relrowsecurity and relforcerowsecurity",
    )
    .await;
    // These are nobody's, or no student's business at all.
    let others = [
        "admin_allowlist",
        "audit_log",
        "emergency_tokens",
        "known_clients",
        "provider_calls",
        "saved_filters",
    ];
    assert_eq!(forced, set(owned.into_iter().chain(others)));

    let with_an_owner = names(
        &platform,
        "select table_name::text from information_schema.columns
         where table_schema = 'public' and column_name in ('user_id', 'owner_id', 'tenant', 'account_id')",
    )
    .await;
    // Its rows say who asked how much; only the queue's function reads and writes them.
    let of_the_queue = set(["queue_tenants"]);
    assert_eq!(&with_an_owner - &forced, of_the_queue);
    assert_eq!(&forced - &with_an_owner, set(["users", "admin_allowlist", "audit_log"]));
    let of_a_user = names(
        &platform,
        "select conrelid::regclass::text from pg_constraint where contype = 'f' and confrelid = 'users'::regclass",
    )
    .await;
    assert!(of_a_user.is_subset(&forced), "{of_a_user:?}");

    let touched = names(
        &platform,
        "select relname::text from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
           and (has_table_privilege('medai_user', oid, 'select, insert, update, delete, truncate')
                or has_any_column_privilege('medai_user', oid, 'select, insert, update'))",
    )
    .await;
    assert_eq!(
        touched,
        // What a student does is written to the audit log in their own transaction; reading it is not theirs. What
        // answers of a model took is nobody's, and read where a hold is taken.
        set(owned.into_iter().chain(["queues", "audit_log", "answer_costs"])),
        "what is not owned is not a student's to touch"
    );
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_can_neither_log_in_nor_get_around_the_policies() {
    let pair = Pair::new().await;
    let pool = pair.platform.db().pool();
    for role in ["medai_user", "medai_platform", "medai_process"] {
        let bits = format!(
            "select (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication)::int::bigint
             from pg_roles where rolname = '{role}'"
        );
        let mut conn = pool.acquire().await.unwrap();
        assert_eq!(count(&mut conn, bits).await, 0, "{role}");
        let belongs = format!("select count(*) from pg_auth_members where member = '{role}'::regrole");
        assert_eq!(count(&mut conn, belongs).await, 0, "{role} is no member of another");
        let owns = format!("select count(*) from pg_class where relowner = '{role}'::regrole");
        assert_eq!(count(&mut conn, owns).await, 0, "{role} owns nothing");
    }
    let bypass = "select count(*) from pg_roles where rolname = session_user and (rolsuper or rolbypassrls)";
    assert_eq!(count(&mut pool.acquire().await.unwrap(), bypass).await, 0, "the login of the tests");

    // The platform sees all, by its policies: asked to do without them, the server refuses.
    let mut tx = pair.platform.db().begin_platform().await.unwrap();
    for (table, owner) in OWNED {
        let both = format!(
            "select count(distinct {owner}) from {table} where {owner} in ('{}', '{}')",
            pair.mine, pair.theirs
        );
        assert_eq!(count(&mut tx, both).await, 2, "{table}");
    }
    drop(tx);
    for (table, owner) in OWNED {
        for begin in [
            "begin; set local role medai_platform".to_owned(),
            format!("begin; set local role medai_user; set local medai.\"user\" = '{}'", pair.mine),
        ] {
            #[expect(clippy::disallowed_methods, reason = "it begins as nobody of ours does")]
            let mut tx = pool
                .begin_with(AssertSqlSafe(format!("{begin}; set local row_security = off")))
                .await
                .unwrap();
            let error = sqlx::query(AssertSqlSafe(format!("select {owner} from {table}")))
                .execute(&mut *tx)
                .await
                .unwrap_err();
            assert_eq!(error.as_database_error().unwrap().code().unwrap(), NOT_ALLOWED, "{table}");
        }
    }
    pair.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_students_transaction_has_no_rights_beyond_a_students() {
    let pair = Pair::new().await;
    let db = pair.platform.db();
    for sql in [
        "select password_hash from users",
        "select * from users",
        "update users set plan = 'admin'",
        "update users set email_verified = true",
        "insert into admin_allowlist (email, role) values ('me@story.example', 'super_admin')",
        "select * from admin_allowlist",
        "select * from ip_attempts",
        "select * from sign_in_tries",
        "select * from known_clients",
        "select * from audit_log",
        "select * from audit_bursts",
        "select * from emergency_tokens",
        "insert into audit_log (action, target_type) values ('x', 'x')",
        "select * from queue_tenants",
        "update queues set paused_at = now()",
        "alter table sessions no force row level security",
        "alter table sessions disable row level security",
        "create policy everything on sessions using (true)",
        "drop table sessions",
        "create table mine (x int)",
        "create role me superuser",
        "alter role medai_user bypassrls",
        "grant medai_platform to medai_user",
    ] {
        assert_eq!(run(db, pair.mine, sql).await, Err(NOT_ALLOWED.to_owned()), "{sql}");
    }
    pair.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_function_that_looks_past_the_policies_tells_no_more_than_access_needs() {
    let pair = Pair::new().await;
    let pool = pair.platform.db().pool();
    let mut conn = pool.acquire().await.unwrap();
    let columns: Vec<String> = sqlx::query_scalar(
        "select unnest(proargnames[pronargs + 1:]) from pg_proc where proname = 'caller_state'",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    let of_access =
        ["email", "email_verified", "plan", "disabled", "listed_role", "emergency_until", "has_own_key"];
    assert_eq!(columns, of_access);
    // Nothing else of ours runs with the rights of somebody else.
    let definers = names(
        &pair.platform,
        "select proname::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef",
    )
    .await;
    assert_eq!(definers, set(["caller_state", "queue_next_vtime"]));

    let sign_in = format!("select (id)::text from sign_ins where user_id = '{}'", pair.theirs);
    let mut tx = pair.platform.db().begin_platform().await.unwrap();
    let theirs: String = sqlx::query_scalar(AssertSqlSafe(sign_in)).fetch_one(&mut *tx).await.unwrap();
    drop(tx);
    let ask = |user, sign_in: &str| format!("select count(*) from caller_state('{user}', '{sign_in}')");
    assert_eq!(count(&mut conn, ask(pair.theirs, &theirs)).await, 1);
    assert_eq!(count(&mut conn, ask(pair.mine, &theirs)).await, 0, "the sign-in must be the caller's");
    assert_eq!(count(&mut conn, ask(pair.theirs, &pair.their_job)).await, 0);
    drop(conn);
    let asked = run(pair.platform.db(), pair.mine, ask(pair.theirs, &theirs)).await;
    assert_eq!(asked, Err(NOT_ALLOWED.to_owned()), "a student's transaction cannot ask it about others");
    pair.platform.end().await;
}
