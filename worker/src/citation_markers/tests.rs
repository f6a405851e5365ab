use super::*;

fn whole(known: u32, text: &str) -> String {
    let mut citation_markers = CitationMarkers::new(known);
    let told = citation_markers.push(text);
    told + &citation_markers.finish()
}

#[test]
fn known_markers_stay_and_unknown_ones_go() {
    for (known, sent, told) in [
        (2, "Preload [1] rises [3]. Then [2][9].", "Preload [1] rises. Then [2]."),
        (1, "Source [9].", "Source."),
        (1, "  two  spaces [2]", "  two  spaces"),
        (1, "It rises.[9] It falls", "It rises. It falls"),
        (2, "a, b [1, 2, 9] and [9; 1]", "a, b [1, 2, 9] and [9; 1]"),
        (
            2,
            "cucurbit[7]uril, Cys[3]Ala, [7] days later, Scores: [1, 2, 3]",
            "cucurbit[7]uril, Cys[3]Ala, [7] days later, Scores: [1, 2, 3]",
        ),
        (
            2,
            "It rises [1]Then [2] seconds it. A [1] second.",
            "It rises [1]Then [2] seconds it. A [1] second.",
        ),
        (2, "D 【9】. E 【9†source】. F [9, p. 3]. G ［7］. H [Source 4].", "D. E. F. G. H."),
        (3, "[[1]] and [ 2 ; 3 ]", "[[1]] and [ 2 ; 3 ]"),
        (1, "**bold [1]**, _it [2]_", "**bold [1]**, _it_"),
    ] {
        assert_eq!(whole(known, sent), told, "{known}: {sent}");
    }
}

#[test]
fn citations_in_other_dress_become_markers() {
    let sent = "A [1-3]. B 【2】. C ［1］. D 【9】. E [1, p. 12]. F [7-9] mmHg.";
    assert_eq!(whole(3, sent), "A [1][2][3]. B [2]. C [1]. D. E [1]. F [7-9] mmHg.");
    for (sent, told) in [
        ("a [1–3] and b", "a [1][2][3] and b"),
        ("a [1, 2]; b [1;2], c [1,2]", "a [1, 2]; b [1;2], c [1,2]"),
        ("a【1】【3】b", "a[1][3]b"),
        ("a 【2†source】, b 【1:0†notes.pdf】, c [3†L5-L9]", "a [2], b [1], c [3]"),
        ("a [1, pp. 3-4], b [1, 2, p. 9], c [2: S. 4]", "a [1], b [1][2], c [2]"),
        ("a [Source 1], b [Passage 2], c [sources: 1, 3], d [Ref. 2]", "a [1], b [2], c [1][3], d [2]"),
        ("a [1 and 2], b [1, 2 and 3], c [1，2], d [１]", "a [1][2], b [1][2][3], c [1][2], d [1]"),
        ("a [1-2, 3].", "a [1][2][3]."),
    ] {
        assert_eq!(whole(3, sent), told, "{sent}");
    }
}

#[test]
fn brackets_that_are_no_citations_are_left_alone() {
    for sent in [
        "QTcF is $QT/\\sqrt[3]{RR}$ [1]. Potassium is [3, 5] mmol/L. Code: `a[7]`.",
        "Potassium lies in [3, 5], sodium in [135, 145], and the score in [1, 10].",
        "95 % CI [1, 2], range [1-2], within [1; 2], F [7-9] mmHg, pH [7.35, 7.45], x = [9]",
        "It took [1-2] days and [9] mmHg, [1, 2] h, [3]% of [4]°",
        "[18F]FDG, [131I], [99mTc], [18]F-FDG and [9]C",
        "\\sqrt[3]{RR}, a[7], x_1[9], f2[8], y[9]",
        "See [9](https://a.example), ![9](b.png), [the guide](x), [9]{x}, and a note[^9].",
        "[9]: https://a.example\n- [ ] open\n- [x] done\n[2019] and [0], [1.5, 2], [0, 1], [a, b], [1",
        "$$\nx[9] + [8]\n$$\n\\[ y [9] \\] and \\( z [9] \\), $a [9] b$, `` b ` [9] ``",
        "```c\nint a[9] = [9];\n\nb [9]\n```\n~~~\nc [9]\n~~~\n\n    d [9]\n",
        "Text\n\n\tcode [9]\n\n\tmore [9]\n",
        "An array [9, 8, 7, 6], a span [9-12], a title 【注意】 and ［注］",
    ] {
        assert_eq!(whole(2, sent), sent);
    }
}

#[test]
fn money_and_lone_backticks_do_not_hide_a_marker() {
    assert_eq!(whole(1, "It costs $5 to $10 [9].\nOr $7 [9]"), "It costs $5 to $10.\nOr $7");
    assert_eq!(whole(1, "a ` b [9].\n\nc [9]"), "a ` b.\n\nc");
    assert_eq!(whole(1, "- a\n\n    - b [9]\n"), "- a\n\n    - b\n");
}

#[test]
fn without_passages_nothing_is_touched() {
    let text = "A [1]. B 【9】. C [9] and [1-3].";
    assert_eq!(whole(0, text), text);
    assert_eq!(without(text, &BTreeSet::new()), text);
    assert_eq!(cited(text, 0), BTreeSet::new());
}

#[test]
fn of_a_history_only_what_was_cited_goes() {
    let cited = BTreeSet::from([1, 2]);
    let text = "A [1]. B [1, 2]. C [3]. D [3, 5] mmol/L, `a[1]`, x[1], $\\sqrt[2]{x}$.";
    assert_eq!(without(text, &cited), "A. B. C [3]. D [3, 5] mmol/L, `a[1]`, x[1], $\\sqrt[2]{x}$.");
}

#[test]
fn what_is_cited_is_found() {
    let text = "a [1], b [2, 4] and [x] [0], `[3]`, $[5]$, [6](x), [7] mmol/L, c[8], word[9]";
    assert_eq!(cited(text, 9), BTreeSet::from([1, 2, 4, 9]));
    assert_eq!(cited("a [1, 10]", 3), BTreeSet::new());
}

#[test]
fn nothing_of_a_marker_is_told_before_it_is_known() {
    let mut citation_markers = CitationMarkers::new(1);
    assert_eq!(citation_markers.push("It rises ["), "It rises");
    assert_eq!(citation_markers.push("7"), "");
    assert_eq!(citation_markers.push("]"), "");
    assert_eq!(citation_markers.push("."), ".");
    // What needs no certainty waits for nothing.
    assert_eq!(citation_markers.push(" Also [1]"), " Also [1]");
}

#[test]
fn what_is_held_back_has_a_bound() {
    for opened in ["$a ", "`a ", "[1, ", "``a ` ", "$"] {
        let mut citation_markers = CitationMarkers::new(1);
        let mut told = citation_markers.push(opened);
        for _ in 0..600 {
            told += &citation_markers.push("x");
        }
        assert!(told.len() > 300, "{opened}: {}", told.len());
        told += &citation_markers.finish();
        assert_eq!(told, format!("{opened}{}", "x".repeat(600)));
    }
}

/// What of a text can be in no marker, in its order.
fn bare(text: &str) -> String {
    text.chars().filter(|c| "abcé.\n$`~{}()\\\t>=L".contains(*c)).collect()
}

proptest::proptest! {
    #[test]
    fn however_the_stream_is_cut_the_text_is_the_same(
        text in "([a-c0-9 \\[\\],;é+\n\\-$`\\\\~(){}]|\\[|\\]|[0-9]|mmol|【|】|†|\n\n|```|\\$\\$|    ){0,80}|[12;\\[\\] ]{0,120}",
        known in 0_u32..5,
        cuts in proptest::collection::vec(0_usize..8, 0..60),
    ) {
        let mut citation_markers = CitationMarkers::new(known);
        let (mut told, mut rest, mut cuts) = (String::new(), text.as_str(), cuts.into_iter());
        while !rest.is_empty() {
            let at = rest.char_indices().nth(cuts.next().unwrap_or(1)).map_or(rest.len(), |(at, _)| at);
            told += &citation_markers.push(&rest[..at]);
            rest = &rest[at..];
        }
        told += &citation_markers.finish();
        proptest::prop_assert_eq!(&told, &whole(known, &text));
        proptest::prop_assert!(cited(&told, known).iter().all(|n| *n <= known));
    }

    #[test]
    fn a_text_without_brackets_is_told_as_it_was_sent(text in "[^\\[【［]{0,200}", known in 0_u32..5) {
        proptest::prop_assert_eq!(whole(known, &text), text);
    }

    #[test]
    fn nothing_but_markers_is_changed(
        text in "([a-c .,\n$`]|\\[[1-9]\\]|\\[[1-9], ?[1-9]\\]|【[1-9]】|\\[[1-9]-[1-9]\\]|\\[a\\]| mmHg){0,30}", known in 1_u32..6
    ) {
        proptest::prop_assert_eq!(bare(&whole(known, &text)), bare(&text));
    }

    #[test]
    fn a_history_loses_nothing_but_markers(text in "([a-c .,\n$`]|\\[[1-9]\\]|\\[[1-9], ?[1-9]\\]){0,30}") {
        let cited = BTreeSet::from([1, 2, 3]);
        proptest::prop_assert_eq!(bare(&without(&text, &cited)), bare(&text));
    }
}
