//! Switches a feature.

use axum::{Json, extract::State};
use domain::{
    audit::Target,
    feature::Feature,
    toggles::{self, FeatureLimits, Toggle},
};
use garde::Validate;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::view::FeatureView;
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    permissions::ManageFeatures,
};

/// More uses a day than anybody could have.
const MAX_LIMIT: i64 = 1_000_000;

/// What to set.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
#[serde(deny_unknown_fields)]
pub(super) struct FeatureChange {
    /// Whether it is to be had at all.
    #[garde(skip)]
    enabled: bool,
    /// Uses a day in place of what the plans say: a number for every plan, or one by plan. Left out, it
    /// stays as it is; null goes back to the plans.
    #[garde(inner(inner(custom(sensible))))]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<FeatureLimits>)]
    limits: Option<Option<FeatureLimits>>,
}

/// A field that is there, be it null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn sensible<C>(limits: &FeatureLimits, _: &C) -> garde::Result {
    if limits.numbers().all(|limit| (0..=MAX_LIMIT).contains(&limit)) {
        Ok(())
    } else {
        Err(garde::Error::new(format!("must be 0 to {MAX_LIMIT}")))
    }
}

/// Switches a feature on or off for everybody, and sets how much of it may be used. Every process
/// obeys within a second.
#[utoipa::path(put, path = "/api/admin/features/{feature}", tag = "admin features",
    params(("feature" = Feature, Path)), request_body = FeatureChange,
    responses(
        (status = OK, body = FeatureView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn update(
    State(app): State<App>,
    admin: Admin<ManageFeatures>,
    Path(feature): Path<Feature>,
    Valid(body): Valid<FeatureChange>,
) -> ApiResult<Json<FeatureView>> {
    if !Feature::STUDENT.contains(&feature) {
        return Err(ApiError::NotFound("feature"));
    }
    let mut change = admin.begin(&app).await?;
    let before = toggles::find_for_update(&mut change, feature).await?;
    let kept = before.and_then(|toggle| toggle.limits);
    let after = Toggle {
        feature,
        enabled: body.enabled,
        limits: body.limits.unwrap_or(kept),
        updated_at: app.clock.now(),
        updated_by: Some(admin.caller.id),
    };
    toggles::put(&mut change, &after).await?;
    let target = Target { kind: "feature", id: Some(feature.as_str()) };
    let before = before.as_ref().map_or_else(|| json!({ "enabled": true, "limits": null }), facts);
    let details = json!({ "before": before, "after": facts(&after) });
    change.commit("toggle_feature", target, &details).await?;
    app.platform_status.reload_or_warn().await;
    Ok(Json(FeatureView::new(&app.platform_status.current(), feature)))
}

fn facts(toggle: &Toggle) -> Value {
    json!({ "enabled": toggle.enabled, "limits": toggle.limits })
}
