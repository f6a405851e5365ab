//! Proves a page's numbers by its glyphs, whoever put the text together.
//!
//! It looks at where each glyph stands and what it says, and at nothing that `layout` made of that:
//!
//! - Digits, and the signs between them, make one number if they stand on one baseline, in one size, and no gap between
//!   them is wider than half a digit, or seen to be wider than those beside it. A text that has another number than
//!   these is not proved: it has joined two numbers, torn one, or added a point.
//! - No sign that changes a dose is in the text more often than it was drawn.
//! - Nothing is proved by glyphs that do not say what they are: digits that are guessed from their codes, what is unknown
//!   beside a number, and text that is not seen: over a picture, where a program has recognised it, or under a white box.
//! - Nor where figures stand over figures that may be a fraction and may be a sum.
//! - Nor by a glyph of which two sources say two things: the file, and its name, the encoding or the font's own program.
//!
//! A page that is not proved is read by the second engine, too, and is doubtful unless that finds the same numbers, units
//! and signs.

use std::collections::HashMap;

use super::{
    drawn::{Drawing, Glyph, GlyphText},
    tracking::{self, Gap, Step},
};

/// A digit is as wide as this, in parts of the size, if its font does not say so.
const DIGIT: f64 = 0.556;

/// The widest gap within a number, in digits.
const WIDEST_GAP: f64 = 0.5;

/// A gap that may part two numbers, and may not, in parts of the size: a thin space.
const THIN_GAP: f64 = 0.1;

/// How far letters stand apart at most, in parts of the size, and how many of them show it.
const MOST_SPACING: f64 = 0.6;
const ENOUGH_LETTERS: usize = 3;

/// How far glyphs of one number may differ in height, and in size, in parts of the size.
const SAME_LINE: f64 = 0.08;

/// The share of glyphs that may be unknown on a page that is proved.
const UNKNOWN: f64 = 0.02;

/// Signs that change what a number means.
const SIGNS: &str = "±×÷≤≥<>≠≈=+−-–/%‰°µμ↑↓→←√∞";

/// Units that are written alike and are a thousand times each other, and others that doses are told in.
const UNITS: &[&str] = &[
    "g", "kg", "mg", "μg", "mcg", "ng", "pg", "l", "dl", "cl", "ml", "μl", "fl", "mol", "mmol", "μmol",
    "nmol", "pmol", "mosm", "meq", "iu", "u", "mu", "miu", "h", "hr", "min", "s", "ms", "d", "mmhg", "kpa",
    "cm", "mm", "μm", "nm", "m", "hz", "khz", "mhz", "gy", "mgy", "sv", "msv", "bq", "mbq", "v", "mv", "j",
    "kj", "kcal", "%",
];

/// Whether the glyphs prove the numbers and signs of a text.
pub(super) fn proves(drawing: &Drawing, text: &str) -> bool {
    if drawing.cut || drawing.stacked || !is_readable(&drawing.glyphs) {
        return false;
    }
    let numbers_drawn = drawn_numbers(&drawing.glyphs);
    if numbers_drawn.unsure {
        return false;
    }
    let mut drawn: HashMap<String, usize> = HashMap::new();
    for number in numbers_drawn.whole {
        *drawn.entry(number).or_default() += 1;
    }
    for number in numbers(text) {
        match drawn.get_mut(&number) {
            Some(left) if *left > 0 => *left -= 1,
            _ => return false,
        }
    }
    let mut signs: HashMap<char, usize> = HashMap::new();
    for sign in drawing.glyphs.iter().flat_map(|glyph| glyph.said.text().chars().collect::<Vec<_>>()) {
        // A stroke that is drawn over the sign of equality makes another one of it.
        let sign = if sign == '\u{338}' { '≠' } else { sign };
        *signs.entry(same(sign)).or_default() += 1;
    }
    SIGNS.chars().all(|sign| {
        let sign = same(sign);
        let count = text.chars().filter(|found| same(*found) == sign).count();
        count <= signs.get(&sign).copied().unwrap_or(0)
    })
}

/// Whether there is text that is not seen: a program recognised it in a picture, or a white box hides it.
fn is_unseen(drawing: &Drawing) -> bool {
    drawing.glyphs.iter().any(|glyph| !glyph.seen && glyph.said.sign().is_some_and(char::is_alphanumeric))
}

/// Whether another reading can't help: glyphs say nothing that is known, or two things, or are not seen.
pub(super) fn is_beyond_proof(drawing: &Drawing) -> bool {
    let any = |is: fn(&GlyphText) -> bool| drawing.glyphs.iter().any(|glyph| is(&glyph.said));
    drawing.stacked
        || is_unseen(drawing)
        || drawn_numbers(&drawing.glyphs).unsure
        || any(|said| matches!(said, GlyphText::Disputed(_)))
        || (any(|said| *said == GlyphText::Unknown) && !is_readable(&drawing.glyphs))
}

/// Whether two readings of one page have the same numbers, each with its unit, and the same signs.
pub(super) fn agree(one: &str, other: &str) -> bool {
    let signs = |text: &str| {
        let mut signs: Vec<char> = text.chars().map(same).filter(|sign| SIGNS.contains(*sign)).collect();
        signs.sort_unstable();
        signs
    };
    quantities(one) == quantities(other) && signs(one) == signs(other)
}

/// Whether there is a number that could be wrong.
pub(super) fn has_numbers(text: &str) -> bool {
    text.chars().any(|sign| digit(sign).is_some())
}

/// Whether a word in small letters is a unit.
pub(super) fn is_unit(word: &str) -> bool {
    UNITS.contains(&word)
}

/// Whether the glyphs say what they are.
fn is_readable(glyphs: &[Glyph]) -> bool {
    let mut unknown = 0_usize;
    for (at, glyph) in glyphs.iter().enumerate() {
        let around =
            [at.wrapping_sub(1), at + 1].map(|at| glyphs.get(at).and_then(|glyph| glyph.said.sign()));
        let by_number = around.into_iter().flatten().any(|sign| digit(sign).is_some());
        match glyph.said {
            GlyphText::Guessed(sign) if digit(sign).is_some() || (by_number && !sign.is_whitespace()) => {
                return false;
            }
            GlyphText::Unknown if by_number => return false,
            GlyphText::Disputed(_) => return false,
            GlyphText::Unknown => unknown += 1,
            _ => {}
        }
        if !glyph.seen && glyph.said.sign().is_some_and(|sign| digit(sign).is_some()) {
            return false;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "no page has 2⁵³ glyphs")]
    let share = unknown as f64 / glyphs.len().max(1) as f64;
    share <= UNKNOWN
}

/// A glyph of a number, in the coordinates of its own direction.
struct Mark {
    sign: char,
    x0: f64,
    x1: f64,
    y: f64,
    size: f64,
    spacing: f64,
    angle: i64,
}

/// What numbers are drawn.
#[derive(Default)]
struct Numbers {
    /// All of them. Where a thin gap may part two, there are both, and the one that they would be.
    whole: Vec<String>,
    /// Whether there are some of which nobody knows whether they are one.
    unsure: bool,
    /// Whether there are letters that are read leftwards.
    leftwards: bool,
}

/// All numbers that glyphs draw.
fn drawn_numbers(glyphs: &[Glyph]) -> Numbers {
    let mut marks: Vec<Mark> = glyphs.iter().filter(|glyph| is_marked(glyph)).flat_map(marks).collect();
    marks.sort_by(|one, other| {
        one.angle.cmp(&other.angle).then(one.y.total_cmp(&other.y)).then(one.x0.total_cmp(&other.x0))
    });
    let leftwards = glyphs.iter().filter_map(|glyph| glyph.said.sign()).any(is_leftwards);
    let mut numbers = Numbers { leftwards, ..Numbers::default() };
    let mut rest = marks.as_mut_slice();
    while let Some(first) = rest.first() {
        let (angle, mut y, size) = (first.angle, first.y, first.size);
        // A chain of nearly the same heights.
        let length = rest
            .iter()
            .take_while(|mark| {
                let near = mark.angle == angle && mark.y - y <= SAME_LINE * size;
                y = if near { mark.y } else { y };
                near
            })
            .count();
        let (line, after) = rest.split_at_mut(length.max(1));
        line.sort_by(|one, other| one.x0.total_cmp(&other.x0));
        on_line(line, glyphs, &mut numbers);
        rest = after;
    }
    numbers
}

/// Whether a sign belongs to a script that is written leftwards.
fn is_leftwards(sign: char) -> bool {
    matches!(sign, '\u{590}'..='\u{65f}' | '\u{66e}'..='\u{6ef}' | '\u{6fa}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

/// Whether a glyph says part of a number.
fn is_marked(glyph: &Glyph) -> bool {
    glyph.said == GlyphText::Parted || glyph.said.text().chars().any(is_of_number)
}

fn marks(glyph: &Glyph) -> Vec<Mark> {
    let text = glyph.said.text();
    let (along_x, along_y) = glyph.along;
    let x = glyph.x * along_x + glyph.y * along_y;
    let y = glyph.y * along_x - glyph.x * along_y;
    #[expect(clippy::cast_possible_truncation, reason = "an angle")]
    let angle = along_y.atan2(along_x).to_degrees().round() as i64;
    let mut at = x;
    let signs: Vec<char> = text.chars().collect();
    #[expect(clippy::cast_precision_loss, reason = "a few signs")]
    let each = glyph.advance / signs.len().max(1) as f64;
    let mut marks = Vec::new();
    for sign in signs {
        // Raised by its own number, and not by its place.
        let raised = if sign.is_ascii() { 0.0 } else { level(sign) * 0.3 * glyph.size };
        let (y, size, spacing) = (y + raised, glyph.size, glyph.spacing);
        marks.push(Mark { sign, x0: at, x1: at + each, y, size, spacing, angle });
        at += each;
    }
    marks
}

/// A sign of a number, and how it follows the one before.
struct Link {
    sign: char,
    step: Option<Step>,
}

/// The numbers on one line.
fn on_line(line: &[Mark], glyphs: &[Glyph], numbers: &mut Numbers) {
    let mut chain: Vec<Link> = Vec::new();
    let mut last: Option<&Mark> = None;
    let mut end = |chain: &mut Vec<Link>, last: Option<&Mark>| {
        if let Some(last) = last {
            add_numbers(chain, || letterspacing(glyphs, last), numbers);
        }
        chain.clear();
    };
    for mark in line {
        if mark.sign == ' ' {
            // A line stands here.
            end(&mut chain, last.take());
        }
        if !is_of_number(mark.sign) {
            continue;
        }
        let mut step = None;
        if let Some(before) = last {
            let doubled = mark.sign == before.sign && mark.x0 - before.x0 < 0.3 * (before.x1 - before.x0);
            if doubled {
                continue;
            }
            step = step_to(before, mark);
            if step.is_none() {
                end(&mut chain, last);
            }
        }
        chain.push(Link { sign: mark.sign, step });
        last = Some(mark);
    }
    end(&mut chain, last);
}

/// From one sign of a number to the next, if they may be of one.
fn step_to(before: &Mark, mark: &Mark) -> Option<Step> {
    let gap = mark.x0 - before.x1;
    let digits = [before, mark].into_iter().filter(|mark| digit(mark.sign).is_some());
    let width = digits.map(|mark| mark.x1 - mark.x0).fold(0.0, f64::max);
    let digit_width = if width > 0.0 { width.min(mark.size) } else { DIGIT * mark.size };
    let same_size = (mark.size - before.size).abs() <= 2.0 * SAME_LINE * mark.size;
    if gap > WIDEST_GAP * digit_width || gap < -0.6 * mark.size || !same_size {
        return None;
    }
    Some(Step::new(before.sign, mark.sign, gap / mark.size, before.spacing / mark.size))
}

/// The numbers of a chain.
fn add_numbers(chain: &[Link], letterspacing: impl Fn() -> Option<f64>, found: &mut Numbers) {
    let leftwards = found.leftwards;
    let steps: Vec<Step> = chain.iter().filter_map(|link| link.step).collect();
    let mut gaps = tracking::gaps(&steps);
    if gaps.contains(&Gap::Unsure) {
        // As wide as between letters.
        let usual = letterspacing();
        for (gap, step) in gaps.iter_mut().zip(&steps).filter(|(gap, _)| **gap == Gap::Unsure) {
            let is_usual = usual.is_some_and(|usual| (step.gap - usual).abs() < THIN_GAP / 2.0);
            found.unsure |= !is_usual;
            *gap = Gap::Within;
        }
    }
    let mut gaps = gaps.into_iter();
    let (mut whole, mut parted) = (String::new(), String::new());
    for link in chain {
        let gap = link.step.and_then(|_| gaps.next());
        if gap == Some(Gap::Between) {
            whole.push(' ');
        }
        if gap == Some(Gap::Between) || link.step.is_some_and(|step| step.gap > THIN_GAP) {
            parted.push(' ');
        }
        whole.push(link.sign);
        parted.push(link.sign);
    }
    let parted = Some(parted).filter(|parted| *parted != whole);
    for reading in [Some(whole), parted].into_iter().flatten() {
        let whole = numbers(&reading);
        // Beside Arabic, ranges are drawn from the right. Whether it is so is for `layout` to say.
        let turned = whole
            .iter()
            .filter(|number| leftwards && number.contains('-'))
            .map(|number| number.rsplit('-').collect::<Vec<_>>().join("-"));
        found.whole.extend(turned.collect::<Vec<_>>());
        found.whole.extend(whole);
    }
}

/// The gap that most letters have between them on the line of a number.
fn letterspacing(glyphs: &[Glyph], mark: &Mark) -> Option<f64> {
    let is_letter = |glyph: &Glyph| glyph.said.sign().is_some_and(char::is_alphabetic);
    let height = |glyph: &Glyph| glyph.y * glyph.along.0 - glyph.x * glyph.along.1;
    let place = |glyph: &Glyph| glyph.x * glyph.along.0 + glyph.y * glyph.along.1;
    let pairs = glyphs.windows(2).filter_map(|pair| match pair {
        [one, other]
            if [one, other]
                .iter()
                .all(|glyph| is_letter(glyph) && (height(glyph) - mark.y).abs() < SAME_LINE * mark.size) =>
        {
            Some((place(other) - place(one) - one.advance) / mark.size)
        }
        _ => None,
    });
    let mut found: Vec<f64> = pairs.filter(|gap| gap.abs() < MOST_SPACING).collect();
    found.sort_by(f64::total_cmp);
    found.get(found.len() / 2).copied().filter(|_| found.len() >= ENOUGH_LETTERS)
}

/// The numbers of a text, raised and lowered ones apart. Signs before and after are no part of them.
fn numbers(text: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut number = String::new();
    let mut signs = String::new();
    let mut last_level = 0.0;
    for sign in text.chars().chain([' ']) {
        match digit(sign) {
            Some(value) => {
                if level(sign).total_cmp(&last_level).is_ne() && !number.is_empty() {
                    numbers.push(std::mem::take(&mut number));
                    signs.clear();
                }
                last_level = level(sign);
                number.push_str(&signs);
                signs.clear();
                number.push(value);
            }
            None if is_of_number(sign) && !number.is_empty() && signs.is_empty() => signs.push(same(sign)),
            None => {
                if !number.is_empty() {
                    numbers.push(std::mem::take(&mut number));
                }
                signs.clear();
            }
        }
    }
    numbers
}

/// The numbers of a text, each with the unit behind it, in some order.
fn quantities(text: &str) -> Vec<(String, String)> {
    let mut quantities = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|sign| digit(sign).is_some()) {
        let from = rest.get(start..).unwrap_or_default();
        let length = from.find(|sign| !is_of_number(sign)).unwrap_or(from.len());
        let (part, after) = from.split_at_checked(length).unwrap_or((from, ""));
        let word: String = after
            .trim_start()
            .chars()
            .take_while(|sign| sign.is_alphabetic() || *sign == '%')
            .map(same)
            .flat_map(char::to_lowercase)
            .collect();
        let unit = if is_unit(&word) { word } else { String::new() };
        let numbers = numbers(part);
        let last = numbers.len().saturating_sub(1);
        quantities.extend(
            numbers
                .into_iter()
                .enumerate()
                .map(|(at, number)| (number, if at == last { unit.clone() } else { String::new() })),
        );
        rest = after;
    }
    quantities.sort_unstable();
    quantities
}

/// A digit as a Western one, raised or not.
pub(super) fn digit(sign: char) -> Option<char> {
    let value = match sign {
        '0'..='9' => return Some(sign),
        '⁰' | '⁴'..='⁹' => u32::from(sign) - 0x2070,
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '₀'..='₉' => u32::from(sign) - 0x2080,
        // Arabic and Persian.
        '\u{660}'..='\u{669}' => u32::from(sign) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(sign) - 0x6f0,
        '０'..='９' => u32::from(sign) - 0xff10,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// Whether a sign stands raised or lowered by its own number.
fn level(sign: char) -> f64 {
    match sign {
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => 1.0,
        '₀'..='₉' => -1.0,
        _ => 0.0,
    }
}

/// Whether a sign is a figure, or one that stands before, within or behind figures.
pub(super) fn is_figure(sign: char) -> bool {
    is_of_number(sign) || SIGNS.contains(sign)
}

/// Whether a sign may stand within a number.
pub(super) fn is_of_number(sign: char) -> bool {
    digit(sign).is_some()
        || matches!(sign, '.' | ',' | '/' | ':' | '·' | '٫' | '٬' | '⁄' | '\'' | '’')
        || matches!(same(sign), '-' | '×')
}

/// Signs that look alike.
pub(super) fn same(sign: char) -> char {
    match sign {
        '−' | '–' | '‐' | '‑' | '\u{ad}' | '⁻' | '₋' => '-',
        'µ' => 'μ',
        '⁺' | '₊' => '+',
        '⁼' | '₌' => '=',
        other => other,
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
