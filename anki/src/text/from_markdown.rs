//! Markdown to HTML as Anki keeps it in a field. No HTML of a text comes through but the tags that the pages show.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::{
    blocks::decoded,
    formulas::{self, Formula},
    signs::{FORMULA, FORMULA_END, LESS, NOTHING, STAR, TAG, TAG_END, TILDE, put_back, without},
    tags,
};

/// HTML of some Markdown. In that of a cloze, two braces within a formula of a deletion are parted: they would end it.
pub fn html_from_markdown(markdown: &str, is_cloze: bool) -> String {
    let clean = without(markdown).replace("\r\n", "\n");
    let mut taken =
        Taken { out: String::with_capacity(clean.len()), formulas: Vec::new(), deletions: 0, is_cloze };
    taken.lines(&clean);
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

/// A text in which Markdown is read as our pages read it.
struct Taken {
    out: String,
    formulas: Vec<Formula>,
    /// Deletions of a cloze that are open.
    deletions: usize,
    is_cloze: bool,
}

impl Taken {
    /// Lines that would be read otherwise: one of dashes is a rule, and what looks like a definition is text.
    fn lines(&mut self, markdown: &str) {
        let mut text = String::with_capacity(markdown.len());
        let (mut fence, mut filled) = (false, false);
        for line in markdown.split('\n') {
            let trimmed = line.trim();
            fence ^= trimmed.starts_with("```") || trimmed.starts_with("~~~");
            let dashes = !trimmed.is_empty() && trimmed.chars().all(|c| c == '-');
            if dashes && filled && !fence {
                text.push('\n');
            }
            let is_definition =
                !fence && trimmed.trim_start_matches(['-', '*', '+', '>', ' ']).starts_with('[');
            text.push_str(&if is_definition {
                line.replace("]:", &format!("]{NOTHING}:"))
            } else {
                line.to_owned()
            });
            text.push('\n');
            filled = !trimmed.is_empty();
        }
        self.signs(&text);
    }

    fn signs(&mut self, markdown: &str) {
        let mut rest = markdown;
        let mut before = None;
        while let Some(c) = rest.chars().next() {
            let after = rest.get(c.len_utf8()..).unwrap_or_default();
            let (taken, next) = match c {
                '`' => self.code(rest),
                '$' | '\\' => self.formula(rest).unwrap_or_else(|| self.escape(rest)),
                '<' => match tags::first(rest) {
                    Some((number, after)) => {
                        self.out.extend([TAG.to_string(), number.to_string(), TAG_END.to_string()]);
                        (Some('>'), after)
                    }
                    None => self.sign(LESS, c, after),
                },
                '*' if between(before, after, |c| c.is_ascii_alphanumeric()) => self.sign(STAR, c, after),
                '~' if before != Some('~') && !after.starts_with('~') => self.sign(TILDE, c, after),
                _ => {
                    self.deletion(rest);
                    self.sign(c, c, after)
                }
            };
            before = taken;
            rest = next;
        }
    }

    fn sign<'a>(&mut self, sign: char, c: char, after: &'a str) -> (Option<char>, &'a str) {
        self.out.push(sign);
        (Some(c), after)
    }

    /// Code within a line, or a block of it, as it is.
    fn code<'a>(&mut self, rest: &'a str) -> (Option<char>, &'a str) {
        let inner = rest.trim_start_matches('`');
        let (ticks, mut at) = rest.split_at(rest.len() - inner.len());
        while let Some(found) = at.find('`') {
            let run = at.get(found..).unwrap_or_default();
            let after = run.trim_start_matches('`');
            if run.len() - after.len() == ticks.len() {
                let (code, after) = rest.split_at(rest.len() - after.len());
                self.out.push_str(code);
                return (Some('`'), after);
            }
            at = after;
        }
        self.out.push_str(ticks);
        (Some('`'), inner)
    }

    fn formula<'a>(&mut self, rest: &'a str) -> Option<(Option<char>, &'a str)> {
        let (mut formula, written, after) = formulas::first(rest)?;
        if self.is_cloze && self.deletions > 0 {
            formula.tex = parted(&formula.tex);
        }
        for at in written.char_indices().map(|(at, _)| at) {
            if formula.tex.contains("{{c") {
                self.deletion(written.get(at..).unwrap_or_default());
            }
        }
        self.out.extend([FORMULA.to_string(), self.formulas.len().to_string(), FORMULA_END.to_string()]);
        self.formulas.push(formula);
        Some((Some('$'), after))
    }

    fn escape<'a>(&mut self, rest: &'a str) -> (Option<char>, &'a str) {
        let mut signs = rest.chars();
        let first = signs.next();
        self.out.extend(first);
        let next = signs.next().filter(|c| first == Some('\\') && c.is_ascii_punctuation());
        self.out.extend(next);
        let length = first.map_or(0, char::len_utf8) + next.map_or(0, char::len_utf8);
        (next.or(first), rest.get(length..).unwrap_or_default())
    }

    /// Counts the deletions that are open.
    fn deletion(&mut self, rest: &str) {
        let is_number =
            |rest: &str| rest.split_once("::").is_some_and(|(number, _)| number.parse::<u16>().is_ok());
        if rest.strip_prefix("{{c").is_some_and(is_number) {
            self.deletions += 1;
        } else if rest.starts_with("}}") && !self.out.ends_with('}') {
            self.deletions = self.deletions.saturating_sub(1);
        }
    }
}

fn between(before: Option<char>, after: &str, is: fn(char) -> bool) -> bool {
    before.is_some_and(is) && after.starts_with(is)
}

/// A formula without two closing braces beside each other, unless they end a deletion that begins in it.
fn parted(tex: &str) -> String {
    let mut out = String::with_capacity(tex.len());
    let (mut open, mut rest) = (0_usize, tex);
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("{{c") {
            open += 1;
        }
        let mut length = c.len_utf8();
        if rest.starts_with("}}") {
            if open > 0 {
                open -= 1;
                length = 2;
                out.push_str("}}");
            } else {
                out.push_str("} ");
            }
        } else {
            out.push(c);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    out
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
