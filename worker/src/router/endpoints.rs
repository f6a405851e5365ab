//! What endpoints have shown, between memory and rows.

use domain::keys::endpoints::EndpointFact;
use serde_json::Value;

use crate::providers::{Abilities, Field, Lack};

/// The fact of how many tokens go into thoughts.
pub(super) const THOUGHTS: &str = "thoughts";

/// The name of a fact, and its amount.
pub(super) fn stored(lack: &Lack) -> (String, Option<i64>) {
    let amount = |name: &str, most: &u32| (name.to_owned(), Some(i64::from(*most)));
    match lack {
        Lack::Vision => ("vision".to_owned(), None),
        Lack::SystemText => ("system_text".to_owned(), None),
        Lack::Field(field) => (format!("field:{}", name_of(*field)), None),
        Lack::Batch(most) => amount("batch", most),
        Lack::Schema => ("schema".to_owned(), None),
        Lack::Context(most) => amount("context", most),
        Lack::Output(most) => amount("output", most),
    }
}

fn name_of(field: Field) -> String {
    match serde_json::to_value(field) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

/// Adds a row to what is known. One of a newer release says nothing to this one.
pub(super) fn recall(abilities: &mut Abilities, fact: &EndpointFact) {
    let amount = fact.amount.and_then(|amount| u32::try_from(amount).ok());
    let lack = match (fact.lesson.as_str(), amount) {
        (THOUGHTS, Some(thoughts)) => {
            abilities.thoughts = thoughts;
            return;
        }
        ("vision", _) => Some(Lack::Vision),
        ("system_text", _) => Some(Lack::SystemText),
        ("schema", _) => Some(Lack::Schema),
        ("batch", Some(most)) => Some(Lack::Batch(most)),
        ("context", Some(most)) => Some(Lack::Context(most)),
        ("output", Some(most)) => Some(Lack::Output(most)),
        (name, _) => name
            .strip_prefix("field:")
            .and_then(|field| serde_json::from_value(Value::String(field.to_owned())).ok().map(Lack::Field)),
    };
    if let Some(lack) = lack {
        abilities.note(&lack);
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::keys::{Provider, endpoints::EndpointId};

    use super::*;

    #[test]
    fn every_lesson_is_recalled_as_it_was_learnt() {
        for lack in [
            Lack::Vision,
            Lack::SystemText,
            Lack::Field(Field::Temperature),
            Lack::Field(Field::StreamOptions),
            Lack::Field(Field::MaxTokens),
            Lack::Field(Field::Thinking),
            Lack::Batch(10),
            Lack::Schema,
            Lack::Context(8192),
            Lack::Output(1024),
        ] {
            let (lesson, amount) = stored(&lack);
            let endpoint = EndpointId {
                own_key: None,
                provider: Provider::OpenAi,
                base_url: String::new(),
                model: String::new(),
            };
            let at = DateTime::UNIX_EPOCH;
            let row = EndpointFact { endpoint, lesson, amount, reason: None, learnt_at: at, until: at };
            let (mut learnt, mut recalled) = (Abilities::default(), Abilities::default());
            learnt.note(&lack);
            recall(&mut recalled, &row);
            assert_eq!(recalled, learnt, "{lack:?}");
        }
    }
}
