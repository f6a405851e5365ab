//! Text in Markdown: signs that would be markup get a backslash, and only those.

use super::signs::is_sign;

/// What a text within a line stands in.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Within {
    pub(super) cell: bool,
    pub(super) link: bool,
}

/// A text within a line. Its first and last sign may stand beside anything.
pub(super) fn inline(text: &str, within: Within) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.clone().next();
        if is_markup(c, before, after, rest.as_str(), within) {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

fn is_markup(c: char, before: Option<char>, after: Option<char>, rest: &str, within: Within) -> bool {
    let both = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match c {
        '\\' => after.is_none_or(|c| c.is_ascii_punctuation() || is_sign(c)),
        '*' => !both(|c| c.is_ascii_alphanumeric()),
        '_' => !both(char::is_alphanumeric),
        '`' | '$' => true,
        '~' => !both(|c| c != '~'),
        '[' | ']' if within.link => true,
        ']' => after.is_none_or(|c| matches!(c, '(' | '[' | ':')),
        '[' => before.is_none() || after.is_none(),
        '!' => after.is_none() || after == Some('['),
        '<' => after.is_none_or(|c| c.is_alphabetic() || matches!(c, '/' | '!' | '?')),
        '&' => is_entity(rest),
        '|' => within.cell,
        _ => false,
    }
}

/// Whether an entity follows the sign that begins one.
fn is_entity(rest: &str) -> bool {
    let name: String = rest.chars().take(33).take_while(|c| c.is_ascii_alphanumeric() || *c == '#').collect();
    rest.len() == name.len()
        || (!name.is_empty() && rest.get(name.len()..).is_some_and(|rest| rest.starts_with(';')))
}

/// The beginning of a line: how many signs stand before the one that needs a backslash.
pub(super) fn at_line_start(line: &str) -> Option<usize> {
    let only = |signs: &[char]| line.chars().all(|c| signs.contains(&c));
    let first = line.chars().next()?;
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    let rest = line.get(first.len_utf8()..).unwrap_or_default();
    let needs = match first {
        '-' => ends(rest) || only(&['-', ' ', ':', '|']),
        '+' => ends(rest),
        '=' => only(&['=', ' ']),
        '#' => ends(line.trim_start_matches('#')),
        '>' | '|' => true,
        ':' => only(&['-', ' ', ':', '|']),
        c if c.is_ascii_digit() => {
            let digits = line.chars().take_while(char::is_ascii_digit).count();
            let after = line.get(digits..).unwrap_or_default();
            let is_item =
                digits < 10 && after.starts_with(['.', ')']) && ends(after.get(1..).unwrap_or_default());
            return is_item.then_some(digits);
        }
        _ => false,
    };
    needs.then_some(0)
}
