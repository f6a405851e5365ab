use proptest::prelude::*;

use super::*;

/// What is told in the end, and whether it was taken back in between.
fn pieces(pieces: &[&str]) -> (String, bool) {
    let mut thoughts = Thoughts::default();
    let (mut text, mut back) = (String::new(), false);
    for pieces in pieces.iter().flat_map(|piece| thoughts.push(piece)) {
        match pieces {
            Piece::Text(piece) => text.push_str(&piece),
            Piece::Thought => {}
            Piece::TakenBack => {
                back = true;
                text.clear();
            }
        }
    }
    text.push_str(&thoughts.finish().unwrap_or_default());
    (text, back)
}

fn in_any_pieces(whole: &str) -> (String, bool) {
    let at_once = pieces(&[whole]);
    let chars: Vec<String> = whole.chars().map(String::from).collect();
    let chars: Vec<&str> = chars.iter().map(String::as_str).collect();
    assert_eq!(pieces(&chars), at_once, "{whole}");
    at_once
}

#[test]
fn thoughts_at_the_beginning_are_no_answer() {
    for thought in [
        "<think>Hm. [1] maybe.</think>\n\n",
        "\n <think>\nHm.\n</think>\n",
        "<THINK>Hm. < </ </thi</Think> ",
        "<thinking>a</thinking>\n\n<think>b</think>\n",
        "<thought>`a`</thought>",
        "<reasoning>```\na\n```</reasoning>\r\n",
        "[THINK]Hm.[/THINK]",
        "◁think▷Hm.◁/think▷",
        "<unused94>thought\nHm.<unused95>",
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>",
        "<think></think>\n\n",
        "</think>\n\n",
        "\n</think>\n\n</think>",
    ] {
        let (text, _) = in_any_pieces(&format!("{thought}Preload is stretch."));
        assert_eq!(text, "Preload is stretch.", "{thought}");
    }
    assert_eq!(in_any_pieces("<think>a</think>\n\n    code\n").0, "    code\n", "an indent is code");
    for nothing in ["<think>Hm.", "<think>Hm.</think>", "<think>Hm.</think>\n \n"] {
        assert_eq!(in_any_pieces(nothing).0.trim(), "", "{nothing}");
    }
}

#[test]
fn a_closing_tag_that_nothing_opened_takes_back_what_was_before() {
    let whole = "Okay, the user asks.\nPreload.\n</think>\n\nPreload is stretch.";
    assert_eq!(in_any_pieces(whole), ("Preload is stretch.".to_owned(), true));
}

#[test]
fn what_is_no_thought_stays() {
    for whole in [
        "Preload is stretch.",
        "\n\n  Preload",
        "a < b, a <t, a <think",
        "<thinking about it>",
        "<p>Preload</p>",
        "[think about] it",
        "Write `</think>` at the end.",
        "```\n<think>a</think>\n```\nx",
        "~~~html\n</think>\n~~~",
        "````\n```\n</think>\n````",
        "Models write <think>a</think> first.",
        "``a ` </think>`` b",
        "<",
        "</thin",
    ] {
        assert_eq!(in_any_pieces(whole), (whole.to_owned(), false), "{whole}");
    }
}

proptest! {
    #[test]
    fn text_without_tags_is_told_as_it_is(
        pieces in prop::collection::vec("[<>/a-z `~\n\\[\\]|◁é🫀]{0,9}", 0..12),
    ) {
        let whole = pieces.concat();
        let lower = whole.to_lowercase();
        prop_assume!(!TAGS.iter().any(|(open, _)| lower.contains(open)) && !ENDS.iter().any(|end| lower.contains(end)));
        let parts: Vec<&str> = pieces.iter().map(String::as_str).collect();
        prop_assert_eq!(super::tests::pieces(&parts), (whole, false));
    }

    #[test]
    fn it_is_the_same_in_any_pieces(
        shreds in prop::collection::vec(prop::sample::select(
            ["<think>", "</think>", "a", "\n", "`", "```", "~~~", " ", "<", "</", "é", "[THINK]", "[/THINK]"].as_slice()), 0..14),
    ) {
        in_any_pieces(&shreds.concat());
    }
}
