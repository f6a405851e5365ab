//! A conversation as every vendor accepts it.

use std::borrow::Cow;

use super::{Speaker, Turn};

/// The turns without empty ones, and with neighbours of one speaker made one: Gemini and many chat
/// templates of local models want speakers to alternate (a stopped answer leaves two questions).
pub(super) fn alternating(turns: &[Turn]) -> Vec<(Speaker, Cow<'_, str>)> {
    let mut merged: Vec<(Speaker, Cow<'_, str>)> = Vec::with_capacity(turns.len());
    for turn in turns.iter().filter(|turn| !turn.text.trim().is_empty()) {
        match merged.last_mut() {
            Some((speaker, text)) if *speaker == turn.speaker => {
                let text = text.to_mut();
                text.push_str("\n\n");
                text.push_str(&turn.text);
            }
            _ => merged.push((turn.speaker, Cow::Borrowed(&turn.text))),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_speaker_become_one() {
        let turn = |speaker, text: &str| Turn { speaker, text: text.to_owned() };
        let turns = [
            turn(Speaker::User, "a"),
            turn(Speaker::Assistant, " "),
            turn(Speaker::User, "b"),
            turn(Speaker::Assistant, "c"),
        ];
        let expected = [(Speaker::User, Cow::Borrowed("a\n\nb")), (Speaker::Assistant, Cow::Borrowed("c"))];
        assert_eq!(alternating(&turns), expected);
    }
}
