//! The part of a passage that says why it was found.

/// How long a snippet is, in characters, about.
const LENGTH: usize = 240;

/// The part of a text with the most different words of a question, from one word's beginning to another's end.
pub(super) fn of(text: &str, question: &str) -> String {
    let asked: Vec<String> =
        words(question).map(|(_, word)| stem(word)).filter(|word| word.len() > 2).collect();
    let all: Vec<(usize, &str)> = words(text).collect();
    let hits: Vec<Option<usize>> = all
        .iter()
        .map(|(_, word)| {
            let word = stem(word);
            asked.iter().position(|asked| *asked == word)
        })
        .collect();
    let (mut best, mut most) = (0, 0);
    for first in 0..all.len() {
        let Some((start, _)) = all.get(first) else { break };
        // A window that begins with a word that was asked for has as many as any.
        if hits.get(first).is_none_or(Option::is_none) {
            continue;
        }
        let mut seen = vec![false; asked.len()];
        for ((at, _), hit) in all.iter().zip(&hits).skip(first) {
            if at - start > LENGTH {
                break;
            }
            if let Some(seen) = hit.and_then(|hit| seen.get_mut(hit)) {
                *seen = true;
            }
        }
        let count = seen.iter().filter(|seen| **seen).count();
        if count > most {
            (best, most) = (*start, count);
        }
    }
    cut(text, best)
}

/// A piece of text from about here, whole words only.
fn cut(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    // A few words of what leads to it.
    let start = before.char_indices().rev().take(40).map(|(at, _)| at).last().unwrap_or(0);
    let start = text
        .get(start..at)
        .and_then(|lead| lead.find(' '))
        .filter(|_| start > 0)
        .map_or(start, |space| start + space + 1);
    let rest = text.get(start..).unwrap_or_default();
    let Some((end, _)) = rest.char_indices().nth(LENGTH) else { return rest.trim().to_owned() };
    let piece = rest.get(..end).unwrap_or_default();
    piece.rsplit_once(char::is_whitespace).map_or(piece, |(piece, _)| piece).trim().to_owned()
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// The beginning of a word: good enough to find its other forms.
fn stem(word: &str) -> String {
    word.to_lowercase().chars().take(6).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_is_where_the_words_are() {
        let filler = "Nothing of interest is said here at all. ".repeat(12);
        let text = format!("{filler}Preload is the stretch of the ventricle before contraction. {filler}");
        let snippet = of(&text, "What does preload do to the ventricle?");
        assert!(snippet.contains("Preload is the stretch of the ventricle"), "{snippet}");
        assert!(snippet.chars().count() <= LENGTH);
    }

    proptest::proptest! {
        #[test]
        fn a_snippet_is_a_part_of_its_text(text in "[a-zé ,.🩺]{0,600}", question in "\\PC{0,40}") {
            let snippet = of(&text, &question);
            proptest::prop_assert!(text.contains(&snippet));
        }
    }
}
