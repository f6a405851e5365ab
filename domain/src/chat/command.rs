//! Slash commands: a message that starts with `/` asks for study material on a topic.

use crate::feature::Feature;

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed<'a> {
    /// An ordinary question.
    Question,
    /// A command with its topic.
    Command {
        /// What it makes.
        feature: Feature,
        /// About what.
        topic: &'a str,
    },
}

/// Why a message that starts with `/` is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACommand {
    /// Nobody knows it.
    #[error(
        "There is no command /{0}. Try /flashcard, /mcq, /highyield, /explain or /map, each followed by a topic."
    )]
    Unknown(String),
    /// It says nothing to work on.
    #[error("/{0} needs a topic, for example: /{0} heart failure")]
    NoTopic(&'static str),
}

/// The commands, by name.
pub const COMMANDS: [(&str, Feature); 5] = [
    ("flashcard", Feature::Flashcard),
    ("mcq", Feature::Mcq),
    ("highyield", Feature::Highyield),
    ("explain", Feature::Explain),
    ("map", Feature::Map),
];

/// Reads a message.
///
/// # Errors
/// Where it starts with `/` and is no command, or one without a topic. The text helps the student.
pub fn parse(message: &str) -> Result<Parsed<'_>, NotACommand> {
    let Some(rest) = message.trim_start().strip_prefix('/') else { return Ok(Parsed::Question) };
    let (name, topic) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let found = COMMANDS.iter().find(|(command, _)| command.eq_ignore_ascii_case(name));
    let Some((name, feature)) = found else {
        return Err(NotACommand::Unknown(name.chars().take(40).collect()));
    };
    match topic.trim() {
        "" => Err(NotACommand::NoTopic(name)),
        topic => Ok(Parsed::Command { feature: *feature, topic }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_a_topic() {
        let parsed = parse("  /MCQ  heart failure \n");
        assert_eq!(parsed, Ok(Parsed::Command { feature: Feature::Mcq, topic: "heart failure" }));
        assert_eq!(parse("/map\t"), Err(NotACommand::NoTopic("map")));
    }

    #[test]
    fn what_is_no_command_is_said() {
        assert_eq!(parse("/mcqs a"), Err(NotACommand::Unknown("mcqs".to_owned())));
        assert_eq!(parse("/"), Err(NotACommand::Unknown(String::new())));
        assert_eq!(parse("ratio a/b?"), Ok(Parsed::Question));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC*") {
            let parsed = parse(&text);
            proptest::prop_assert_eq!(matches!(parsed, Ok(Parsed::Question)), !text.trim_start().starts_with('/'));
        }
    }
}
