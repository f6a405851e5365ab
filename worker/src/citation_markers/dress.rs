//! What a bracket says, and whether it is certainly a citation.

use super::{around, span::Line};

/// The longest marker, in bytes, its brackets included. What is longer is none.
pub(super) const LONGEST: usize = 64;

/// How models call a passage where they do not only give its number.
const PASSAGE: [&str; 16] = [
    "sources",
    "source",
    "passages",
    "passage",
    "references",
    "reference",
    "refs",
    "ref",
    "documents",
    "document",
    "docs",
    "doc",
    "quelle",
    "quellen",
    "fuente",
    "fuentes",
];

/// Before the number of a page.
const PAGE: [&str; 11] =
    ["pages", "page", "pp", "p", "seite", "s", "página", "pág", "pg", "chapter", "section"];

/// A bracket that says nothing but numbers, and what belongs to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bracket<'a> {
    /// As it was sent.
    pub(super) raw: &'a str,
    /// Its bytes.
    pub(super) length: usize,
    /// The passages that it names.
    pub(super) numbers: Vec<u32>,
    dress: Dress,
}

/// How certain a bracket looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dress {
    /// `[1]`
    Plain,
    /// `[1, 2]`: several, as they are written here.
    List,
    /// `[1, 2]` that may as well be the ends of an interval.
    Pair,
    /// The same in other brackets.
    OtherPair,
    /// `[1-3]`
    Range,
    /// Nothing but a citation looks so: `【1】`, `［1］`, `[1†source]`, `[1, p. 12]`, `[Source 1]`, `[1 and 2]`.
    Other,
}

/// What begins with an opening bracket.
pub(super) enum Found<'a> {
    Bracket(Bracket<'a>),
    /// It is not closed yet.
    Unclosed,
    None,
}

/// Whether a marker may begin with this.
pub(super) const fn opens(c: char) -> bool {
    matches!(c, '[' | '【' | '［')
}

/// Reads the bracket that a text begins with.
pub(super) fn read(text: &str) -> Found<'_> {
    let mut chars = text.chars();
    let (opener, closer) = match chars.next() {
        Some('[') => ('[', ']'),
        Some('【') => ('【', '】'),
        Some('［') => ('［', '］'),
        _ => return Found::None,
    };
    let inside = chars.as_str();
    let Some(at) = inside.find(|c: char| c == closer || c.is_control() || opens(c)) else {
        let may_become = text.len() <= LONGEST && begins_well(inside);
        return if may_become { Found::Unclosed } else { Found::None };
    };
    let (within, end) = inside.split_at_checked(at).unwrap_or_default();
    let length = opener.len_utf8() + at + closer.len_utf8();
    if !end.starts_with(closer) || length > LONGEST || !begins_well(within) {
        return Found::None;
    }
    let raw = text.get(..length).unwrap_or_default();
    match numbers(within) {
        Some((numbers, dress)) => {
            let dress = match (opener, dress) {
                ('[', dress) | (_, dress @ Dress::Range) => dress,
                (_, Dress::Pair) => Dress::OtherPair,
                (_, _) => Dress::Other,
            };
            Found::Bracket(Bracket { raw, length, numbers, dress })
        }
        None => Found::None,
    }
}

/// Whether a marker may begin with this, behind its bracket: most brackets are seen to be none at once.
fn begins_well(inside: &str) -> bool {
    let inside = inside.trim_start_matches(' ');
    let first = inside.chars().next();
    if first.is_none_or(|c| digit(c).is_some()) {
        let after = inside.trim_start_matches(|c| digit(c).is_some());
        return after.chars().next().is_none_or(|c| !c.is_alphabetic() && c != '.' && c != '/');
    }
    let word: String =
        inside.chars().take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let whole = inside.chars().count() > word.chars().count();
    PASSAGE.iter().any(|name| if whole { *name == word } else { name.starts_with(&word) })
}

/// A digit, also of full width.
fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))?.to_digit(10),
        c => c.to_digit(10),
    }
}

/// The numbers between the brackets, and how they are written.
fn numbers(within: &str) -> Option<(Vec<u32>, Dress)> {
    let mut other = false;
    let mut text: String =
        within.chars().map(|c| digit(c).and_then(|n| char::from_digit(n, 10)).unwrap_or(c)).collect();
    other |= text != within;
    // What follows a dagger is the name of a file, or lines of it.
    if let Some((before, after)) = text.split_once('†') {
        if !after.chars().all(|c| c.is_alphanumeric() || "-–_.:# /".contains(c)) {
            return None;
        }
        text = before.to_owned();
        other = true;
    }
    let mut text = text.trim().to_owned();
    let word: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    if !word.is_empty() {
        if !PASSAGE.contains(&word.to_lowercase().as_str()) {
            return None;
        }
        text = text.get(word.len()..)?.trim_start_matches([' ', ':', '#', '.']).to_owned();
        other = true;
    }
    if let Some(before) = without_page(&text) {
        text = before.to_owned();
        other = true;
    }
    // OpenAI's files: the number of the message, then of the passage.
    if let Some((before, after)) = text.split_once(':') {
        let place = other && !before.is_empty() && after.chars().all(|c| c.is_ascii_digit());
        text = if place { before.to_owned() } else { return None };
    }
    let plain = text.replace(['，', '、'], ",").replace(" and ", ",").replace(" & ", ",");
    other |= plain != text;
    let (numbers, dress) = listed(&plain)?;
    Some((numbers, if other { Dress::Other } else { dress }))
}

/// The text before `, p. 12`.
fn without_page(text: &str) -> Option<&str> {
    let (before, page) = text.split_once([',', ';', ':'])?;
    // The page comes behind the last number.
    if let Some(deeper) = without_page(page) {
        let end = before.len() + 1 + deeper.len();
        return text.get(..end);
    }
    let page = page.trim_start().to_lowercase();
    let word: String = page.chars().take_while(|c| c.is_alphabetic()).collect();
    let number = page.get(word.len()..)?.trim_start_matches(['.', ' ']);
    let counts = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || "-–—, .f".contains(c));
    (counts && PAGE.contains(&word.as_str())).then_some(before)
}

/// `1`, `1, 2`, `1-3`, `1-3, 5`.
fn listed(text: &str) -> Option<(Vec<u32>, Dress)> {
    let parts: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
    let mut numbers = Vec::new();
    let mut ranges = false;
    for part in &parts {
        let mut ends = part.split(['-', '–', '—', '‑', '−']).map(|end| number(end.trim()));
        match (ends.next(), ends.next(), ends.next()) {
            (Some(one), None, None) => numbers.push(one?),
            (Some(first), Some(last), None) => {
                let (first, last) = (first?, last?);
                ranges = true;
                if first >= last || last - first > 99 {
                    return None;
                }
                numbers.extend(first..=last);
            }
            _ => return None,
        }
    }
    let dress = match numbers.as_slice() {
        _ if ranges => Dress::Range,
        [_] => Dress::Plain,
        [first, second] if first < second => Dress::Pair,
        _ => Dress::List,
    };
    Some((numbers, dress))
}

/// The number of a passage.
fn number(text: &str) -> Option<u32> {
    if text.len() > 3 || !text.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|n| *n > 0)
}

/// What becomes of a bracket, if it is certainly a citation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is none, or nobody can tell.
    Leave,
    /// It goes.
    Drop,
    /// This stands in its place.
    Put(String),
}

impl Bracket<'_> {
    /// What becomes of it where passages are numbered from 1 to `known`.
    pub(super) fn checked(&self, known: u32) -> Verdict {
        let good: Vec<u32> = self.numbers.iter().copied().filter(|n| *n <= known).collect();
        let all = good.len() == self.numbers.len();
        match self.dress {
            Dress::Plain | Dress::Other if good.is_empty() => Verdict::Drop,
            // Numbers of which not all are passages may be anything.
            Dress::List | Dress::Pair | Dress::OtherPair | Dress::Range if !all => Verdict::Leave,
            Dress::Plain | Dress::List | Dress::Pair => Verdict::Put(self.raw.to_owned()),
            Dress::OtherPair | Dress::Range | Dress::Other => Verdict::Put(
                good.iter().flat_map(|n| ["[".to_owned(), n.to_string(), "]".to_owned()]).collect(),
            ),
        }
    }

    /// Whether it is certainly a citation where it stands; `None` before enough of what follows is there.
    pub(super) fn is_certain(&self, line: &Line, spaced: bool, follows: &str, decided: bool) -> Option<bool> {
        let interval = matches!(self.dress, Dress::Pair | Dress::OtherPair | Dress::Range);
        if (!spaced && self.dress != Dress::Other && !around::may_follow(line.tail()))
            || around::before_value(line.tail(), interval)
        {
            return Some(false);
        }
        match follows.chars().next() {
            None => decided.then_some(true),
            // A link, or what a formula takes.
            Some('(' | '{') => Some(false),
            // Where a link's address is told.
            Some(':') if line.begins() => Some(false),
            Some(c) if c.is_ascii_alphanumeric() && self.dress != Dress::Other => {
                let word = follows.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                let whole = decided || word.len() < follows.len() || word.len() > 2;
                // An isotope, the rest of an ordinal, or a name such as cucurbit[7]uril.
                whole.then_some(spaced && word.len() > 2 && !interval)
            }
            Some(_) => {
                let several = !matches!(self.dress, Dress::Plain | Dress::Other);
                if around::measured(follows, several, decided)? {
                    Some(false)
                } else if self.dress == Dress::Range {
                    around::goes_on(follows, decided)
                } else {
                    Some(true)
                }
            }
        }
    }
}
