//! The confirmation of what is hard to undo: the caller types what it is done to, as `?confirm=` or as
//! `{"confirm": …}`. Who sends none is told what to type, and nothing has happened.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use serde::Deserialize;

use crate::{
    App,
    error::{ApiError, ApiResult},
    extract,
};

/// What the caller typed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    confirm: Option<String>,
}

#[derive(Deserialize)]
struct InQuery {
    confirm: Option<String>,
}

impl Confirmation {
    /// Refuses unless `expected` was typed; `what` says what that is.
    pub(crate) fn require(&self, expected: &str, what: &str) -> ApiResult<()> {
        let plain = |text: &str| text.trim().trim_start_matches('…').to_lowercase();
        match &self.confirm {
            Some(typed) if plain(typed) == plain(expected) => Ok(()),
            Some(_) => Err(ApiError::field("confirm", format!("is not {what}"))),
            None => Err(ApiError::field("confirm", format!("is missing: type {what}"))),
        }
    }
}

impl FromRequest<App> for Confirmation {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &App) -> Result<Self, ApiError> {
        let query = axum::extract::Query::<InQuery>::try_from_uri(request.uri());
        if let Ok(axum::extract::Query(InQuery { confirm: Some(confirm) })) = query {
            return Ok(Self { confirm: Some(confirm) });
        }
        let body: Bytes = extract::short_body(request).await?;
        if body.trim_ascii().is_empty() { Ok(Self::default()) } else { extract::parse(&body) }
    }
}

#[cfg(test)]
mod tests {
    use super::Confirmation;

    #[test]
    fn what_is_shown_is_what_is_typed() {
        let typed = |text: &str| Confirmation { confirm: Some(text.to_owned()) };
        for text in ["aB3d", " ab3d ", "…aB3d"] {
            assert!(typed(text).require("…aB3d", "the last four").is_ok(), "{text}");
        }
        for text in ["", "aB3", "true"] {
            assert!(typed(text).require("…aB3d", "the last four").is_err(), "{text}");
        }
        assert!(Confirmation::default().require("x", "x").is_err());
    }
}
