//! What questions are about, and how they were answered.

use axum::{Json, extract::State};
use serde::Serialize;
use study::store::topics::{self, Topic};
use utoipa::ToSchema;

use crate::{App, caller::SignedInUser, error::ApiResult, page::Page};

/// A topic of questions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicView {
    topic: String,
    /// How many questions there are on it. Those that were reported do not count.
    questions: i64,
    /// How many answers were given to them, in all quizzes.
    answered: i64,
    /// How many of these were right.
    right: i64,
}

impl From<Topic> for TopicView {
    fn from(Topic { topic, questions, answered, right }: Topic) -> Self {
        Self { topic, questions, answered, right }
    }
}

/// Lists topics, those with the most questions first. Answers of an exam count when it is over.
#[utoipa::path(get, path = "/api/study/topics", tag = "study", responses((status = OK, body = Page<TopicView>)))]
pub(super) async fn list(State(app): State<App>, student: SignedInUser) -> ApiResult<Json<Page<TopicView>>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let topics = topics::list(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(Page::whole(topics.into_iter().map(Into::into).collect())))
}
