//! `/api/admin/sharing`: whether students may share conversations by links.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    audit::Target,
    ids::UserId,
    switches::{self, Switch},
};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Valid,
    permissions::{ManageFeatures, ViewFeatures},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, update))
}

/// Whether students may share conversations by links.
#[derive(Debug, Serialize, ToSchema)]
struct SharingView {
    enabled: bool,
    /// When it was last changed; null where it never was.
    updated_at: Option<DateTime<Utc>>,
    /// By whom.
    updated_by: Option<UserId>,
}

impl From<Switch> for SharingView {
    fn from(Switch { enabled, updated_at, updated_by }: Switch) -> Self {
        Self { enabled, updated_at, updated_by }
    }
}

/// What to set.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SharingChange {
    #[garde(skip)]
    enabled: bool,
}

/// Whether students may share conversations by links.
#[utoipa::path(get, path = "/api/admin/sharing", tag = "admin features",
    responses((status = OK, body = SharingView), (status = FORBIDDEN, body = ErrorBody)))]
async fn show(State(app): State<App>, _admin: Admin<ViewFeatures>) -> ApiResult<Json<SharingView>> {
    let mut tx = app.db.begin_platform().await?;
    Ok(Json(switches::sharing(&mut tx).await?.into()))
}

/// Switches sharing by links. While it is off no link shows anything, those that were made before included.
#[utoipa::path(put, path = "/api/admin/sharing", tag = "admin features", request_body = SharingChange,
    responses((status = OK, body = SharingView), (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
async fn update(
    State(app): State<App>,
    admin: Admin<ManageFeatures>,
    Valid(body): Valid<SharingChange>,
) -> ApiResult<Json<SharingView>> {
    let mut change = admin.begin(&app).await?;
    let before = switches::sharing(&mut change).await?;
    switches::set_sharing(&mut change, body.enabled, admin.caller.id, app.clock.now()).await?;
    let after = switches::sharing(&mut change).await?;
    let details = json!({ "before": { "enabled": before.enabled }, "after": { "enabled": after.enabled } });
    change.commit("switch_sharing", Target { kind: "sharing", id: None }, &details).await?;
    app.platform_status.reload_or_warn().await;
    Ok(Json(after.into()))
}
