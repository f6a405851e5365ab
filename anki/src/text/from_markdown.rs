//! Markdown to HTML as Anki keeps it in a field. No HTML of a text comes through but the tags that the pages show.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::{
    formulas::Formula,
    signs::{FORMULA, FORMULA_END, LESS, NOTHING, STAR, TAG, TAG_END, TILDE, put_back, without},
    spans::decoded,
    tags,
    taken::Taken,
};

/// HTML of some Markdown. In that of a cloze, two braces within a formula of a deletion are parted: they would end it.
pub fn html_from_markdown(markdown: &str, is_cloze: bool) -> String {
    let clean = without(markdown).replace("\r\n", "\n");
    let taken = Taken::of(&clean, is_cloze);
    let mut writer = Writer::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for event in TextMergeStream::new(Parser::new_ext(&taken.out, options)) {
        writer.event(event);
    }
    let html = put_back(&writer.out, TAG, TAG_END, |number, _, _| {
        tags::ALLOWED.get(number).copied().unwrap_or_default().to_owned()
    });
    let html = put_back(&html, FORMULA, FORMULA_END, |number, _, _| {
        taken.formulas.get(number).map(in_anki).unwrap_or_default()
    });
    html.replace(LESS, "&lt;").replace(STAR, "*").replace(TILDE, "~").replace(NOTHING, "")
}

fn in_anki(formula: &Formula) -> String {
    let tex = escaped(&formula.tex);
    if formula.display { format!(r"\[{tex}\]") } else { format!(r"\({tex}\)") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What stands before the next paragraph of the same element.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Before {
    #[default]
    Nothing,
    Paragraph,
    Block,
}

#[derive(Default)]
struct Writer {
    out: String,
    before: Before,
    outer: Vec<Before>,
    /// The text that an image is described by, while one is read, with its address.
    image: Option<(String, String)>,
    /// Links whose address may stand in Anki, from the outermost.
    links: Vec<bool>,
    in_head: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        if let Some((alt, _)) = &mut self.image {
            match event {
                Event::End(TagEnd::Image) => self.image(),
                Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.out.push_str(&escaped(&text));
            }
            Event::Code(code) => {
                // Writing to a string does not fail, here and below.
                let _always = write!(self.out, "<code>{}</code>", escaped(&code));
            }
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.single("<hr>"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph if self.before == Before::Paragraph => self.out.push_str("<br><br>"),
            Tag::Heading { level, .. } => self.open(&format!("<{level}>")),
            Tag::BlockQuote(_) => self.open("<blockquote>"),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => self.open("<pre><code>"),
            Tag::List(Some(start)) if start != 1 => self.open(&format!("<ol start=\"{start}\">")),
            Tag::List(Some(_)) => self.open("<ol>"),
            Tag::List(None) => self.open("<ul>"),
            Tag::Item => self.open("<li>"),
            Tag::Table(_) => self.open("<table>"),
            Tag::TableHead => {
                self.in_head = true;
                self.open("<tr>");
            }
            Tag::TableRow => self.open("<tr>"),
            Tag::TableCell => self.open(if self.in_head { "<th>" } else { "<td>" }),
            Tag::Emphasis => self.out.push_str("<i>"),
            Tag::Strong => self.out.push_str("<b>"),
            Tag::Strikethrough => self.out.push_str("<s>"),
            Tag::Link { dest_url, .. } => {
                let allowed =
                    ["http://", "https://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme));
                self.links.push(allowed);
                if allowed {
                    let _always = write!(self.out, "<a href=\"{}\">", in_attribute(&decoded(&dest_url)));
                }
            }
            Tag::Image { dest_url, .. } => self.image = Some((String::new(), dest_url.into_string())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.before = Before::Paragraph,
            TagEnd::Heading(level) => self.close(&format!("</{level}>")),
            TagEnd::BlockQuote(_) => self.close("</blockquote>"),
            TagEnd::CodeBlock => {
                self.out.truncate(self.out.trim_end_matches('\n').len());
                self.close("</code></pre>");
            }
            TagEnd::List(true) => self.close("</ol>"),
            TagEnd::List(false) => self.close("</ul>"),
            TagEnd::Item => self.close("</li>"),
            TagEnd::Table => self.close("</table>"),
            TagEnd::TableHead => {
                self.close("</tr>");
                self.in_head = false;
            }
            TagEnd::TableRow => self.close("</tr>"),
            TagEnd::TableCell => self.close(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.out.push_str("</i>"),
            TagEnd::Strong => self.out.push_str("</b>"),
            TagEnd::Strikethrough => self.out.push_str("</s>"),
            TagEnd::Link if self.links.pop() == Some(true) => self.out.push_str("</a>"),
            _ => {}
        }
    }

    fn open(&mut self, tag: &str) {
        self.out.push_str(tag);
        self.outer.push(self.before);
        self.before = Before::Nothing;
    }

    fn close(&mut self, tag: &str) {
        self.out.push_str(tag);
        self.outer.pop();
        self.before = Before::Block;
    }

    fn single(&mut self, tag: &str) {
        self.out.push_str(tag);
        self.before = Before::Block;
    }

    fn image(&mut self) {
        let Some((alt, address)) = self.image.take() else { return };
        let name = decoded(&address);
        if name.contains([':', '/', '\\']) {
            // Of another server: it is not fetched.
            self.out.push_str(&escaped(&alt));
        } else {
            let alt = if alt.is_empty() { String::new() } else { format!(" alt=\"{}\"", in_attribute(&alt)) };
            let _always = write!(self.out, "<img src=\"{}\"{alt}>", in_attribute(&name));
        }
    }
}

fn in_attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}
