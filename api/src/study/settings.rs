//! What a student says about studying.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use study::store::settings::{self, StudySettings, Tried};
use utoipa::ToSchema;

use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
};

/// What a student says about studying.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StudySettingsView {
    /// The zone in which their days begin, at 04:00.
    time_zone: String,
    /// What fitting parameters came to when it was last tried.
    fitted: Option<FittedView>,
    /// Whether cards are scheduled by parameters that were fitted to this student.
    parameters_fitted: bool,
}

/// What fitting parameters to reviews came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FittedView {
    at: DateTime<Utc>,
    /// To how many reviews.
    reviews: i32,
    /// How wrong predictions were before (log loss), of the last try that found better parameters.
    loss_before: Option<f32>,
    /// How wrong they are since.
    loss_after: Option<f32>,
}

impl From<StudySettings> for StudySettingsView {
    fn from(settings: StudySettings) -> Self {
        let fitted = |Tried { at, reviews, loss_before, loss_after }: Tried| FittedView {
            at,
            reviews,
            loss_before,
            loss_after,
        };
        Self {
            time_zone: settings.zone.name().to_owned(),
            fitted: settings.tried.map(fitted),
            parameters_fitted: settings.fitted,
        }
    }
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StudySettingsChange {
    /// A name of the database of time zones, such as `Europe/Berlin`.
    #[garde(inner(length(chars, min = 1, max = 64)))]
    time_zone: Option<String>,
}

/// What the student says about studying.
#[utoipa::path(get, path = "/api/study/settings", tag = "study",
    responses((status = OK, body = StudySettingsView)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
) -> ApiResult<Json<StudySettingsView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let found = settings::find(&mut tx, student.id).await?;
    tx.commit().await?;
    Ok(Json(found.into()))
}

/// Changes what the student says about studying.
#[utoipa::path(patch, path = "/api/study/settings", tag = "study", request_body = StudySettingsChange,
    responses((status = OK, body = StudySettingsView), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn change(
    State(app): State<App>,
    student: SignedInUser,
    Valid(body): Valid<StudySettingsChange>,
) -> ApiResult<Json<StudySettingsView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    if let Some(name) = &body.time_zone {
        let zone = settings::zone(name)
            .ok_or_else(|| ApiError::field("time_zone", "is no time zone that is known here"))?;
        settings::set_zone(&mut tx, student.id, zone).await?;
    }
    let found = settings::find(&mut tx, student.id).await?;
    tx.commit().await?;
    Ok(Json(found.into()))
}
