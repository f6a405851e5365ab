//! The allowlist: who may be an admin. All needs the platform.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Role;
use crate::ids::UserId;

/// An address on the list, with the account that it has.
#[derive(Debug)]
pub struct Listed {
    /// In lower case.
    pub email: String,
    /// What its account may do.
    pub role: Role,
    /// Since when.
    pub added_at: DateTime<Utc>,
    /// Its account, if there is one.
    pub account: Option<UserId>,
    /// Whether the account may act by the role: its address is verified, and it is not disabled.
    pub in_force: bool,
}

/// Lets changes of who can act as an admin go one by one, so that the last super admin is known to be the last.
pub async fn lock(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('admin_allowlist', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// All of it, by address.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select a.email, a.role as "role: Role", a.added_at, u.id as "account?: UserId",
                  coalesce(u.email_verified and u.disabled_at is null, false) as "in_force!"
           from admin_allowlist a left join users u on u.email = a.email
           order by a.email"#,
    )
    .fetch_all(conn)
    .await
}

/// Takes an address off the list.
pub async fn remove(conn: &mut PgConnection, email: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from admin_allowlist where email = $1", email).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Super admins who can act: those of the list, and the one whom the operator named.
pub async fn super_admins(conn: &mut PgConnection, named: Option<&str>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from users u left join admin_allowlist a on a.email = u.email
           where (a.role = 'super_admin' or u.email = $1) and u.email_verified and u.disabled_at is null"#,
        named,
    )
    .fetch_one(conn)
    .await
}

/// Whether an address has an account that is disabled.
pub async fn is_disabled(conn: &mut PgConnection, email: &str) -> sqlx::Result<bool> {
    let found = sqlx::query!("select from users where email = $1 and disabled_at is not null", email);
    Ok(found.fetch_optional(conn).await?.is_some())
}
