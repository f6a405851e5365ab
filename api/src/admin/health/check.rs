//! Has keys tried at once.

use axum::{Json, extract::State};
use domain::{
    audit::Target,
    ids::KeyId,
    keys::{Key, KeyStatus, Provider, store},
};
use futures::future::try_join_all;
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::super::keys::{
    feature::KeyFeature,
    probe::{self, Tried},
    test,
    view::masked,
};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Valid,
    permissions::CheckKeys,
};

/// Which keys to try: all unless it says less.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct HealthCheck {
    #[garde(skip)]
    provider: Option<Provider>,
    /// Keys that serve this feature; `*`: those that serve any.
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    feature: Option<KeyFeature>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HealthChecked {
    /// How many work.
    working: usize,
    /// How many do not, or could not be tried in time.
    failing: usize,
    items: Vec<CheckedKey>,
}

/// A key that was tried.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriedKey)]
struct CheckedKey {
    id: KeyId,
    provider: Provider,
    #[schema(value_type = String, example = "*")]
    feature: KeyFeature,
    #[schema(example = "…4444")]
    key_masked: String,
    #[serde(flatten)]
    tried: Tried,
}

/// Tries every key that is not disabled, or those of a provider or a feature, each with a call. Answers
/// with what came of it; the keys' health follows from that.
#[utoipa::path(post, path = "/api/admin/health/check", tag = "admin health", request_body = HealthCheck,
    responses(
        (status = OK, body = HealthChecked),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn check(
    State(app): State<App>,
    admin: Admin<CheckKeys>,
    Valid(body): Valid<HealthCheck>,
) -> ApiResult<Json<HealthChecked>> {
    test::may_test(&app, &admin)?;
    let mut change = admin.begin(&app).await?;
    let mut jobs = Vec::new();
    for key in store::list_shared(&mut change).await?.into_iter().filter(|key| body.wants(key)) {
        let job = probe::enqueue(&mut change, key.id, true).await?;
        jobs.push((key, job));
    }
    let details = json!({ "provider": body.provider, "feature": body.feature, "keys": jobs.len() });
    change.commit("check_health", Target { kind: "health", id: None }, &details).await?;
    let outcomes = jobs.into_iter().map(|(key, job)| {
        let app = &app;
        async move { ApiResult::Ok(CheckedKey::new(&key, probe::outcome(app, job).await?)) }
    });
    let items = try_join_all(outcomes).await?;
    let working = items.iter().filter(|key| key.tried.ok).count();
    Ok(Json(HealthChecked { working, failing: items.len() - working, items }))
}

impl HealthCheck {
    fn wants(&self, key: &Key) -> bool {
        let tried = matches!(key.status, KeyStatus::Active | KeyStatus::Degraded);
        let of_provider = self.provider.is_none_or(|provider| provider == key.provider);
        let of_feature = match self.feature {
            None => true,
            Some(KeyFeature(feature)) => key.feature.is_none() || key.feature == feature,
        };
        tried && of_provider && of_feature
    }
}

impl CheckedKey {
    fn new(key: &Key, tried: Tried) -> Self {
        let (feature, key_masked) = (KeyFeature(key.feature), masked(&key.last_four));
        Self { id: key.id, provider: key.provider, feature, key_masked, tried }
    }
}
