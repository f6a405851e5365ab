//! `medai scheduler`

use crate::{config::Config, platform::Platform};

pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    config.require_complete()?;
    let platform = Platform::start(config.clone(), &config.database.database()?).await?;
    tracing::info!(name = platform.name, "the scheduler runs");
    platform.serve_metrics().await?;
    platform.drain_on_signal();
    platform.run_scheduler().await;
    platform.end().await;
    Ok(())
}
