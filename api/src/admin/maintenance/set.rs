//! Closes something.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    audit::Action,
    feature::Feature,
    maintenance::{self, Level, Scope, Source, store},
};
use garde::Validate;
use jobs::{
    admin_events::{self, AdminEvent, Event},
    platform_status::evaluate::{facts, record},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{leave, text, view::MaintenanceView};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    permissions::ManageMaintenance,
};

/// What to close, and how far.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewState {
    /// `none` opens it, as an override does.
    #[garde(skip)]
    level: Level,
    /// One feature; the whole platform unless given.
    #[garde(inner(custom(of_students)))]
    feature: Option<Feature>,
    /// What users read in place of the usual sentence.
    #[garde(inner(custom(text)))]
    #[schema(max_length = 500)]
    message: Option<String>,
    /// When it may be over.
    #[garde(skip)]
    estimated_restoration: Option<DateTime<Utc>>,
    /// Why, for the other admins.
    #[garde(custom(text))]
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Whether a feature is one that students use.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "rules are given references")]
pub(super) fn of_students<C>(feature: &Feature, _: &C) -> garde::Result {
    if Feature::STUDENT.contains(feature) {
        Ok(())
    } else {
        Err(garde::Error::new("is no feature that students use"))
    }
}

/// Puts the platform, or one feature, into maintenance, where it stays until an admin ends it. Every
/// process obeys within a second.
#[utoipa::path(put, path = "/api/admin/maintenance", tag = "admin maintenance", request_body = NewState,
    responses(
        (status = OK, body = MaintenanceView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn set(
    State(app): State<App>,
    admin: Admin<ManageMaintenance>,
    Valid(body): Valid<NewState>,
) -> ApiResult<Json<MaintenanceView>> {
    let now = app.clock.now();
    if body.estimated_restoration.is_some_and(|at| at <= now) {
        return Err(ApiError::field("estimated_restoration", "must be in the future"));
    }
    let scope = Scope::from(body.feature);
    if body.level == Level::None {
        leave::open(&app, &admin, Some(scope), &body.reason).await?;
    } else {
        close(&app, &admin, body.into_state(scope, &admin, now)).await?;
    }
    app.platform_status.reload_or_warn().await;
    Ok(Json(MaintenanceView::new(&app.platform_status.current())))
}

impl NewState {
    fn into_state(
        self,
        scope: Scope,
        admin: &Admin<ManageMaintenance>,
        since: DateTime<Utc>,
    ) -> maintenance::State {
        maintenance::State {
            scope,
            source: Source::Admin,
            level: self.level,
            reason: self.reason.trim().to_owned(),
            message: self.message.map(|message| message.trim().to_owned()),
            estimated_restoration: self.estimated_restoration,
            since,
            set_by: Some(admin.caller.id),
            set_by_email: Some(admin.caller.email.clone()),
        }
    }
}

async fn close(app: &App, admin: &Admin<ManageMaintenance>, state: maintenance::State) -> ApiResult<()> {
    let mut tx = app.db.begin_platform().await?;
    store::lock(&mut tx).await?;
    let states = store::states(&mut tx).await?;
    let before = states.iter().find(|before| (before.scope, before.source) == (state.scope, state.source));
    // A change of the message does not make it younger.
    let since = before.map_or(state.since, |before| before.since);
    let state = maintenance::State { since, ..state };
    store::put(&mut tx, &state).await?;
    let details = json!({ "before": before.map(facts), "after": facts(&state), "reason": state.reason });
    record(&mut tx, &admin.actor, Action("trigger_maintenance"), state.scope, &details).await?;
    let level = if state.level == Level::Hard { "hard" } else { "soft" };
    let subject = format!("{} put {} into {level} maintenance", admin.caller.email, named(state.scope));
    let notice = AdminEvent {
        event: Event::AdminOverride,
        about: state.scope.as_str(),
        subject: &subject,
        facts: facts(&state),
        except: Some(admin.caller.id),
    };
    admin_events::emit(&mut tx, &notice).await?;
    tx.commit().await?;
    Ok(())
}

/// A scope as a sentence names it.
pub(super) fn named(scope: Scope) -> String {
    match scope {
        Scope::Platform => "the platform".to_owned(),
        Scope::Feature(feature) => format!("the {} feature", feature.label()),
    }
}
