//! The second engine, and which of the two is believed.

use super::{Reason, protocol::Refusal, unlock};

/// How much more text one engine must see than the other for that alone to decide.
const MUCH_MORE: f64 = 1.1;

/// `pdf-extract`: the second opinion.
pub(super) struct Second {
    document: pdf_extract::Document,
    pages: u32,
}

impl Second {
    pub(super) fn open(bytes: Vec<u8>, password: Option<&str>) -> Result<Self, Refusal> {
        let document = unlock::second(&bytes, password)?;
        drop(bytes);
        let pages = u32::try_from(document.get_pages().len()).unwrap_or(u32::MAX);
        Ok(Self { document, pages })
    }

    pub(super) fn pages(&self) -> u32 {
        self.pages
    }

    pub(super) fn text(&self, page: u32) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut output = pdf_extract::PlainTextOutput::new(&mut text);
        pdf_extract::output_doc_page(&self.document, &mut output, page.saturating_add(1))
            .map_err(|_error| Refusal::Damaged)?;
        Ok(text)
    }
}

/// Which of two readings of one page is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Better {
    First,
    Second,
}

/// The better of two readings: the first, unless the other sees more.
pub(super) fn better(first: &str, second: &str) -> Better {
    if Seen::of(second).is_more_than(&Seen::of(first)) { Better::Second } else { Better::First }
}

/// Why neither engine read a page. That an engine was spared is no reason.
pub(super) fn reason(first: Reason, second: Reason) -> Reason {
    if first == Reason::Crashed { second } else { first }
}

/// What reads as words and numbers. Signs that stand for nothing known don't.
struct Seen {
    words: usize,
    /// Those of them that are single letters.
    crumbs: usize,
    /// Letters and digits of the others.
    letters: usize,
}

impl Seen {
    fn of(text: &str) -> Self {
        let mut seen = Self { words: 0, crumbs: 0, letters: 0 };
        for word in text.split_whitespace() {
            let letters = word.chars().filter(|sign| sign.is_alphanumeric()).count();
            let strange = word.chars().filter(|sign| *sign == '\u{fffd}' || is_private(*sign)).count();
            if letters <= strange {
                continue;
            }
            seen.words += 1;
            // A sign of Chinese is a word.
            if letters == 1 && word.chars().any(|sign| sign.is_lowercase() || sign.is_uppercase()) {
                seen.crumbs += 1;
            } else {
                seen.letters += letters;
            }
        }
        seen
    }

    /// More text, or, of as much text, more words.
    fn is_more_than(&self, other: &Self) -> bool {
        let share = ratio(self.letters, other.letters);
        let whole = |seen: &Self| seen.words - seen.crumbs;
        share > MUCH_MORE || (share > 1.0 / MUCH_MORE && whole(self) > whole(other))
    }
}

#[expect(clippy::cast_precision_loss, reason = "no page has 2⁵³ words")]
fn ratio(part: usize, whole: usize) -> f64 {
    match (part, whole) {
        (0, 0) => 1.0,
        _ => part as f64 / whole as f64,
    }
}

fn is_private(sign: char) -> bool {
    matches!(sign, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_text_is_better_and_of_as_much_text_more_words() {
        assert_eq!(better("Hello", "Hello World"), Better::Second);
        assert_eq!(better("HelloWorld", "Hello World"), Better::Second);
        assert_eq!(better("Hello World", "HelloWorld"), Better::First);
        assert_eq!(better("Hello World", "\u{e000}\u{e001} \u{e002}"), Better::First);
    }

    #[test]
    fn crumbs_are_no_better_than_words() {
        assert_eq!(better("Hello World", "H e l l o W o r l d"), Better::First);
        assert_eq!(better("H e l l o W o r l d", "Hello World"), Better::Second);
    }

    #[test]
    fn an_engine_that_was_spared_is_no_reason() {
        assert_eq!(reason(Reason::Crashed, Reason::Unreadable), Reason::Unreadable);
        assert_eq!(reason(Reason::Unreadable, Reason::TooMuchText), Reason::Unreadable);
    }
}
