//! The HTTP API: reads, and requests for jobs. It never does the work itself, and knows no provider.
//!
//! One folder a resource, one file an operation; [`router`] lists them all.

use std::sync::Arc;

use axum::Router;
use domain::{Clock, Db, keys::Vault};
use files::Files;
use jobs::{bus::Bus, listener::Listener, platform_status::PlatformStatus, queue::Notifier};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

mod admin;
mod admission;
mod attachment;
mod audited;
mod auth;
mod await_job;
mod caller;
mod chat;
mod docs;
mod documents;
mod ends;
pub mod error;
mod events;
mod extract;
mod forwarded;
pub mod gate;
mod health;
mod images;
mod jobs_api;
mod json;
pub mod listen;
pub mod metrics;
mod openapi;
pub mod pace;
mod page;
mod permissions;
pub mod places;
mod plans;
mod profile;
pub mod server;
pub mod settings;
mod shared;
mod sse;
mod status;
mod study;
mod usage;
mod web;

pub use admin::live::Live;
pub use auth::{emergency_hash, password, tokens::Tokens};
pub use ends::SignInEnds;
pub use metrics::Metrics;
use pace::AllPaces;
use places::Places;
pub use settings::ApiSettings;

/// What handlers share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Shared {
    /// The database.
    pub db: Db,
    /// Where jobs tell how they go.
    pub bus: Arc<dyn Bus>,
    /// Wakes workers after a commit.
    pub notifier: Notifier,
    /// What other processes commit.
    pub listener: Listener,
    /// What is closed and switched off.
    pub platform_status: PlatformStatus,
    /// The time.
    pub clock: Clock,
    /// Encrypts provider keys.
    pub vault: Arc<Vault>,
    /// Documents and images.
    pub files: Files,
    /// How many ask at a time whether they may try to sign in.
    pub sign_ins: Semaphore,
    /// Whose sign-ins end while streams are open.
    pub ends: SignInEnds,
    /// How fast somebody may change things.
    pub paces: AllPaces,
    /// What each account has open: streams of events.
    pub streams: Places,
    /// The same of uploads.
    pub uploads: Places,
    /// How many images may be decoded at a time.
    pub recoders: Semaphore,
    /// The same of decks that are written as files.
    pub exports: Places,
    /// How many of these may be written at a time.
    pub exporters: Semaphore,
    /// Makes and checks tokens.
    pub tokens: Tokens,
    /// Hashes passwords, off the async threads.
    pub passwords: password::Passwords,
    /// The web apps.
    pub pages: ::web::Pages,
    /// What an operator chose.
    pub settings: ApiSettings,
    /// What `/metrics` shows; `None` where it is not served here.
    pub metrics: Option<Metrics>,
    /// What admins watch live.
    pub live: Live,
    /// Fires when the process is to stop: streams end then, and clients come back elsewhere.
    pub stop: CancellationToken,
}

impl App {
    /// Over its parts.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::empty())
        .merge(health::routes())
        .merge(status::routes())
        .merge(auth::routes())
        .merge(profile::routes())
        .merge(plans::routes())
        .merge(usage::routes())
        .merge(chat::routes())
        .merge(shared::routes())
        .merge(documents::routes())
        .merge(images::routes())
        .merge(study::routes())
        .merge(jobs_api::routes())
        .merge(events::routes())
        .merge(admin::routes())
}

/// Every route, and the document about them.
fn parts() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut document) = routes().split_for_parts();
    openapi::complete(&mut document);
    (router, document)
}

/// The OpenAPI document, generated from the code.
pub fn openapi() -> utoipa::openapi::OpenApi {
    parts().1
}

/// Every route, behind everything that each request passes.
pub fn router(app: App) -> Router {
    let (router, document) = parts();
    let metrics = app.metrics.clone();
    let router = server::layered(router, document, app);
    // Outside of what requests of people pass: it is neither logged nor counted.
    match metrics {
        Some(metrics) => router.merge(metrics.router()),
        None => router,
    }
}
