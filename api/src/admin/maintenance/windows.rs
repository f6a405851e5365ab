//! Maintenance that is announced: it begins and ends by itself.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use domain::{
    audit::Target,
    feature::Feature,
    ids::WindowId,
    maintenance::{Level, Scope, Window, store},
};
use garde::Validate;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{set::of_students, text, view::WindowView};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    page::Page,
    permissions::{ManageMaintenance, ViewMaintenance},
};

/// What will be closed, and when.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWindow {
    /// `soft` or `hard`.
    #[garde(custom(closes))]
    level: Level,
    /// One feature; the whole platform unless given.
    #[garde(inner(custom(of_students)))]
    feature: Option<Feature>,
    /// What users read in place of the usual sentence.
    #[garde(inner(custom(text)))]
    #[schema(max_length = 500)]
    message: Option<String>,
    /// Why, for the other admins.
    #[garde(inner(custom(text)))]
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// When it begins.
    #[garde(skip)]
    from: DateTime<Utc>,
    /// When it ends: later than it begins, and in the future.
    #[garde(skip)]
    until: DateTime<Utc>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "rules are given references")]
fn closes<C>(level: &Level, _: &C) -> garde::Result {
    match level {
        Level::None => Err(garde::Error::new("must be soft or hard")),
        Level::Soft | Level::Hard => Ok(()),
    }
}

/// Lists the windows that are open or to come, the first to open first.
#[utoipa::path(get, path = "/api/admin/maintenance/windows", tag = "admin maintenance",
    responses((status = OK, body = Page<WindowView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewMaintenance>,
) -> ApiResult<Json<Page<WindowView>>> {
    let mut tx = app.db.begin_platform().await?;
    let windows = store::windows_ahead(&mut tx, app.clock.now()).await?;
    Ok(Json(Page::whole(windows.into_iter().map(WindowView::from).collect())))
}

/// Announces maintenance, for everybody to see. It begins and ends within seconds of its times.
#[utoipa::path(post, path = "/api/admin/maintenance/windows", tag = "admin maintenance", request_body = NewWindow,
    responses(
        (status = CREATED, body = WindowView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn announce(
    State(app): State<App>,
    admin: Admin<ManageMaintenance>,
    Valid(body): Valid<NewWindow>,
) -> ApiResult<(StatusCode, Json<WindowView>)> {
    let now = app.clock.now();
    if body.until <= body.from {
        return Err(ApiError::field("until", "must be after from"));
    }
    if body.until <= now {
        return Err(ApiError::field("until", "must be in the future"));
    }
    let window = Window {
        id: WindowId::generate(),
        scope: Scope::from(body.feature),
        level: body.level,
        reason: body.reason.map_or_else(|| "announced".to_owned(), |reason| reason.trim().to_owned()),
        message: body.message.map(|message| message.trim().to_owned()),
        starts_at: body.from,
        ends_at: body.until,
        created_by: Some(admin.caller.id),
        created_by_email: Some(admin.caller.email.clone()),
    };
    let mut change = admin.begin(&app).await?;
    store::lock(&mut change).await?;
    store::insert_window(&mut change, &window, now).await?;
    let details = json!({ "before": null, "after": facts(&window) });
    let id = window.id.to_string();
    let target = Target { kind: "maintenance_window", id: Some(&id) };
    change.commit("schedule_maintenance", target, &details).await?;
    // One that has begun does not wait for the scheduler.
    app.platform_status.recovered().await;
    app.platform_status.reload_or_warn().await;
    Ok((StatusCode::CREATED, Json(window.into())))
}

/// Takes an announcement back; one that is open ends at once.
#[utoipa::path(delete, path = "/api/admin/maintenance/windows/{id}", tag = "admin maintenance",
    params(("id" = WindowId, Path)),
    responses(
        (status = NO_CONTENT, description = "It is taken back"),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody, description = "There is none, or it is over"),
    ))]
pub(super) async fn cancel(
    State(app): State<App>,
    admin: Admin<ManageMaintenance>,
    Path(id): Path<WindowId>,
) -> ApiResult<StatusCode> {
    let now = app.clock.now();
    let mut change = admin.begin(&app).await?;
    store::lock(&mut change).await?;
    let ahead = store::windows_ahead(&mut change, now).await?;
    let Some(window) = ahead.iter().find(|window| window.id == id) else {
        return Err(ApiError::NotFound("window"));
    };
    store::end_window(&mut change, id, now).await?;
    let target = Target { kind: "maintenance_window", id: Some(&id.to_string()) };
    let details = json!({ "before": facts(window), "after": null });
    change.commit("cancel_maintenance_window", target, &details).await?;
    app.platform_status.recovered().await;
    app.platform_status.reload_or_warn().await;
    Ok(StatusCode::NO_CONTENT)
}

fn facts(window: &Window) -> Value {
    json!({
        "scope": window.scope.as_str(),
        "level": window.level,
        "reason": window.reason,
        "message": window.message,
        "from": window.starts_at,
        "until": window.ends_at,
    })
}
