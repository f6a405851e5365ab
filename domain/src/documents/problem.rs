//! What can be wrong with a document, in words that help its student.

use serde_json::{Value, json};

use super::Readings;

/// Why a document cannot be searched, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It is encrypted, and the empty password does not open it.
    NeedsPassword,
    /// The password that was sent does not open it.
    WrongPassword,
    /// It only looks like a PDF.
    NotAPdf,
    /// It is broken.
    Damaged,
    /// It has more pages than are taken.
    TooManyPages {
        /// How many it has.
        pages: u32,
        /// How many are taken.
        limit: u32,
    },
    /// Reading it took longer than it may.
    TookTooLong,
    /// Reading it took more memory than it may.
    TooComplex,
    /// It has no text at all, but pictures of pages.
    NoText {
        /// How many pages.
        pages: u32,
    },
    /// It has no text, and none was recognised in its images.
    NothingRecognised {
        /// How many pages.
        pages: u32,
    },
    /// Some pages could not be read, or have no text, or are found by their words only.
    PartlyRead {
        /// Which.
        readings: Readings,
        /// Whether other pages can be searched.
        searchable: bool,
    },
    /// Text recognition was asked for, and is not installed.
    NoRecognition,
    /// It was given up by us.
    Internal,
    /// Its student stopped the reading.
    Cancelled,
}

impl Problem {
    /// The code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NeedsPassword => "PDF_NEEDS_PASSWORD",
            Self::WrongPassword => "PDF_WRONG_PASSWORD",
            Self::NotAPdf => "PDF_NOT_A_PDF",
            Self::Damaged => "PDF_DAMAGED",
            Self::TooManyPages { .. } => "PDF_TOO_MANY_PAGES",
            Self::TookTooLong => "PDF_TOOK_TOO_LONG",
            Self::TooComplex => "PDF_OUT_OF_MEMORY",
            Self::NoText { .. } => "PDF_NO_TEXT",
            Self::NothingRecognised { .. } => "PDF_NOTHING_RECOGNISED",
            Self::PartlyRead { readings, .. } if !readings.failed.is_empty() => "PDF_PARTLY_READ",
            Self::PartlyRead { readings, .. }
                if readings.textless.is_empty() && readings.blank.is_empty() =>
            {
                "PDF_FOUND_BY_WORDS"
            }
            Self::PartlyRead { .. } => "PDF_PAGES_WITHOUT_TEXT",
            Self::NoRecognition => "OCR_NOT_INSTALLED",
            Self::Internal => "INTERNAL_ERROR",
            Self::Cancelled => "PDF_CANCELLED",
        }
    }

    /// The sentence, for people.
    pub fn message(&self) -> String {
        match self {
            Self::NeedsPassword => "This PDF is protected with a password. Send the password to have it read.".to_owned(),
            Self::WrongPassword => "This password does not open the PDF. Please try another one.".to_owned(),
            Self::NotAPdf => "This file is not a PDF, although it begins like one.".to_owned(),
            Self::Damaged => {
                "This PDF is damaged and cannot be read. Try to open it in a PDF viewer and save it anew.".to_owned()
            }
            Self::TooManyPages { pages, limit } => {
                format!("This PDF has {pages} pages; at most {limit} can be read. Split it into parts.")
            }
            Self::TookTooLong => "Reading this PDF took too long. Split it into parts, or save it anew.".to_owned(),
            Self::TooComplex => "This PDF needs too much memory to be read. Split it into parts, or save it anew.".to_owned(),
            Self::NoText { .. } => {
                "This PDF has no text, only images of its pages. Text recognition (OCR) can read them.".to_owned()
            }
            Self::NothingRecognised { .. } => {
                "This PDF has only images of its pages, and no text could be recognised in them.".to_owned()
            }
            Self::PartlyRead { readings, searchable } => partly(readings, *searchable),
            Self::NoRecognition => {
                "Text recognition (OCR) is not installed here. Ask your administrator to install tesseract and poppler."
                    .to_owned()
            }
            Self::Internal => "This PDF could not be read because of an error of ours. Please try again later.".to_owned(),
            Self::Cancelled => "The reading of this PDF was stopped. Upload it again to have it read.".to_owned(),
        }
    }

    /// As it is stored, and told.
    pub fn to_json(&self) -> Value {
        let details = match self {
            Self::TooManyPages { pages, limit } => json!({ "pages": pages, "limit": limit }),
            Self::NoText { pages } => json!({ "pages": pages, "ocr": true }),
            Self::PartlyRead { readings, .. } => json!({
                "failed_pages": readings.failed,
                "textless_pages": readings.textless,
                "blank_pages": readings.blank,
                "words_only_pages": readings.words_only,
                "ocr": !readings.textless.is_empty(),
            }),
            _ => Value::Null,
        };
        let mut error = json!({ "code": self.code(), "message": self.message() });
        if let (false, Some(error)) = (details.is_null(), error.as_object_mut()) {
            error.insert("details".to_owned(), details);
        }
        error
    }
}

fn partly(readings: &Readings, searchable: bool) -> String {
    let Readings { failed, textless, blank, words_only } = readings;
    let mut sentences = Vec::new();
    if !failed.is_empty() {
        sentences.push(format!("{} could not be read.", pages_in_words(failed)));
    }
    if !textless.is_empty() {
        let verb = if textless.len() == 1 { "has" } else { "have" };
        let them = if textless.len() == 1 { "it" } else { "them" };
        sentences.push(format!(
            "{} {verb} no text layer; text recognition (OCR) can read {them}.",
            pages_in_words(textless)
        ));
    }
    if !blank.is_empty() {
        sentences.push(format!("No text was recognised on {}.", pages_in_words(blank).to_lowercase()));
    }
    if !words_only.is_empty() {
        let verb = if words_only.len() == 1 { "has" } else { "have" };
        sentences.push(format!(
            "{} {verb} passages that are found by their words only, not by their meaning.",
            pages_in_words(words_only)
        ));
    }
    if searchable && !(failed.is_empty() && textless.is_empty() && blank.is_empty()) {
        sentences.push("The rest can be searched.".to_owned());
    }
    sentences.join(" ")
}

/// `page 36`, or `page 12 (36 of the file)` where another number is printed on it.
pub fn page_in_words(page: i32, label: Option<&str>) -> String {
    let label = label.map(|label| label.split_whitespace().collect::<Vec<_>>().join(" "));
    match label.filter(|label| !label.is_empty() && *label != page.to_string()) {
        Some(label) => format!("page {label} ({page} of the file)"),
        None => format!("page {page}"),
    }
}

/// `Page 3`, or `Pages 1–3, 7`; sorted numbers.
pub fn pages_in_words(pages: &[i32]) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for page in pages {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *page => *last = *page,
            _ => runs.push((*page, *page)),
        }
    }
    let run = |(first, last): &(i32, i32)| {
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    };
    let listed = runs.iter().map(run).collect::<Vec<_>>().join(", ");
    format!("{} {listed}", if pages.len() == 1 { "Page" } else { "Pages" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_in_runs() {
        assert_eq!(pages_in_words(&[4]), "Page 4");
        assert_eq!(pages_in_words(&[1, 2, 3, 7, 9, 10]), "Pages 1–3, 7, 9–10");
    }

    #[test]
    fn what_was_not_read_is_said() {
        let readings = Readings { failed: vec![2], textless: vec![5, 6], ..Readings::default() };
        let problem = Problem::PartlyRead { readings, searchable: true };
        assert_eq!(
            problem.message(),
            "Page 2 could not be read. Pages 5–6 have no text layer; text recognition (OCR) can read them. \
             The rest can be searched."
        );
        assert_eq!(problem.to_json()["details"]["ocr"], true);
        let readings = Readings { blank: vec![3], words_only: vec![4, 5], ..Readings::default() };
        let problem = Problem::PartlyRead { readings, searchable: true };
        assert_eq!(
            problem.message(),
            "No text was recognised on page 3. Pages 4–5 have passages that are found by their words only, not by their \
             meaning. The rest can be searched."
        );
        assert_eq!(problem.to_json()["details"]["ocr"], false);
    }

    #[test]
    fn a_page_is_called_as_it_is_printed() {
        assert_eq!(page_in_words(36, Some("12")), "page 12 (36 of the file)");
        assert_eq!(page_in_words(4, Some("iv")), "page iv (4 of the file)");
        assert_eq!(page_in_words(4, Some("4")), "page 4");
        assert_eq!(page_in_words(4, Some(" \n")), "page 4");
        assert_eq!(page_in_words(4, None), "page 4");
    }
}
