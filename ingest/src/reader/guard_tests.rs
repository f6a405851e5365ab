use proptest::prelude::*;

use super::*;

/// Glyphs that say `text` from `x` on, each half an em wide.
fn drawn(text: &str, x: f64, y: f64) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    for (at, sign) in text.chars().enumerate() {
        glyphs.push(Glyph {
            said: GlyphText::One(sign),
            x: x + 5.0 * f64::from(u32::try_from(at).unwrap()),
            y,
            along: (1.0, 0.0),
            advance: 5.0,
            size: 10.0,
            spacing: 0.0,
            seen: true,
        });
    }
    glyphs
}

fn drawing(parts: &[(&str, f64, f64)]) -> Drawing {
    Drawing {
        glyphs: parts.iter().flat_map(|(text, x, y)| drawn(text, *x, *y)).collect(),
        ..Drawing::default()
    }
}

#[test]
fn numbers_with_a_gap_between_them_are_two() {
    let page = drawing(&[("246", 0.0, 0.0), ("88", 19.0, 0.0)]);
    assert!(proves(&page, "246 88"));
    for wrong in ["24688", "246.88", "246,88", "246-88", "88 2466"] {
        assert!(!proves(&page, wrong), "{wrong}");
    }
}

#[test]
fn a_number_that_is_torn_or_missing_its_point_is_not_proved() {
    let page = drawing(&[("12.5 mg and 3,462", 0.0, 0.0)]);
    assert!(proves(&page, "12.5 mg and 3,462"));
    for wrong in ["12 5 mg", "125 mg", "12.5 mg and 3 462", "2.5 mg", "12.5 12.5"] {
        assert!(!proves(&page, wrong), "{wrong}");
    }
}

#[test]
fn signs_that_no_glyph_drew_are_not_proved() {
    let page = drawing(&[("3 × 500 mg, ↑ Na", 0.0, 0.0)]);
    assert!(proves(&page, "3 × 500 mg, ↑ Na"));
    assert!(!proves(&page, "3 ÷ 500 mg, ↑ Na"));
    assert!(!proves(&page, "3 × 500 mg, - Na"));
    assert!(!proves(&page, "3 × 500 μg, ↑ Na"));
}

#[test]
fn an_exponent_is_a_number_of_its_own() {
    let mut page = drawing(&[("10", 0.0, 0.0), ("/L", 14.0, 0.0)]);
    let mut nine = drawn("9", 10.0, 4.0);
    for glyph in &mut nine {
        (glyph.size, glyph.advance) = (7.0, 3.5);
    }
    page.glyphs.extend(nine);
    assert!(proves(&page, "10⁹/L"));
    assert!(!proves(&page, "109/L"));
}

#[test]
fn a_gap_that_is_wider_than_those_beside_it_parts_numbers() {
    let page = drawing(&[("1", 0.0, 0.0), ("000", 6.5, 0.0)]);
    assert!(proves(&page, "1 000"));
    assert!(!proves(&page, "1000"));
    assert!(!proves(&page, "1.000"));
}

#[test]
fn gaps_that_are_alike_and_not_asked_for_prove_nothing() {
    let mut page = drawing(&[("1", 0.0, 0.0), ("2", 6.3, 0.0), ("3", 12.6, 0.0)]);
    assert!(!proves(&page, "123") && !proves(&page, "1 2 3") && is_beyond_proof(&page));
    // Beside letters that are set as wide, they are one number.
    for (at, sign) in (0_i32..).zip("abcde".chars()) {
        page.glyphs.extend(drawn(&sign.to_string(), 30.0 + 6.3 * f64::from(at), 0.0));
    }
    assert!(proves(&page, "123 abcde"));
    // And where the text asks for them.
    let mut page = drawing(&[("1", 0.0, 0.0), ("2", 6.3, 0.0)]);
    page.glyphs.iter_mut().for_each(|glyph| glyph.spacing = 1.3);
    assert!(proves(&page, "12"));
}

#[test]
fn ranges_may_be_drawn_from_the_right_where_letters_are() {
    let mut page = drawing(&[("5.1-3.5", 0.0, 0.0)]);
    assert!(!proves(&page, "3.5-5.1"));
    page.glyphs.extend(drawn("ىوتسم", 60.0, 0.0));
    assert!(proves(&page, "مستوى 3.5-5.1"));
    assert!(!proves(&page, "مستوى 5.3-1.5"));
}

#[test]
fn what_does_not_say_what_it_is_proves_nothing() {
    let mut guessed = drawing(&[("5 mg", 0.0, 0.0)]);
    guessed.glyphs[0].said = GlyphText::Guessed('5');
    let mut unknown = drawing(&[("5x mg", 0.0, 0.0)]);
    unknown.glyphs[1].said = GlyphText::Unknown;
    let mut unseen = drawing(&[("5 mg", 0.0, 0.0)]);
    unseen.glyphs[0].seen = false;
    for page in [&guessed, &unseen] {
        assert!(!proves(page, "5 mg"));
    }
    assert!(!proves(&unknown, "5\u{fffd} mg"));
    assert!(is_unseen(&unseen) && !is_unseen(&guessed));
}

#[test]
fn readings_agree_if_numbers_units_and_signs_do() {
    assert!(agree("give 50 μg, then 5-10 mL", "then 5–10 ml\ngive 50 µg,"));
    assert!(!agree("50 μg", "50 mg"));
    assert!(!agree("50 mg", "5 0 mg"));
    assert!(!agree("≥ 50 mg", "50 mg"));
    assert!(agree("10⁹/L", "10 9/L"));
}

proptest! {
    #[test]
    fn columns_of_numbers_are_proved_as_they_stand_and_never_joined(
        rows in prop::collection::vec(prop::collection::vec("[1-9][0-9]{0,3}(\\.[0-9])?", 2..6), 1..6),
        gap in 3.0_f64..14.0,
        joiner in prop::sample::select(vec!["", ".", ",", "-", "/"]),
        at in any::<prop::sample::Index>(),
    ) {
        let mut glyphs = Vec::new();
        let mut text = String::new();
        for (row, cells) in rows.iter().enumerate() {
            let mut x = 0.0;
            for cell in cells {
                glyphs.extend(drawn(cell, x, -15.0 * f64::from(u32::try_from(row).unwrap())));
                x += 5.0 * f64::from(u32::try_from(cell.len()).unwrap()) + gap;
            }
            text.push_str(&cells.join(" "));
            text.push('\n');
        }
        let page = Drawing { glyphs, ..Drawing::default() };
        prop_assert!(proves(&page, &text));
        let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let space = spaces[at.index(spaces.len())];
        let joined = format!("{}{joiner}{}", &text[..space], &text[space + 1..]);
        let before = numbers(&text).into_iter().collect::<std::collections::HashSet<_>>();
        if numbers(&joined).iter().any(|number| !before.contains(number)) {
            prop_assert!(!proves(&page, &joined));
        }
    }
}
