//! Words of two scripts that an engine joined though there is a gap between them: `散称华联粉条2700549`.

use std::collections::HashSet;

/// The text with such words apart, where each part is one of `words`, which were told apart by their gaps.
pub(super) fn opened(text: &str, words: &HashSet<String>) -> String {
    let mut opened = String::with_capacity(text.len());
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        match parts(word, words) {
            Some(parts) => opened.push_str(&parts.join(" ")),
            None => opened.push_str(word),
        }
        opened.push_str(part.get(word.len()..).unwrap_or_default());
    }
    opened
}

/// Whether there is anything to open.
pub(super) fn has_some(text: &str) -> bool {
    seams(text).next().is_some()
}

/// The fewest parts of a word that ends in seams only, all of which are words.
fn parts<'a>(word: &'a str, words: &HashSet<String>) -> Option<Vec<&'a str>> {
    if words.contains(word) {
        return None;
    }
    let mut cuts: Vec<usize> = [0].into_iter().chain(seams(word)).collect();
    if cuts.len() == 1 {
        return None;
    }
    cuts.push(word.len());
    // For each cut, the fewest parts up to it, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; cuts.len()];
    *best.first_mut()? = Some((0, 0));
    for (end, cut) in cuts.iter().enumerate().skip(1) {
        let parts = (0..end).filter_map(|begin| {
            let (parts, _) = (*best.get(begin)?)?;
            words.contains(word.get(*cuts.get(begin)?..*cut)?).then_some((parts + 1, begin))
        });
        let fewest = parts.min();
        *best.get_mut(end)? = fewest;
    }
    let mut parts = Vec::new();
    let mut end = cuts.len() - 1;
    while end > 0 {
        let (_, begin) = (*best.get(end)?)?;
        parts.push(word.get(*cuts.get(begin)?..*cuts.get(end)?)?);
        end = begin;
    }
    parts.reverse();
    Some(parts)
}

/// Where a Chinese, Japanese or Korean sign meets another one that is printed.
fn seams(text: &str) -> impl Iterator<Item = usize> {
    let after = text.char_indices().skip(1);
    text.chars().zip(after).filter_map(|(before, (at, after))| {
        let printed = !before.is_whitespace() && !after.is_whitespace();
        (printed && is_ideographic(before) != is_ideographic(after)).then_some(at)
    })
}

fn is_ideographic(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{2fdf}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened_by(text: &str, words: &[&str]) -> String {
        opened(text, &words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn a_seam_is_opened_where_a_gap_was() {
        assert_eq!(
            opened_by("  散称华联粉条2700549\n", &["散称华联粉条", "2700549"]),
            "  散称华联粉条 2700549\n"
        );
    }

    #[test]
    fn a_seam_without_a_gap_stays_closed() {
        let words = ["0", "蒙牛桶装原味酸牛奶1100g"];
        assert_eq!(opened_by("0蒙牛桶装原味酸牛奶1100g", &words), "0 蒙牛桶装原味酸牛奶1100g");
        assert_eq!(opened_by("原味250g", &["原味250g", "原味", "250g"]), "原味250g");
    }

    #[test]
    fn what_is_not_all_words_stays_as_it_is() {
        assert_eq!(opened_by("原味250g pre2load", &["原味", "pre", "2load"]), "原味250g pre2load");
    }

    #[test]
    fn only_scripts_have_seams() {
        assert!(has_some("原味250g"));
        assert!(!has_some("pre2load 原味 250g"));
    }
}
