//! Lists in pages: `{"items":[…],"next":cursor|null}` with `?limit=&cursor=`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;

/// Items of a page, unless asked otherwise.
const DEFAULT: i64 = 50;
/// The most items of a page.
const MAX: i64 = 200;

/// Which part of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub(crate) struct PageQuery {
    /// The most items to return, 1 to 200; 50 unless given.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// One part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    /// Where the next part begins; null at the end.
    next: Option<String>,
}

impl PageQuery {
    /// How many items to return.
    pub(crate) fn limit(&self) -> Result<i64, ApiError> {
        match self.limit {
            None => Ok(DEFAULT),
            Some(limit) if (1..=MAX).contains(&limit) => Ok(limit),
            Some(_) => Err(ApiError::field("limit", format!("must be 1 to {MAX}"))),
        }
    }

    /// Where to begin. The cursor is opaque to clients and holds the sort key of the last item.
    pub(crate) fn cursor<K: DeserializeOwned>(&self) -> Result<Option<K>, ApiError> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let key = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| serde_json::from_slice(&json).ok());
        key.map(Some).ok_or_else(|| ApiError::field("cursor", "is not one of ours"))
    }
}

impl<T> Page<T> {
    /// A page of up to `limit` items, from one item more than that; `key` is the sort key of an item.
    pub(crate) fn new<R, K: Serialize>(
        mut rows: Vec<R>,
        limit: i64,
        key: impl Fn(&R) -> K,
        item: impl Fn(R) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = if more { rows.last() } else { None };
        let next =
            last.and_then(|row| serde_json::to_vec(&key(row)).ok()).map(|json| URL_SAFE_NO_PAD.encode(json));
        Self { items: rows.into_iter().map(item).collect(), next }
    }

    /// A page whose next part begins at a key that is known already.
    pub(crate) fn ending_at<K: Serialize>(items: Vec<T>, next: Option<&K>) -> Self {
        Self {
            items,
            next: next.and_then(|key| serde_json::to_vec(key).ok()).map(|json| URL_SAFE_NO_PAD.encode(json)),
        }
    }

    /// Its items, to be completed.
    pub(crate) fn items_mut(&mut self) -> &mut [T] {
        &mut self.items
    }

    /// A list that fits on one page.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
