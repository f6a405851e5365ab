//! A conversation as an endpoint accepts it.

use std::borrow::Cow;

use super::{Abilities, ChatRequest, Image, Schema, Speaker, Turn, lacking::Sent};

/// What a picture takes of a context, in tokens, about.
const TOKENS_OF_AN_IMAGE: usize = 800;

/// The most tokens that are added for thoughts, whatever they took.
const MOST_THOUGHTS: u32 = 16_384;

/// The fewest tokens of an answer for which room is made in a context.
const SHORTEST_ANSWER: u32 = 256;

/// More bytes of text than a token has, over a whole answer: they have four or five in English, and eight in Georgian.
const LONGEST_TOKEN: usize = 12;

/// The most tokens of a picture that any vendor counts: some count it many times over.
const MOST_TOKENS_OF_AN_IMAGE: u32 = 65_536;

/// Thoughts that no limit held, at the most.
const MOST_UNBOUND_THOUGHTS: u32 = 32_768;

/// What one speaker says before the other does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merged<'a> {
    pub(super) speaker: Speaker,
    pub(super) text: Cow<'a, str>,
    pub(super) images: Vec<&'a Image>,
}

/// A request as it is sent to one endpoint.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    /// System text, unless there is none or it stands in the first turn.
    pub(super) system: Option<Cow<'a, str>>,
    /// The schema of the answer, unless there is none or the endpoint takes none: then the system text asks for it.
    pub(super) schema: Option<&'a Schema>,
    /// The student's first, then in turns.
    pub(super) turns: Vec<Merged<'a>>,
    /// The most tokens that may be generated, thoughts included.
    pub(super) most: u32,
    /// The tokens that the prompt may have, at the most.
    pub(super) prompt: u32,
    pub(super) sent: Sent,
}

impl<'a> Prepared<'a> {
    /// Fits a request to what an endpoint can do. `thoughts` is the room that its model is known to need for thoughts,
    /// before anything was learnt; `context` is how long prompt and answer may be, where that is not learnt either.
    pub(super) fn new(
        request: &'a ChatRequest,
        abilities: &Abilities,
        thoughts: u32,
        context: Option<u32>,
    ) -> Self {
        let mut turns = alternating(&request.turns);
        if abilities.blind {
            for turn in &mut turns {
                turn.images.clear();
            }
        }
        let system = Some(Cow::Borrowed(request.system.as_str())).filter(|system| !system.trim().is_empty());
        let (schema, system) = match request.format.schema() {
            Some(schema) if abilities.no_schema => (None, Some(in_words(system, schema))),
            schema => (schema, system),
        };
        let room = thoughts.max(abilities.thoughts).min(MOST_THOUGHTS);
        let mut most = request.max_output_tokens.saturating_add(room);
        if let Some(longest) = abilities.output {
            most = most.min(longest);
        }
        let context = [context, abilities.context].into_iter().flatten().min();
        if let Some(context) = context {
            let prompt = context.saturating_sub(most.min(context / 2));
            forget_the_oldest(&mut turns, system.as_deref().unwrap_or_default(), prompt);
        }
        let prompt = tokens_at_most(system.as_deref().unwrap_or_default(), &turns);
        if let Some(context) = context {
            most = most.min(context.saturating_sub(prompt).max(SHORTEST_ANSWER));
        }
        let sent = Sent {
            pictures: turns.iter().any(|turn| !turn.images.is_empty()),
            system: system.is_some() && !abilities.no_system_text,
            schema: schema.is_some(),
            tokens: tokens_at_least(system.as_deref().unwrap_or_default(), &turns),
            longest: Some(most as usize * LONGEST_TOKEN),
            most_prompt: most_counted(prompt, &turns),
            most_answer: most.saturating_mul(2).saturating_add(MOST_UNBOUND_THOUGHTS),
            said: turns.iter().map(|turn| &*turn.text).collect::<Vec<_>>().join("\n").into(),
        };
        let system = if abilities.no_system_text { put_in_front(system, &mut turns) } else { system };
        Self { system, schema, turns, most, prompt, sent }
    }
}

/// Asks for a form in words, of who takes no schema or does not show it to the model.
pub(super) fn in_words<'a>(system: Option<Cow<'a, str>>, schema: &Schema) -> Cow<'a, str> {
    let asked = format!(
        "Answer with one JSON value and nothing else: no words around it, no code fence. It fits this JSON schema:\n{}",
        schema.schema
    );
    match system {
        Some(system) => format!("{system}\n\n{asked}").into(),
        None => asked.into(),
    }
}

/// Puts system text before the student's first words.
fn put_in_front<'a>(system: Option<Cow<'a, str>>, turns: &mut [Merged<'a>]) -> Option<Cow<'a, str>> {
    match (system, turns.first_mut()) {
        (Some(system), Some(first)) => {
            first.text = Cow::Owned(format!("{system}\n\n{}", first.text));
            None
        }
        (system, _) => system,
    }
}

/// Leaves out what is oldest until the rest fits. The last turn stays: it is the question, with its passages.
fn forget_the_oldest(turns: &mut Vec<Merged<'_>>, system: &str, most: u32) {
    while turns.len() > 1 && tokens_at_most(system, turns) > most {
        let answer_too = turns.get(1).is_some_and(|turn| turn.speaker == Speaker::Assistant);
        turns.drain(..if answer_too && turns.len() > 2 { 2 } else { 1 });
    }
}

/// The turns without empty ones, and with neighbours of one speaker made one: Gemini and many chat templates of local
/// models want speakers to alternate (a stopped answer leaves two questions), and the student to be the first.
pub(super) fn alternating(turns: &[Turn]) -> Vec<Merged<'_>> {
    let mut merged: Vec<Merged<'_>> = Vec::with_capacity(turns.len());
    let said = |turn: &&Turn| !turn.text.trim().is_empty();
    let begun = turns.iter().filter(said).skip_while(|turn| turn.speaker == Speaker::Assistant);
    for turn in begun {
        match merged.last_mut() {
            Some(last) if last.speaker == turn.speaker => {
                let text = last.text.to_mut();
                text.push_str("\n\n");
                text.push_str(&turn.text);
                last.images.extend(&turn.images);
            }
            _ => merged.push(Merged {
                speaker: turn.speaker,
                text: Cow::Borrowed(&turn.text),
                images: turn.images.iter().collect(),
            }),
        }
    }
    merged
}

/// More tokens than a prompt has in any but the oddest writing.
fn tokens_at_most(system: &str, turns: &[Merged<'_>]) -> u32 {
    let tokens_of = |text: &str| {
        let ascii = text.bytes().filter(u8::is_ascii).count();
        // Three letters of English, or one character of Chinese.
        ascii.div_ceil(3) + (text.chars().count() - ascii) + 8
    };
    let turns = turns.iter().map(|turn| tokens_of(&turn.text) + turn.images.len() * TOKENS_OF_AN_IMAGE);
    u32::try_from(turns.sum::<usize>() + tokens_of(system)).unwrap_or(u32::MAX)
}

/// More tokens than anybody counts of a prompt that has no more than so many.
fn most_counted(prompt: u32, turns: &[Merged<'_>]) -> u32 {
    let pictures = turns.iter().map(|turn| u32::try_from(turn.images.len()).unwrap_or(u32::MAX)).sum::<u32>();
    prompt
        .saturating_mul(4)
        .saturating_add(4_096)
        .saturating_add(pictures.saturating_mul(MOST_TOKENS_OF_AN_IMAGE))
}

/// Fewer tokens than a prompt has: runs of one character count once, since they may be one token.
fn tokens_at_least(system: &str, turns: &[Merged<'_>]) -> u32 {
    let thirds_of = |text: &str| {
        let mut before = None;
        text.chars()
            .filter(|c| before.replace(*c) != Some(*c))
            .map(|c| if c.is_ascii() { 3 } else { 4 })
            .sum::<usize>()
    };
    let twelfths = thirds_of(system) + turns.iter().map(|turn| thirds_of(&turn.text)).sum::<usize>();
    u32::try_from(twelfths / 12).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Format;

    fn turn(speaker: Speaker, text: &str) -> Turn {
        Turn { speaker, text: text.to_owned(), images: Vec::new() }
    }

    fn request(turns: Vec<Turn>) -> ChatRequest {
        ChatRequest {
            system: "Be brief.".to_owned(),
            turns,
            max_output_tokens: 300,
            temperature: 0.4,
            format: Format::Text,
        }
    }

    fn texts(prepared: &Prepared<'_>) -> Vec<String> {
        prepared.turns.iter().map(|turn| turn.text.to_string()).collect()
    }

    #[test]
    fn neighbours_of_one_speaker_become_one_and_the_student_begins() {
        let turns = [
            turn(Speaker::Assistant, "0"),
            turn(Speaker::User, "a"),
            turn(Speaker::Assistant, " "),
            turn(Speaker::User, "b"),
            turn(Speaker::Assistant, "c"),
        ];
        let merged = |speaker, text| Merged { speaker, text: Cow::Borrowed(text), images: Vec::new() };
        let expected = [merged(Speaker::User, "a\n\nb"), merged(Speaker::Assistant, "c")];
        assert_eq!(alternating(&turns), expected);
    }

    #[test]
    fn the_oldest_goes_where_the_context_is_small_and_never_the_question() {
        let long = "word ".repeat(300);
        let turns = vec![
            turn(Speaker::User, &long),
            turn(Speaker::Assistant, &long),
            turn(Speaker::User, "middle"),
            turn(Speaker::Assistant, "answer"),
            turn(Speaker::User, &format!("passages {long} question")),
        ];
        let request = request(turns);
        let abilities = |context| Abilities { context: Some(context), ..Abilities::default() };
        let all = Prepared::new(&request, &Abilities::default(), 0, None);
        assert_eq!((all.turns.len(), all.most), (5, 300));
        let fitted = Prepared::new(&request, &abilities(1_000), 0, None);
        assert_eq!(texts(&fitted)[..2], ["middle", "answer"]);
        assert_eq!(fitted.turns.len(), 3);
        let smallest = Prepared::new(&request, &abilities(10), 0, Some(5_000));
        assert!(smallest.turns.len() == 1 && texts(&smallest)[0].ends_with("question"));
        assert_eq!(smallest.system.as_deref(), Some("Be brief."));
    }

    #[test]
    fn what_an_endpoint_lacks_is_left_out() {
        let image = Image { content_type: "image/png".to_owned(), base64: "AAAA".into() };
        let mut seen = turn(Speaker::User, "What is this?");
        seen.images.push(image);
        let request = request(vec![seen]);
        let plain = Prepared::new(&request, &Abilities::default(), 1_000, None);
        assert_eq!((plain.system.as_deref(), plain.most), (Some("Be brief."), 1_300));
        assert!(plain.sent.pictures && plain.sent.system);
        let abilities = Abilities {
            blind: true,
            no_system_text: true,
            thoughts: 2_000,
            output: Some(2_100),
            ..Abilities::default()
        };
        let fitted = Prepared::new(&request, &abilities, 1_000, None);
        assert_eq!((&fitted.system, fitted.most), (&None, 2_100));
        assert!(!fitted.sent.pictures && !fitted.sent.system);
        assert_eq!(texts(&fitted), ["Be brief.\n\nWhat is this?"]);
    }
}
