//! Formulas: `\(…\)` and `\[…\]` in Anki, `$…$` and `$$…$$` here. They are taken out of a text before it is translated and
//! put back afterwards: nothing in them is markup.

use super::{
    plain::plain,
    signs::{FORMULA, FORMULA_END, put_back},
};

/// How formulas are written in Anki: beginning, end, and whether they stand alone.
const IN_ANKI: [(&str, &str, Style); 6] = [
    (r"\(", r"\)", Style::Inline),
    (r"\[", r"\]", Style::Display),
    ("[$$]", "[/$$]", Style::Display),
    ("[$]", "[/$]", Style::Inline),
    ("[latex]", "[/latex]", Style::Latex),
    ("<anki-mathjax", "</anki-mathjax>", Style::Element),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Inline,
    Display,
    /// A document: text with formulas, or one formula.
    Latex,
    /// As Anki's editor writes them.
    Element,
}

/// A formula.
#[derive(Debug)]
pub(super) struct Formula {
    pub(super) tex: String,
    pub(super) display: bool,
}

/// HTML with places for its formulas.
pub(super) fn take(html: &str) -> (String, Vec<Formula>) {
    let mut out = String::with_capacity(html.len());
    let mut found = Vec::new();
    // What was looked for in vain once does not end any later one either.
    let mut unended = [false; IN_ANKI.len()];
    let mut rest = html;
    while let Some(at) = rest.find(['\\', '[', '<']) {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let formula = IN_ANKI.iter().zip(&mut unended).find_map(|((begin, end, style), unended)| {
            let inner = here.strip_prefix(begin).filter(|_| !*unended)?;
            let Some((inner, after)) = inner.split_once(end) else {
                *unended = true;
                return None;
            };
            Some((formula(inner, *style), after))
        });
        if let Some((formula, after)) = formula {
            if let Some(formula) = formula {
                out.extend([FORMULA.to_string(), found.len().to_string(), FORMULA_END.to_string()]);
                found.push(formula);
            }
            rest = after;
        } else {
            let mut signs = here.chars();
            out.extend(signs.next());
            rest = signs.as_str();
        }
    }
    out.push_str(rest);
    (out, found)
}

fn formula(html: &str, style: Style) -> Option<Formula> {
    let (html, display) = match style {
        Style::Element => {
            let (attributes, inner) = html.split_once('>')?;
            (inner, attributes.contains("block=\"true\""))
        }
        style => (html, style == Style::Display),
    };
    let text = plain(html, false).replace('\u{a0}', " ");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut tex = lines.join(if display { "\n" } else { " " });
    if style == Style::Latex
        && let Some(inner) = tex.strip_prefix('$').and_then(|tex| tex.strip_suffix('$'))
    {
        tex = inner.trim_matches('$').trim().into();
    }
    (!tex.is_empty()).then_some(Formula { tex, display })
}

/// Markdown with its formulas again.
pub(super) fn put(markdown: &str, formulas: &[Formula]) -> String {
    put_back(markdown, FORMULA, FORMULA_END, |number, before, after| {
        let Some(Formula { tex, display }) = formulas.get(number) else { return String::new() };
        // A dollar sign does not end a formula before a digit, nor beside another one.
        let beside = |c: Option<char>| matches!(c, Some('$' | FORMULA | FORMULA_END));
        let unclear = beside(before) || beside(after) || after.is_some_and(|c| c.is_ascii_digit());
        match (display, unclear || has_dollar(tex)) {
            (false, false) => format!("${tex}$"),
            (false, true) => format!(r"\({tex}\)"),
            (true, false) => format!("$${tex}$$"),
            (true, true) => format!(r"\[{tex}\]"),
        }
    })
}

fn has_dollar(tex: &str) -> bool {
    tex.replace(r"\\", "").replace(r"\$", "").contains('$') || tex.ends_with('\\')
}

/// The formula that a piece of Markdown begins with: what it is, as it is written, and what comes after it.
pub(super) fn first(markdown: &str) -> Option<(Formula, &str, &str)> {
    let pairs = [("$$", "$$", true), (r"\[", r"\]", true), (r"\(", r"\)", false)];
    for (begin, end, display) in pairs {
        if let Some(inner) = markdown.strip_prefix(begin) {
            let (tex, after) = inner.split_once(end).filter(|(tex, _)| is_formula(tex))?;
            return Some((Formula { tex: tex.trim().to_owned(), display }, written(markdown, after), after));
        }
    }
    let inner = markdown.strip_prefix('$')?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            '$' if !escaped => {
                let (tex, after) = (inner.get(..at)?, inner.get(at + 1..)?);
                let spaced = tex.starts_with(char::is_whitespace) || tex.ends_with(char::is_whitespace);
                let is_money = after.starts_with(|c: char| c.is_ascii_digit());
                let formula = Formula { tex: tex.to_owned(), display: false };
                return (is_formula(tex) && !spaced && !is_money)
                    .then(|| (formula, written(markdown, after), after));
            }
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

fn written<'a>(markdown: &'a str, after: &str) -> &'a str {
    markdown.get(..markdown.len() - after.len()).unwrap_or_default()
}

/// Formulas end within their paragraph.
fn is_formula(tex: &str) -> bool {
    !tex.trim().is_empty() && !tex.contains("\n\n")
}
