//! Text as Markdown that shows it sign by sign: nothing in it is markup, a formula, or a citation of ours.

/// The text on one line.
pub(crate) fn verbatim(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut markdown = String::with_capacity(line.len());
    for (at, c) in line.char_indices() {
        match c {
            // `\[` would begin a formula. An unseen sign keeps a paper's own reference from being one of ours.
            '[' if is_reference(line.get(at..).unwrap_or_default()) => markdown.push_str("&#91;&#8288;"),
            '[' => markdown.push_str("&#91;"),
            ']' => markdown.push_str("&#93;"),
            '\\' => markdown.push_str("&#92;"),
            '*' | '_' | '`' | '~' | '|' | '<' | '>' | '#' | '$' | '&' => {
                markdown.push('\\');
                markdown.push(c);
            }
            c => markdown.push(c),
        }
    }
    guarded(&markdown)
}

/// `[12]` or `[3, 4–6]`.
fn is_reference(rest: &str) -> bool {
    let inner = rest.get(1..).and_then(|rest| rest.split_once(']')).map(|(inner, _)| inner);
    inner.is_some_and(|inner| inner.chars().all(|c| c.is_ascii_digit() || " ,;-–".contains(c)))
}

/// What would begin a list or a rule at the beginning of a line begins none, and `> 5` is a quote and not "more than 5".
fn guarded(line: &str) -> String {
    match line.chars().next() {
        Some(digit) if digit.is_ascii_digit() => {
            format!("&#{};{}", u32::from(digit), line.get(1..).unwrap_or_default())
        }
        Some('-' | '+' | '=') => format!("\\{line}"),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages' own test (`excerpts.test.ts` there) renders these, and finds the text on the left.
    #[test]
    fn signs_stay_signs() {
        let cases = [
            (
                "5 * 3 _x_ `y` ~~z~~ a|b # $5 & <0.05 >2",
                r"&#53; \* 3 \_x\_ \`y\` \~\~z\~\~ a\|b \# \$5 \& \<0.05 \>2",
            ),
            (
                "as shown [12] and [a](b) in C:\\x",
                "as shown &#91;&#8288;12&#93; and &#91;a&#93;(b) in C:&#92;x",
            ),
            ("1. Give 0.5 mg", "&#49;. Give 0.5 mg"),
            ("- 2.5 mmol/L", r"\- 2.5 mmol/L"),
            ("two\nlines  of\ttext", "two lines of text"),
        ];
        for (text, markdown) in cases {
            assert_eq!(verbatim(text), markdown);
        }
    }
}
