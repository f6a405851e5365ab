//! What the audit log is narrowed by.

use chrono::{DateTime, Utc};
use domain::audit::log::Filter;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    auth::fields,
    error::{ApiError, ApiResult},
};

/// The longest text of a filter.
const MAX_CHARS: usize = 200;

/// What the log is narrowed by; what is left out narrows nothing.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// The account that did it: its id, or its address at that time.
    admin: Option<String>,
    /// What was done, such as `change_user_plan`.
    action: Option<String>,
    /// What it was done to: a kind (`user`), an id, or both (`user:018f…`).
    target: Option<String>,
    /// Not before this time.
    from: Option<DateTime<Utc>>,
    /// Before this time.
    to: Option<DateTime<Utc>>,
    /// Words that the entry has, details included: `"a phrase"`, `or` and `-without` work.
    q: Option<String>,
}

impl AuditQuery {
    /// The filter of the store.
    pub(super) fn filter(&self) -> ApiResult<Filter> {
        let (mut actor, mut actor_email) = (None, None);
        if let Some(admin) = text("admin", self.admin.as_deref())? {
            match admin.parse() {
                Ok(id) => actor = Some(id),
                Err(_) => actor_email = Some(admin.to_lowercase()),
            }
        }
        let (target_type, target_id) = target(text("target", self.target.as_deref())?);
        Ok(Filter {
            actor,
            actor_email,
            action: text("action", self.action.as_deref())?,
            target_type,
            target_id,
            from: time("from", self.from)?,
            to: time("to", self.to)?,
            text: text("q", self.q.as_deref())?,
        })
    }
}

/// A kind is a word of ours; anything else is an id, unless a kind stands before it.
fn target(text: Option<String>) -> (Option<String>, Option<String>) {
    let is_kind = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match text {
        None => (None, None),
        Some(text) if is_kind(&text) => (Some(text), None),
        Some(text) => match text.split_once(':') {
            Some((kind, id)) if is_kind(kind) => (Some(kind.to_owned()), Some(id.to_owned())),
            _ => (None, Some(text)),
        },
    }
}

fn text(field: &'static str, text: Option<&str>) -> ApiResult<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > MAX_CHARS {
        return Err(ApiError::field(field, format!("must have at most {MAX_CHARS} characters")));
    }
    fields::plain(text, &()).map_err(|problem| ApiError::field(field, problem.to_string()))?;
    Ok(Some(text.to_owned()))
}

/// The database knows years that a person can mean.
pub(super) fn time(field: &'static str, time: Option<DateTime<Utc>>) -> ApiResult<Option<DateTime<Utc>>> {
    match time {
        Some(time) if !(0..=253_402_300_799).contains(&time.timestamp()) => {
            Err(ApiError::field(field, "must be in the years 1970 to 9999"))
        }
        time => Ok(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_kind_an_id_or_both() {
        let of = |text: &str| target(Some(text.to_owned()));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("api_key"), (some("api_key"), None));
        assert_eq!(of("api_key:018f"), (some("api_key"), some("018f")));
        assert_eq!(of("018f-77"), (None, some("018f-77")));
        assert_eq!(of("allowlist:a@b.example"), (some("allowlist"), some("a@b.example")));
        assert_eq!(of("POST /x:y"), (None, some("POST /x:y")));
        assert_eq!(target(None), (None, None));
    }

    #[test]
    fn texts_that_cannot_be_are_named() {
        let query = |q: &str| AuditQuery { q: Some(q.to_owned()), ..AuditQuery::default() }.filter();
        assert_eq!(query("  ").unwrap().text, None);
        assert!(query("a\0").is_err() && query(&"x".repeat(201)).is_err());
        assert_eq!(query(" plan -free ").unwrap().text.as_deref(), Some("plan -free"));
    }
}
