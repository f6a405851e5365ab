//! Signs that no text has: Unicode keeps them for use within a program. They hold a place while a text is translated.

/// A formula's number stands between these two.
pub(super) const FORMULA: char = '\u{FDD0}';
/// Ends the number of a formula.
pub(super) const FORMULA_END: char = '\u{FDD1}';
/// Begins what is strong; ends it one further, and so for the two below.
pub(super) const STRONG: char = '\u{FDD2}';
/// Begins emphasis.
pub(super) const EMPHASIS: char = '\u{FDD4}';
/// Begins what is struck out.
pub(super) const STRUCK: char = '\u{FDD6}';
/// A sign as text, which Markdown would read as markup.
pub(super) const LESS: char = '\u{FDD8}';
/// Likewise.
pub(super) const STAR: char = '\u{FDD9}';
/// Likewise.
pub(super) const TILDE: char = '\u{FDDA}';
/// Parts what would be markup together.
pub(super) const NOTHING: char = '\u{FDDB}';
/// A tag's number stands between these two.
pub(super) const TAG: char = '\u{FDDC}';
/// Ends the number of a tag.
pub(super) const TAG_END: char = '\u{FDDD}';
/// Markup at the beginning of a line stands between these two.
pub(super) const LEAD: char = '\u{FDDE}';
/// Ends markup at the beginning of a line.
pub(super) const LEAD_END: char = '\u{FDDF}';
/// Begins a line of code.
pub(super) const CODE: char = '\u{FDE0}';

/// Whether a sign is one of these.
pub(super) fn is_sign(c: char) -> bool {
    ('\u{FDD0}'..='\u{FDEF}').contains(&c)
}

/// A text without them, and without what no file of text has.
pub(super) fn without(text: &str) -> String {
    text.chars().filter(|c| !is_sign(*c) && (*c >= ' ' || matches!(c, '\n' | '\t'))).collect()
}

/// Puts back what stands in the place of numbered pieces.
pub(super) fn put_back(
    text: &str,
    begin: char,
    end: char,
    piece: impl Fn(usize, Option<char>, Option<char>) -> String,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(begin) {
        out.push_str(before);
        let Some((number, next)) = after.split_once(end) else { return out };
        if let Ok(number) = number.parse() {
            let made = piece(number, out.chars().next_back(), next.chars().next());
            out.push_str(&made);
        }
        rest = next;
    }
    out.push_str(rest);
    out
}
