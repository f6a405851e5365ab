//! Words as the checks see them.

/// Words in lower case, without punctuation.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether a word is in a list, whose words are parted by spaces.
pub(super) fn among(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// A word without the ending of its plural.
pub(super) fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => word,
    }
}

/// Whether a phrase names several things: its first noun, before "of" and the like, is a plural.
pub(super) fn is_plural(phrase: &str) -> bool {
    let ends = ["of", "in", "with", "to", "from", "for", "by", "on", "due", "at"];
    let words = words(phrase);
    let head = words.iter().take_while(|word| !ends.contains(&word.as_str())).last();
    words.contains(&"and".to_owned()) || head.is_some_and(|head| singular(head) != head && head.len() > 3)
}

/// Whether a phrase begins with a vowel as it is spoken, after which the article is "an".
pub(super) fn begins_with_vowel(phrase: &str) -> bool {
    let first: String = phrase.trim_start().chars().take_while(|sign| sign.is_alphanumeric()).collect();
    let Some(letter) = first.chars().next() else { return false };
    let spelled = first.chars().all(|sign| !sign.is_lowercase())
        && (first.len() > 1 || first.len() == phrase.trim().len())
        || phrase.starts_with("X-");
    if spelled {
        return "AEFHILMNORSX8".contains(letter);
    }
    let lower = first.to_lowercase();
    let consonant = ["eu", "uni", "use", "usu", "uri", "ure", "ute", "one", "ubi"];
    let silent = ["hour", "honest", "heir", "honor"];
    let vowel = lower.starts_with(['a', 'e', 'i', 'o', 'u'])
        && !consonant.iter().any(|start| lower.starts_with(start));
    vowel || silent.iter().any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_vowels_are_those_of_the_spoken_word() {
        for plural in ["Kayser-Fleischer rings", "Defects of the septum", "Rales and edema", "Gap junctions"]
        {
            assert!(is_plural(plural), "{plural}");
        }
        for one in ["Meningitis", "Pneumothorax", "Virus", "Loss of cells", "Abscess", "Defect in rings"] {
            assert!(!is_plural(one), "{one}");
        }
        for an in ["MRI", "X-ray of the chest", "ulcer", "hourly dose", "Abscess"] {
            assert!(begins_with_vowel(an), "{an}");
        }
        for a in ["CT scan", "ureteral stone", "unicorn", "Fracture", "European", ""] {
            assert!(!begins_with_vowel(a), "{a}");
        }
    }
}
