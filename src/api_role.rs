//! `medai api`

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::{config::Config, platform::Platform};

pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    config.require_complete()?;
    let database = config.database.database()?;
    let address = (config.server.host, config.server.port);
    let platform = Platform::start(config, &database).await?;
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("port {} is taken", address.1))?;
    tracing::info!(address = %listener.local_addr()?, "the API listens");
    platform.serve_metrics().await?;
    platform.drain_on_signal();
    let served = platform.serve_api(listener).await;
    platform.end().await;
    served
}
