//! How long a search takes in a library of a thousand, ten thousand and a hundred thousand chunks, among a million.
//!
//! The words are made up, with the frequencies of a language: the n-th most common of 20,000 is in one of n/3 chunks
//! (at most in half of them). Vectors are random. Neither changes what a search has to look at.

use std::{fmt::Write as _, path::Path, time::Instant};

use anyhow::Context as _;
use domain::{
    documents::{
        DIMENSIONS,
        search::{self, Legs, Query},
    },
    ids::UserId,
};
use pgvector::Vector;
use rand::RngExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::{lab::Lab, progress};

/// Chunks of one document.
const CHUNKS: usize = 200;

/// Words that there are.
const WORDS: usize = 20_000;

/// Searches of one measurement.
const SEARCHES: usize = 200;

const MODEL: &str = "bench";

/// Fills a database and searches in it.
pub(crate) async fn measure(tools: &Path, total: usize) -> anyhow::Result<String> {
    let lab = Lab::start(tools).await?;
    let mut libraries: Vec<(usize, UserId)> = Vec::new();
    for chunks in [1_000, 10_000, 100_000] {
        libraries.push((chunks, lab.user().await?));
    }
    let mut others = total.saturating_sub(libraries.iter().map(|(chunks, _)| chunks).sum());
    let mut all = libraries.clone();
    while others > 0 {
        let chunks = others.min(10_000);
        others -= chunks;
        all.push((chunks, lab.user().await?));
    }
    progress(&format!("filling the database with {total} chunks of {} students", all.len()));
    fill(&lab, &all).await?;
    let mut table = String::new();
    writeln!(
        table,
        "{total} chunks in all\n| chunks of the student | leg | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|"
    )?;
    for (chunks, user) in libraries {
        for (name, legs) in [("hybrid", Legs::Hybrid), ("vector", Legs::Vector), ("text", Legs::Text)] {
            let goal = if chunks == 10_000 && legs == Legs::Hybrid { " (goal: 25)" } else { "" };
            let [p50, p95, p99] = searches(&lab, user, legs).await?;
            writeln!(table, "| {chunks} | {name} | {p50:.1} | {p95:.1}{goal} | {p99:.1} |")?;
        }
    }
    lab.end().await?;
    Ok(table)
}

async fn searches(lab: &Lab, user: UserId, legs: Legs) -> anyhow::Result<[f64; 3]> {
    let mut times = Vec::with_capacity(SEARCHES);
    for search in 0..SEARCHES + 20 {
        let (text, vector) = (question(), random_vector());
        let query = Query { user, text: &text, vector: Some((MODEL, &vector)), only: None, limit: 20 };
        let begun = Instant::now();
        let mut tx = lab.db.begin_as(user).await?;
        let hits = search::search(&mut tx, &query, legs).await?;
        drop(tx);
        anyhow::ensure!(!hits.is_empty(), "nothing was found");
        // The first ones warm up.
        if search >= 20 {
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    Ok([at(50), at(95), at(99)])
}

/// Ten words: three of the most common ones, and rarer ones.
fn question() -> String {
    let mut rng = rand::rng();
    let mut word = |from: usize, to: usize| format!("wort{}q", rng.random_range(from..to));
    let words: Vec<_> = [(1, 20), (1, 60), (20, 200), (60, 500), (200, 1_000), (200, 2_000), (500, 5_000)]
        .into_iter()
        .chain([(1_000, 10_000), (2_000, WORDS), (5_000, WORDS)])
        .map(|(from, to)| word(from, to))
        .collect();
    words.join(" ")
}

fn random_vector() -> Vec<f32> {
    let mut rng = rand::rng();
    let vector: Vec<f32> = (0..DIMENSIONS).map(|_| rng.random_range(-1.0..1.0)).collect();
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.into_iter().map(|x| x / length).collect()
}

/// As a superuser without triggers: it is a benchmark of searching, not of filling.
async fn fill(lab: &Lab, libraries: &[(usize, UserId)]) -> anyhow::Result<()> {
    let mut conn = PgConnection::connect_with(&lab.superuser).await?;
    conn.execute("set session_replication_role = replica; set synchronous_commit = off").await?;
    conn.execute("create temp table pool (id int primary key, embedding vector(384))").await?;
    for id in 0..1_000_i32 {
        let insert = sqlx::query("insert into pool values ($1, $2)").bind(id);
        insert.bind(Vector::from(random_vector())).execute(&mut conn).await?;
    }
    template(&mut conn).await?;
    for (done, (chunks, user)) in libraries.iter().enumerate() {
        let documents = chunks.div_ceil(CHUNKS).max(1);
        let each = chunks / documents;
        let sql = format!(
            "create temp table d on commit drop as select gen_random_uuid() as id from generate_series(1, {documents});
             insert into documents (id, user_id, title, sha256, bytes, status, model, chunks, job_id)
               select id, '{user}', 'Bench', sha256(id::text::bytea), 1, 'ready', '{MODEL}', {each}, id from d;
             insert into chunks
               select '{user}', d.id, 4096 * (1 + n / 2) + n % 2, 1000 * (n % 2), 1000 * (n % 2) + 1000, 250
               from d, generate_series(0, {each} - 1) n;
             insert into chunk_vectors
               select '{user}', d.id, 4096 * (1 + n / 2) + n % 2, '{MODEL}', p.embedding
               from d, generate_series(0, {each} - 1) n
               join pool p on p.id = (n * 7919 + {done}) % 1000;
             insert into document_words select '{user}', d.id, t.word, t.numbers, t.weights from d, template t;"
        );
        let mut tx = conn.begin().await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await.context("filling")?;
        tx.commit().await?;
        if done % 10 == 0 {
            progress(&format!("{done} of {} libraries", libraries.len()));
        }
    }
    conn.execute("vacuum analyze").await?;
    Ok(())
}

/// The words of one document; all documents have them.
async fn template(conn: &mut PgConnection) -> anyhow::Result<()> {
    conn.execute("create temp table template (word text, numbers int[], weights smallint[])").await?;
    let mut rng = rand::rng();
    for rank in 1..WORDS {
        #[expect(clippy::cast_precision_loss, reason = "a rank is small")]
        let share = (3.0 / rank as f64).min(0.5);
        let having = (0..CHUNKS).filter(|_| rng.random_bool(share));
        let numbers: Vec<i32> =
            having.filter_map(|n| i32::try_from(4096 * (1 + n / 2) + n % 2).ok()).collect();
        if numbers.is_empty() {
            continue;
        }
        let weights = vec![1_100_i16; numbers.len()];
        let insert = sqlx::query("insert into template values ($1, $2, $3)").bind(format!("wort{rank}q"));
        insert.bind(numbers).bind(weights).execute(&mut *conn).await?;
    }
    Ok(())
}
