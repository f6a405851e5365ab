//! Slash commands: a message that starts with `/` asks for study material on a topic.

use std::ops::RangeInclusive;

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
        /// How many of it, where it is made of a number of items: as the student says, or the usual amount.
        amount: u32,
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
    /// It asks for none, or for too many at once.
    #[error("/{0} makes 1 to {most} at a time, for example: /{0} 10 heart failure", most = MOST)]
    Amount(&'static str),
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

/// The most items that one command makes.
pub const MOST: u32 = 50;

/// How many items a command of this feature makes where its student does not say; none where it makes one thing.
pub const fn usual_amount(feature: Feature) -> Option<u32> {
    match feature {
        Feature::Flashcard => Some(10),
        Feature::Mcq => Some(5),
        _ => None,
    }
}

/// How many items of this feature a model is asked for in one call: as many as an answer has room for.
pub const fn items_per_call(feature: Feature) -> u32 {
    match feature {
        Feature::Flashcard => 20,
        Feature::Mcq => 5,
        _ => 1,
    }
}

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
    let topic = topic.trim();
    if topic.is_empty() {
        return Err(NotACommand::NoTopic(name));
    }
    let Some(usual) = usual_amount(*feature) else {
        return Ok(Parsed::Command { feature: *feature, amount: 1, topic });
    };
    match number_before(topic) {
        Some((_, "")) => Err(NotACommand::NoTopic(name)),
        Some((amount, topic)) if (1..=MOST).contains(&amount) => {
            Ok(Parsed::Command { feature: *feature, amount, topic })
        }
        Some((amount, _)) if !YEARS.contains(&amount) => Err(NotACommand::Amount(name)),
        _ => Ok(Parsed::Command { feature: *feature, amount: usual, topic }),
    }
}

/// Such a number is a year, and part of the topic: "2024 guidelines".
const YEARS: RangeInclusive<u32> = 1_900..=2_100;

/// What a number before a noun measures. Such a number is part of the topic: "60 year old with chest pain".
const UNITS: [&str; 22] = [
    "year", "years", "yo", "y/o", "month", "months", "week", "weeks", "day", "days", "hour", "hours",
    "minute", "minutes", "mg", "g", "ml", "mmol", "mmol/l", "percent", "degrees", "%",
];

/// A whole number at the beginning, and what follows it.
fn number_before(topic: &str) -> Option<(u32, &str)> {
    let (number, rest) = topic.split_once(char::is_whitespace).unwrap_or((topic, ""));
    let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()?;
    let rest = rest.trim_start();
    let next = rest.split(|sign: char| sign.is_whitespace() || sign == '-').next().unwrap_or_default();
    (!UNITS.contains(&next.to_ascii_lowercase().as_str())).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_a_topic() {
        let parsed = parse("  /MCQ  heart failure \n");
        assert_eq!(parsed, Ok(Parsed::Command { feature: Feature::Mcq, amount: 5, topic: "heart failure" }));
        assert_eq!(parse("/map\t"), Err(NotACommand::NoTopic("map")));
    }

    #[test]
    fn a_number_before_the_topic_is_how_many() {
        let read = |text| match parse(text) {
            Ok(Parsed::Command { amount, topic, .. }) => Some((amount, topic)),
            _ => None,
        };
        assert_eq!(read("/mcq 10 hyponatraemia"), Some((10, "hyponatraemia")));
        assert_eq!(read("/flashcard 50  the heart"), Some((50, "the heart")));
        assert_eq!(read("/flashcard the heart"), Some((10, "the heart")));
        assert_eq!(read("/map 3 heart sounds"), Some((1, "3 heart sounds")));
        assert_eq!(read("/mcq 60 year old with chest pain"), Some((5, "60 year old with chest pain")));
        assert_eq!(read("/mcq 60-year-old with chest pain"), Some((5, "60-year-old with chest pain")));
        assert_eq!(read("/mcq 2024 guidelines"), Some((5, "2024 guidelines")));
        assert_eq!(read("/mcq 5-HT receptors"), Some((5, "5-HT receptors")));
        for text in ["/mcq 0 hyponatraemia", "/mcq 51 hyponatraemia", "/flashcard 4000 hearts"] {
            assert!(matches!(parse(text), Err(NotACommand::Amount(_))), "{text}");
        }
        assert_eq!(parse("/mcq 7"), Err(NotACommand::NoTopic("mcq")));
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
