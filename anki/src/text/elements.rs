//! Which tags are which elements. All others are transparent: what is in them stays.

use html5ever::tokenizer::Tag;

use super::{
    blocks::Element,
    signs::{EMPHASIS, STRONG, STRUCK},
};

/// The element that a tag begins.
pub(super) fn of(tag: &Tag) -> Option<Element> {
    let name: &str = &tag.name;
    Some(match name {
        "b" | "strong" => Element::Mark(STRONG),
        "i" | "em" | "cite" | "dfn" => Element::Mark(EMPHASIS),
        "s" | "strike" | "del" => Element::Mark(STRUCK),
        "u" | "ins" => Element::Tag("u"),
        "sub" => Element::Tag("sub"),
        "sup" => Element::Tag("sup"),
        "code" | "kbd" | "tt" | "samp" => Element::Code,
        "a" => Element::Link(attribute(tag, "href").and_then(|href| address(&href))?),
        "pre" => Element::Pre,
        "ul" | "menu" | "dir" => Element::List(None),
        "ol" => {
            let start = attribute(tag, "start").and_then(|start| start.parse().ok());
            Element::List(Some(start.unwrap_or(1).min(99_999)))
        }
        "li" => Element::Item,
        "table" => Element::Table(Vec::new()),
        "tr" => Element::Row(Vec::new()),
        "td" | "th" => Element::Cell,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            Element::Heading(name.get(1..).and_then(|level| level.parse().ok())?)
        }
        "blockquote" => Element::Quote,
        "p" => Element::Paragraph,
        "div" | "section" | "article" | "header" | "footer" | "figure" | "figcaption" | "center" | "dl"
        | "dt" | "dd" | "details" | "summary" | "caption" | "aside" | "main" | "nav" | "form"
        | "fieldset" | "address" => Element::Line,
        _ => return None,
    })
}

/// The value of an attribute.
pub(super) fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
    found.map(|attribute| attribute.value.to_string())
}

/// An address that a link may have.
fn address(address: &str) -> Option<String> {
    let lower = address.trim().to_ascii_lowercase();
    let allowed = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    (allowed && lower.len() < 2_000).then(|| address.trim().to_owned())
}
