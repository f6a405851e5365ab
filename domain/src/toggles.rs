//! Feature toggles: what an admin switched off for everybody, and limits in place of the plans'.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};

use crate::{feature::Feature, ids::UserId, users::Plan};

/// Uses of a feature a day, in place of what the plans say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged, expecting = "expected a number, or an object with numbers for free, student and pro")]
pub enum FeatureLimits {
    /// The same for every plan.
    Every(i64),
    /// By plan.
    Each(#[serde(deserialize_with = "object")] PlanLimits),
}

/// By the names of its fields: serde would take the items of a list for fields in their order, too.
fn object<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<PlanLimits, D::Error> {
    let fields = serde_json::Map::deserialize(deserializer)?;
    serde_json::from_value(fields.into()).map_err(serde::de::Error::custom)
}

/// Uses of a feature a day by plan; a plan that is left out keeps its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlanLimits {
    /// Of the free plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<i64>,
    /// Of the student plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student: Option<i64>,
    /// Of the pro plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pro: Option<i64>,
}

impl FeatureLimits {
    /// What replaces the limit of a plan. Admins have none.
    pub const fn of(self, plan: Plan) -> Option<i64> {
        match (plan, self) {
            (Plan::Admin, _) => None,
            (_, Self::Every(limit)) => Some(limit),
            (Plan::Free, Self::Each(plans)) => plans.free,
            (Plan::Student, Self::Each(plans)) => plans.student,
            (Plan::Pro, Self::Each(plans)) => plans.pro,
        }
    }

    /// Every number in it.
    pub fn numbers(self) -> impl Iterator<Item = i64> {
        let numbers = match self {
            Self::Every(limit) => [Some(limit), None, None],
            Self::Each(plans) => [plans.free, plans.student, plans.pro],
        };
        numbers.into_iter().flatten()
    }
}

/// What an admin set about a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Toggle {
    /// Which.
    pub feature: Feature,
    /// Whether it is to be had at all.
    pub enabled: bool,
    /// Limits in place of the plans'.
    pub limits: Option<FeatureLimits>,
    /// Since when.
    pub updated_at: DateTime<Utc>,
    /// By whom.
    pub updated_by: Option<UserId>,
}

/// Everything that was ever set; a feature that is left out is on.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Toggle>> {
    let rows = sqlx::query!(
        r#"select feature as "feature: Feature", enabled, limits as "limits: Json<FeatureLimits>", updated_at,
                  updated_by as "updated_by: UserId"
           from feature_settings order by feature"#,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Toggle {
            feature: row.feature,
            enabled: row.enabled,
            limits: row.limits.map(|limits| limits.0),
            updated_at: row.updated_at,
            updated_by: row.updated_by,
        })
        .collect())
}

/// What is set about a feature. Its row is locked, so that it still holds when it is replaced.
pub async fn find_for_update(conn: &mut PgConnection, feature: Feature) -> sqlx::Result<Option<Toggle>> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('toggle:' || $1, 0))", feature.as_str())
        .execute(&mut *conn)
        .await?;
    Ok(list(conn).await?.into_iter().find(|toggle| toggle.feature == feature))
}

/// Sets all about a feature.
pub async fn put(conn: &mut PgConnection, toggle: &Toggle) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into feature_settings (feature, enabled, limits, updated_at, updated_by) values ($1, $2, $3, $4, $5)
         on conflict (feature) do update set enabled = $2, limits = $3, updated_at = $4, updated_by = $5",
        toggle.feature as Feature,
        toggle.enabled,
        toggle.limits.map(Json) as _,
        toggle.updated_at,
        toggle.updated_by.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn limits_are_a_number_or_one_by_plan() {
        let limits = |json| serde_json::from_value::<FeatureLimits>(json);
        let every = limits(json!(7)).unwrap();
        assert_eq!([Plan::Free, Plan::Pro, Plan::Admin].map(|plan| every.of(plan)), [Some(7), Some(7), None]);
        let each = limits(json!({ "free": 0, "pro": 9 })).unwrap();
        assert_eq!(
            [Plan::Free, Plan::Student, Plan::Pro].map(|plan| each.of(plan)),
            [Some(0), None, Some(9)]
        );
        assert_eq!(each.numbers().collect::<Vec<_>>(), [0, 9]);
        assert_eq!(serde_json::to_value(each).unwrap(), json!({ "free": 0, "pro": 9 }));
        for wrong in [json!("7"), json!({ "admin": 1 }), json!([1]), json!(1.5)] {
            assert!(
                limits(wrong.clone()).unwrap_err().to_string().starts_with("expected a number"),
                "{wrong}"
            );
        }
    }
}
