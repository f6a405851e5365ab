//! The title of a conversation: from its first message, not from a model, since calls are scarce.

use super::command::{self, Parsed};
use crate::feature::Feature;

/// The most characters of a made title.
const MAX_CHARS: usize = 60;

/// A title made from a message: its first line, cut at a word; of a command, what it makes and of what.
pub fn from_message(content: &str) -> String {
    match command::parse(content) {
        Ok(Parsed::Command { feature, topic, .. }) => match made_by(feature) {
            Some(what) => cut(&format!("{what}: {topic}")),
            None => cut(topic),
        },
        _ => cut(content),
    }
}

/// What a command makes, as a title says it.
const fn made_by(feature: Feature) -> Option<&'static str> {
    match feature {
        Feature::Flashcard => Some("Flashcards"),
        Feature::Mcq => Some("Questions"),
        Feature::Highyield => Some("High-yield"),
        Feature::Explain => Some("Explained"),
        Feature::Map => Some("Concept map"),
        _ => None,
    }
}

/// The first line of a text, cut at a word.
fn cut(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_CHARS {
        return if line.is_empty() { "New conversation".to_owned() } else { line };
    }
    let mut title = String::new();
    for word in line.split(' ') {
        if title.chars().count() + word.chars().count() + 1 > MAX_CHARS {
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    if title.is_empty() {
        title.extend(line.chars().take(MAX_CHARS - 1));
    }
    title.push('…');
    title
}

#[cfg(test)]
mod tests {
    use super::from_message;

    #[test]
    fn a_short_message_is_its_own_title() {
        assert_eq!(from_message("\n  What is   preload?\nSecond line"), "What is preload?");
    }

    #[test]
    fn a_command_is_titled_by_what_it_makes() {
        assert_eq!(from_message(" /MCQ  beta\tblockers\nonly cardioselective"), "Questions: beta blockers");
        assert_eq!(from_message("/explain the RAAS"), "Explained: the RAAS");
        for (name, feature) in super::command::COMMANDS {
            let title = from_message(&format!("/{name} shock"));
            assert!(title.ends_with(": shock") && !title.contains('/'), "{feature}: {title}");
        }
        assert_eq!(from_message("/nothing known"), "/nothing known");
    }

    #[test]
    fn a_long_message_is_cut_at_a_word() {
        let title = from_message(&"cardiac output and ".repeat(10));
        assert!(title.chars().count() <= 61 && title.ends_with('…'), "{title}");
        assert!(!title.contains("outp…"));
    }

    #[test]
    fn one_endless_word_is_cut_anyway() {
        assert_eq!(from_message(&"ä".repeat(500)).chars().count(), 60);
    }
}
