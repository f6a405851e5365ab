//! Whether words that an item quotes stand in the passage that it names. Only then may it say that it is from there.

use domain::documents::citations::Citation;
use serde_json::{Value, json};
use study::items::Quoted;
use unicode_normalization::UnicodeNormalization as _;

/// A shorter quote proves nothing: it stands in many places. In characters, without white space.
const LEAST: usize = 8;

/// The source of an item, if its quote stands in one of the passages: in the one that it names or, since models miscount, in
/// another.
pub(super) fn source(quoted: &Quoted, passages: &[Citation]) -> Option<Value> {
    let quote = plain(&quoted.quote);
    if quote.chars().count() < LEAST {
        return None;
    }
    let named = passages.iter().filter(|passage| passage.n == quoted.passage);
    let others = passages.iter().filter(|passage| passage.n != quoted.passage);
    let passage = named.chain(others).find(|passage| stands(&quote, passage))?;
    Some(json!({
        "document_id": passage.document_id,
        "title": passage.title,
        "page": passage.page,
        "label": passage.label,
        "quote": quoted.quote.trim(),
    }))
}

fn stands(quote: &str, passage: &Citation) -> bool {
    passage.text.as_deref().is_some_and(|text| plain(text).contains(quote))
}

/// A text without what differs between a page and its quote: case, white space, hyphens at the ends of lines, kinds of quotation
/// marks and dashes, Markdown. Digits, signs and letters stay, so no number is taken for another.
fn plain(text: &str) -> String {
    let text: String = text.nfkc().collect();
    text.replace("-\n", "")
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|sign| match sign {
            _ if sign.is_whitespace() => None,
            '*' | '`' | '\u{ad}' | '\u{200b}' => None,
            '‘' | '’' | '“' | '”' | '"' | '„' | '«' | '»' => Some('\''),
            '‐' | '‑' | '–' | '—' | '−' => Some('-'),
            _ => Some(sign),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompts::passage;

    #[test]
    fn a_quote_counts_where_it_stands_and_nowhere_else() {
        let passages =
            [passage(1, "Preload is the end-diastolic vol-\nume of 120 ml."), passage(2, "Afterload.")];
        let source = |passage, quote: &str| source(&Quoted { passage, quote: quote.to_owned() }, &passages);
        assert_eq!(source(1, "the “End–diastolic volume” of").map(|source| source["page"].clone()), None);
        assert_eq!(source(1, "the End–diastolic   **volume** of 120 ml").unwrap()["page"], passages[0].page);
        assert!(source(2, "end-diastolic volume").is_some(), "the number of the passage was wrong");
        assert!(source(1, "end-diastolic volume of 12 ml").is_none());
        assert!(source(1, "Preload").is_none(), "too short to prove anything");
        assert!(source(9, "systolic volume of the heart").is_none());
    }
}
