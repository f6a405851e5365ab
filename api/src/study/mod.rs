//! `/api/study`: what students keep, and how they come back to it.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod bulk;
mod card_view;
mod cards;
mod deck_view;
mod decks;
mod export;
mod import;
mod maps;
mod note_view;
mod notes;
mod question_sets;
mod question_view;
mod questions;
mod queue;
mod quizzes;
mod review;
mod settings;
mod stats;
mod summaries;
mod target_deck;
mod title;
mod today;
mod topics;
mod undo;

/// What stands in the place of an answer that made the questions of an exam which is still running.
pub(crate) const IN_AN_EXAM: &str =
    "These questions are part of an exam that is still running. They can be seen here when it is over.";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(decks::list, decks::create))
        .routes(routes!(decks::show, decks::change, decks::delete))
        .routes(routes!(export::export))
        .routes(routes!(import::import))
        .routes(routes!(notes::list, notes::create))
        .routes(routes!(notes::show, notes::change, notes::delete))
        .routes(routes!(bulk::notes))
        .routes(routes!(bulk::cards))
        .routes(routes!(queue::show))
        .routes(routes!(review::review))
        .routes(routes!(undo::undo))
        .routes(routes!(cards::act))
        .routes(routes!(stats::show))
        .routes(routes!(settings::show, settings::change))
        .routes(routes!(today::show))
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
