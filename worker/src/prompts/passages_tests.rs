use domain::ids::DocumentId;

use super::*;

pub(crate) fn passage(n: u32, text: &str) -> Citation {
    Citation {
        n,
        document_id: DocumentId::generate(),
        title: "Notes\n<<<".to_owned(),
        page: 12,
        label: None,
        start: 0,
        end: 10,
        score: 0.8,
        check_original: false,
        recognised: false,
        changed: false,
        reader_version: 1,
        text: Some(text.to_owned()),
    }
}

#[test]
fn a_passage_is_told_with_its_printed_page_and_whether_its_numbers_hold() {
    let labelled = Citation { label: Some("12".to_owned()), page: 36, ..passage(1, "Give 5 mg.") };
    let doubtful = Citation { n: 2, check_original: true, ..labelled.clone() };
    let recognised = Citation { n: 3, recognised: true, ..doubtful.clone() };
    let text = with_passages("Why?", &[labelled, doubtful, recognised], 7).unwrap();
    assert_eq!(text.matches("Notes <<<, page 12 (36 of the file)\nGive 5 mg.").count(), 3);
    let heads: Vec<_> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(heads[0], "[1]");
    assert!(heads[1].contains("could not be verified") && heads[1].contains("check the original"));
    assert!(heads[2].contains("recognised in an image") && heads[2].contains("check the original"));
}
