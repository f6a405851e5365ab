//! What came of an import, as its student is told.

use anki::Report;
use serde_json::{Value, json};

/// What came of an import.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(super) notes_created: usize,
    pub(super) notes_updated: usize,
    pub(super) notes_unchanged: usize,
    /// Notes that do not fit, such as those without an answer.
    pub(super) notes_left_out: usize,
    /// Notes that are of another kind here, and stayed as they are.
    pub(super) other_kind: usize,
    pub(super) cards: usize,
    pub(super) reviews: u64,
    pub(super) decks: usize,
    pub(super) images_left_out: usize,
    pub(super) bad_lines: usize,
    pub(super) report: Report,
}

impl Counts {
    /// The data of the last event.
    pub(crate) fn ending(&self) -> Value {
        let report = &self.report;
        let media_left_out = self.images_left_out
            + report.media_sound
            + report.media_too_large
            + report.media_missing
            + report.media_damaged;
        json!({
            "notes_created": self.notes_created,
            "notes_updated": self.notes_updated,
            "notes_unchanged": self.notes_unchanged,
            "cards": self.cards,
            "reviews": self.reviews,
            "decks": self.decks,
            "media_left_out": media_left_out,
            "warnings": self.warnings(),
        })
    }

    fn warnings(&self) -> Vec<String> {
        let report = &self.report;
        let notes = [
            (self.notes_left_out, "without an answer, or longer than a note may be here: left out"),
            (report.notes_empty, "without a question: left out"),
            (report.notes_too_long, "longer than a note may be: left out"),
            (report.notes_doubled, "there more than once: taken once"),
            (report.notes_of_unknown_type, "of a kind that the file does not describe: left out"),
            (report.notes_without_card, "without a card: left out"),
            (self.other_kind, "of another kind here: left as they are"),
        ];
        let mut warnings: Vec<String> = notes
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("Notes {what} ({count})."))
            .collect();
        let mut add = |count: usize, what: &str| {
            if count > 0 {
                warnings.push(format!("{what} ({count})."));
            }
        };
        add(self.bad_lines, "Lines that are no notes were left out");
        add(report.remote_images_removed, "Images of other servers were left out");
        add(report.scripts_removed, "Scripts were left out");
        warnings
    }
}
