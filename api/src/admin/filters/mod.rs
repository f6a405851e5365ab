//! `/api/admin/filters`: filters of lists that an admin gave a name. Each admin has their own.

use domain::users::filters::{Fields, SavedFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use domain::ids::FilterId;

use crate::App;

mod delete;
mod list;
mod put;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, put::put)).routes(routes!(delete::delete))
}

/// A page whose filters can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FilterPage {
    /// The list of jobs.
    Jobs,
    /// The list of accounts.
    Users,
    /// The audit log.
    Audit,
}

impl FilterPage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Users => "users",
            Self::Audit => "audit",
        }
    }
}

/// A filter with a name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedFilter)]
pub(super) struct FilterView {
    id: FilterId,
    name: String,
    /// The fields of the filter, as the address of the page has them.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    filter: Fields,
    /// Whether the page opens with it.
    is_default: bool,
}

impl From<SavedFilter> for FilterView {
    fn from(saved: SavedFilter) -> Self {
        let SavedFilter { id, name, filter, is_default } = saved;
        Self { id, name, filter: filter.0, is_default }
    }
}
