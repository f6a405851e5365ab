//! Another title for something that a command made.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    auth::fields,
    error::{ApiError, ApiResult},
};

/// What it is to be called.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTitle {
    /// Its title.
    #[garde(length(chars, min = 1, max = 300), custom(fields::plain))]
    title: String,
}

impl NewTitle {
    /// The title without white space around it.
    pub(super) fn trimmed(&self) -> ApiResult<&str> {
        let title = self.title.trim();
        if title.is_empty() { Err(ApiError::field("title", "must not be blank")) } else { Ok(title) }
    }
}
