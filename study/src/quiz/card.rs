//! A question as a note: what was missed is asked again.

use domain::ids::QuestionId;

use super::{Key, Shown};
use crate::{
    items::{CardKind, Flashcard},
    note_draft::NoteDraft,
};

/// The note of a question; `None` while its key may not be seen.
pub fn draft(id: QuestionId, shown: &Shown) -> Option<NoteDraft> {
    let Shown { question, key } = shown;
    let Key { answer, explanations, source } = key.as_ref()?;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let options: Vec<String> = ('A'..)
        .zip(&question.options)
        .map(|(letter, text)| format!("- **{letter}.** {}", one_line(text)))
        .collect();
    let asked = [question.stem.trim(), question.lead_in.trim(), &options.join("\n")];
    let asked: Vec<&str> = asked.into_iter().filter(|part| !part.is_empty()).collect();
    let at = usize::from(*answer);
    let right = ('A'..).zip(&question.options).nth(at);
    let right = right.map_or_else(String::new, |(letter, text)| format!("**{letter}.** {}", one_line(text)));
    let why = explanations.get(at).map_or("", |text| text.trim());
    let back = if why.is_empty() { right } else { format!("{right}\n\n{why}") };
    let card = Flashcard { kind: CardKind::Basic, front: asked.join("\n\n"), back, source: None };
    Some(NoteDraft { guid: format!("q-{id}"), card, source: source.clone() })
}
