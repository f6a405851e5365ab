use std::{io::Write as _, sync::LazyLock};

use proptest::prelude::*;

use super::*;

/// A tokenizer of the model's kind with a tiny vocabulary: a few words, and letters for all others.
static SPLITTER: LazyLock<Splitter> = LazyLock::new(|| {
    let mut vocabulary: Vec<String> =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "heart", ".", "##s"].map(str::to_owned).into();
    for letter in ('a'..='z').filter(|letter| *letter != 'q') {
        vocabulary.extend([letter.to_string(), format!("##{letter}x"), format!("##{letter}")]);
    }
    let vocabulary: serde_json::Map<_, _> =
        vocabulary.into_iter().enumerate().map(|(id, word)| (word, id.into())).collect();
    let json = serde_json::json!({
        "version": "1.0",
        "truncation": { "max_length": 16, "strategy": "LongestFirst", "stride": 0, "direction": "Right" },
        "padding": { "strategy": { "Fixed": 16 }, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0,
                     "pad_type_id": 0, "pad_token": "[PAD]" },
        "added_tokens": [],
        "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                        "strip_accents": null, "lowercase": true },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": null,
        "decoder": null,
        "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100, "vocab": vocabulary },
    });
    let mut file = tempfile();
    file.1.write_all(json.to_string().as_bytes()).unwrap();
    Splitter::new(&file.0).unwrap()
});

fn tempfile() -> (std::path::PathBuf, std::fs::File) {
    let path = std::env::temp_dir().join(format!("tokenizer-{}.json", std::process::id()));
    let file = std::fs::File::create(&path).unwrap();
    (path, file)
}

fn tokens(text: &str) -> usize {
    SPLITTER.tokenizer.encode(text, false).unwrap().get_ids().len()
}

/// What must hold of the chunks of any page.
fn check(page: &str) -> Vec<Chunk> {
    let chunks = SPLITTER.split(page).unwrap();
    let signs: Vec<char> = page.chars().collect();
    let mut covered = 0;
    for (number, chunk) in chunks.iter().enumerate() {
        let text = chunk.text(page);
        assert!(!text.trim().is_empty());
        assert_eq!(text.chars().count(), chunk.range.len());
        assert_eq!(tokens(&text), chunk.tokens as usize, "{text:?}");
        assert!(chunk.tokens as usize <= MOST);
        assert!(chunk.range.end <= signs.len());
        // Between two chunks is nothing but white space.
        let between = signs.get(covered..chunk.range.start).unwrap_or_default();
        assert!(between.iter().all(|sign| sign.is_whitespace()), "{between:?} is in no chunk");
        if let Some(before) = number.checked_sub(1).map(|before| &chunks[before]) {
            assert!(before.range.start < chunk.range.start && before.range.end <= chunk.range.end);
            let repeated: String =
                signs[chunk.range.start..before.range.end.max(chunk.range.start)].iter().collect();
            assert!(tokens(&repeated) <= OVERLAP + 2 * FEWEST, "{} tokens are repeated", tokens(&repeated));
        }
        covered = chunk.range.end;
    }
    assert!(signs[covered..].iter().all(|sign| sign.is_whitespace()));
    chunks
}

#[test]
fn a_short_page_is_one_chunk_and_an_empty_one_is_none() {
    assert_eq!(check("the heart."), [Chunk { range: 0..10, tokens: 3 }]);
    assert_eq!(check(""), []);
    assert_eq!(check(" \n "), []);
}

#[test]
fn a_long_page_is_cut_between_sentences_and_repeats_a_little() {
    let page = "The heart beats and beats. ".repeat(100);
    let chunks = check(&page);
    assert!(chunks.len() > 4);
    for pair in chunks.windows(2) {
        assert!(pair[0].text(&page).ends_with('.'));
        assert!(pair[1].range.start < pair[0].range.end, "nothing is repeated");
    }
}

#[test]
fn a_heading_and_a_last_line_join_their_neighbours() {
    let body = "the heart beats and beats. ".repeat(30);
    for page in
        [format!("the heart\n\n{body}\n\nthe end"), format!("{body}\n\nthe end"), format!("the\n\n{body}")]
    {
        let chunks = check(&page);
        assert!(chunks.iter().all(|chunk| chunk.tokens as usize >= FEWEST), "{chunks:?}");
    }
}

#[test]
fn a_page_that_is_one_endless_word_is_cut_nevertheless() {
    for page in ["ab".repeat(20_000), "q".repeat(5_000), "心".repeat(2_000), "é ".repeat(999)] {
        assert!(check(&page).len() > 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn chunks_of_any_text_fit_and_leave_nothing_out(page in "\\PC{0,3000}") {
        check(&page);
    }

    #[test]
    fn chunks_of_words_and_lines_fit_and_leave_nothing_out(
        words in proptest::collection::vec(("[a-zé心0-9]{1,12}", "[ \n.]{1,3}"), 0..900)
    ) {
        let page: String = words.into_iter().flat_map(|(word, end)| [word, end]).collect();
        check(&page);
    }
}
