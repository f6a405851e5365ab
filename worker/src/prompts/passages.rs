//! A question behind the passages that it may be answered from.

use domain::documents::{citations::Citation, page_in_words};
use minijinja::{Value, context};

use super::Prompt;

const PASSAGES: Prompt = Prompt::named("passages.v1");

const RECOGNISED: &str = "The text of this passage was recognised in an image: its numbers, units and signs may be wrong. \
Where you use any of them, tell the student to check the original.";

const DOUBTFUL: &str = "The numbers, units and signs of this passage could not be verified. Where you use any of them, tell \
the student to check the original.";

/// The question behind the passages. The code of the fence is not known to whoever wrote a document, so no document can end
/// its own fence.
pub(crate) fn with_passages(
    question: &str,
    passages: &[Citation],
    code: u64,
) -> Result<String, minijinja::Error> {
    let code = format!("{code:016x}");
    let passages: Value = passages.iter().map(shown).collect();
    PASSAGES.render(context! { question, passages, code })
}

fn shown(passage: &Citation) -> Value {
    let page = page_in_words(passage.page, passage.label.as_deref());
    let text = passage.text.as_deref().unwrap_or_default().trim();
    context! { n => passage.n, title => one_line(&passage.title), page, text, doubt => doubt(passage) }
}

/// What is said of a passage that may have been read wrong: by us, so in front of the fence.
const fn doubt(passage: &Citation) -> Option<&'static str> {
    if passage.recognised {
        Some(RECOGNISED)
    } else if passage.check_original {
        Some(DOUBTFUL)
    } else {
        None
    }
}

/// A title stays on its line.
fn one_line(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "passages_tests.rs"]
pub(super) mod tests;
