//! Ranking: pure functions over what the two legs of a search found.

use std::collections::HashMap;

use super::ChunkNumber;
use crate::ids::DocumentId;

/// How much a place near the top counts more than one below it (the usual constant of reciprocal rank fusion).
const FUSION: f64 = 60.0;

/// A chunk, by its document and number.
pub type ChunkRef = (DocumentId, ChunkNumber);

/// The chunks of one document that have a word of the question.
#[derive(Debug, Clone)]
pub struct Postings {
    /// The word, stemmed.
    pub word: String,
    /// The document.
    pub document: DocumentId,
    /// Its chunks with the word.
    pub numbers: Vec<i32>,
    /// How much the word weighs in each.
    pub weights: Vec<i16>,
}

/// Ranks chunks by the words that they share with a question: BM25, best first, at most `limit`. `chunks` is how
/// many there are in all.
pub fn by_words(postings: &[Postings], chunks: i64, limit: usize) -> Vec<(ChunkRef, f64)> {
    let mut having: HashMap<&str, usize> = HashMap::new();
    for posting in postings {
        *having.entry(&posting.word).or_default() += posting.numbers.len();
    }
    let mut scores: HashMap<ChunkRef, f64> = HashMap::new();
    for posting in postings {
        let rarity = rarity(having.get(&*posting.word).copied().unwrap_or(0), chunks);
        for (number, weight) in posting.numbers.iter().zip(&posting.weights) {
            *scores.entry((posting.document, ChunkNumber(*number))).or_default() +=
                rarity * f64::from(*weight) / 1000.0;
        }
    }
    best(scores, limit)
}

/// How much a word tells that `having` of `chunks` have.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 chunks")]
fn rarity(having: usize, chunks: i64) -> f64 {
    let having = having as f64;
    let chunks = (chunks.max(0) as f64).max(having);
    (1.0 + (chunks - having + 0.5) / (having + 0.5)).ln()
}

/// Fuses rankings by the places of their items: best first, at most `limit`.
pub fn fuse(rankings: &[&[ChunkRef]], limit: usize) -> Vec<(ChunkRef, f64)> {
    let mut scores: HashMap<ChunkRef, f64> = HashMap::new();
    for ranking in rankings {
        let mut place = FUSION;
        for item in *ranking {
            place += 1.0;
            *scores.entry(*item).or_default() += 1.0 / place;
        }
    }
    best(scores, limit)
}

/// The best, in an order that is the same everywhere.
fn best(scores: HashMap<ChunkRef, f64>, limit: usize) -> Vec<(ChunkRef, f64)> {
    let mut ranked: Vec<_> = scores.into_iter().collect();
    let order = |a: &(ChunkRef, f64), b: &(ChunkRef, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if limit < ranked.len() && limit > 0 {
        // Sorting all of a large library for its first few would take longer than finding them.
        ranked.select_nth_unstable_by(limit - 1, order);
    }
    ranked.truncate(limit);
    ranked.sort_unstable_by(order);
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(document: DocumentId, number: i32) -> ChunkRef {
        (document, ChunkNumber(number))
    }

    #[test]
    fn a_rare_word_tells_more_than_a_common_one() {
        let document = DocumentId::generate();
        let posting = |word: &str, numbers: &[i32]| Postings {
            word: word.to_owned(),
            document,
            numbers: numbers.to_vec(),
            weights: vec![1000; numbers.len()],
        };
        let ranked = by_words(&[posting("patient", &[1, 2, 3, 4]), posting("takotsubo", &[9])], 10, 10);
        assert_eq!(ranked[0].0, chunk(document, 9));
        assert_eq!(ranked.len(), 5);
    }

    #[test]
    fn what_both_find_goes_before_what_one_finds() {
        let document = DocumentId::generate();
        let (a, b, c) = (chunk(document, 1), chunk(document, 2), chunk(document, 3));
        let fused = fuse(&[&[a, b], &[c, b]], 10);
        assert_eq!(fused[0].0, b);
    }

    proptest::proptest! {
        #[test]
        fn fusion_keeps_an_order_that_all_agree_on(count in 1_usize..30, limit in 1_usize..40) {
            let document = DocumentId::generate();
            let all: Vec<_> = (0..count).map(|n| chunk(document, i32::try_from(n).unwrap())).collect();
            let fused: Vec<_> = fuse(&[&all, &all], limit).into_iter().map(|(item, _)| item).collect();
            proptest::prop_assert_eq!(&fused[..], &all[..count.min(limit)]);
        }
    }
}
