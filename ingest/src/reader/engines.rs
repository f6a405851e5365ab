//! The two engines, and which of them is believed.

use pdf_oxide::{
    PdfDocument,
    extractors::page_labels::{PageLabelExtractor, PageLabelRange},
    object::Object,
};

use super::{Reason, fields, info, mend, protocol::Refusal, seams};

/// A page with fewer words is worth a second opinion.
const FEW_WORDS: usize = 15;

/// So is one of whose words more than this share are single letters: of words that were torn apart.
const CRUMBS: f64 = 0.12;

/// How much more text one engine must see than the other for that alone to decide.
const MUCH_MORE: f64 = 1.1;

/// How many pages that can't be reached, one after the other, end a file whose count is a lie.
const MISSES: u32 = 16;

/// What reads a page.
pub(super) trait Engine {
    fn text(&self, page: u32) -> Result<String, Refusal>;
}

/// `pdf_oxide`: reads most files best, and is asked first.
pub(super) struct First {
    document: PdfDocument,
    /// Whether there may be pages with fields.
    is_form: bool,
}

impl First {
    pub(super) fn open(bytes: Vec<u8>, password: Option<&str>) -> Result<Self, Refusal> {
        let document = PdfDocument::from_bytes(bytes).map_err(|_error| Refusal::Damaged)?;
        // Opening tried the empty password.
        if document.is_encrypted() && !document.is_authenticated() {
            let Some(password) = password else { return Err(Refusal::NeedsPassword) };
            match document.authenticate(password.as_bytes()) {
                Ok(true) => {}
                Ok(false) | Err(_) => return Err(Refusal::WrongPassword),
            }
        }
        Ok(Self::of(document))
    }

    fn of(document: PdfDocument) -> Self {
        let catalog = document.catalog().ok();
        let is_form = catalog
            .as_ref()
            .and_then(Object::as_dict)
            .is_some_and(|catalog| catalog.contains_key("AcroForm"));
        Self { document, is_form }
    }

    /// How many pages there are; a count above `limit` is only said if there are as many.
    pub(super) fn pages(&self, limit: u32) -> Result<u32, Refusal> {
        let count = self.document.page_count().map_err(|_error| Refusal::Damaged)?;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if count == 0 || self.reaches(count - 1) {
            return Ok(count);
        }
        let (mut found, mut misses) = (0, 0);
        for page in 0..count.min(limit.saturating_add(1)) {
            if self.reaches(page) {
                (found, misses) = (page + 1, 0);
            } else {
                misses += 1;
                if misses == MISSES {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn reaches(&self, page: u32) -> bool {
        self.document.get_page(page as usize).is_ok()
    }

    pub(super) fn title(&self) -> Option<String> {
        info::title(&self.document)
    }

    pub(super) fn labels(&self) -> Labels {
        Labels(PageLabelExtractor::extract(&self.document).unwrap_or_default())
    }

    /// Whether a page has fields of a form.
    pub(super) fn has_fields(&self, page: u32) -> bool {
        self.is_form && fields::has_some(&self.document, page)
    }

    /// What is read of the page once it is mended; `None` if there is nothing to mend.
    pub(super) fn mended(&self, page: u32) -> Result<Option<String>, Refusal> {
        let Some(file) = mend::mended(&self.document, page) else { return Ok(None) };
        let document = PdfDocument::from_bytes(file).map_err(|_error| Refusal::Damaged)?;
        Self::of(document).text(0).map(Some)
    }

    /// Whether the page has fonts and shows something with them.
    pub(super) fn may_have_text(&self, page: u32) -> bool {
        self.document.has_text_layer(page as usize).unwrap_or(true)
    }
}

impl Engine for First {
    fn text(&self, page: u32) -> Result<String, Refusal> {
        let text = self.document.extract_text(page as usize).map_err(|_error| Refusal::Damaged)?;
        if !seams::has_some(&text) {
            return Ok(text);
        }
        let words = self.document.extract_words(page as usize).map_err(|_error| Refusal::Damaged)?;
        Ok(seams::opened(&text, &words.into_iter().map(|word| word.text).collect()))
    }
}

/// What is printed on the pages as their numbers.
pub(super) struct Labels(Vec<PageLabelRange>);

impl Labels {
    pub(super) fn of(&self, page: u32) -> Option<String> {
        // Pages before the first range have no label.
        let first = self.0.iter().map(|range| range.start_page).min()?;
        let page = page as usize;
        (page >= first).then(|| PageLabelExtractor::get_label(&self.0, page))
    }
}

/// `pdf-extract`: the second opinion.
pub(super) struct Second {
    document: pdf_extract::Document,
    pages: u32,
}

impl Second {
    pub(super) fn open(bytes: Vec<u8>, password: Option<&str>) -> Result<Self, Refusal> {
        let mut document = pdf_extract::Document::load_mem(&bytes).map_err(|_error| Refusal::Damaged)?;
        drop(bytes);
        if document.is_encrypted() && document.decrypt("").is_err() {
            let Some(password) = password else { return Err(Refusal::NeedsPassword) };
            document.decrypt(password).map_err(|_error| Refusal::WrongPassword)?;
        }
        let pages = u32::try_from(document.get_pages().len()).unwrap_or(u32::MAX);
        Ok(Self { document, pages })
    }

    pub(super) fn pages(&self) -> u32 {
        self.pages
    }
}

impl Engine for Second {
    fn text(&self, page: u32) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut output = pdf_extract::PlainTextOutput::new(&mut text);
        pdf_extract::output_doc_page(&self.document, &mut output, page.saturating_add(1))
            .map_err(|_error| Refusal::Damaged)?;
        Ok(text)
    }
}

/// Whether the other engine is worth asking.
pub(super) fn suspicious(text: &str) -> bool {
    let seen = Seen::of(text);
    seen.words < FEW_WORDS || ratio(seen.crumbs, seen.words) > CRUMBS
}

/// The better of two readings of one page.
pub(super) fn better(
    first: Result<String, Reason>,
    second: Result<String, Reason>,
) -> Result<String, Reason> {
    match (first, second) {
        (Ok(first), Ok(second)) if Seen::of(&second).is_more_than(&Seen::of(&first)) => Ok(second),
        (Ok(first), _) => Ok(first),
        (Err(_), Ok(second)) => Ok(second),
        // An engine that was spared is no reason.
        (Err(Reason::Crashed), Err(reason)) | (Err(reason), Err(_)) => Err(reason),
    }
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
    fn a_page_of_few_words_or_of_crumbs_is_worth_a_second_opinion() {
        let sentence = "the quick brown fox jumps over a lazy dog and runs far away from the farmer";
        assert!(!suspicious(sentence));
        assert!(suspicious("the quick brown fox"));
        assert!(suspicious(&format!("{sentence} S a i n t")));
        let chinese = ["日"; 40].join(" ");
        assert!(!suspicious(&chinese));
    }

    fn better_of(first: &str, second: &str) -> String {
        better(Ok(first.to_owned()), Ok(second.to_owned())).unwrap()
    }

    #[test]
    fn more_text_is_better_and_of_as_much_text_more_words() {
        assert_eq!(better_of("Hello", "Hello World"), "Hello World");
        assert_eq!(better_of("HelloWorld", "Hello World"), "Hello World");
        assert_eq!(better_of("Hello World", "HelloWorld"), "Hello World");
        assert_eq!(better_of("Hello World", "\u{e000}\u{e001} \u{e002}"), "Hello World");
    }

    #[test]
    fn crumbs_are_no_better_than_words() {
        assert_eq!(better_of("Hello World", "H e l l o W o r l d"), "Hello World");
        assert_eq!(better_of("H e l l o W o r l d", "Hello World"), "Hello World");
    }

    #[test]
    fn what_one_engine_cannot_read_the_other_may() {
        let read = || Ok("Hello".to_owned());
        assert_eq!(better(Err(Reason::Crashed), read()), read());
        assert_eq!(better(read(), Err(Reason::Unreadable)), read());
        assert_eq!(better(Err(Reason::Crashed), Err(Reason::Unreadable)), Err(Reason::Unreadable));
    }
}
