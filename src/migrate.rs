//! `medai migrate`

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions};

use crate::config::Config;

/// The roles that a process steps down to, and the one that has the rights of processes.
const ROLES: [&str; 3] = ["medai_user", "medai_platform", "medai_process"];

pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let database = config.database.database()?;
    bring_up_to_date(&config.database.owner(&database)?, database.options.get_username()).await?;
    crate::print("The database is up to date.");
    Ok(())
}

/// Brings the schema up to date as its owner, and lets the login of the processes in.
///
/// # Errors
/// Where the database cannot be reached or migrated.
pub async fn bring_up_to_date(owner: &PgConnectOptions, process: &str) -> anyhow::Result<()> {
    let mut conn = PgConnection::connect_with(owner).await.context("the database cannot be reached")?;
    migrations::MIGRATOR.run(&mut conn).await.context("the database cannot be brought up to date")?;
    if process != owner.get_username() {
        let_in(&mut conn, process).await.with_context(|| {
            format!(
                "{process}, the login of DATABASE_URL, could not be given its rights: as a superuser, \
                 `grant {} to {process}`",
                ROLES.join(", ")
            )
        })?;
    }
    conn.close().await?;
    Ok(())
}

/// Makes a login a member of the roles, unless it is one. Stepping down has to be said, where the server knows how (16
/// and later): a query that forgot to sees no user's rows at all.
async fn let_in(conn: &mut PgConnection, process: &str) -> anyhow::Result<()> {
    for role in ROLES {
        let inherits = role == "medai_process";
        let grant: Option<String> = sqlx::query_scalar(
            "select format('grant %I to %I', $1::text, $2::text)
               || case when current_setting('server_version_num')::int < 160000 then ''
                       when $3 then ' with inherit true' else ' with inherit false, set true' end
             where not exists (select from pg_auth_members
                               where roleid = $1::text::regrole and member = quote_ident($2)::regrole)",
        )
        .bind(role)
        .bind(process)
        .bind(inherits)
        .fetch_optional(&mut *conn)
        .await?;
        if let Some(grant) = grant {
            // Its names are quoted by the server.
            conn.execute(AssertSqlSafe(grant)).await?;
        }
    }
    Ok(())
}
