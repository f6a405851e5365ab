//! The request as an endpoint can take it: without pictures where it cannot see, and without the oldest turns where
//! they would not fit.

use std::borrow::Cow;

use domain::chat::history::estimate_tokens;

use crate::providers::{Abilities, ChatRequest, Speaker};

/// What a model is told that is not shown the pictures of earlier messages.
const NOT_SHOWN: &str = "Pictures of earlier messages are not shown to you now. Where the question is about one, say \
that you cannot see it any more and that it can be attached again.";

/// The shortest limit of an answer, in tokens, that is worth asking for.
const SHORT_ANSWER: u32 = 256;

/// What is really sent.
#[derive(Debug)]
pub(super) struct Suited<'a> {
    pub(super) request: Cow<'a, ChatRequest>,
    /// Pictures of earlier turns that are not sent.
    pub(super) left_out: usize,
}

/// Makes a request fit. The last turn is never touched: an endpoint that cannot take it is not asked.
pub(super) fn suit<'a>(request: &'a ChatRequest, abilities: &Abilities, sees: bool) -> Suited<'a> {
    let mut suited = Suited { request: Cow::Borrowed(request), left_out: 0 };
    let earlier = request.turns.split_last().map(|(_, earlier)| earlier).unwrap_or_default();
    let pictures = earlier.iter().map(|turn| turn.images.len()).sum();
    if pictures > 0 && (abilities.blind || !sees) {
        let blind = suited.request.to_mut();
        if let Some((_, earlier)) = blind.turns.split_last_mut() {
            for turn in earlier {
                turn.images.clear();
            }
        }
        blind.system.push_str("\n\n");
        blind.system.push_str(NOT_SHOWN);
        suited.left_out = pictures;
    }
    if let Some(context) = abilities.context {
        let fits = |request: &ChatRequest| tokens(request) <= context as usize;
        while suited.request.turns.len() > 1 && !fits(&suited.request) {
            let shorter = suited.request.to_mut();
            shorter.turns.remove(0);
            // A conversation begins with the student.
            while shorter.turns.len() > 1
                && shorter.turns.first().is_some_and(|turn| turn.speaker == Speaker::Assistant)
            {
                shorter.turns.remove(0);
            }
        }
        // Where the answer has to be shorter for the prompt to fit, it still is one.
        let room =
            context.saturating_sub(u32::try_from(prompt_tokens(&suited.request) * 5 / 4).unwrap_or(u32::MAX));
        if (SHORT_ANSWER..suited.request.max_output_tokens).contains(&room) {
            suited.request.to_mut().max_output_tokens = room;
        }
    }
    suited
}

impl Suited<'_> {
    /// Whether another is the same request.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let size =
            |suited: &Self| (suited.request.turns.len(), suited.request.max_output_tokens, suited.left_out);
        size(self) == size(other)
    }
}

/// What a prompt and the shortest useful answer take, about.
fn tokens(request: &ChatRequest) -> usize {
    prompt_tokens(request) + request.max_output_tokens as usize / 4
}

fn prompt_tokens(request: &ChatRequest) -> usize {
    let chars: usize = request.turns.iter().map(|turn| turn.text.chars().count()).sum();
    estimate_tokens(chars + request.system.chars().count())
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::providers::{Format, Image, Turn};

    fn request(turns: &[(usize, usize)]) -> ChatRequest {
        let image = Image { content_type: "image/png".to_owned(), base64: "AAAA".into() };
        let turns = turns.iter().enumerate().map(|(n, (chars, images))| Turn {
            speaker: if (turns.len() - n) % 2 == 1 { Speaker::User } else { Speaker::Assistant },
            text: "x".repeat(*chars),
            images: vec![image.clone(); *images],
        });
        ChatRequest {
            system: "A tutor.".to_owned(),
            turns: turns.collect(),
            max_output_tokens: 2048,
            temperature: 0.4,
            format: Format::Text,
        }
    }

    proptest! {
        #[test]
        fn the_question_stays_whole_and_who_cannot_see_gets_no_picture_of_the_past(
            turns in vec((1_usize..3_000, 0_usize..3), 1..12), blind: bool, sees: bool, context in prop::option::of(0_u32..8_192),
        ) {
            let whole = request(&turns);
            let abilities = Abilities { blind, context, ..Abilities::default() };
            let suited = suit(&whole, &abilities, sees);
            prop_assert_eq!(suited.request.turns.last(), whole.turns.last());
            let shown: usize = suited.request.turns.iter().rev().skip(1).map(|turn| turn.images.len()).sum();
            prop_assert!(shown == 0 || (sees && !blind));
            prop_assert_eq!(suited.left_out > 0, suited.request.system.contains("not shown"));
            prop_assert!(suited.request.max_output_tokens <= whole.max_output_tokens);
            prop_assert!(suited.request.max_output_tokens >= SHORT_ANSWER);
            if let Some(context) = context {
                prop_assert!(suited.request.turns.len() == 1 || tokens(&suited.request) <= context as usize);
                prop_assert!(suited.request.turns.len() == whole.turns.len() || suited.request.turns[0].speaker == Speaker::User);
            } else {
                prop_assert_eq!(suited.request.turns.len(), whole.turns.len());
            }
        }
    }
}
