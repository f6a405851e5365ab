//! From the order in which the eye meets signs, left to right, to that of reading.

use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

use super::{figures, line::Unit};

/// The text of units that stand from left to right, and whether it may be read another way.
pub(super) fn read(units: Vec<Unit>, rightwards: bool) -> (String, bool) {
    let has_other_direction = units.iter().any(|unit| unit.text.chars().any(is_leftwards));
    if !has_other_direction {
        return (units.into_iter().map(|unit| unit.text).collect(), false);
    }
    let (mut left, mut right) = (0_usize, 0_usize);
    for sign in units.iter().flat_map(|unit| unit.text.chars()) {
        left += usize::from(is_leftwards(sign));
        right += usize::from(bidi_class(sign) == BidiClass::L);
    }
    let strong = |unit: &Unit| unit.text.chars().find(|sign| is_leftwards(*sign) || is_latin(*sign));
    let begins_right = units.iter().rev().find_map(strong).is_some_and(is_leftwards);
    let base = if left > right || (!rightwards && (left == right || begins_right)) {
        Level::rtl()
    } else {
        Level::ltr()
    };
    // One sign stands for each unit: a ligature is one, and in the order of reading already.
    let signs: Vec<char> = units.iter().map(|unit| unit.text.chars().next().unwrap_or(' ')).collect();
    let eye: String = if base.is_rtl() { figures::in_context(&signs) } else { signs.iter().collect() };
    let info = BidiInfo::new(&eye, Some(base));
    let mut levels = Vec::with_capacity(signs.len());
    for (at, _) in eye.char_indices() {
        levels.push(info.levels.get(at).copied().unwrap_or(base));
    }
    let unsure = base.is_rtl() && figures::settle(&signs, &mut levels, base);
    let mut text = String::with_capacity(eye.len());
    for at in BidiInfo::reorder_visual(&levels) {
        let (Some(unit), Some(level)) = (units.get(at), levels.get(at)) else { continue };
        if level.is_rtl() {
            text.extend(unit.text.chars().map(mirrored));
        } else {
            text.push_str(&unit.text);
        }
    }
    (text, unsure)
}

pub(super) fn is_latin(sign: char) -> bool {
    bidi_class(sign) == BidiClass::L
}

/// Whether a sign belongs to a script that is written leftwards.
pub(super) fn is_leftwards(sign: char) -> bool {
    matches!(bidi_class(sign), BidiClass::R | BidiClass::AL)
}

/// The eye sees the other bracket.
fn mirrored(sign: char) -> char {
    match sign {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        '≤' => '≥',
        '≥' => '≤',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_signs(eye: &str, rightwards: bool) -> String {
        let (text, unsure) = both(eye, rightwards);
        assert!(!unsure, "{text}");
        text
    }

    fn both(eye: &str, rightwards: bool) -> (String, bool) {
        read(eye.chars().map(|sign| Unit { text: sign.to_string() }).collect(), rightwards)
    }

    #[test]
    fn arabic_is_read_leftwards_and_its_numbers_rightwards() {
        assert_eq!(read_signs("غم 25 ةعرج", false), "جرعة 25 مغ");
        assert_eq!(read_signs("100 ىلإ 60 نم", false), "من 60 إلى 100");
        assert_eq!(read_signs("mg 2.5 ةعرج", false), "جرعة 2.5 mg");
        assert_eq!(read_signs("120/80 طغض", false), "ضغط 120/80");
    }

    #[test]
    fn ranges_are_drawn_from_the_right_beside_arabic_and_from_the_left_beside_hebrew() {
        assert_eq!(read_signs("5.1-3.5 ىوتسم", false), "مستوى 3.5-5.1");
        assert_eq!(read_signs("3.5-5.1 ןגלשא", false), "אשלגן 3.5-5.1");
        assert_eq!(read_signs("5.1–3.5 ןגלשא", false), "אשלגן 3.5–5.1");
        assert_eq!(read_signs("mmol/L 5.1-3.5 ىوتسم", false), "مستوى 3.5-5.1 mmol/L");
        assert_eq!(read_signs("mmol/L 3.5-5.1 ןגלשא", false), "אשלגן 3.5-5.1 mmol/L");
    }

    #[test]
    fn ranges_that_would_fall_are_read_as_they_rise_and_doubted() {
        assert_eq!(both("3.5-5.1 ىوتسم", false), ("مستوى 3.5-5.1".to_owned(), true));
        assert_eq!(both("5.1-3.5 ןגלשא", false), ("אשלגן 3.5-5.1".to_owned(), true));
        assert!(both("12-05-2024 خيرات", false).1);
    }

    #[test]
    fn signs_of_a_number_stand_on_either_side_of_it() {
        assert_eq!(read_signs("%25 ةبسن", false), "نسبة 25%");
        assert_eq!(read_signs("25% ةبسن", false), "نسبة 25%");
        assert_eq!(read_signs("5%- לש הדירי", false), "ירידה של -5%");
        assert_eq!(both("-5 ةجرد", false), ("درجة -5".to_owned(), true));
        assert_eq!(read_signs("B 12 نيماتيف", false), "فيتامين B 12");
    }

    #[test]
    fn brackets_are_the_other_ones() {
        assert_eq!(read_signs("(25) םולש", false), "שלום (25)");
    }

    #[test]
    fn a_foreign_word_in_an_english_line_stays_in_its_place() {
        assert_eq!(
            read_signs("the word םולש means peace, I was told", true),
            "the word שלום means peace, I was told"
        );
    }

    #[test]
    fn a_line_without_such_letters_stays_as_it_is() {
        assert_eq!(read_signs("5 mg (3 × 2)", true), "5 mg (3 × 2)");
    }
}
