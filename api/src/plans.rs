//! `/api/plans`: what each plan allows a day, for everybody.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use domain::{feature::Feature, users::Plan};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(plans))
}

/// The plans that students can have.
#[derive(Debug, Serialize, ToSchema)]
struct Plans {
    /// From the smallest to the largest.
    items: Vec<PlanView>,
}

/// A plan, with the limits that are in force now: what admins set in place of the usual ones is in it. A limit of null
/// is none, and one of 0 says that it is not in the plan.
#[derive(Debug, Serialize, ToSchema)]
struct PlanView {
    plan: Plan,
    /// Tokens of questions and answers a day.
    tokens: Option<i64>,
    /// Questions, commands and uploads a day.
    requests: Option<i64>,
    /// Uses of each feature a day, by its name.
    features: BTreeMap<Feature, Option<i64>>,
}

/// What each plan allows a day.
#[utoipa::path(get, path = "/api/plans", tag = "usage",
    security(()), responses((status = OK, body = Plans)))]
async fn plans(State(app): State<App>) -> Json<Plans> {
    let now = app.platform_status.current();
    let view = |plan| {
        let limits = now.limits(plan);
        PlanView {
            plan,
            tokens: limits.tokens,
            requests: limits.requests,
            features: Feature::STUDENT.map(|feature| (feature, limits.feature(feature))).into(),
        }
    };
    Json(Plans { items: [Plan::Free, Plan::Student, Plan::Pro].map(view).into() })
}
