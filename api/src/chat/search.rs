//! Searches inside messages.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    chat::{
        MessageRole,
        search::{self, Found, MARKS},
    },
    ids::{MessageId, SessionId},
};
use serde::{Deserialize, Serialize};
use study::store::quizzes;
use utoipa::{IntoParams, ToSchema};

use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    page::Page,
};

/// The longest question, in characters.
pub(super) const LONGEST: usize = 200;

/// The most messages that are found.
const MOST: i64 = 50;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct SearchQuery {
    /// Words, up to 200 characters. A message is found that has all of them in some form.
    q: String,
    /// The most messages to return, 1 to 50; 20 unless given.
    limit: Option<i64>,
}

/// A message that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundMessage {
    message_id: MessageId,
    session_id: SessionId,
    /// The conversation's title.
    title: Option<String>,
    role: MessageRole,
    /// The parts of the message with the words.
    excerpt: Vec<ExcerptPart>,
    created_at: DateTime<Utc>,
}

/// A part of an excerpt.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ExcerptPart {
    text: String,
    /// Whether it is a word that was looked for.
    hit: bool,
}

/// Searches inside the messages of all conversations, the best first.
#[utoipa::path(get, path = "/api/chat/search", tag = "chat", params(SearchQuery),
    responses((status = OK, body = Page<FoundMessage>), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn search(
    State(app): State<App>,
    student: SignedInUser,
    Query(query): Query<SearchQuery>,
) -> ApiResult<Json<Page<FoundMessage>>> {
    let q = query.q.trim();
    if q.is_empty() || q.chars().count() > LONGEST || q.contains('\0') {
        return Err(ApiError::field("q", "must be 1 to 200 characters"));
    }
    let limit = query.limit.unwrap_or(20);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::field("limit", "must be 1 to 50"));
    }
    let mut tx = app.db.begin_as(student.id).await?;
    let mut found = search::messages(&mut tx, q, limit).await?;
    let hidden = quizzes::answers_in_running_exams(&mut tx, app.clock.now()).await?;
    found.retain(|message| !hidden.contains(&message.id));
    tx.commit().await?;
    Ok(Json(Page::ending_at(found.into_iter().map(Into::into).collect(), None::<&()>)))
}

impl From<Found> for FoundMessage {
    fn from(found: Found) -> Self {
        Self {
            message_id: found.id,
            session_id: found.session,
            title: found.title,
            role: found.role,
            excerpt: parts(&found.excerpt),
            created_at: found.created_at,
        }
    }
}

fn parts(excerpt: &str) -> Vec<ExcerptPart> {
    let part = |text: &str, hit| ExcerptPart { text: text.to_owned(), hit };
    let mut parts: Vec<_> = excerpt
        .split(MARKS.0)
        .enumerate()
        .flat_map(|(place, text)| match text.split_once(MARKS.1) {
            Some((hit, rest)) if place > 0 => [part(hit, true), part(rest, false)],
            _ => [part(text, false), part("", false)],
        })
        .collect();
    parts.retain(|part| !part.text.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_parts_of_their_own() {
        let of = |text| parts(text).into_iter().map(|part| (part.text, part.hit)).collect::<Vec<_>>();
        let part = |text: &str, hit| (text.to_owned(), hit);
        assert_eq!(of("none"), [part("none", false)]);
        assert_eq!(
            of("The \u{1}preload\u{2} of the \u{1}heart\u{2}."),
            [
                part("The ", false),
                part("preload", true),
                part(" of the ", false),
                part("heart", true),
                part(".", false)
            ]
        );
        assert_eq!(of("\u{1}a\u{2}\u{1}b\u{2}"), [part("a", true), part("b", true)]);
    }
}
