//! Titles of decks: they nest by `::`, as in Anki.

/// Between the parts of a title.
pub const SEPARATOR: &str = "::";

/// How long a title may be, in characters, with those of the decks above.
pub const LONGEST: usize = 300;

/// How deep decks nest.
pub const DEEPEST: usize = 20;

/// What a deck is called that nobody gave a name.
const UNTITLED: &str = "Cards";

/// How much of a wanted title is kept: room for a number behind it.
const WANTED: usize = 200;

/// Why a text is no title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTitle {
    /// A part without a name.
    #[error("must have a name before and after each `::`")]
    Blank,
    /// More than [`LONGEST`].
    #[error("must have at most {LONGEST} characters, with those of the decks above")]
    Long,
    /// More than [`DEEPEST`].
    #[error("must not nest deeper than {DEEPEST} decks")]
    Deep,
    /// A line break, a NUL or their like.
    #[error("must not have control characters")]
    Control,
}

/// The names that a title is made of, from the deck at the top down, each without white space around it.
pub fn parts(title: &str) -> Result<Vec<&str>, NoTitle> {
    if title.chars().any(char::is_control) {
        return Err(NoTitle::Control);
    }
    let parts: Vec<&str> = title.split(SEPARATOR).map(str::trim).collect();
    if parts.iter().any(|part| part.trim_matches(':').is_empty()) {
        return Err(NoTitle::Blank);
    }
    if parts.len() > DEEPEST {
        return Err(NoTitle::Deep);
    }
    let separators = SEPARATOR.len() * parts.len().saturating_sub(1);
    let length = parts.iter().map(|part| part.chars().count()).sum::<usize>() + separators;
    if length > LONGEST { Err(NoTitle::Long) } else { Ok(parts) }
}

/// The title of the deck above, if there is one.
pub fn parent(title: &str) -> Option<&str> {
    title.rsplit_once(SEPARATOR).map(|(parent, _)| parent)
}

/// A title for what was wanted to be called so by somebody who does not know of nesting: one line, without `::`, not empty.
pub fn plain(wanted: &str) -> String {
    let line: String = wanted.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    let mut line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    while line.contains(SEPARATOR) {
        line = line.replace(SEPARATOR, ":");
    }
    let kept: String = line.trim_matches([':', ' ']).chars().take(WANTED).collect();
    let kept = kept.trim_end();
    if kept.is_empty() { UNTITLED.to_owned() } else { kept.to_owned() }
}

/// The title with the number of this try: the first is the title itself.
pub fn numbered(title: &str, number: u32) -> String {
    if number < 2 { title.to_owned() } else { format!("{title} {number}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_is_its_parts() {
        assert_eq!(parts(" Heart :: Valves::Mitral "), Ok(vec!["Heart", "Valves", "Mitral"]));
        assert_eq!(parent("Heart::Valves::Mitral"), Some("Heart::Valves"));
        assert_eq!(parent("Heart"), None);
        for (title, why) in [
            ("", NoTitle::Blank),
            ("a::", NoTitle::Blank),
            ("a::: ::b", NoTitle::Blank),
            ("a\nb", NoTitle::Control),
            (&"x".repeat(301), NoTitle::Long),
            (&vec!["x"; 21].join("::"), NoTitle::Deep),
        ] {
            assert_eq!(parts(title), Err(why), "{title}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_wanted_is_a_title_of_one_part(wanted in r"(::|[a:\n ]|\PC){0,300}", number in 0_u32..1_000_000) {
            let title = numbered(&plain(&wanted), number);
            prop_assert_eq!(parts(&title), Ok(vec![title.as_str()]));
        }
    }
}
