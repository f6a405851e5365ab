//! Cloze deletions as Anki writes them: `{{c1::answer::hint}}`, one card for each number, nested ones too.

use std::collections::BTreeSet;

/// The greatest number of a deletion.
const MOST: u16 = 99;

/// How deep deletions nest.
const DEEPEST: usize = 8;

/// Why a text is no cloze.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoCloze {
    /// Nothing is left out.
    #[error("nothing is left out")]
    Nothing,
    /// Braces that do not close.
    #[error("a deletion does not end with }}}}")]
    Open,
    /// A deletion without text.
    #[error("a deletion is empty")]
    Empty,
    /// Too many levels.
    #[error("deletions nest too deep")]
    Deep,
}

/// A piece of a cloze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// What is left out on the card of this number.
    Deletion {
        /// The number of its card, from 1.
        number: u16,
        /// What is left out.
        inside: Vec<Piece>,
        /// What is shown in its place, if not an ellipsis.
        hint: Option<String>,
    },
}

/// The pieces of a text. `{{` without a number is text.
pub fn pieces(text: &str) -> Result<Vec<Piece>, NoCloze> {
    let mut stack: Vec<(u16, Vec<Piece>)> = vec![];
    let (mut here, mut plain, mut rest) = (vec![], String::new(), text);
    while let Some(next) = rest.chars().next() {
        if let Some((number, after)) = beginning(rest) {
            if stack.len() == DEEPEST {
                return Err(NoCloze::Deep);
            }
            flush(&mut plain, &mut here);
            stack.push((number, std::mem::take(&mut here)));
            rest = after;
        } else if let (Some(after), true) = (rest.strip_prefix("}}"), !stack.is_empty()) {
            flush(&mut plain, &mut here);
            let Some((number, outer)) = stack.pop() else { break };
            let deletion = deletion(number, std::mem::replace(&mut here, outer))?;
            here.push(deletion);
            rest = after;
        } else {
            plain.push(next);
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
        }
    }
    flush(&mut plain, &mut here);
    if stack.is_empty() { Ok(here) } else { Err(NoCloze::Open) }
}

/// The numbers of its cards.
pub fn numbers(text: &str) -> Result<BTreeSet<u16>, NoCloze> {
    fn collect(pieces: &[Piece], numbers: &mut BTreeSet<u16>) {
        for piece in pieces {
            if let Piece::Deletion { number, inside, .. } = piece {
                numbers.insert(*number);
                collect(inside, numbers);
            }
        }
    }
    let mut numbers = BTreeSet::new();
    collect(&pieces(text)?, &mut numbers);
    if numbers.is_empty() { Err(NoCloze::Nothing) } else { Ok(numbers) }
}

/// The text with nothing left out; as it is, where it is no cloze.
pub fn plain(text: &str) -> String {
    fn say(pieces: &[Piece], out: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Deletion { inside, .. } => say(inside, out),
            }
        }
    }
    let mut out = String::with_capacity(text.len());
    match pieces(text) {
        Ok(pieces) => say(&pieces, &mut out),
        Err(_) => out.push_str(text),
    }
    out
}

/// `{{c12::`, and what comes after it.
fn beginning(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.strip_prefix("{{c")?.split_once("::")?;
    let number =
        digits.parse().ok().filter(|number| (1..=MOST).contains(number) && !digits.starts_with('+'))?;
    Some((number, after))
}

fn flush(plain: &mut String, here: &mut Vec<Piece>) {
    if !plain.is_empty() {
        here.push(Piece::Text(std::mem::take(plain)));
    }
}

fn deletion(number: u16, mut inside: Vec<Piece>) -> Result<Piece, NoCloze> {
    let mut hint = None;
    if let Some(Piece::Text(last)) = inside.last_mut()
        && let Some((text, after)) = last.rsplit_once("::")
    {
        hint = Some(after.to_owned());
        *last = text.to_owned();
    }
    let empty = inside.iter().all(|piece| matches!(piece, Piece::Text(text) if text.trim().is_empty()));
    if empty { Err(NoCloze::Empty) } else { Ok(Piece::Deletion { number, inside, hint }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_hints_and_nested_deletions_are_read() {
        let text = "{{c1::Preload}} is {{c2::{{c3::end-diastolic}} volume::which?}}";
        assert_eq!(numbers(text), Ok(BTreeSet::from([1, 2, 3])));
        assert_eq!(plain(text), "Preload is end-diastolic volume");
        let Some(Piece::Deletion { hint, .. }) = pieces(text).unwrap().pop() else { panic!() };
        assert_eq!(hint.as_deref(), Some("which?"));
        assert_eq!(plain(r"$\frac{a}{{c1::b}}$"), r"$\frac{a}b$");
    }

    #[test]
    fn what_is_no_cloze_says_why() {
        for (text, why) in [
            ("no deletion {{here}}", NoCloze::Nothing),
            ("{{c1::open", NoCloze::Open),
            ("{{c1:: }}", NoCloze::Empty),
            ("{{c0::a}}", NoCloze::Nothing),
        ] {
            assert_eq!(numbers(text), Err(why), "{text}");
        }
        assert_eq!(numbers(&"{{c1::".repeat(20)), Err(NoCloze::Deep));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in r"([{}:c1-3a ]|\{\{c1::|\}\}){0,40}") {
            let said = plain(&text);
            prop_assert!(said.len() <= text.len());
            prop_assert!(numbers(&text).is_ok() || numbers(&text).is_err());
        }
    }
}
