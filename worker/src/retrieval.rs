//! What a question is answered from: the passages of a student's documents that bear on it.

use std::time::Duration;

use domain::{
    chat::{MessageRole, history::Turn},
    documents::{
        PASSAGE_TOKENS,
        citations::Citation,
        ranking::ChunkRef,
        search::{self, Hit, Legs, Query},
        store,
    },
    ids::{DocumentId, UserId},
};
use ingest::embed::{Purpose, Vector};
use jobs::{catalogue::ReembedLibrary, queue::enqueue};

use crate::{Context, embedders::relevance_floor};

/// How long the question's vector may take; after that its words must do.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most passages of one answer.
const MOST: usize = 8;

/// How much less near than the nearest a passage may be.
const SLACK: f64 = 0.25;

/// How far up among the passages that share its words one must be that has no vector to be compared.
const BY_WORDS: u32 = 3;

/// A question shorter than this leans on the one before it.
const LEANS: usize = 40;

/// A question as a vector, and of which model.
pub(crate) struct Embedded {
    pub(crate) model: String,
    pub(crate) vector: Vector,
}

/// How documents can be searched for a question.
pub(crate) enum Searchable {
    /// There are none.
    Nothing,
    /// By their words only: nobody could embed the question.
    Words,
    /// By their meaning, too.
    Meaning(Embedded),
}

impl Searchable {
    /// The question's vector, if there is one.
    pub(crate) fn embedded(self) -> Option<Embedded> {
        match self {
            Self::Meaning(embedded) => Some(embedded),
            Self::Nothing | Self::Words => None,
        }
    }
}

/// The passages to answer from, numbered from 1; none where none is near enough. The question is the first turn.
pub(crate) async fn passages(
    context: &Context,
    user: UserId,
    newest_first: &[Turn],
    only: Option<&[DocumentId]>,
) -> sqlx::Result<Vec<Citation>> {
    let Some(question) = question(newest_first) else { return Ok(Vec::new()) };
    let embedded = match embed(context, user, &question, only).await? {
        Searchable::Nothing => return Ok(Vec::new()),
        searchable => searchable.embedded(),
    };
    let query = Query {
        user,
        text: &question,
        vector: embedded.as_ref().map(|embedded| (&*embedded.model, embedded.vector.as_slice())),
        only,
        limit: 2 * MOST,
    };
    let mut tx = context.db.begin_as(user).await?;
    let hits = search::search(&mut tx, &query, Legs::Hybrid).await?;
    let floor = embedded.as_ref().map(|embedded| relevance_floor(&embedded.model));
    let (hits, by_name) = relevant(hits, floor);
    let names = newest_first.first().map(|turn| names(&turn.content)).unwrap_or_default();
    // What has only words in common is of no use to a question without names: its text is not read.
    let chunks: Vec<ChunkRef> = hits
        .iter()
        .map(|hit| (hit.document, hit.number))
        .filter(|chunk| !names.is_empty() || !by_name.contains(chunk))
        .collect();
    let passages = search::passages(&mut tx, &chunks).await?;
    drop(tx);
    let mut left = PASSAGE_TOKENS;
    let mut citations = Vec::new();
    for passage in passages {
        let at = (passage.document, passage.number);
        if by_name.contains(&at) && !has_all(&passage.text, &names) {
            continue;
        }
        let Some(rest) = left.checked_sub(usize::try_from(passage.tokens).unwrap_or(0)) else { break };
        left = rest;
        let hit = hits.iter().find(|hit| (hit.document, hit.number) == at);
        let score = hit.and_then(|hit| hit.similarity).unwrap_or(0.0);
        let n = u32::try_from(citations.len() + 1).unwrap_or(u32::MAX);
        citations.push(Citation::new(n, &passage, (score * 1000.0).round() / 1000.0));
        if citations.len() == MOST {
            break;
        }
    }
    Ok(citations)
}

/// What is looked for: the question, led by the one before it where it is too short to stand alone.
fn question(newest_first: &[Turn]) -> Option<String> {
    let mut asked = newest_first.iter().filter(|turn| turn.role == MessageRole::User);
    let question = asked.next()?.content.trim();
    match asked.next() {
        Some(before) if question.chars().count() < LEANS => {
            Some(format!("{}\n{question}", before.content.trim()))
        }
        _ => Some(question.to_owned()),
    }
}

/// Those that are near enough; where there is no vector, the best by their words. Beside them, those that are only among the
/// best by their words: they bear on the question where they have the names that it asks about.
fn relevant(hits: Vec<Hit>, floor: Option<f64>) -> (Vec<Hit>, Vec<ChunkRef>) {
    let nearest = hits.iter().filter_map(|hit| hit.similarity).fold(f64::NEG_INFINITY, f64::max);
    let by_words = |hit: &Hit| hit.text_rank.is_some_and(|rank| rank <= BY_WORDS);
    let near = |hit: &Hit| match (floor, hit.similarity) {
        (Some(floor), Some(similarity)) => similarity >= floor.max(nearest - SLACK),
        // A passage without a vector has its words only.
        _ => by_words(hit),
    };
    let kept: Vec<Hit> = hits.into_iter().filter(|hit| near(hit) || by_words(hit)).collect();
    let by_name = kept.iter().filter(|hit| !near(hit)).map(|hit| (hit.document, hit.number)).collect();
    (kept, by_name)
}

/// The names in a question that stand for one thing only, such as ICF, CD4 or `HbA1c`: a model of meaning often does not know
/// them, and the passage that has one is about it.
fn names(question: &str) -> Vec<&str> {
    words(question)
        .filter(|word| {
            let capitals = word.chars().filter(|c| c.is_uppercase()).count();
            let digits = word.chars().filter(char::is_ascii_digit).count();
            capitals >= 2 || (capitals >= 1 && digits >= 1)
        })
        .collect()
}

fn has_all(text: &str, names: &[&str]) -> bool {
    !names.is_empty() && names.iter().all(|name| words(text).any(|word| word == *name))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The vector of a question, of the model that most of what is searched has, so that no search mixes two.
pub(crate) async fn embed(
    context: &Context,
    user: UserId,
    question: &str,
    only: Option<&[DocumentId]>,
) -> sqlx::Result<Searchable> {
    let mut tx = context.db.begin_as(user).await?;
    let models = store::models(&mut tx, user, only).await?;
    let current = context.embedders.current().model().to_owned();
    if models.iter().any(|model| *model != current) {
        // Meanwhile this search goes on with the old ones.
        enqueue(&mut tx, &ReembedLibrary { user }).await?;
    }
    tx.commit().await?;
    let Some(model) = models.into_iter().next() else { return Ok(Searchable::Nothing) };
    let Some(embedder) = context.embedders.named(&model) else {
        tracing::warn!("documents are embedded by a model that is not known any more");
        return Ok(Searchable::Words);
    };
    let texts = [question.to_owned()];
    let vectors = tokio::time::timeout(PATIENCE, embedder.embed(&texts, Purpose::Query)).await;
    let vector = match vectors {
        Ok(Ok(vectors)) => vectors.into_iter().next().flatten(),
        Ok(Err(error)) => {
            tracing::warn!(
                error = format!("{error:#}"),
                "a question could not be embedded; its words must do"
            );
            None
        }
        Err(_elapsed) => {
            tracing::warn!("a question took too long to embed; its words must do");
            None
        }
    };
    Ok(vector.map_or(Searchable::Words, |vector| Searchable::Meaning(Embedded { model, vector })))
}

#[cfg(test)]
mod tests {
    use domain::{documents::ChunkNumber, feature::Feature, ids::MessageId};

    use super::*;

    fn hit(similarity: Option<f64>, text_rank: Option<u32>) -> Hit {
        Hit {
            document: DocumentId::generate(),
            number: ChunkNumber(4096),
            score: 1.0,
            similarity,
            vector_rank: None,
            text_rank,
            text_score: None,
        }
    }

    #[test]
    fn what_is_not_near_enough_is_not_cited() {
        let kept = |similarities: &[f64]| {
            let hits = similarities.iter().map(|similarity| hit(Some(*similarity), Some(1))).collect();
            let (kept, by_name) = relevant(hits, Some(0.3));
            kept.len() - by_name.len()
        };
        assert_eq!(kept(&[0.1, 0.29]), 0);
        assert_eq!(kept(&[0.8, 0.6, 0.4]), 2);
        assert_eq!(kept(&[0.4, 0.31]), 2);
        assert_eq!(relevant(vec![hit(None, Some(1)), hit(None, Some(9))], None).0.len(), 1);
        // One that could not be embedded is found by its words.
        assert_eq!(
            relevant(vec![hit(Some(0.9), None), hit(None, Some(2)), hit(None, Some(9))], Some(0.3)).0.len(),
            2
        );
    }

    #[test]
    fn a_name_that_stands_for_one_thing_is_found_whatever_its_meaning_is_like() {
        let (kept, by_name) =
            relevant(vec![hit(Some(0.8), None), hit(Some(0.1), Some(1)), hit(Some(0.1), Some(9))], Some(0.3));
        assert_eq!((kept.len(), by_name.len()), (2, 1));
        assert_eq!(names("What is ICF, and CD4 or HbA1c?"), ["ICF", "CD4", "HbA1c"]);
        assert_eq!(names("What does Preload mean in 2024?"), Vec::<&str>::new());
        assert!(has_all("Inverse Cluster Frequency (ICF) weighs it.", &["ICF"]));
        assert!(
            !has_all("ICFs and more", &["ICF"]) && !has_all("ICF", &["ICF", "CD4"]) && !has_all("ICF", &[])
        );
    }

    #[test]
    fn a_short_question_leans_on_the_one_before() {
        let turn = |role, content: &str| Turn {
            id: MessageId::generate(),
            role,
            feature: Feature::Chat,
            content: content.to_owned(),
        };
        let turns = [
            turn(MessageRole::User, "And why?"),
            turn(MessageRole::Assistant, "It rises."),
            turn(MessageRole::User, "What does preload do?"),
        ];
        assert_eq!(question(&turns).unwrap(), "What does preload do?\nAnd why?");
        assert_eq!(question(&turns[2..]).unwrap(), "What does preload do?");
    }
}
