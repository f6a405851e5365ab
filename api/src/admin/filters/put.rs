//! Keeps a filter.

use axum::{Json, extract::State};
use domain::{
    audit::Target,
    ids::FilterId,
    users::filters::{self, Fields, SavedFilter},
};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{FilterPage, FilterView};
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    permissions::KeepFilters,
};

/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

/// The most fields of a filter.
const MOST_FIELDS: usize = 20;

/// The longest name of a field, and the longest value, in characters.
const LONGEST: [usize; 2] = [40, 300];

/// The most filters that somebody keeps of a page.
const MOST: usize = 50;

/// A filter to keep.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FilterToKeep)]
pub(super) struct NewFilter {
    #[garde(skip)]
    page: FilterPage,
    /// What to call it. One that has this name on this page is replaced.
    #[garde(custom(is_name))]
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// The fields of the filter, as the address of the page has them.
    #[garde(custom(is_filter))]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    filter: Fields,
    /// Whether the page opens with it. It is then the only one.
    #[garde(skip)]
    #[serde(default)]
    is_default: bool,
}

fn is_name<C>(name: &str, _: &C) -> garde::Result {
    if !(1..=LONGEST_NAME).contains(&name.trim().chars().count()) {
        return Err(garde::Error::new(format!("must have 1 to {LONGEST_NAME} characters")));
    }
    fields::plain(name, &())
}

fn is_filter<C>(filter: &Fields, _: &C) -> garde::Result {
    if filter.len() > MOST_FIELDS {
        return Err(garde::Error::new(format!("must have at most {MOST_FIELDS} fields")));
    }
    for (field, value) in filter {
        let [of_field, of_value] = LONGEST;
        if field.chars().count() > of_field || value.chars().count() > of_value {
            return Err(garde::Error::new(format!(
                "must have fields of up to {of_field} and values of up to {of_value} characters"
            )));
        }
        fields::plain(field, &())?;
        fields::plain(value, &())?;
    }
    Ok(())
}

/// Keeps a filter under a name, for the caller alone, in the place of one that has this name.
#[utoipa::path(put, path = "/api/admin/filters", tag = "admin filters", request_body = NewFilter,
    responses(
        (status = OK, body = FilterView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "There are as many as one may keep"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn put(
    State(app): State<App>,
    admin: Admin<KeepFilters>,
    Valid(body): Valid<NewFilter>,
) -> ApiResult<Json<FilterView>> {
    let (page, user) = (body.page.as_str(), admin.caller.id);
    let mut saved = SavedFilter {
        id: FilterId::generate(),
        name: body.name.trim().to_owned(),
        filter: body.filter.into(),
        is_default: body.is_default,
    };
    let mut change = admin.begin(&app).await?;
    let there = filters::list(&mut change, user, page).await?;
    if there.len() >= MOST && there.iter().all(|other| other.name != saved.name) {
        return Err(ApiError::Conflict(
            "You keep as many filters of this page as one may. Delete one first.",
        ));
    }
    saved.id = filters::put(&mut change, user, page, &saved).await?;
    let id = saved.id.to_string();
    let target = Target { kind: "saved_filter", id: Some(&id) };
    let details = json!({ "page": body.page, "name": saved.name, "is_default": saved.is_default });
    change.commit("save_filter", target, &details).await?;
    Ok(Json(saved.into()))
}
