//! Items that ask the same in other dress.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

/// Words that do not change what is asked.
const FILLERS: [&str; 10] = ["a", "an", "the", "of", "in", "is", "are", "and", "to", "for"];

/// A text without case, punctuation, markup and articles. Signs that carry meaning in medicine stay.
pub fn normalised(text: &str) -> String {
    let collapsed: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(|sign| if sign.is_alphanumeric() || "+<>=%↑↓/".contains(sign) { sign } else { ' ' })
        .collect();
    collapsed.split_whitespace().filter(|word| !FILLERS.contains(word)).collect::<Vec<_>>().join(" ")
}

/// What was made already.
#[derive(Debug, Clone, Default)]
pub struct Seen(HashSet<String>);

impl Seen {
    /// Whether this is new; it is known from now on. What says nothing but punctuation is compared as it is.
    pub fn is_new(&mut self, gist: &str) -> bool {
        let normal = normalised(gist);
        self.0.insert(if normal.is_empty() { gist.trim().to_owned() } else { normal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_in_other_dress_is_a_double() {
        let mut seen = Seen::default();
        assert!(seen.is_new("What is the **preload** of the heart?"));
        assert!(!seen.is_new("What is preload of the Heart"));
        assert!(!seen.is_new("ｗhat is - preload (of the heart)?"));
        assert!(seen.is_new("What is the afterload of the heart?"));
        assert!(seen.is_new("Na+ ↑") && seen.is_new("Na+ ↓") && seen.is_new("Na"));
        assert!(seen.is_new("?") && !seen.is_new(" ?"));
    }
}
