//! LaTeX in JSON whose backslashes were not doubled: `"\frac"` is a legal escape and `rac`.
//!
//! A grammar permits exactly such escapes, so no provider's promise helps. Works on the raw text of one item, before it is
//! parsed. Proper JSON stays what it is, but for backspaces and form feeds, which mean nothing in a text.

use std::borrow::Cow;

/// Commands that begin like the escape of a line break. Outside of formulas a line break is one.
const BEGIN_WITH_N: [&str; 17] = [
    "nabla",
    "ne",
    "nearrow",
    "neg",
    "neq",
    "nexists",
    "ngeq",
    "ni",
    "nleftarrow",
    "nleq",
    "nmid",
    "not",
    "notin",
    "nparallel",
    "nrightarrow",
    "nsim",
    "nu",
];

/// Commands that begin like the escape of a tab.
const BEGIN_WITH_T: [&str; 22] = [
    "tan",
    "tanh",
    "tau",
    "tbinom",
    "text",
    "textbf",
    "textit",
    "textrm",
    "textsubscript",
    "textsuperscript",
    "textup",
    "tfrac",
    "therefore",
    "theta",
    "tilde",
    "times",
    "to",
    "top",
    "triangle",
    "triangleq",
    "triangleleft",
    "triangleright",
];

/// Doubles each backslash that begins a command of LaTeX, or that JSON does not know.
pub fn mend(raw: &str) -> Cow<'_, str> {
    let mut reader = Reader::default();
    let (mut out, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(&byte) = raw.as_bytes().get(at) {
        if byte != b'\\' {
            reader.passes(byte);
            at += 1;
            continue;
        }
        let rest = raw.get(at + 1..).unwrap_or_default();
        if reader.is_command(rest) {
            out.push_str(raw.get(kept..at).unwrap_or_default());
            out.push_str("\\\\");
            kept = at + 1;
        }
        at += if rest.is_empty() { 1 } else { 2 };
    }
    if kept == 0 {
        return Cow::Borrowed(raw);
    }
    out.push_str(raw.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

/// What is known of the string that is read.
#[derive(Default)]
struct Reader {
    /// Within a formula.
    math: bool,
    /// It has a command that was doubled as it should be: then single ones are escapes.
    proper: bool,
}

impl Reader {
    fn passes(&mut self, byte: u8) {
        match byte {
            // A string begins or ends.
            b'"' => *self = Self::default(),
            b'$' => self.math = !self.math,
            _ => {}
        }
    }

    /// Whether the backslash before `rest` wants doubling.
    fn is_command(&mut self, rest: &str) -> bool {
        let bytes = rest.as_bytes();
        let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = rest.get(..letters).unwrap_or_default();
        match bytes.first() {
            Some(b'\\') => {
                self.passes_doubled(bytes.get(1));
                false
            }
            Some(b'"' | b'/') => false,
            Some(b'r') => word.len() > 1,
            Some(b't') => !self.proper && BEGIN_WITH_T.contains(&word),
            Some(b'n') => !self.proper && self.math && BEGIN_WITH_N.contains(&word),
            Some(b'u') => !bytes.get(1..5).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
            Some(b'(' | b'[') => {
                self.math = true;
                true
            }
            Some(b')' | b']') => {
                self.math = false;
                true
            }
            // What is no escape of JSON, and backspaces and form feeds, which nobody writes.
            _ => true,
        }
    }

    fn passes_doubled(&mut self, next: Option<&u8>) {
        match next {
            Some(b'(' | b'[') => self.math = true,
            Some(b')' | b']') => self.math = false,
            Some(letter) if letter.is_ascii_alphabetic() => self.proper = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn mended(raw: &str) -> String {
        let json = mend(raw);
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    #[test]
    fn commands_with_one_backslash_are_mended() {
        for (raw, wanted) in [
            (r#""\(\frac{a}{b}\)""#, r"\(\frac{a}{b}\)"),
            (r#""$\beta$ and $\rho$""#, r"$\beta$ and $\rho$"),
            (r#""$\nu \neq \nabla$""#, r"$\nu \neq \nabla$"),
            (r#""$\tau \times \theta$""#, r"$\tau \times \theta$"),
            (r#""$\alpha_{1}\,\mathrm{mmol}$""#, r"$\alpha_{1}\,\mathrm{mmol}$"),
            (r#""$\underline{x}$""#, r"$\underline{x}$"),
            (r#""half \""#, ""),
        ] {
            match serde_json::from_str::<String>(&mend(raw)) {
                Ok(text) => assert_eq!(text, wanted),
                Err(_) => assert_eq!(wanted, "", "{raw}"),
            }
        }
    }

    #[test]
    fn what_was_written_properly_stays() {
        for raw in [
            r#""$\\frac{a}{b}$\n\ttext""#,
            r#""S2\nmid-systolic click""#,
            r#""a\nnu\tb""#,
            r#""C:\\new\\table""#,
            r#""said \"so\" \u00e9 \/""#,
            r#""\\(\\nu\\) is\nnot ne""#,
        ] {
            assert_eq!(mend(raw), raw);
            mended(raw);
        }
    }

    proptest! {
        #[test]
        fn mended_twice_is_mended_once(raw in r#"[\\nrtbfu"$(){}a-z0-9 é]{0,60}"#) {
            let once = mend(&raw).into_owned();
            prop_assert_eq!(mend(&once), once.as_str());
        }

        #[test]
        fn proper_json_stays_what_it_says(text in "[^\u{8}\u{c}\r\t\n\\$]{0,40}") {
            let raw = Value::String(text.clone()).to_string();
            prop_assert_eq!(mended(&raw), text);
        }

        #[test]
        fn any_letters_behind_a_backslash_are_json_afterwards(words in prop::collection::vec("[\\\\][a-zA-Z]{1,8}", 0..6)) {
            let raw = format!("\"{}\"", words.join(" "));
            mended(&raw);
        }
    }
}
