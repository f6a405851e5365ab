//! Figures on a line that is read leftwards: what is drawn from left to right, in the order in which it was written.
//!
//! Beside Arabic, a range is drawn from the right (`5.1-3.5` for 3.5-5.1), and beside Hebrew from the left; but not by
//! all programs. Where the order that is usual would make it fall, nobody knows which was meant.

use unicode_bidi::{BidiClass, Level, bidi_class};

use super::{
    super::guard,
    bidi::{is_latin, is_leftwards},
};

/// The line as the rules of directions see it: digits behind Arabic letters count as Arabic ones.
pub(super) fn in_context(signs: &[char]) -> String {
    let is_arabic = signs.iter().any(|sign| bidi_class(*sign) == BidiClass::AL);
    let mut context = if is_arabic { BidiClass::AL } else { BidiClass::R };
    let mut seen = Vec::with_capacity(signs.len());
    for (at, sign) in signs.iter().enumerate().rev() {
        if is_leftwards(*sign) {
            context = bidi_class(*sign);
        }
        let arabic = sign.to_digit(10).filter(|_| context == BidiClass::AL && !is_behind_latin(signs, at));
        seen.push(arabic.and_then(|value| char::from_u32(0x660 + value)).unwrap_or(*sign));
    }
    seen.into_iter().rev().collect()
}

/// Whether a figure stands right of a word that it may be part of, and that is no unit: `B 12`.
fn is_behind_latin(signs: &[char], at: usize) -> bool {
    let before = signs.get(..at).unwrap_or_default();
    let is_of_figure = |sign: &char| sign.is_ascii_digit() || matches!(sign, '.' | ',' | '-' | '/');
    let before = before.get(..start_of(before, is_of_figure)).unwrap_or_default();
    let word_end = start_of(before, |sign| *sign == ' ');
    let word = before.get(..word_end).unwrap_or_default();
    let start = start_of(word, |sign| is_of_unit(*sign));
    let word = word.get(start..).unwrap_or_default();
    word.iter().any(|sign| is_latin(*sign)) && !is_unit(word)
}

/// Where the signs begin that are all alike, up to the end.
fn start_of(signs: &[char], is: impl Fn(&char) -> bool) -> usize {
    signs.len() - signs.iter().rev().take_while(|sign| is(sign)).count()
}

/// Puts units, ranges and signs with their figures. Whether there are some that may be read another way.
pub(super) fn settle(signs: &[char], levels: &mut [Level], base: Level) -> bool {
    part_units(signs, levels, base);
    let mut unsure = false;
    let mut from = 0;
    while let Some(start) = signs.iter().skip(from).position(char::is_ascii_digit).map(|at| from + at) {
        let line = Line { signs, base };
        let end = line.number(start);
        unsure |= line.settle_signs(levels, start, end);
        unsure |= line.settle_range(levels, start, end);
        from = end;
    }
    unsure
}

/// A line that is read leftwards.
struct Line<'a> {
    signs: &'a [char],
    base: Level,
}

impl Line<'_> {
    fn at(&self, at: usize) -> Option<char> {
        self.signs.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<char> {
        self.at(at.checked_sub(1)?)
    }

    /// The end of the number that starts there.
    fn number(&self, start: usize) -> usize {
        let mut end = start;
        while self.at(end).is_some_and(|sign| {
            sign.is_ascii_digit()
                || (matches!(sign, '.' | ',') && self.at(end + 1).is_some_and(|next| next.is_ascii_digit()))
        }) {
            end += 1;
        }
        end
    }

    fn value(&self, start: usize, end: usize) -> Option<f64> {
        let number: String = self.signs.get(start..end)?.iter().collect();
        number.replace(',', ".").parse().ok()
    }

    /// Percent and sign go with their number, whichever side they are drawn on.
    fn settle_signs(&self, levels: &mut [Level], start: usize, end: usize) -> bool {
        let Some(own) = levels.get(start).copied() else { return false };
        let is_free = |sign: Option<char>| {
            sign.is_none_or(|sign| !sign.is_ascii_digit() && !is_latin(sign) && !is_leftwards(sign))
        };
        let mut set = |at: usize, level: Level| {
            if let Some(place) = levels.get_mut(at) {
                *place = level;
            }
        };
        if self.at(end).is_some_and(is_share) && is_free(self.at(end + 1)) {
            set(end, own);
        } else if let Some(before) = start.checked_sub(1)
            && self.at(before).is_some_and(is_share)
            && is_free(self.before(before))
        {
            set(before, self.base);
        }
        // A sign that is drawn before its number would be written behind it, which nobody does.
        let Some(before) = start.checked_sub(1) else { return false };
        let is_sign = self.at(before).is_some_and(|sign| matches!(sign, '-' | '−' | '+'));
        let stands_alone = self.before(before).is_none_or(|sign| sign == ' ' || sign == '(');
        let is_sign = is_sign && stands_alone;
        if is_sign {
            set(before, own);
        }
        is_sign
    }

    /// A range rises.
    fn settle_range(&self, levels: &mut [Level], start: usize, end: usize) -> bool {
        let room = |at: usize| usize::from(self.at(at) == Some(' '));
        let dash = end + room(end);
        if !self.at(dash).is_some_and(is_dash) {
            return false;
        }
        let other = dash + 1 + room(dash + 1);
        if !self.at(other).is_some_and(|sign| sign.is_ascii_digit()) {
            return false;
        }
        let other_end = self.number(other);
        let is_dash_at = |at: Option<char>| at.is_some_and(is_dash);
        let is_part = (is_dash_at(self.before(start))
            && start > 1
            && self.before(start - 1).is_some_and(|sign| sign.is_ascii_digit()))
            || (is_dash_at(self.at(other_end))
                && self.at(other_end + 1).is_some_and(|sign| sign.is_ascii_digit()));
        let Some(is_turned) = levels.get(dash).map(Level::is_rtl) else { return false };
        if is_part {
            // A date, or a number of a telephone.
            return is_turned;
        }
        let (Some(left), Some(right)) = (self.value(start, end), self.value(other, other_end)) else {
            return true;
        };
        let falls = if is_turned { right > left } else { left > right };
        if falls {
            let own = levels.get(start).copied().unwrap_or(self.base);
            let level = if is_turned { own } else { self.base };
            levels.iter_mut().take(other).skip(end).for_each(|place| *place = level);
        }
        falls
    }
}

fn is_share(sign: char) -> bool {
    matches!(sign, '%' | '٪' | '‰')
}

fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '−' | '–' | '—' | '‐' | '‑')
}

/// Parts a unit from the number to its right. The eye can't tell `2.5 mg` from `mg 2.5` beside Arabic; the first is meant.
/// And puts it with the one to its left, which was drawn so on purpose.
fn part_units(signs: &[char], levels: &mut [Level], base: Level) {
    let mut from = 0;
    while let Some(start) = signs.iter().skip(from).position(|sign| is_latin(*sign)).map(|at| from + at) {
        let rest = signs.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|sign| is_of_unit(**sign)).count().max(1);
        let end = start + length;
        from = end;
        let word = rest.get(..length).unwrap_or_default();
        let is_digit = |sign: Option<&char>| sign.is_some_and(char::is_ascii_digit);
        let room = rest.iter().skip(length).take_while(|sign| sign.is_whitespace()).count();
        let before = signs.iter().take(start).rev().take_while(|sign| sign.is_whitespace()).count();
        let sign_before = start.checked_sub(before + 1).and_then(|at| signs.get(at));
        if !is_unit(word) {
            continue;
        }
        let has_right = room > 0 && is_digit(rest.get(length + room));
        let is_its_own =
            sign_before.is_some_and(|sign| is_latin(*sign) || sign.is_ascii_digit() || *sign == '/');
        if has_right && !is_its_own {
            levels.iter_mut().skip(end).take(room).for_each(|level| *level = base);
        } else if !has_right && before > 0 && is_digit(sign_before) {
            let own = levels.get(start).copied().unwrap_or(base);
            levels.iter_mut().take(start).skip(start - before).for_each(|level| *level = own);
        }
    }
}

fn is_of_unit(sign: char) -> bool {
    is_latin(sign) || matches!(sign, '/' | '·' | '²' | '³' | 'µ')
}

/// Whether a word is a unit, or one by another: `mmol/L`.
fn is_unit(word: &[char]) -> bool {
    let word: String = word.iter().map(|sign| guard::same(*sign)).collect();
    let mut parts = word.split(['/', '·']);
    parts.next().is_some_and(|first| guard::is_unit(&first.to_lowercase()))
        && parts.all(|part| part.chars().next().is_some_and(char::is_alphabetic))
}
