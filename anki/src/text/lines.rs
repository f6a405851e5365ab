//! The lines of what is almost Markdown: what only looks like markup at their beginning gets a backslash.

use super::{
    escape,
    signs::{CODE, LEAD, LEAD_END},
};

/// The lines, with at most one blank one between two.
pub(super) fn finish(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.split('\n') {
        let (lead, rest) = lead(line);
        let code = rest.strip_prefix(CODE);
        let line = code.unwrap_or_else(|| rest.trim());
        if lead.trim().is_empty() && line.is_empty() && code.is_none() {
            if !blank {
                out.push('\n');
            }
            blank = true;
            continue;
        }
        blank = false;
        out.push_str(&lead);
        match escape::at_line_start(line).filter(|_| code.is_none()) {
            Some(at) => {
                let (before, after) = line.split_at_checked(at).unwrap_or((line, ""));
                out.extend([before, "\\", after]);
            }
            None => out.push_str(line),
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// The indentation and the markup that a line begins with, and what comes after.
fn lead(line: &str) -> (String, &str) {
    let mut lead = String::new();
    let mut rest = line;
    loop {
        let text = rest.trim_start_matches(' ');
        let Some((markup, after)) = text.strip_prefix(LEAD).and_then(|text| text.split_once(LEAD_END)) else {
            // What is indented belongs to an item; text by itself never is.
            lead.extend(std::iter::repeat_n(' ', rest.len() - text.len()));
            return (lead, text);
        };
        lead.extend(std::iter::repeat_n(' ', rest.len() - text.len()));
        lead.push_str(markup);
        rest = after;
    }
}
