//! HTML in what should be Markdown. It is never shown, so an item that has it is asked for again.

/// Elements that Markdown lacks and that are harmless.
const ALLOWED: [&str; 3] = ["br", "sub", "sup"];

/// Names of elements that begin HTML. What else stands after `<` is a comparison, as in `pH <a few hours`.
const KNOWN: [&str; 44] = [
    "a", "audio", "b", "base", "body", "button", "center", "code", "details", "div", "em", "embed", "font",
    "form", "frame", "h1", "h2", "h3", "head", "html", "i", "iframe", "img", "input", "link", "li", "math",
    "meta", "object", "ol", "p", "pre", "script", "span", "strong", "style", "svg", "table", "td",
    "template", "tr", "u", "ul", "video",
];

/// Whether a text has a tag of HTML, or an address that runs a script.
pub fn has_html(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if lower.contains("javascript:") || lower.contains("<!--") || lower.contains("data:text/html") {
        return true;
    }
    lower.split('<').skip(1).any(|after| {
        let after = after.strip_prefix('/').unwrap_or(after);
        let name: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
        let next = after.chars().nth(name.len());
        let ends = next.is_none_or(|next| next == '>' || next == '/' || next.is_whitespace());
        let plain =
            matches!(next, Some('>')) || after.get(name.len()..).is_some_and(|rest| rest.starts_with("/>"));
        let allowed = ALLOWED.contains(&name.as_str()) && plain;
        // `<a` before white space may be a comparison, unless the tag ends.
        let tag = ends && (after.contains('>') || name == "script" || name == "iframe");
        !allowed && tag && (KNOWN.contains(&name.as_str()) || ALLOWED.contains(&name.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_and_comparisons_are_not() {
        for html in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)>",
            "<b>bold</b>",
            "[x](javascript:alert(1))",
            "<br onclick=x>",
            "<SVG/onload=alert(1)>",
            "<script ",
            "</div>",
        ] {
            assert!(has_html(html), "{html}");
        }
        for text in [
            "pH <7.35 and >7.2",
            "p < 0.05",
            "H<sub>2</sub>O<br>next",
            "x<y>z",
            "a <a few hours",
            "**bold** $a<b$",
            "",
        ] {
            assert!(!has_html(text), "{text}");
        }
    }
}
