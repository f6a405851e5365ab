//! Emphasis: stars where Markdown reads them as such, tags where it would not, as between letters and signs.

use super::signs::{EMPHASIS, LEAD, LEAD_END, STRONG, STRUCK, is_sign};

/// What a mark is written as: in Markdown, and as a tag.
fn written(mark: char) -> Option<(&'static str, &'static str)> {
    match mark {
        STRONG => Some(("**", "b")),
        EMPHASIS => Some(("*", "i")),
        STRUCK => Some(("~~", "s")),
        _ => None,
    }
}

fn end_of(mark: char) -> char {
    char::from_u32(mark as u32 + 1).unwrap_or(mark)
}

fn is_mark(c: char) -> bool {
    (STRONG..=end_of(STRUCK)).contains(&c)
}

/// A text around which a mark is put: each paragraph of it, without the blanks at its ends.
pub(super) fn around(text: &str, mark: char) -> String {
    let marked = text.split("\n\n").map(|paragraph| {
        let inner = paragraph.trim();
        if inner.is_empty() {
            return paragraph.to_owned();
        }
        let begin = paragraph.len() - paragraph.trim_start().len();
        let (lead, trail) = (
            paragraph.get(..begin).unwrap_or_default(),
            paragraph.get(begin + inner.len()..).unwrap_or_default(),
        );
        format!("{lead}{mark}{inner}{}{trail}", end_of(mark))
    });
    marked.collect::<Vec<_>>().join("\n\n")
}

/// A text with its marks written out.
pub(super) fn write(text: &str) -> String {
    if !text.chars().any(is_mark) {
        return text.to_owned();
    }
    let signs: Vec<char> = text.chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| signs.get(index)).copied();
    let mut instead: Vec<Option<String>> = vec![None; signs.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, sign) in signs.iter().enumerate().filter(|(_, sign)| is_mark(**sign)) {
        if written(*sign).is_some() {
            open.push(index);
            continue;
        }
        let Some(begin) = open.pop() else { continue };
        let Some((stars, tag)) = at(Some(begin)).and_then(written) else { continue };
        let outside = (at(begin.checked_sub(1)), at(Some(index + 1)));
        let inside = (at(Some(begin + 1)), at(index.checked_sub(1)));
        let plain = is_flanked(stars, outside, inside);
        let pair = if plain {
            (stars.to_owned(), stars.to_owned())
        } else {
            (format!("<{tag}>"), format!("</{tag}>"))
        };
        if let Some(place) = instead.get_mut(begin) {
            *place = Some(pair.0);
        }
        if let Some(place) = instead.get_mut(index) {
            *place = Some(pair.1);
        }
    }
    let mut out = String::with_capacity(text.len());
    for (sign, instead) in signs.iter().zip(instead) {
        match instead {
            Some(instead) => out.push_str(&instead),
            None if is_mark(*sign) => {}
            None => out.push(*sign),
        }
    }
    out
}

/// Whether Markdown reads stars there as a beginning and an end.
fn is_flanked(
    stars: &str,
    outside: (Option<char>, Option<char>),
    inside: (Option<char>, Option<char>),
) -> bool {
    side(stars, outside.0, inside.0) && side(stars, outside.1, inside.1)
}

fn side(stars: &str, outside: Option<char>, inside: Option<char>) -> bool {
    let is_blank = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || c == LEAD || c == LEAD_END);
    let is_word = |c: Option<char>| {
        c.is_some_and(|c| c.is_alphanumeric() || (is_sign(c) && !is_mark(c) && c != LEAD && c != LEAD_END))
    };
    let is_number = |c: Option<char>| c.is_some_and(char::is_numeric);
    // Two runs beside each other are one.
    if outside.is_some_and(is_mark) || inside.is_some_and(is_mark) || is_blank(inside) {
        return false;
    }
    if is_blank(outside) {
        return true;
    }
    match stars {
        "*" if is_word(outside) && is_word(inside) => false,
        _ if is_number(outside) && is_number(inside) => false,
        // A tag is a sign for one reader, and none for another.
        _ => {
            is_word(inside)
                || (!is_word(outside)
                    && inside != Some('<')
                    && inside != Some('>')
                    && outside != Some('>')
                    && outside != Some('<'))
        }
    }
}
