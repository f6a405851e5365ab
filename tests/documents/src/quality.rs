//! Retrieval quality: how often the right page is found, by meaning, by words, and by both.

use std::{collections::HashMap, fmt::Write as _, path::Path, sync::Arc};

use anyhow::Context as _;
use domain::{
    documents::{
        ChunkNumber, PageOutcome,
        chunks::{self, NewChunk},
        pages::{self, NewPage},
        search::{self, Legs, Query},
        store::{self, NewDocument},
        words,
    },
    ids::{DocumentId, JobId, UserId},
};
use ingest::{
    assets::Assets,
    chunks::Splitter,
    embed::{Embedder as _, Local, Purpose},
    reader,
};
use serde::Deserialize;

use crate::{folder, lab::Lab, progress};

/// How deep a search is read.
const DEPTH: usize = 50;

/// A question whose answer is on a page.
#[derive(Debug, Deserialize)]
struct Question {
    #[serde(rename = "question")]
    text: String,
    document: String,
    page: i32,
}

/// What one way to search reached, summed over the questions.
#[derive(Debug, Default, Clone, Copy)]
struct Reached {
    recall: f64,
    ndcg: f64,
    mrr: f64,
}

impl Reached {
    /// Counts a question whose page came at this place, from 1.
    fn count(&mut self, place: Option<usize>) {
        let Some(place) = place.and_then(|place| u32::try_from(place).ok()).map(f64::from) else { return };
        if place <= 5.0 {
            self.recall += 1.0;
        }
        if place <= 10.0 {
            self.ndcg += 1.0 / (place + 1.0).log2();
        }
        self.mrr += 1.0 / place;
    }
}

/// Puts the folder into one student's library and asks all questions.
pub(crate) async fn measure(folder: &Path, questions: &Path, tools: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(questions).context("reading the questions")?;
    let questions = text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str);
    let questions: Vec<Question> = questions.collect::<Result<_, _>>()?;
    let assets = Arc::new(Assets::below(tools.to_owned()));
    let splitter = Splitter::new(&assets.files().await?.tokenizer)?;
    let local = Local::new(assets);
    let lab = Lab::start(tools).await?;
    let user = lab.user().await?;
    let mut names = HashMap::new();
    for path in folder::pdfs(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        progress(&format!("indexing {name}"));
        names.insert(index(&lab, user, &splitter, &local, &path).await?, name);
    }
    progress(&format!("asking {} questions", questions.len()));
    let ways = [("vector only", Legs::Vector), ("text only", Legs::Text), ("hybrid", Legs::Hybrid)];
    let mut reached = [Reached::default(); 3];
    for question in &questions {
        let texts = [question.text.clone()];
        let vector = local.embed(&texts, Purpose::Query).await?.pop().flatten().context("no vector")?;
        let query = Query {
            user,
            text: &question.text,
            vector: Some((ingest::embed::Embedder::model(&local), vector.as_slice())),
            only: None,
            limit: DEPTH,
        };
        for ((_, legs), reached) in ways.iter().zip(&mut reached) {
            let mut tx = lab.db.begin_as(user).await?;
            let hits = search::search(&mut tx, &query, *legs).await?;
            let mut seen = Vec::new();
            for hit in hits {
                let page = (hit.document, hit.number.page());
                if !seen.contains(&page) {
                    seen.push(page);
                }
            }
            let right = |(document, page): &(DocumentId, i32)| {
                *page == question.page && names.get(document).is_some_and(|name| *name == question.document)
            };
            reached.count(seen.iter().position(right).map(|place| place + 1));
        }
    }
    lab.end().await?;
    table(&ways.map(|(name, _)| name), &reached, questions.len())
}

#[expect(clippy::cast_precision_loss, reason = "nobody asks 2⁵³ questions")]
fn table(names: &[&str], reached: &[Reached], questions: usize) -> anyhow::Result<String> {
    let count = questions.max(1) as f64;
    let mut table = String::new();
    writeln!(
        table,
        "{questions} questions\n| | right page among the first 5 | nDCG@10 | MRR |\n|---|---|---|---|"
    )?;
    for (name, reached) in names.iter().zip(reached) {
        let Reached { recall, ndcg, mrr } = reached;
        writeln!(
            table,
            "| {name} | {:.1} % | {:.3} | {:.3} |",
            100.0 * recall / count,
            ndcg / count,
            mrr / count
        )?;
    }
    Ok(table)
}

/// What a job makes of a document.
async fn index(
    lab: &Lab,
    user: UserId,
    splitter: &Splitter,
    local: &Local,
    path: &Path,
) -> anyhow::Result<DocumentId> {
    let (read, end) = folder::read_all(path).await?;
    anyhow::ensure!(end.is_ok(), "{} cannot be read", path.display());
    let (id, job) = (DocumentId::generate(), JobId::generate());
    let mut sha256 = [0_u8; 32];
    if let Some(head) = sha256.get_mut(..16) {
        head.copy_from_slice(id.0.as_bytes());
    }
    let new: Vec<NewPage> = read
        .iter()
        .map(|page| NewPage {
            doubtful: page.doubtful,
            recognised: false,
            page: i32::try_from(page.index).unwrap_or(0) + 1,
            label: None,
            outcome: if page.outcome == reader::PageOutcome::Read {
                PageOutcome::Read
            } else {
                PageOutcome::NoText
            },
            body: page.text.clone(),
        })
        .collect();
    let (mut cut, mut texts) = (Vec::new(), Vec::new());
    for page in &new {
        for (place, chunk) in splitter.split(&page.body)?.iter().enumerate() {
            let Some(number) = ChunkNumber::new(page.page, place) else { break };
            let at = |at| i32::try_from(at).unwrap_or(i32::MAX);
            let (start, end) = (at(chunk.range.start), at(chunk.range.end));
            cut.push(NewChunk {
                number,
                start,
                end,
                tokens: i16::try_from(chunk.tokens).unwrap_or(i16::MAX),
            });
            texts.push(chunk.text(&page.body));
        }
    }
    let vectors =
        local.embed(&texts, Purpose::Passage).await?.into_iter().map(|vector| vector.map(Vec::from));
    let vectors: Vec<_> = cut.iter().map(|chunk| chunk.number).zip(vectors).collect();
    let mut tx = lab.db.begin_as(user).await?;
    let title = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let document = NewDocument { id, user, title: &title, sha256: &sha256, bytes: 0, job };
    store::insert(&mut tx, &document).await?;
    pages::upsert(&mut tx, user, id, &new).await?;
    let last = new.last().map_or(0, |page| page.page);
    chunks::replace(&mut tx, user, id, 1..=last, &cut).await?;
    chunks::insert_vectors(&mut tx, user, id, ingest::embed::Embedder::model(local), &vectors).await?;
    words::index(&mut tx, user, id).await?;
    tx.commit().await?;
    Ok(id)
}
