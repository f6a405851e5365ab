//! SQL about accounts.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::{Plan, Role, User, tries};
use crate::ids::{SignInId, UserId};

/// What access control asks about the holder of a token.
#[derive(Debug, Clone)]
pub struct CallerState {
    /// The account's address.
    pub email: String,
    /// Whether it is known to be theirs.
    pub email_verified: bool,
    /// What they pay for.
    pub plan: Plan,
    /// Whether an admin disabled the account.
    pub disabled: bool,
    /// The role that the allowlist has for the address.
    pub listed_role: Option<Role>,
    /// Until when the sign-in lasts, where it was made by an emergency token.
    pub emergency_until: Option<DateTime<Utc>>,
    /// Whether they brought a provider key of their own that works.
    pub has_own_key: bool,
}

/// The state of a caller now; `None` where the user is gone or the sign-in has ended.
pub async fn caller_state(
    executor: impl PgExecutor<'_>,
    user: UserId,
    sign_in: SignInId,
) -> sqlx::Result<Option<CallerState>> {
    sqlx::query_as!(
        CallerState,
        r#"select email as "email!", email_verified as "email_verified!", plan as "plan!: Plan",
                  disabled as "disabled!", listed_role as "listed_role: Role", emergency_until,
                  has_own_key as "has_own_key!"
           from caller_state($1, $2)"#,
        user.0,
        sign_in.0,
    )
    .fetch_optional(executor)
    .await
}

/// A new account.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// In lower case.
    pub email: &'a str,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// As they wish to be called.
    pub name: &'a str,
    /// In PHC form.
    pub password_hash: &'a str,
    /// What they pay for.
    pub plan: Plan,
}

/// Adds an account. A taken address violates `users_email_key`.
pub async fn insert(conn: &mut PgConnection, id: UserId, user: &NewUser<'_>) -> sqlx::Result<User> {
    sqlx::query_as!(
        User,
        r#"insert into users (id, email, email_verified, name, password_hash, plan) values ($1, $2, $3, $4, $5, $6)
           returning id as "id: UserId", email, email_verified, name, plan as "plan: Plan", disabled_at, created_at"#,
        id.0,
        user.email,
        user.email_verified,
        user.name,
        user.password_hash,
        user.plan as Plan,
    )
    .fetch_one(conn)
    .await
}

/// Finds an account. Within `begin_as` that is the user's own; `disabled_at` needs the platform.
pub async fn find(conn: &mut PgConnection, id: UserId) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        r#"select id as "id: UserId", email, email_verified, name, plan as "plan: Plan",
                  null::timestamptz as disabled_at, created_at
           from users where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// What sign-in needs to know about an account.
#[derive(Debug)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// In PHC form.
    pub password_hash: String,
}

/// Finds what sign-in needs by address. Needs the platform: nobody is signed in yet.
pub async fn find_credentials(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<Credentials>> {
    let row = sqlx::query!(
        r#"select id as "id: UserId", email, email_verified, name, plan as "plan: Plan", disabled_at, created_at,
                  password_hash
           from users where email = $1"#,
        email,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Credentials {
        user: User {
            id: row.id,
            email: row.email,
            email_verified: row.email_verified,
            name: row.name,
            plan: row.plan,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        },
        password_hash: row.password_hash,
    }))
}

/// Looks at an account again whose password was found right, since that took a while: `None` where it has another one
/// by now, or is gone. Until the end of the transaction nobody disables it or sets its password, so that a sign-in which
/// is added meanwhile is ended by whoever does.
pub async fn confirm(
    conn: &mut PgConnection,
    id: UserId,
    password_hash: &str,
) -> sqlx::Result<Option<Confirmed>> {
    sqlx::query_as!(
        Confirmed,
        r#"select disabled_at is not null as "disabled!" from users where id = $1 and password_hash = $2 for share"#,
        id.0,
        password_hash,
    )
    .fetch_optional(conn)
    .await
}

/// An account whose password is still the one that was found right.
#[derive(Debug, Clone, Copy)]
pub struct Confirmed {
    /// Whether an admin disabled it.
    pub disabled: bool,
}

/// Sets the name of the account that the transaction is for.
pub async fn set_name(conn: &mut PgConnection, id: UserId, name: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!("update users set name = $2 where id = $1", id.0, name).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Sets what an account pays for, without an end.
pub async fn set_plan(conn: &mut PgConnection, id: UserId, plan: Plan) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("update users set plan = $2, plan_until = null where id = $1", id.0, plan as Plan)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Disables or enables an account.
pub async fn set_disabled(
    conn: &mut PgConnection,
    id: UserId,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("update users set disabled_at = $2 where id = $1", id.0, at).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a password. That says nothing about whose the address is.
pub async fn set_password(conn: &mut PgConnection, id: UserId, password_hash: &str) -> sqlx::Result<()> {
    sqlx::query!("update users set password_hash = $2 where id = $1", id.0, password_hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that an address is its account's: somebody who knows says so.
pub async fn verify(conn: &mut PgConnection, id: UserId) -> sqlx::Result<()> {
    sqlx::query!("update users set email_verified = true where id = $1", id.0).execute(conn).await?;
    Ok(())
}

/// The role that the allowlist has for an address.
pub async fn listed_role(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<Role>> {
    sqlx::query_scalar!(r#"select role as "role: Role" from admin_allowlist where email = $1"#, email)
        .fetch_optional(conn)
        .await
}

/// Puts an address on the allowlist.
pub async fn allow(conn: &mut PgConnection, email: &str, role: Role) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into admin_allowlist (email, role) values ($1, $2)
         on conflict (email) do update set role = excluded.role",
        email,
        role as Role,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a list of users is narrowed by.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    /// Part of the address or the name.
    pub text: Option<&'a str>,
    /// What they pay for.
    pub plan: Option<Plan>,
    /// Whether they are disabled.
    pub disabled: Option<bool>,
    /// Only those whose sign-in is locked.
    pub locked: bool,
    /// Only those after this one, in order of registration, newest first.
    pub before: Option<UserId>,
}

/// A user with what they used today.
#[derive(Debug)]
pub struct Listed {
    /// The account.
    pub user: User,
    /// The role that the allowlist has for them.
    pub role: Option<Role>,
    /// Until when sign-in is locked, after too many tries, for whom the account does not know.
    pub locked_until: Option<DateTime<Utc>>,
    /// Tokens used today.
    pub tokens_used: i64,
    /// Requests of today.
    pub requests_used: i64,
}

/// Lists accounts, newest first. Needs the platform.
pub async fn list(
    conn: &mut PgConnection,
    filter: &Filter<'_>,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select u.id as "id: UserId", u.email, u.email_verified, u.name, u.plan as "plan: Plan", u.disabled_at,
                  u.created_at, t.last_of_many as "last_of_many?", a.role as "role?: Role",
                  coalesce(d.tokens_used, 0) as "tokens_used!", coalesce(d.requests_used, 0) as "requests_used!"
           from users u
           left join admin_allowlist a on a.email = u.email
           left join usage_days d on d.user_id = u.id and d.day = $5
           left join lateral (
             select at as last_of_many from sign_in_tries
             where account = u.id and client is null and at > $8 order by at desc offset $9 limit 1
           ) t on true
           where ($1::text is null or strpos(u.email, lower($1)) > 0 or strpos(lower(u.name), lower($1)) > 0)
             and ($2::plan is null or u.plan = $2)
             and ($3::bool is null or (u.disabled_at is not null) = $3)
             and ($4::uuid is null or u.id < $4)
             and (not $7 or t.last_of_many is not null)
           order by u.id desc limit $6"#,
        filter.text,
        filter.plan as Option<Plan>,
        filter.disabled,
        filter.before.map(|id| id.0),
        now.date_naive(),
        limit,
        filter.locked,
        now - tries::WINDOW,
        tries::FOR_AN_EMAIL - 1,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            user: User {
                id: row.id,
                email: row.email,
                email_verified: row.email_verified,
                name: row.name,
                plan: row.plan,
                disabled_at: row.disabled_at,
                created_at: row.created_at,
            },
            role: row.role,
            locked_until: row.last_of_many.map(|at| at + tries::WINDOW),
            tokens_used: row.tokens_used,
            requests_used: row.requests_used,
        })
        .collect())
}

/// One account with what it used today. Needs the platform.
pub async fn find_listed(
    conn: &mut PgConnection,
    id: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Listed>> {
    // The list is by id, newest first, so the one at or below `id` is the first of it.
    let successor = UserId(uuid::Uuid::from_u128(id.0.as_u128().saturating_add(1)));
    let filter = Filter { before: Some(successor), ..Filter::default() };
    Ok(list(conn, &filter, now, 1).await?.into_iter().find(|listed| listed.user.id == id))
}
