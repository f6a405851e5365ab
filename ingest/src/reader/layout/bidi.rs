//! From the order in which the eye meets signs, left to right, to that of reading.

use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

use super::{super::guard, line::Unit};

/// The text of units that stand from left to right.
pub(super) fn read(units: Vec<Unit>, rightwards: bool) -> String {
    let has_other_direction = units.iter().any(|unit| unit.text.chars().any(is_leftwards));
    if !has_other_direction {
        return units.into_iter().map(|unit| unit.text).collect();
    }
    let (mut left, mut right) = (0_usize, 0_usize);
    for sign in units.iter().flat_map(|unit| unit.text.chars()) {
        left += usize::from(is_leftwards(sign));
        right += usize::from(bidi_class(sign) == BidiClass::L);
    }
    let base = if left > right || (left == right && !rightwards) { Level::rtl() } else { Level::ltr() };
    // One sign stands for each unit: a ligature is one, and in the order of reading already.
    let signs: Vec<char> = units.iter().map(|unit| unit.text.chars().next().unwrap_or(' ')).collect();
    let eye: String = signs.iter().collect();
    let info = BidiInfo::new(&eye, Some(base));
    let mut levels = Vec::with_capacity(signs.len());
    for (at, _) in eye.char_indices() {
        levels.push(info.levels.get(at).copied().unwrap_or(base));
    }
    if base.is_rtl() {
        part_units(&signs, &mut levels, base);
    }
    let mut text = String::with_capacity(eye.len());
    for at in BidiInfo::reorder_visual(&levels) {
        let (Some(unit), Some(level)) = (units.get(at), levels.get(at)) else { continue };
        if level.is_rtl() {
            text.extend(unit.text.chars().map(mirrored));
        } else {
            text.push_str(&unit.text);
        }
    }
    text
}

/// Parts a unit from the number to its right. The eye can't tell `2.5 mg` from `mg 2.5` beside Arabic; the first is meant.
fn part_units(signs: &[char], levels: &mut [Level], base: Level) {
    let mut from = 0;
    while let Some(start) = signs.iter().skip(from).position(|sign| is_latin(*sign)).map(|at| from + at) {
        let rest = signs.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|sign| is_latin(**sign)).count();
        let end = start + length;
        from = end;
        let word: String =
            rest.iter().take(length).map(|sign| if *sign == 'µ' { 'μ' } else { *sign }).collect();
        let room = rest.iter().skip(length).take_while(|sign| sign.is_whitespace()).count();
        let is_number = rest.get(length + room).is_some_and(char::is_ascii_digit);
        let before = signs.iter().take(start).rev().find(|sign| !sign.is_whitespace());
        let is_its_own = before.is_some_and(|sign| is_latin(*sign) || sign.is_ascii_digit() || *sign == '/');
        if room > 0 && is_number && !is_its_own && guard::is_unit(&word.to_lowercase()) {
            levels.iter_mut().skip(end).take(room).for_each(|level| *level = base);
        }
    }
}

fn is_latin(sign: char) -> bool {
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
        read(eye.chars().map(|sign| Unit { text: sign.to_string() }).collect(), rightwards)
    }

    #[test]
    fn arabic_is_read_leftwards_and_its_numbers_rightwards() {
        assert_eq!(read_signs("غم 25 ةعرج", false), "جرعة 25 مغ");
        assert_eq!(read_signs("100 ىلإ 60 نم", false), "من 60 إلى 100");
        assert_eq!(read_signs("mg 2.5 ةعرج", false), "جرعة 2.5 mg");
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
