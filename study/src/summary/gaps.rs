//! Leaving out what is bold: the terms of a point become the deletions of a cloze.

/// The most deletions of a note: of more, each is a card that says little.
const MOST: usize = 5;

/// The text with its bold terms as deletions, the same term under the same number. `None` where nothing is bold, or braces
/// would not be read as they are meant.
pub(super) fn with_gaps(text: &str) -> Option<String> {
    if text.contains("{{") || text.contains("}}") {
        return None;
    }
    let mut terms: Vec<&str> = Vec::new();
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(sign) = rest.chars().next() {
        if let Some((term, after)) = bold(rest) {
            let number = terms.iter().position(|known| known.eq_ignore_ascii_case(term));
            if number.is_none() && terms.len() < MOST {
                terms.push(term);
            }
            match number.or_else(|| terms.iter().position(|known| *known == term)) {
                Some(number) => {
                    out.push_str("{{c");
                    out.push_str(&(number + 1).to_string());
                    out.push_str("::");
                    out.push_str(term);
                    out.push_str("}}");
                }
                None => out.push_str(rest.get(..rest.len() - after.len()).unwrap_or_default()),
            }
            rest = after;
        } else {
            let taken = verbatim(rest, sign);
            out.push_str(rest.get(..taken).unwrap_or_default());
            rest = rest.get(taken..).unwrap_or_default();
        }
    }
    (!terms.is_empty()).then_some(out)
}

/// A bold term that the text begins with, and what comes after it.
fn bold(text: &str) -> Option<(&str, &str)> {
    let (term, after) = text.strip_prefix("**")?.split_once("**")?;
    let fits = !term.is_empty() && term.trim() == term && !term.starts_with('*');
    // A brace at its end would close the deletion too early, and colons would be a hint.
    let safe = !term.contains("::") && !term.ends_with('}') && !term.ends_with(':') && !term.contains('\n');
    (fits && safe && !after.starts_with('*')).then_some((term, after))
}

/// How much of the text is taken as it is: code and formulas whole, an escaped sign with its backslash.
fn verbatim(text: &str, sign: char) -> usize {
    let one = sign.len_utf8();
    match sign {
        '\\' => one + text.chars().nth(1).map_or(0, char::len_utf8),
        // What is bold but no deletion stays whole, so that its end is not taken for a beginning.
        '*' if text.starts_with("**") => {
            let end = text.get(2..).and_then(|rest| rest.find("**"));
            end.map_or(2, |end| end + 4)
        }
        '`' | '$' => {
            let run = text.chars().take_while(|next| *next == sign).count();
            let fence = text.get(..run).unwrap_or_default();
            let end = text.get(run..).and_then(|rest| rest.find(fence));
            end.map_or(run, |end| end + 2 * run)
        }
        _ => one,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::with_gaps;
    use crate::items::cloze;

    #[test]
    fn bold_terms_are_left_out_each_under_its_number() {
        let gaps = |text| with_gaps(text);
        assert_eq!(
            gaps("**Preload** is **end-diastolic volume**; **preload** rises.").unwrap(),
            "{{c1::Preload}} is {{c2::end-diastolic volume}}; {{c1::preload}} rises."
        );
        for none in
            ["nothing", "2 ** 3 ** 4", "`**code**`", "$a**b**c$", "{{c1::a}} **b**", r"\**a**", "**a::b**"]
        {
            assert_eq!(gaps(none), None, "{none}");
        }
        assert_eq!(gaps("a * **b** *c*").unwrap(), "a * {{c1::b}} *c*");
        let many = (0..9).map(|n| format!("**t{n}**")).collect::<Vec<_>>().join(" ");
        assert_eq!(cloze::numbers(&gaps(&many).unwrap()).unwrap().len(), 5);
    }

    proptest! {
        #[test]
        fn what_has_gaps_is_a_cloze_that_says_the_same(text in r"([a-c `$\\{}:é\n]|\*\*|\*){0,40}") {
            if let Some(gaps) = with_gaps(&text) {
                prop_assert!(cloze::numbers(&gaps).is_ok(), "{gaps}");
                prop_assert_eq!(cloze::plain(&gaps).replace('*', ""), text.replace('*', ""));
            }
        }
    }
}
