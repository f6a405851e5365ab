//! `medai migrate`

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};

use crate::{config::Config, platform::Database};

pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let database = Database::from_config(config)?;
    let mut conn =
        PgConnection::connect_with(&database.direct).await.context("the database cannot be reached")?;
    migrations::MIGRATOR.run(&mut conn).await.context("the database cannot be brought up to date")?;
    crate::print("The database is up to date.");
    Ok(())
}
