//! A summary as a file of Markdown, with the passages that it stands on as footnotes.

use serde_json::Value;

use super::Summary;

/// The file.
pub fn markdown(summary: &Summary) -> String {
    let mut notes: Vec<String> = Vec::new();
    let mut parts = vec![format!("# {}", escaped(&summary.title))];
    let mut points: Vec<String> = Vec::new();
    for part in summary.parts() {
        let mark = part.source.map_or_else(String::new, |source| {
            let note = footnote(source);
            let at = notes.iter().position(|known| *known == note).unwrap_or_else(|| {
                notes.push(note);
                notes.len() - 1
            });
            format!("[^s{}]", at + 1)
        });
        match part.heading {
            Some(heading) => {
                parts.push(format!("## {}", one_line(heading)));
                parts.push(marked(part.text, &mark));
            }
            // What follows a line break stays in the point.
            None => points.push(format!("- {}", marked(part.text, &mark).replace('\n', "\n  "))),
        }
    }
    if !points.is_empty() {
        parts.push(points.join("\n"));
    }
    if !notes.is_empty() {
        let notes = notes.iter().enumerate().map(|(at, note)| format!("[^s{}]: {note}", at + 1));
        parts.push(notes.collect::<Vec<_>>().join("\n"));
    }
    parts.join("\n\n") + "\n"
}

/// The mark stands behind the text, and below a table, a block of code or a formula.
fn marked(text: &str, mark: &str) -> String {
    let last = text.lines().last().unwrap_or_default().trim();
    let block = last.starts_with(['|', '`', '~']) || last.ends_with("$$");
    match (mark.is_empty(), block) {
        (true, _) => text.to_owned(),
        (false, true) => format!("{text}\n\n{mark}"),
        (false, false) => format!("{text}{mark}"),
    }
}

fn footnote(source: &Value) -> String {
    let said = |field: &str| source.get(field).and_then(Value::as_str).map(escaped).unwrap_or_default();
    let label = said("label");
    let page = if label.is_empty() {
        source.get("page").and_then(Value::as_i64).map_or_else(String::new, |page| page.to_string())
    } else {
        label
    };
    let (title, quote) = (said("title"), said("quote"));
    let page = if page.is_empty() { page } else { format!(", p. {page}") };
    let quote = if quote.is_empty() { quote } else { format!(": “{quote}”") };
    format!("{title}{page}{quote}")
}

/// Words that are no Markdown, on one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in one_line(text).chars() {
        if matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '$' | '~' | '!') {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::ids::SummaryId;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::{
        items::CardKind,
        summary::{SummaryKind, drafts},
    };

    fn summary(kind: SummaryKind, items: Vec<Value>) -> Summary {
        let id = SummaryId(Uuid::nil());
        let title = "Preload\n*now*".to_owned();
        Summary { id, kind, title, items, message: None, created_at: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn points_have_their_sources_as_footnotes_each_once() {
        let source =
            json!({ "title": "Guyton [14]", "page": 12, "label": "xii", "quote": "It is\nthe stretch." });
        let points = summary(
            SummaryKind::Highyield,
            vec![
                json!({ "text": "**Preload** is stretch.", "source": source }),
                json!({ "text": "One\n\ntwo", "source": null }),
                json!({ "text": "Again.", "source": source }),
            ],
        );
        assert_eq!(
            markdown(&points),
            "# Preload \\*now\\*\n\n- **Preload** is stretch.[^s1]\n- One\n  \n  two\n- Again.[^s1]\n\n\
             [^s1]: Guyton \\[14\\], p. xii: “It is the stretch.”\n"
        );
        let notes = drafts(&points);
        assert_eq!(notes[0].card.kind, CardKind::Cloze);
        assert_eq!(notes[0].card.front, "{{c1::Preload}} is stretch.");
        assert_eq!((notes[1].card.kind, notes[1].card.back.as_str()), (CardKind::Basic, "One\n\ntwo"));
        assert!(notes[1].card.front.ends_with("(2 of 3)"));
        assert_ne!(notes[0].guid, notes[1].guid);
    }

    #[test]
    fn sections_stand_below_their_headings() {
        let source = json!({ "title": "Guyton", "page": 12, "label": null, "quote": "q" });
        let sections = summary(
            SummaryKind::Explain,
            vec![json!({ "heading": "Why", "body": "| a |\n|---|\n| b |", "source": source })],
        );
        assert_eq!(
            markdown(&sections),
            "# Preload \\*now\\*\n\n## Why\n\n| a |\n|---|\n| b |\n\n[^s1]\n\n[^s1]: Guyton, p. 12: “q”\n"
        );
        assert_eq!(drafts(&sections)[0].card.front, "Why");
    }
}
