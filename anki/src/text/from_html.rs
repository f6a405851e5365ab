//! HTML of a stranger to Markdown: what is known is taken over, and all else is left out. No element, attribute or script of
//! it comes through.

use std::cell::RefCell;

use html5ever::tokenizer::{
    CharacterTokens, EndTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, states::RawKind,
};
use serde::{Deserialize, Serialize};

use super::{
    blocks::{Element, Frame, end},
    elements,
    escape::{self, Within},
    formulas, lines, marks,
    plain::tokenized,
    signs::{LEAD, LEAD_END, without},
    spans::encoded,
};

/// How deep elements nest; what is deeper is transparent.
const DEEPEST: usize = 40;

/// What was left out of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Names of images that are shown, in their order. They are in the text.
    pub images: Vec<String>,
    /// References to sounds.
    pub sounds: usize,
    /// Images of other servers, and images in the text itself.
    pub remote_images: usize,
    /// Scripts, styles, frames and the like.
    pub scripts: usize,
}

/// Markdown of some HTML, and what was left out of it.
pub fn markdown_from_html(html: &str) -> (String, Removed) {
    let clean = without(html);
    let mut removed = Removed::default();
    let silent = without_sounds(&clean, &mut removed.sounds);
    let (html, formulas) = formulas::take(&silent);
    let begin = vec![Frame::new(Element::Root, "")];
    let reader = Reader { frames: begin, text: String::new(), removed, skipped: None };
    let mut reader = tokenized(Sink(RefCell::new(reader)), &html).0.into_inner();
    reader.flush();
    while reader.frames.len() > 1 {
        reader.close();
    }
    let almost = reader.frames.pop().map(|root| root.out).unwrap_or_default();
    let markdown = formulas::put(&lines::finish(&marks::write(&almost)), &formulas);
    (markdown, reader.removed)
}

/// Without `[sound:name.mp3]`.
fn without_sounds(html: &str, removed: &mut usize) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("[sound:") {
        out.push_str(before);
        match after.split_once(']') {
            Some((name, after)) if !name.contains(['<', '[', '\n']) => {
                *removed += 1;
                rest = after;
            }
            _ => {
                out.push_str("[sound:");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

struct Sink(RefCell<Reader>);

struct Reader {
    /// Elements that have begun, from the outermost.
    frames: Vec<Frame>,
    /// Text since the last tag.
    text: String,
    removed: Removed,
    /// The element that is left out with all that is in it, and how often it nests.
    skipped: Option<(String, usize)>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            CharacterTokens(text) if reader.skipped.is_none() => reader.text.push_str(&text),
            TagToken(tag) => return reader.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let ends = tag.kind == EndTag;
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name {
                *depth = if ends { depth.saturating_sub(1) } else { *depth + 1 };
            }
            if *depth == 0 {
                self.skipped = None;
            }
            return TokenSinkResult::Continue;
        }
        self.flush();
        if ends {
            self.end_tag(name);
            return TokenSinkResult::Continue;
        }
        let raw = match name {
            "script" => Some(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
            "textarea" | "title" => Some(RawKind::Rcdata),
            "svg" | "object" | "audio" | "video" | "template" | "select" | "math" | "canvas" | "button" => {
                None
            }
            _ => {
                self.start_tag(tag, name);
                return TokenSinkResult::Continue;
            }
        };
        self.removed.scripts += 1;
        if raw.is_some() || !tag.self_closing {
            self.skipped = Some((name.to_owned(), 1));
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    /// Adds the text since the last tag.
    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let cell = !self.within(|element| !matches!(element, Element::Cell));
        let link = !self.within(|element| !matches!(element, Element::Link(_)));
        let Some(frame) = self.frames.last_mut() else { return };
        match frame.element {
            Element::Pre => frame.push(&text),
            // Between rows and items there is no text.
            Element::List(_) | Element::Table(_) | Element::Row(_) if text.trim().is_empty() => {}
            _ => {
                let mut squeezed = String::with_capacity(text.len());
                for c in text.chars() {
                    match c {
                        ' ' | '\n' | '\t' | '\u{a0}' => {
                            let is_blank = if squeezed.is_empty() {
                                frame.is_at_blank()
                            } else {
                                squeezed.ends_with(' ')
                            };
                            squeezed.extend((!is_blank).then_some(' '));
                        }
                        c => squeezed.push(c),
                    }
                }
                if matches!(frame.element, Element::Code) {
                    frame.push(&squeezed);
                } else {
                    frame.push(&escape::inline(&squeezed, Within { cell, link }));
                }
            }
        }
    }

    fn start_tag(&mut self, tag: &Tag, name: &str) {
        let attribute = |name: &str| elements::attribute(tag, name);
        match name {
            "br" => return self.br(),
            "hr" => return self.top(|frame| frame.block(&format!("{LEAD}---{LEAD_END}"), 2)),
            "img" => {
                return self
                    .image(&attribute("src").unwrap_or_default(), &attribute("alt").unwrap_or_default());
            }
            "embed" | "input" | "link" | "meta" | "base" => {
                self.removed.scripts += 1;
                return;
            }
            "source" | "wbr" | "col" | "colgroup" | "param" | "area" => return,
            _ => {}
        }
        let element = elements::of(tag).filter(|element| self.may_begin(element));
        let Some(element) = element else { return };
        self.open(element, name);
    }

    fn open(&mut self, element: Element, name: &str) {
        match element {
            Element::Item => self.close_within(&["li"], &["ul", "ol", "menu", "dir"]),
            Element::Row(_) => self.close_within(&["tr"], &["table"]),
            Element::Cell => self.close_within(&["td", "th"], &["tr", "table"]),
            Element::Paragraph | Element::Heading(_) => {
                self.close_within(&["p"], &["li", "td", "th", "blockquote", "div"]);
            }
            _ => {}
        }
        if self.frames.len() < DEEPEST {
            self.frames.push(Frame::new(element, name));
        } else if !element.is_inline() {
            self.top(|frame| frame.part(1));
        }
    }

    fn end_tag(&mut self, name: &str) {
        match name {
            "br" => return self.br(),
            "p" if !self.frames.iter().any(|frame| frame.name == "p") => {
                return self.top(|frame| frame.part(2));
            }
            _ => {}
        }
        let Some(at) = self.frames.iter().rposition(|frame| frame.name == name && !frame.name.is_empty())
        else {
            return;
        };
        // The end of emphasis does not end the cell that it stands in.
        let crosses = self.frames.iter().skip(at + 1).any(|frame| !frame.element.is_inline());
        if crosses && self.frames.get(at).is_some_and(|frame| frame.element.is_inline()) {
            return;
        }
        while self.frames.len() > at.max(1) {
            self.close();
        }
    }

    /// Ends an element of one of these names, unless one of others was begun within it.
    fn close_within(&mut self, names: &[&str], bounds: &[&str]) {
        let inner = self.frames.iter().rposition(|frame| names.contains(&frame.name.as_str()));
        let bound = self.frames.iter().rposition(|frame| bounds.contains(&frame.name.as_str()));
        if let Some(at) = inner.filter(|at| bound.is_none_or(|bound| bound < *at)) {
            while self.frames.len() > at.max(1) {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop()
            && let Some(outer) = self.frames.last_mut()
        {
            end(frame, outer);
        }
    }

    fn br(&mut self) {
        self.top(|frame| match frame.element {
            Element::Code | Element::Heading(_) | Element::Link(_) | Element::Tag(_) => {
                frame.push(if frame.is_at_blank() { "" } else { " " });
            }
            _ => frame.br(),
        });
    }

    fn image(&mut self, source: &str, alt: &str) {
        let name = super::decoded(source);
        if source.contains(':') || source.starts_with("//") || name.contains(['/', '\\']) {
            self.removed.remote_images += 1;
            return;
        }
        if name.trim().is_empty() || !name.chars().all(|c| c >= ' ') {
            return;
        }
        let alt = escape::inline(
            &without(alt).split_whitespace().collect::<Vec<_>>().join(" "),
            Within { cell: true, link: true },
        );
        self.top(|frame| frame.push(&format!("![{alt}]({})", encoded(&name))));
        self.removed.images.push(name);
    }

    fn top(&mut self, change: impl FnOnce(&mut Frame)) {
        if let Some(frame) = self.frames.last_mut() {
            change(frame);
        }
    }

    fn within(&self, allows: impl Fn(&Element) -> bool) -> bool {
        self.frames.iter().all(|frame| allows(&frame.element))
    }

    /// Emphasis within the same emphasis is none, and in code there is none.
    fn may_begin(&self, element: &Element) -> bool {
        self.within(|outer| match (outer, element) {
            (Element::Pre | Element::Code, element) => !element.is_inline(),
            (Element::Mark(one), Element::Mark(other)) => one != other,
            (Element::Tag(one), Element::Tag(other)) => one != other,
            (Element::Link(_), Element::Link(_)) => false,
            _ => true,
        })
    }
}
