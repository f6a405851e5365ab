//! `medai dev`: everything in one process, on a private PostgreSQL, with what is missing made up.

use std::{fs, path::Path};

use anyhow::Context as _;
use postgres::Server;
use simulator::Simulator;
use tokio::net::TcpListener;
use worker::Extra;

use crate::{
    config::{Config, Switch},
    platform::{Platform, all_queues},
    providers,
};

mod database;
mod pool;
mod secrets;
mod seed;

pub(crate) use database::beside;
pub(crate) use secrets::complete as complete_secrets;

pub(crate) async fn run(mut config: Config) -> anyhow::Result<()> {
    config.require_complete()?;
    make_private(&config.data_dir)?;
    // The port first: a second start on the same machine should say so before it does anything.
    let listener = TcpListener::bind((config.server.host, config.server.port))
        .await
        .with_context(|| format!("port {} is taken: set PORT to another one", config.server.port))?;
    secrets::complete(&mut config)?;
    let own_origin = format!("http://localhost:{}", config.server.port);
    if config.server.cors_origins.is_empty() {
        config.server.cors_origins = vec![own_origin.clone(), "http://localhost:3000".to_owned()];
    }
    if config.notify.smtp_host.is_none() {
        config.notify.outbox = Some(config.data_dir.join("outbox"));
    }
    let server = database::server(&config).await?;
    let database = database::prepare(&config, server.as_ref()).await?;
    let platform = Platform::start(config.clone(), &database).await?;
    let admin = seed::admin(&platform).await?;
    let demo = pool::fill(&platform).await?;
    platform.serve_metrics().await?;
    platform.drain_on_signal();
    platform.fetch_embedder();
    let ended = serve(&platform, listener, &own_origin, admin, demo.as_ref()).await;
    platform.end().await;
    if let Some(server) = server {
        Server::stop(server).await?;
    }
    ended
}

async fn serve(
    platform: &Platform,
    listener: TcpListener,
    origin: &str,
    admin: Option<seed::NewAdmin>,
    demo: Option<&Simulator>,
) -> anyhow::Result<()> {
    let roles = async {
        tokio::try_join!(
            platform.serve_api(listener),
            platform.run_worker(all_queues(), Extra::default()),
            async {
                platform.run_scheduler().await;
                Ok(())
            },
        )
    };
    welcome(origin, admin, demo.is_some());
    let ended = roles.await;
    platform.drain.cancel();
    ended.map(drop)
}

/// What to open, and the one time that a made-up password is shown.
fn welcome(origin: &str, admin: Option<seed::NewAdmin>, demo: bool) {
    crate::print("\n  medai runs.\n");
    crate::print(&format!("  Open    {origin}/"));
    crate::print("          and see the curl session in README.md");
    if let Some(seed::NewAdmin { email, password }) = admin {
        crate::print(&format!("  Admin   {email}"));
        if let Some(password) = password {
            crate::print(&format!("          password: {password}   (shown only this once)"));
        }
    }
    if demo {
        crate::print(
            "\n  No provider key is known, so a built-in DEMO provider answers. It knows no medicine.",
        );
        let settings = providers::api_key_settings().join(" or ");
        crate::print(&format!("  Add a real key as an admin, or set {settings} and start again."));
    }
    crate::print("\n  Stop with Ctrl-C.\n");
}

/// The data folder holds secrets, so it is nobody else's business.
fn make_private(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    let there = || format!("the data folder {} cannot be used", folder.display());
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(there)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).with_context(there)
}

impl Config {
    /// Whether the demo provider may be started.
    fn wants_demo(&self) -> bool {
        self.providers.demo_provider == Switch::On
    }
}
