//! Lists jobs.

use axum::{Json, extract::State};
use domain::ids::{JobId, UserId};
use jobs::queue::{
    browse::{self, Filter},
    record::JobState,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::view::JobRow;
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    page::{Page, PageQuery},
    permissions::ViewJobs,
};

/// What the list is narrowed by.
#[derive(Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct JobsQuery {
    queue: Option<String>,
    name: Option<String>,
    state: Option<JobState>,
    /// Those that failed: given up, or come to an end that was an error. Instead of a state.
    #[serde(default)]
    failed: bool,
    /// Whether to leave out what nobody asked for: housekeeping, and tests of keys.
    #[serde(default)]
    asked_for: bool,
    /// The id of the user that it is for.
    user: Option<UserId>,
    /// An id of a job or of a request, or a part of an error.
    q: Option<String>,
}

impl JobsQuery {
    /// One that has nothing else: a field that is not known may be what was meant to keep jobs out.
    pub(super) fn exactly<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let Some(fields) = Option::<Map<String, Value>>::deserialize(deserializer)? else { return Ok(None) };
        let query: Self = serde_json::from_value(fields.clone().into()).map_err(D::Error::custom)?;
        let known = serde_json::to_value(&query).map_err(D::Error::custom)?;
        match fields.keys().find(|field| known.get(field).is_none()) {
            Some(unknown) => Err(D::Error::custom(format_args!("unknown field `{unknown}`"))),
            None => Ok(Some(query)),
        }
    }

    /// The filter that is meant.
    pub(super) fn filter(self) -> ApiResult<Filter> {
        for (field, text) in [("queue", &self.queue), ("name", &self.name), ("q", &self.q)] {
            if let Some(Err(problem)) = text.as_deref().map(|text| fields::plain(text, &())) {
                return Err(ApiError::field(field, problem.to_string()));
            }
        }
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let Self { queue, name, state, failed, asked_for, user, q } = self;
        let state = state.filter(|_| !failed);
        Ok(Filter { queue: filled(queue), name: filled(name), state, failed, asked_for, user, q: filled(q) })
    }
}

/// Lists jobs, the newest first. With a narrow filter over many jobs a page may hold fewer than asked
/// for and still have a next.
#[utoipa::path(get, path = "/api/admin/jobs", tag = "admin jobs", params(JobsQuery, PageQuery),
    responses((status = OK, body = Page<JobRow>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewJobs>,
    Query(query): Query<JobsQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<JobRow>>> {
    let (limit, before) = (page.limit()?, page.cursor::<JobId>()?);
    let found = browse::list(app.db.pool(), &query.filter()?, before, limit).await?;
    Ok(Json(Page::ending_at(found.rows.into_iter().map(JobRow::from).collect(), found.next.as_ref())))
}
