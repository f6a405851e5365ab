//! A summary as notes: one for each point or section.

use super::{Summary, gaps};
use crate::{
    items::{CardKind, Flashcard},
    note_draft::NoteDraft,
};

/// A longer text with gaps is a page to be read, and no card.
const LONGEST_CLOZE: usize = 600;

/// The notes of a summary. A short text with bold terms asks for these; of another its heading, or the title and its
/// number, is the question.
pub fn drafts(summary: &Summary) -> Vec<NoteDraft> {
    let count = summary.items.len();
    let parts = summary.parts().enumerate().filter(|(_, part)| !part.text.is_empty());
    let drafts = parts.map(|(at, part)| {
        let short = part.text.chars().count() <= LONGEST_CLOZE;
        let gaps = short.then(|| gaps::with_gaps(part.text)).flatten();
        let card = match gaps {
            Some(front) => {
                let back = part.heading.unwrap_or(&summary.title).to_owned();
                Flashcard { kind: CardKind::Cloze, front, back, source: None }
            }
            None => {
                let numbered = || format!("{} ({} of {count})", summary.title, at + 1);
                let front = part.heading.map_or_else(numbered, str::to_owned);
                Flashcard { kind: CardKind::Basic, front, back: part.text.to_owned(), source: None }
            }
        };
        NoteDraft { guid: format!("s-{}-{at}", summary.id), card, source: part.source.cloned() }
    });
    drafts.collect()
}
