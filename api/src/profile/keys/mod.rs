//! `/api/profile/keys`: a student's own provider keys. They serve that student alone, before the shared
//! ones, and cost none of the plan's tokens.

use chrono::{DateTime, Utc};
use domain::{
    audit::Target,
    ids::KeyId,
    keys::{Key, KeyStatus, Provider, own},
};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, admin::keys::view::masked, caller::SignedInUser, error::ApiError};

mod add;
mod address;
mod delete;
mod list;
mod update;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, add::add)).routes(routes!(update::update, delete::delete))
}

/// One of the caller's keys, without its value.
#[derive(Debug, Serialize, ToSchema)]
struct OwnKeyView {
    id: KeyId,
    provider: Provider,
    /// `…` and its last four characters; `none` where the provider needs none.
    #[schema(example = "…4444")]
    key_masked: String,
    status: KeyStatus,
    /// Why it is not active, or cools.
    reason: Option<String>,
    /// Not used before this time.
    cooldown_until: Option<DateTime<Utc>>,
    base_url: Option<String>,
    model: Option<String>,
    /// Whether questions end with an error rather than be answered by a shared key.
    never_fall_back: bool,
    last_used_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl OwnKeyView {
    fn new(key: Key, now: DateTime<Utc>) -> Self {
        Self {
            id: key.id,
            provider: key.provider,
            key_masked: masked(&key.last_four),
            status: key.status,
            reason: key.reason,
            cooldown_until: key.cooldown_until.filter(|until| *until > now),
            base_url: key.base_url,
            model: key.model,
            never_fall_back: key.never_fall_back,
            last_used_at: key.last_used_at,
            created_at: key.created_at,
        }
    }
}

/// A key of the caller, or that there is none.
async fn require(conn: &mut PgConnection, student: &SignedInUser, id: KeyId) -> Result<Key, ApiError> {
    own::find(conn, student.id, id).await?.ok_or(ApiError::NotFound("key"))
}

/// A key, for the audit log.
const fn target(id: &str) -> Target<'_> {
    Target { kind: "own_key", id: Some(id) }
}

/// What the audit log keeps of a key.
fn trace(key: &Key) -> Value {
    json!({
        "provider": key.provider,
        "key": masked(&key.last_four),
        "base_url": key.base_url,
        "model": key.model,
        "never_fall_back": key.never_fall_back,
    })
}
