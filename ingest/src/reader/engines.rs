//! The two engines, and which of them is believed.

use pdf_oxide::{
    PdfDocument,
    extractors::page_labels::{PageLabelExtractor, PageLabelRange},
};

use super::{Reason, info, protocol::Refusal};

/// A page with fewer words is worth a second opinion.
const FEW_WORDS: usize = 15;

/// How many pages that can't be reached, one after the other, end a file whose count is a lie.
const MISSES: u32 = 16;

/// What reads a page.
pub(super) trait Engine {
    fn text(&self, page: u32) -> Result<String, Refusal>;
}

/// `pdf_oxide`: reads most files best, and is asked first.
pub(super) struct First(PdfDocument);

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
        Ok(Self(document))
    }

    /// How many pages there are; a count above `limit` is only said if there are as many.
    pub(super) fn pages(&self, limit: u32) -> Result<u32, Refusal> {
        let count = self.0.page_count().map_err(|_error| Refusal::Damaged)?;
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
        self.0.get_page(page as usize).is_ok()
    }

    pub(super) fn title(&self) -> Option<String> {
        info::title(&self.0)
    }

    pub(super) fn labels(&self) -> Labels {
        Labels(PageLabelExtractor::extract(&self.0).unwrap_or_default())
    }

    /// Whether the page has fonts and shows something with them.
    pub(super) fn may_have_text(&self, page: u32) -> bool {
        self.0.has_text_layer(page as usize).unwrap_or(true)
    }
}

impl Engine for First {
    fn text(&self, page: u32) -> Result<String, Refusal> {
        self.0.extract_text(page as usize).map_err(|_error| Refusal::Damaged)
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
    words(text).take(FEW_WORDS).count() < FEW_WORDS
}

/// The better of two readings of one page.
pub(super) fn better(
    first: Result<String, Reason>,
    second: Result<String, Reason>,
) -> Result<String, Reason> {
    match (first, second) {
        (Ok(first), Ok(second)) if words(&second).count() > words(&first).count() => Ok(second),
        (Ok(first), _) => Ok(first),
        (Err(_), Ok(second)) => Ok(second),
        // An engine that was spared is no reason.
        (Err(Reason::Crashed), Err(reason)) | (Err(reason), Err(_)) => Err(reason),
    }
}

/// What reads as a word or a number. Signs that stand for nothing known don't.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| {
        let letters = word.chars().filter(|sign| sign.is_alphanumeric()).count();
        let strange = word.chars().filter(|sign| *sign == '\u{fffd}' || is_private(*sign)).count();
        letters > strange
    })
}

fn is_private(sign: char) -> bool {
    matches!(sign, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}
