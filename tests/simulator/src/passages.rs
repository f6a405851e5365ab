//! Reads the passages that a prompt brings along.

/// The line that such a prompt begins with.
const OPENING: &str = "Passages from my documents:";

/// What leads to the question.
const QUESTION: &str = "My question: ";

/// A prompt with passages, the nearest to the question first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Prompt<'a> {
    /// Number, heading (title and page) and text of each.
    pub(crate) passages: Vec<(u32, &'a str, String)>,
    /// What is asked.
    pub(crate) question: &'a str,
}

/// Reads a prompt; none where it brings no passages.
pub(crate) fn read(prompt: &str) -> Option<Prompt<'_>> {
    let rest = prompt.trim_start().strip_prefix(OPENING)?;
    let mut passages = Vec::new();
    let mut number: Option<u32> = None;
    // What closes it, the first line in it, which says where the passage is from, and the passage.
    let mut fence: Option<(String, Option<&str>, String)> = None;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        match (&mut fence, number) {
            (Some((close, heading, text)), Some(n)) => {
                if line == close.as_str() {
                    passages.push((n, heading.unwrap_or_default(), std::mem::take(text)));
                    (fence, number) = (None, None);
                } else if heading.is_none() {
                    *heading = Some(line);
                } else {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            (_, Some(_)) if line.starts_with("<<<") => {
                let code = line.get(3..).unwrap_or_default();
                fence = Some((format!("{code}>>>"), None, String::new()));
            }
            _ if line.starts_with(QUESTION) => {
                let question = rest.get(start + QUESTION.len()..)?.trim();
                return Some(Prompt { passages, question });
            }
            _ => number = numbered(line).or(number),
        }
    }
    None
}

/// `[3]`, behind which something may be said of the passage.
fn numbered(line: &str) -> Option<u32> {
    line.strip_prefix('[')?.split_once(']')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "Passages from my documents:\n\n[1]\n<<<abc\nHeart, page 3\nPreload is the stretch of the \
        ventricle before it contracts [12]. It rises with volume.\nMy question: is this a question?\nabc>>>\n\n\
        [2] Check the original.\n<<<abc\nLung, page 12 (7 of the file)\nThe alveoli exchange gases with the blood.\nabc>>>\n\nMy question: What stretches the ventricle?";

    #[test]
    fn passages_and_question_are_read() {
        let prompt = read(PROMPT).unwrap();
        assert_eq!(prompt.question, "What stretches the ventricle?");
        assert_eq!(prompt.passages.len(), 2);
        assert_eq!(prompt.passages[1].1, "Lung, page 12 (7 of the file)");
        assert!(prompt.passages[0].2.contains("is this a question"), "what is in a fence is text");
        assert_eq!(read("What is preload?"), None);
    }
}
