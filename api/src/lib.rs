//! The HTTP API: reads, and requests for jobs. It never does the work itself, and knows no provider.
//!
//! One folder a resource, one file an operation; [`router`] lists them all.

use std::sync::Arc;

use axum::Router;
use domain::{Clock, Db, keys::Vault};
use jobs::{bus::Bus, listener::Listener};
use tokio_util::sync::CancellationToken;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

mod admin;
mod auth;
mod await_job;
mod caller;
mod chat;
pub mod error;
mod extract;
mod gate;
mod health;
mod jobs_api;
mod page;
mod permissions;
mod profile;
pub mod server;
pub mod settings;
mod sse;
mod usage;

pub use auth::{password, tokens::Tokens};
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
    /// What other processes commit.
    pub listener: Listener,
    /// The time.
    pub clock: Clock,
    /// Encrypts provider keys.
    pub vault: Arc<Vault>,
    /// Makes and checks tokens.
    pub tokens: Tokens,
    /// Hashes passwords, off the async threads.
    pub passwords: password::Passwords,
    /// What an operator chose.
    pub settings: ApiSettings,
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

#[derive(OpenApi)]
#[openapi(
    info(title = "medai", description = "A tutor for medical students that is built for scarcity."),
    modifiers(&Security),
    security(("bearer" = [])),
    components(schemas(error::ErrorBody))
)]
struct Document;

/// Says in the document how callers prove who they are.
struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        if let Some(components) = openapi.components.as_mut() {
            components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        }
    }
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(health::routes())
        .merge(auth::routes())
        .merge(profile::routes())
        .merge(usage::routes())
        .merge(chat::routes())
        .merge(jobs_api::routes())
        .merge(admin::routes())
}

/// The OpenAPI document, generated from the code.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}

/// Every route, behind everything that each request passes.
pub fn router(app: App) -> Router {
    let (router, document) = routes().split_for_parts();
    server::layered(router, document, app)
}
