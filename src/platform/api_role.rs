//! The API of a process, and its metrics.

use std::sync::Arc;

use anyhow::Context as _;
use api::{
    ApiSettings, App, Live, Metrics, Shared, SignInEnds, Tokens,
    listen::{self, Connections},
    pace::{AllPaces, Pace},
    password::{Cost, Passwords},
    places::Places,
};
use chrono::TimeDelta;
use jobs::processes::Role;
use tokio::{net::TcpListener, sync::Semaphore};

use super::Platform;
use crate::{config::Config, limits, metrics, pages::pages};

impl Platform {
    /// Serves the API on a listener until `stop`.
    ///
    /// # Errors
    /// Where a secret is missing.
    pub async fn serve_api(&self, listener: TcpListener) -> anyhow::Result<()> {
        let router = api::router(self.app().await?);
        self.presence.takes(Role::Api);
        let most = limits::connections();
        let connections = Connections {
            // One address alone shall not take them all.
            per_address: self.config.server.connections_per_address.min((most / 4 * 3).max(1)),
            most,
            trusted_proxies: self.config.server.trusted_proxies.clone(),
            grace: self.config.jobs.shutdown_grace,
        };
        listen::serve(listener, router, connections, self.drain.clone()).await?;
        Ok(())
    }

    /// What the API's handlers share.
    ///
    /// # Errors
    /// Where a secret is missing, or the database cannot be read.
    pub async fn app(&self) -> anyhow::Result<App> {
        let Config { server, .. } = &self.config;
        let secret = self.config.secrets.jwt_secret.as_ref().context("JWT_SECRET is missing")?;
        Ok(App::new(Shared {
            db: self.db.clone(),
            bus: Arc::clone(&self.bus),
            notifier: self.notifier.clone(),
            listener: self.listener.clone(),
            platform_status: self.platform_status().await?,
            clock: self.clock.clone(),
            vault: Arc::clone(&self.vault),
            files: self.files.clone(),
            sign_ins: Semaphore::new(4),
            ends: SignInEnds::start(&self.listener, self.stop.clone(), &self.tasks),
            recoders: Semaphore::new(2),
            exports: Places::new(1),
            exporters: Semaphore::new(2),
            paces: AllPaces::new(
                Pace::per_second(server.writes_burst, server.writes_per_second),
                Pace::per_second(server.anonymous_writes_burst, server.anonymous_writes_per_second),
            ),
            streams: Places::new(server.streams_per_account),
            uploads: Places::new(server.streams_per_account),
            tokens: Tokens::new(secret),
            passwords: Passwords::new(Cost::Standard),
            pages: pages(),
            settings: self.api_settings()?,
            metrics: self.metrics().filter(|_| self.config.api_shows_metrics()),
            live: Live::default(),
            stop: self.drain.clone(),
        }))
    }

    fn api_settings(&self) -> anyhow::Result<ApiSettings> {
        let config = &self.config;
        let Config { server, accounts, files, providers, jobs, .. } = config;
        Ok(ApiSettings {
            production: config.is_production(),
            cors_origins: server.cors_origins().collect(),
            trusted_hosts: server.trusted_hosts().collect(),
            trusted_proxies: server.trusted_proxies.clone(),
            super_admin_email: accounts.super_admin(),
            max_upload_bytes: files.max_upload_bytes(),
            max_image_bytes: files.max_image_bytes(),
            failed_uploads_per_day: files.failed_uploads_per_day,
            clamd_addr: files.clamd_addr.clone(),
            registrations_per_hour: accounts.registrations_per_hour,
            login_tries_per_address: accounts.login_tries_per_address,
            own_key_answers_per_hour: jobs.own_key_answers_per_hour,
            available_channels: config.notify_settings()?.available_channels(),
            provider_chain: providers.provider_chain.clone(),
            max_wait: TimeDelta::from_std(providers.max_wait).unwrap_or(TimeDelta::MAX),
            trial_patience: providers.trial_patience(),
            defaults: providers.endpoints.defaults(),
        })
    }

    /// Serves `/metrics` by itself, where that is wanted, until `stop`.
    ///
    /// # Errors
    /// Where the port is taken.
    pub async fn serve_metrics(&self) -> anyhow::Result<()> {
        let (Some(address), Some(metrics)) = (self.config.telemetry.metrics_addr, self.metrics()) else {
            return Ok(());
        };
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("METRICS_ADDR {address} cannot be used"))?;
        tracing::info!(address = %listener.local_addr()?, "metrics are served");
        let served = axum::serve(listener, metrics.router())
            .with_graceful_shutdown(self.stop.clone().cancelled_owned())
            .into_future();
        self.tasks.spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(%error, "metrics are served no more");
            }
        });
        Ok(())
    }

    fn metrics(&self) -> Option<Metrics> {
        let render = metrics::renderer()?;
        Some(Metrics::new(&self.db, &self.clock, self.config.telemetry.metrics_token.clone(), render))
    }
}
