//! The addresses of images in Markdown.

use crate::text::decoded;

/// The text with its images at other addresses. An image for whose address there is none is left out.
pub fn with_images(text: &str, address: impl Fn(&str) -> Option<String>) -> String {
    let (mut changed, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("![") {
        changed.push_str(before);
        let image = after.split_once("](").and_then(|(alt, after)| Some((alt, after.split_once(')')?)));
        match image {
            Some((alt, (old, after))) if !old.contains(char::is_whitespace) && !alt.contains("\n\n") => {
                if let Some(new) = address(&decoded(old)) {
                    changed.extend(["![", alt, "](", &new, ")"]);
                }
                rest = after;
            }
            _ => {
                changed.push_str("![");
                rest = after;
            }
        }
    }
    changed.push_str(rest);
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_move_and_those_that_are_nowhere_go() {
        let moved = |text: &str| with_images(text, |name| (name == "a b.png").then(|| "/new".to_owned()));
        assert_eq!(moved("x ![alt](a%20b.png) y"), "x ![alt](/new) y");
        assert_eq!(moved("x ![](gone.png)![](a%20b.png)"), "x ![](/new)");
        assert_eq!(moved("Wow![ and [link](a b)"), "Wow![ and [link](a b)");
        assert_eq!(moved("![open](a"), "![open](a");
    }
}
