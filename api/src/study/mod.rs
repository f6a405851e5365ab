//! `/api/study`: what students keep, and how they learn by it.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// What stands in the place of an answer that made the questions of an exam which is still running.
pub(crate) const IN_AN_EXAM: &str =
    "These questions are part of an exam that is still running. They can be seen here when it is over.";

mod maps;
mod question_sets;
mod question_view;
mod questions;
mod quizzes;
mod summaries;
mod target_deck;
mod title;
mod topics;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(question_sets::list))
        .routes(routes!(question_sets::show, question_sets::rename, question_sets::delete))
        .routes(routes!(questions::report, questions::withdraw))
        .routes(routes!(topics::list))
        .merge(quizzes::routes())
        .routes(routes!(summaries::list))
        .routes(routes!(summaries::show, summaries::rename, summaries::delete))
        .routes(routes!(summaries::make_cards))
        .routes(routes!(summaries::export))
        .routes(routes!(maps::list))
        .routes(routes!(maps::show, maps::rename, maps::delete))
        .routes(routes!(maps::export))
}
