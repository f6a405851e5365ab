//! A conversation as every vendor accepts it.

use std::borrow::Cow;

use super::{Image, Speaker, Turn};

/// What one speaker says before the other does.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged<'a> {
    pub(super) speaker: Speaker,
    pub(super) text: Cow<'a, str>,
    pub(super) images: Vec<&'a Image>,
}

/// The turns without empty ones, and with neighbours of one speaker made one: Gemini and many chat
/// templates of local models want speakers to alternate (a stopped answer leaves two questions).
pub(super) fn alternating(turns: &[Turn]) -> Vec<Merged<'_>> {
    let mut merged: Vec<Merged<'_>> = Vec::with_capacity(turns.len());
    for turn in turns.iter().filter(|turn| !turn.text.trim().is_empty()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_speaker_become_one() {
        let turn = |speaker, text: &str| Turn { speaker, text: text.to_owned(), images: Vec::new() };
        let turns = [
            turn(Speaker::User, "a"),
            turn(Speaker::Assistant, " "),
            turn(Speaker::User, "b"),
            turn(Speaker::Assistant, "c"),
        ];
        let merged = |speaker, text| Merged { speaker, text: Cow::Borrowed(text), images: Vec::new() };
        let expected = [merged(Speaker::User, "a\n\nb"), merged(Speaker::Assistant, "c")];
        assert_eq!(alternating(&turns), expected);
    }
}
