//! `/api/study`: what students keep, and how they come back to it.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod bulk;
mod card_view;
mod cards;
mod deck_view;
mod decks;
mod note_view;
mod notes;
mod queue;
mod review;
mod settings;
mod stats;
mod today;
mod undo;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(decks::list, decks::create))
        .routes(routes!(decks::show, decks::change, decks::delete))
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
}
