//! What a bracket says, and whether it is certainly a citation.

use super::span::Line;

/// The longest marker, in bytes, its brackets included. What is longer is none.
pub(super) const LONGEST: usize = 64;

/// The most bytes of spaces between a number and its unit.
const SPACES: usize = 4;

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

/// What a number is measured in.
const UNITS: [&str; 82] = [
    "mmHg", "cmH2O", "cmH₂O", "kPa", "Pa", "mbar", "bar", "Torr", "mmol", "µmol", "μmol", "umol", "nmol",
    "pmol", "fmol", "mol", "mM", "µM", "μM", "nM", "pM", "kg", "g", "mg", "µg", "μg", "ug", "mcg", "ng",
    "pg", "L", "l", "dL", "dl", "cL", "mL", "ml", "µL", "μL", "uL", "fL", "nL", "km", "m", "cm", "mm", "µm",
    "μm", "um", "nm", "Hz", "kHz", "MHz", "bpm", "rpm", "ms", "s", "h", "IU", "mIU", "kIU", "U", "mU", "µU",
    "μU", "mEq", "mval", "mOsm", "mosmol", "kcal", "cal", "kJ", "keV", "MeV", "mV", "mA", "Gy", "mGy", "Sv",
    "mSv", "Bq", "MBq",
];

/// The same, where words may also be no unit.
const COUNTED: [&str; 21] = [
    "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "hr", "hrs", "hour", "hours",
    "day", "days", "week", "weeks", "month", "months", "year", "years", "points",
];

/// What goes on after several citations, and never after an interval.
const GOES_ON: [&str; 11] =
    ["and", "or", "but", "while", "which", "whereas", "because", "although", "as", "is", "are"];

/// What comes before an interval.
const BEFORE_INTERVAL: [&str; 9] =
    ["ci", "cri", "iqr", "interval", "range", "ranges", "between", "within", "domain"];

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
            Dress::Pair | Dress::OtherPair | Dress::Range if !all => Verdict::Leave,
            Dress::List if good.is_empty() => Verdict::Leave,
            Dress::Plain | Dress::Pair => Verdict::Put(self.raw.to_owned()),
            Dress::List if all => Verdict::Put(self.raw.to_owned()),
            Dress::List | Dress::OtherPair | Dress::Range | Dress::Other => {
                Verdict::Put(good.iter().map(|n| format!("[{n}]")).collect())
            }
        }
    }

    /// Whether it is certainly a citation where it stands; `None` before enough of what follows is there.
    pub(super) fn is_certain(&self, line: &Line, spaced: bool, follows: &str, decided: bool) -> Option<bool> {
        let interval = matches!(self.dress, Dress::Pair | Dress::OtherPair | Dress::Range);
        if (!spaced && self.dress != Dress::Other && !may_follow(line.tail()))
            || before_value(line.tail(), interval)
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
                // An isotope, or the rest of an ordinal.
                whole.then_some(word.len() > 2 && !interval)
            }
            Some(_) => match self.measured(follows, decided)? {
                true => Some(false),
                false if self.dress == Dress::Range => goes_on(follows, decided),
                false => Some(true),
            },
        }
    }

    /// Whether a unit follows; `None` before that can be told.
    fn measured(&self, follows: &str, decided: bool) -> Option<bool> {
        let unit = follows.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        if follows.len() - unit.len() > SPACES {
            return Some(false);
        }
        match unit.chars().next() {
            None => return decided.then_some(false),
            Some('%' | '‰' | '°' | '×') => return Some(true),
            Some(c) if !c.is_alphabetic() => return Some(false),
            Some(_) => {}
        }
        let token = unit.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        // A single number before a single letter, or a word, may well be a citation.
        let several = !matches!(self.dress, Dress::Plain | Dress::Other);
        let is = |known: &&str| *known == token && (several || token.len() > 1);
        if token.len() < unit.len() || decided {
            return Some(UNITS.iter().any(|unit| is(&unit)) || (several && COUNTED.contains(&token)));
        }
        let may_be = UNITS.iter().chain(&COUNTED).any(|known| known.starts_with(token));
        if may_be { None } else { Some(false) }
    }
}

/// Whether a sentence ends, or goes on as it does after citations.
fn goes_on(follows: &str, decided: bool) -> Option<bool> {
    let next = follows.trim_start_matches(' ');
    let word = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if follows.len() - next.len() > SPACES {
        return Some(true);
    }
    if word.is_empty() {
        return if next.is_empty() && !decided { None } else { Some(true) };
    }
    if word.len() < next.len() || decided {
        return Some(GOES_ON.contains(&word));
    }
    if GOES_ON.iter().any(|known| known.starts_with(word)) { None } else { Some(false) }
}

/// Whether a marker may stand right behind this: `a[7]` and `\sqrt[3]` are no citations, `rises[1]` is.
fn may_follow(before: &str) -> bool {
    let start = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let word = before.get(start.len()..).unwrap_or_default();
    if start.ends_with('\\') {
        return false;
    }
    word.is_empty() || (word.len() > 2 && word.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Whether what comes next is a value: behind `=` or `∈`, or where an interval is spoken of.
fn before_value(before: &str, may_be_interval: bool) -> bool {
    let before = before.trim_end_matches([' ', '\u{a0}']);
    if before.ends_with(['=', '∈', '≈', '≤', '≥', '±', '<']) {
        return true;
    }
    let at = before.rfind(|c: char| !c.is_alphabetic());
    let word = at
        .and_then(|at| before.get(at..))
        .map_or(before, |rest| rest.trim_start_matches(|c: char| !c.is_alphabetic()));
    may_be_interval && BEFORE_INTERVAL.contains(&word.to_lowercase().as_str())
}
