//! Maintenance: what is closed, how far, and by whom; and the rule by which the platform enters and
//! leaves it by itself.
//!
//! **Invariant:** each [`Source`] has a state of its own in a scope, and the strongest counts. So what
//! the platform does by itself never ends what an admin set.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    feature::Feature,
    ids::{UserId, WindowId},
};

pub mod availability;
pub mod closings;
pub mod decide;
pub mod evidence;
pub mod store;

pub use availability::Availability;
pub use decide::{Failed, Situation, Transition, decide};

/// After an override the same cause closes the same scope again after this time at the earliest.
pub const REST_AFTER_OVERRIDE: TimeDelta = TimeDelta::minutes(10);

/// How far something is closed.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "maintenance_level", rename_all = "snake_case")]
#[schema(as = MaintenanceLevel)]
pub enum Level {
    /// Open.
    #[default]
    None,
    /// Of the platform: a banner, and heavy features pause. Of a feature: it pauses.
    Soft,
    /// Of the platform: a lock screen for everybody but admins. Of a feature: it pauses.
    Hard,
}

/// Who closes something.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, sqlx::Type, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "maintenance_source", rename_all = "snake_case")]
#[schema(as = MaintenanceSource)]
pub enum Source {
    /// The platform itself: nothing can serve.
    Automatic,
    /// An admin.
    Admin,
    /// A window that was announced.
    Window,
}

/// What is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All of it.
    Platform,
    /// One feature.
    Feature(Feature),
}

impl Scope {
    /// What the platform closes when nothing can serve a feature, and how far: a critical feature
    /// takes the whole platform with it, any other falls alone.
    pub const fn of_failure(feature: Feature) -> (Self, Level) {
        if feature.is_critical() {
            (Self::Platform, Level::Hard)
        } else {
            (Self::Feature(feature), Level::Soft)
        }
    }

    /// The feature whose keys decide about an automatic state of this scope.
    pub const fn cause(self) -> Feature {
        match self {
            Self::Platform => Feature::CRITICAL,
            Self::Feature(feature) => feature,
        }
    }

    /// The feature; `None` is the whole platform.
    pub const fn feature(self) -> Option<Feature> {
        match self {
            Self::Platform => None,
            Self::Feature(feature) => Some(feature),
        }
    }

    /// The name: a feature's, or `platform`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Feature(feature) => feature.as_str(),
        }
    }
}

impl From<Option<Feature>> for Scope {
    fn from(feature: Option<Feature>) -> Self {
        feature.map_or(Self::Platform, Self::Feature)
    }
}

/// Something that is closed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// What.
    pub scope: Scope,
    /// Who closed it.
    pub source: Source,
    /// How far. Never none: what is open has no state.
    pub level: Level,
    /// Why, for admins.
    pub reason: String,
    /// What users read in place of the usual sentence.
    pub message: Option<String>,
    /// When it may be over.
    pub estimated_restoration: Option<DateTime<Utc>>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The admin, where it was one.
    pub set_by: Option<UserId>,
    /// Their address at that time.
    pub set_by_email: Option<String>,
}

/// Maintenance that is announced: it begins and ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its id.
    pub id: WindowId,
    /// What will be closed.
    pub scope: Scope,
    /// How far.
    pub level: Level,
    /// Why, for admins.
    pub reason: String,
    /// What users read in place of the usual sentence.
    pub message: Option<String>,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Who announced it.
    pub created_by: Option<UserId>,
    /// Their address at that time.
    pub created_by_email: Option<String>,
}

impl Window {
    /// Whether it is open at a time.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now && now < self.ends_at
    }
}
