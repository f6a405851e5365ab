//! The tags that Markdown may have here, as it lacks a way of its own: those that the pages show.

/// Each as it stands in a text, without attributes.
pub(super) const ALLOWED: [&str; 19] = [
    "<sub>",
    "</sub>",
    "<sup>",
    "</sup>",
    "<u>",
    "</u>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<s>",
    "</s>",
    "<strong>",
    "</strong>",
    "<em>",
    "</em>",
    "<del>",
    "</del>",
    "<br>",
];

/// The number of the tag that a text begins with, and what comes after it.
pub(super) fn first(text: &str) -> Option<(usize, &str)> {
    let (inner, after) = text.split_once('>')?;
    let tag = inner.get(1..).filter(|tag| tag.len() < 9)?.trim_end_matches([' ', '/']).to_ascii_lowercase();
    let number =
        ALLOWED.iter().position(|allowed| allowed.get(1..allowed.len() - 1) == Some(tag.as_str()))?;
    Some((number, after))
}
