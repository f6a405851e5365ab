//! What stands before and behind a bracket, and says that it is no citation: a unit, a command of LaTeX, an interval.

/// The most bytes of spaces between a number and its unit.
const SPACES: usize = 4;

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

/// Of these, what can hardly be anything else behind a single number.
const SPANS: [&str; 7] = ["days", "weeks", "months", "years", "hours", "minutes", "seconds"];

/// What goes on after several citations, and never after an interval.
const GOES_ON: [&str; 11] =
    ["and", "or", "but", "while", "which", "whereas", "because", "although", "as", "is", "are"];

/// What comes before an interval.
const BEFORE_INTERVAL: [&str; 9] =
    ["ci", "cri", "iqr", "interval", "range", "ranges", "between", "within", "domain"];

/// Whether a unit follows; `None` before that can be told.
pub(super) fn measured(follows: &str, several: bool, decided: bool) -> Option<bool> {
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
    let is = |known: &&str| *known == token && (several || token.len() > 1);
    if token.len() < unit.len() || decided {
        let counted = if several { &COUNTED[..] } else { &SPANS[..] };
        return Some(UNITS.iter().any(is) || counted.contains(&token));
    }
    let may_be = UNITS.iter().chain(&COUNTED).any(|known| known.starts_with(token));
    if may_be { None } else { Some(false) }
}

/// Whether a sentence ends, or goes on as it does after citations.
pub(super) fn goes_on(follows: &str, decided: bool) -> Option<bool> {
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
pub(super) fn may_follow(before: &str) -> bool {
    let start = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let word = before.get(start.len()..).unwrap_or_default();
    if start.ends_with('\\') {
        return false;
    }
    word.is_empty() || (word.len() > 2 && word.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Whether what comes next is a value: behind `=` or `∈`, or where an interval is spoken of.
pub(super) fn before_value(before: &str, may_be_interval: bool) -> bool {
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
