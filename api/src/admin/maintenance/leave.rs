//! Opens what is closed.

use axum::{Json, extract::State};
use domain::{
    audit::Action,
    feature::Feature,
    maintenance::{Scope, Source, State as Closed, closings, store},
};
use garde::Validate;
use jobs::{
    admin_events::{self, AdminEvent, Event},
    platform_status::evaluate::{facts, record},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{
    set::{named, of_students},
    text,
    view::MaintenanceView,
};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Valid,
    permissions::ManageMaintenance,
};

/// What to open, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// One feature; the platform and all features unless given.
    #[garde(inner(custom(of_students)))]
    feature: Option<Feature>,
    /// Why, for the other admins.
    #[garde(custom(text))]
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Leaves maintenance, whoever entered it: open windows end, too. What the platform closed by itself it
/// does not close again for the same cause for ten minutes. Where nothing was closed, nothing happens,
/// and that is fine.
#[utoipa::path(delete, path = "/api/admin/maintenance", tag = "admin maintenance", request_body = Override,
    responses(
        (status = OK, body = MaintenanceView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn leave(
    State(app): State<App>,
    admin: Admin<ManageMaintenance>,
    Valid(body): Valid<Override>,
) -> ApiResult<Json<MaintenanceView>> {
    open(&app, &admin, body.feature.map(Scope::Feature), &body.reason).await?;
    app.platform_status.reload_or_warn().await;
    Ok(Json(MaintenanceView::new(&app.platform_status.current())))
}

/// Opens a scope, or everything.
pub(super) async fn open(
    app: &App,
    admin: &Admin<ManageMaintenance>,
    only: Option<Scope>,
    reason: &str,
) -> ApiResult<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin_platform().await?;
    store::lock(&mut tx).await?;
    let wanted = |scope: Scope| only.is_none_or(|only| only == scope);
    let states = store::states(&mut tx).await?;
    let opened: Vec<_> = states.into_iter().filter(|state| wanted(state.scope)).collect();
    for state in &opened {
        store::remove(&mut tx, state.scope, state.source).await?;
        if state.source == Source::Automatic {
            store::set_override(&mut tx, state.scope, now).await?;
            closings::end(&mut tx, state.scope, now).await?;
        }
    }
    for window in store::windows_ahead(&mut tx, now).await? {
        if wanted(window.scope) && window.is_open(now) {
            store::end_window(&mut tx, window.id, now).await?;
        }
    }
    announce(&mut tx, admin, only.unwrap_or(Scope::Platform), &opened, reason.trim()).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes it down, and tells the other admins where something was opened.
async fn announce(
    conn: &mut PgConnection,
    admin: &Admin<ManageMaintenance>,
    scope: Scope,
    opened: &[Closed],
    reason: &str,
) -> sqlx::Result<()> {
    let before: Vec<_> = opened.iter().map(facts).collect();
    let details = json!({ "before": before, "after": [], "reason": reason });
    record(&mut *conn, &admin.actor, Action("override_maintenance"), scope, &details).await?;
    if opened.is_empty() {
        return Ok(());
    }
    let mut scopes: Vec<_> = opened.iter().map(|state| named(state.scope)).collect();
    scopes.dedup();
    let subject = format!("{} ended the maintenance of {}", admin.caller.email, scopes.join(", "));
    let notice = AdminEvent {
        event: Event::AdminOverride,
        about: scope.as_str(),
        subject: &subject,
        facts: json!({ "admin_id": admin.caller.id, "admin": admin.caller.email, "reason": reason, "ended": before }),
        except: Some(admin.caller.id),
    };
    admin_events::emit(conn, &notice).await
}
