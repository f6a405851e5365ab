//! Makes what an engine read fit to store, split and show.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// Shows only where a line is broken.
const SOFT_HYPHEN: char = '\u{ad}';

/// How many bytes the end of a file has, at most.
const END: usize = 4_096;

/// Longer titles and labels are cut.
const LINE: usize = 300;

/// Whether a file begins as a PDF does. Some have other bytes before.
pub(super) fn looks_like_pdf(head: &[u8]) -> bool {
    head.windows(5).any(|window| window == b"%PDF-")
}

/// Whether a file ends as a PDF does, with where its objects are. Some have other bytes behind.
pub(super) fn ends_like_pdf(file: &[u8]) -> bool {
    let tail = file.get(file.len().saturating_sub(END)..).unwrap_or_default();
    tail.windows(9).any(|window| window == b"startxref")
}

/// A page's text: composed, without what `PostgreSQL` or a reader can't take, lines and words as they were.
pub(super) fn page(text: &str, longest: u32) -> String {
    let text = without_soft_hyphens(text);
    let longest = usize::try_from(longest).unwrap_or(usize::MAX);
    let mut cleaned = String::with_capacity(text.len());
    let mut length = 0;
    // Spaces and line ends that wait for what they separate.
    let (mut spaces, mut breaks) = (0_usize, 0_usize);
    for sign in text.chars().flat_map(Signs::of).nfc() {
        match sign {
            '\n' => breaks += 1,
            sign if sign.is_whitespace() => spaces += 1,
            sign => {
                if length >= longest {
                    break;
                }
                let between = match (cleaned.is_empty(), breaks, spaces) {
                    (true, ..) | (_, 0, 0) => "",
                    (_, 0, _) => " ",
                    (_, 1, _) => "\n",
                    _ => "\n\n",
                };
                cleaned.push_str(between);
                cleaned.push(sign);
                length += 1 + between.len();
                (spaces, breaks) = (0, 0);
            }
        }
    }
    cleaned
}

/// Soft hyphens within a word vanish, with the end of the line that they stand at. Between digits or capitals, where no
/// word is parted, they are drawn as hyphens and are some.
fn without_soft_hyphens(text: &str) -> Cow<'_, str> {
    if !text.contains(SOFT_HYPHEN) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split(SOFT_HYPHEN);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let next = part.trim_start();
        let room = part.get(..part.len() - next.len()).unwrap_or_default();
        let at_end = room.contains('\n') && !room.contains("\n\n");
        let parts_word = out.chars().next_back().is_some_and(char::is_lowercase)
            && next.chars().next().is_some_and(char::is_lowercase);
        if parts_word && (room.is_empty() || at_end) {
            out.push_str(next);
        } else {
            out.push('-');
            out.push_str(part);
        }
    }
    Cow::Owned(out)
}

/// The same on one line, and not too long; `None` if nothing is left.
pub(super) fn line(text: &str) -> Option<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = page(&words.join(" "), u32::try_from(LINE).unwrap_or(u32::MAX));
    (!line.is_empty()).then_some(line)
}

/// What one sign becomes.
enum Signs {
    Nothing,
    One(char),
    Many(std::str::Chars<'static>),
    /// In their order, the next one first.
    Letters(std::collections::VecDeque<char>),
}

impl Signs {
    fn of(sign: char) -> Self {
        match sign {
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Self::One('\n'),
            // A lone carriage return ends a line in few files, and is doubled with `\n` in many.
            '\r' | '\t' => Self::One(' '),
            sign if sign.is_control() => Self::Nothing,
            // Invisible, and between the letters of a word.
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                Self::Nothing
            }
            // No characters, by the standard's word.
            '\u{fdd0}'..='\u{fdef}' => Self::Nothing,
            sign if (u32::from(sign) & 0xfffe) == 0xfffe => Self::Nothing,
            '\u{fb00}' => Self::Many("ff".chars()),
            '\u{fb01}' => Self::Many("fi".chars()),
            '\u{fb02}' => Self::Many("fl".chars()),
            '\u{fb03}' => Self::Many("ffi".chars()),
            '\u{fb04}' => Self::Many("ffl".chars()),
            '\u{fb05}' | '\u{fb06}' => Self::Many("st".chars()),
            // Arabic and Hebrew letters by their shape.
            '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                Self::Letters(sign.to_string().nfkc().collect())
            }
            sign => Self::One(sign),
        }
    }
}

impl Iterator for Signs {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Nothing => None,
            Self::One(sign) => {
                let sign = *sign;
                *self = Self::Nothing;
                Some(sign)
            }
            Self::Many(signs) => signs.next(),
            Self::Letters(signs) => signs.pop_front(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ligatures_are_taken_apart_and_accents_put_together() {
        assert_eq!(page("e\u{301}ﬃcacy of the ﬁrst ﬂow", 100), "éfficacy of the first flow");
    }

    #[test]
    fn words_and_lines_stay_apart_by_one_space_and_paragraphs_by_one_empty_line() {
        assert_eq!(page("  a  b \r\n c\u{a0}d \n\n \n e\0f\n", 100), "a b\nc d\n\nef");
    }

    #[test]
    fn a_hyphen_at_a_line_end_is_kept_and_a_soft_one_within_a_word_is_not() {
        assert_eq!(page("pre-\nload and after\u{ad}\nload", 100), "pre-\nload and afterload");
        assert_eq!(page("car\u{ad}dio\u{ad}myo\u{ad}pathy", 100), "cardiomyopathy");
    }

    #[test]
    fn soft_hyphens_between_digits_or_capitals_are_hyphens() {
        assert_eq!(
            page("5\u{ad}10 mg, pH 7.35\u{ad}7.45, NF\u{ad}kB, COVID\u{ad}19, T\u{ad} cell\u{ad}", 100),
            "5-10 mg, pH 7.35-7.45, NF-kB, COVID-19, T- cell-"
        );
    }

    #[test]
    fn arabic_letters_lose_their_shapes_and_lam_alef_is_two() {
        assert_eq!(page("ﻻ ﺑﺄس", 100), "لا بأس");
    }

    #[test]
    fn a_title_is_one_line() {
        assert_eq!(line(" The\n Heart "), Some("The Heart".to_owned()));
        assert_eq!(line(" \0 "), None);
    }

    proptest! {
        #[test]
        fn whatever_is_cleaned_is_clean_and_stays_as_it_is(text in any::<String>()) {
            let cleaned = page(&text, 50);
            prop_assert!(cleaned.chars().all(|sign| sign == '\n' || !sign.is_control()));
            prop_assert!(cleaned.chars().count() <= 52);
            prop_assert_eq!(page(&cleaned, 100), cleaned);
        }
    }
}
