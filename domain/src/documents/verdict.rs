//! What its pages make of a document: whether it can be searched, and what is said of the rest.

use super::{DocumentStatus, Problem};

/// The pages of a document of which something is to be said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings {
    /// They could not be read.
    pub failed: Vec<i32>,
    /// They have no text, and recognition was not tried.
    pub textless: Vec<i32>,
    /// They have no text, and none was recognised.
    pub blank: Vec<i32>,
    /// They have passages without a vector.
    pub words_only: Vec<i32>,
}

/// Where a document stands of whose `all` pages these came out otherwise than well.
pub fn verdict(all: usize, readings: &Readings) -> (DocumentStatus, Option<Problem>) {
    let Readings { failed, textless, blank, words_only } = readings;
    let count = u32::try_from(all).unwrap_or(u32::MAX);
    let lost = failed.len() + textless.len() + blank.len();
    if lost < all {
        if lost == 0 && words_only.is_empty() {
            return (DocumentStatus::Ready, None);
        }
        let problem = Problem::PartlyRead { readings: readings.clone(), searchable: true };
        return (DocumentStatus::PartlyReady, Some(problem));
    }
    let problem = match (failed.is_empty(), textless.is_empty(), blank.is_empty()) {
        (false, true, true) => Problem::Damaged,
        (true, true, false) => Problem::NothingRecognised { pages: count },
        (true, _, true) => Problem::NoText { pages: count },
        // With pages that failed and others without text, nothing can be searched before the text is recognised.
        _ => Problem::PartlyRead { readings: readings.clone(), searchable: false },
    };
    (DocumentStatus::Failed, Some(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(failed: i32, textless: i32, blank: i32) -> (DocumentStatus, Option<&'static str>, bool) {
        let pages = |count: i32| (1..=count).collect();
        let readings = Readings {
            failed: pages(failed),
            textless: pages(textless),
            blank: pages(blank),
            words_only: Vec::new(),
        };
        let (status, problem) = verdict(4, &readings);
        let offers = problem.as_ref().is_some_and(|problem| problem.to_json()["details"]["ocr"] == true);
        let code = problem.map(|problem| match problem {
            Problem::Damaged => "damaged",
            Problem::NoText { .. } => "no text",
            Problem::NothingRecognised { .. } => "nothing recognised",
            Problem::PartlyRead { .. } => "partly",
            _ => "another",
        });
        (status, code, offers)
    }

    #[test]
    fn a_document_is_as_good_as_its_pages() {
        use DocumentStatus::{Failed, PartlyReady, Ready};
        assert_eq!(of(0, 0, 0), (Ready, None, false));
        assert_eq!(of(1, 0, 0), (PartlyReady, Some("partly"), false));
        assert_eq!(of(0, 3, 0), (PartlyReady, Some("partly"), true));
        assert_eq!(of(0, 4, 0), (Failed, Some("no text"), true));
        assert_eq!(of(4, 0, 0), (Failed, Some("damaged"), false));
        assert_eq!(of(2, 2, 0), (Failed, Some("partly"), true));
    }

    #[test]
    fn recognition_that_found_nothing_is_not_offered_again() {
        use DocumentStatus::{Failed, PartlyReady};
        assert_eq!(of(0, 0, 1), (PartlyReady, Some("partly"), false));
        assert_eq!(of(0, 0, 4), (Failed, Some("nothing recognised"), false));
        assert_eq!(of(2, 0, 2), (Failed, Some("partly"), false));
        assert_eq!(of(0, 1, 3), (Failed, Some("partly"), true));
    }

    #[test]
    fn a_passage_without_a_vector_is_said() {
        let readings = Readings { words_only: vec![2], ..Readings::default() };
        let (status, problem) = verdict(4, &readings);
        assert_eq!((status, problem.unwrap().code()), (DocumentStatus::PartlyReady, "PDF_FOUND_BY_WORDS"));
    }
}
