//! The embedder that needs no key and no network: all-MiniLM-L6-v2 in 8 bits, by ONNX Runtime on this machine.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Context as _;
use async_trait::async_trait;
use ort::{
    environment::Environment,
    session::{Session, builder::SessionBuilder},
    value::Tensor,
};
use tokenizers::{Tokenizer, TruncationParams};
use tokio::sync::{OnceCell, Semaphore};

use super::{DIMENSIONS, Embedder, Purpose, Vector};
use crate::{
    assets::{Assets, Files},
    chunks,
};

/// The name that is stored.
const MODEL: &str = "all-minilm-l6-v2-int8";

/// The model's longest input, with its two marks. Chunks fit; a longer query is cut.
const LONGEST: usize = chunks::MOST + 2;

/// How many texts go through the model at once. On two processors four are as fast as any number; sixteen are a fifth
/// slower and take 600 MB more, and a query waits for those before it.
const BATCH: usize = 4;

/// Loads the model at the first text, and keeps it.
#[derive(Debug)]
pub struct Local {
    assets: Arc<Assets>,
    model: OnceCell<Arc<Model>>,
    /// One batch at a time, first come first served: it uses all processors.
    turn: Semaphore,
}

impl Local {
    /// One that waits for these files when it is first used.
    #[must_use]
    pub fn new(assets: Arc<Assets>) -> Self {
        Self { assets, model: OnceCell::new(), turn: Semaphore::new(1) }
    }

    /// Fetches and loads the model, so that the first text need not wait for it.
    pub async fn prepare(&self) -> anyhow::Result<()> {
        self.model().await.map(drop)
    }

    async fn model(&self) -> anyhow::Result<&Arc<Model>> {
        self.model
            .get_or_try_init(async || {
                let files = self.assets.files().await?.clone();
                tokio::task::spawn_blocking(move || Model::load(&files).map(Arc::new)).await?
            })
            .await
    }
}

#[async_trait]
impl Embedder for Local {
    fn model(&self) -> &str {
        MODEL
    }

    async fn embed(&self, texts: &[String], _: Purpose) -> anyhow::Result<Vec<Option<Vector>>> {
        let model = Local::model(self).await?;
        let tokens = {
            let (model, texts) = (Arc::clone(model), texts.to_vec());
            tokio::task::spawn_blocking(move || model.tokens(&texts)).await??
        };
        // Texts of a length go together, since all of a batch are as long as its longest.
        let mut order: Vec<usize> = (0..tokens.len()).collect();
        order.sort_by_key(|place| tokens.get(*place).map(Vec::len));
        let mut vectors: Vec<Option<Vector>> = vec![None; texts.len()];
        for places in order.chunks(BATCH) {
            let batch: Vec<_> = places.iter().filter_map(|place| tokens.get(*place).cloned()).collect();
            let turn = self.turn.acquire().await?;
            let model = Arc::clone(model);
            let made = tokio::task::spawn_blocking(move || model.run(&batch)).await??;
            drop(turn);
            for (place, vector) in places.iter().zip(made) {
                if let Some(slot) = vectors.get_mut(*place) {
                    *slot = vector;
                }
            }
        }
        Ok(vectors)
    }
}

struct Model {
    tokenizer: Tokenizer,
    session: Mutex<Session>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").finish_non_exhaustive()
    }
}

impl Model {
    fn load(files: &Files) -> anyhow::Result<Self> {
        let mut tokenizer = chunks::tokenizer(&files.tokenizer)?;
        let cut = TruncationParams { max_length: LONGEST, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(cut)).map_err(anyhow::Error::from_boxed)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let session = session(files, threads).context("loading the embedding model")?;
        Ok(Self { tokenizer, session: Mutex::new(session) })
    }

    fn tokens(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<u32>>> {
        let tokens = texts.iter().map(|text| {
            let encoding = self.tokenizer.encode_fast(text.as_str(), true);
            Ok(encoding.map_err(anyhow::Error::from_boxed)?.get_ids().to_vec())
        });
        tokens.collect()
    }

    /// One pass through the model; the vector of a text is the mean over its tokens, where that has a direction.
    fn run(&self, batch: &[Vec<u32>]) -> anyhow::Result<Vec<Option<Vector>>> {
        let width = batch.iter().map(Vec::len).max().unwrap_or(0);
        let padded = |value: fn(u32) -> i64| -> Vec<i64> {
            let rows = batch.iter().flat_map(|row| {
                row.iter().map(move |id| value(*id)).chain(std::iter::repeat_n(0, width - row.len()))
            });
            rows.collect()
        };
        let tensor = |numbers| Tensor::from_array(([batch.len(), width], numbers));
        let inputs = ort::inputs![
            "input_ids" => tensor(padded(i64::from))?,
            "attention_mask" => tensor(padded(|_| 1))?,
            "token_type_ids" => tensor(padded(|_| 0))?,
        ];
        // What a panic could have left undone is a run, not the model.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(inputs)?;
        let hidden = outputs.values().next().context("the model said nothing")?;
        let (_, hidden) = hidden.try_extract_tensor::<f32>()?;
        let rows = hidden.chunks_exact(width * DIMENSIONS).zip(batch);
        Ok(rows.map(|(row, tokens)| mean(row, tokens.len())).collect())
    }
}

fn mean(tokens: &[f32], count: usize) -> Option<Vector> {
    let mut sum = vec![0.0_f32; DIMENSIONS];
    for token in tokens.chunks_exact(DIMENSIONS).take(count) {
        for (sum, number) in sum.iter_mut().zip(token) {
            *sum += number;
        }
    }
    // Only its direction counts, so nothing is divided.
    Vector::new(sum)
}

/// A process has one ONNX Runtime, whichever embedder comes first.
static RUNTIME: OnceLock<Environment> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());

fn session(files: &Files, threads: usize) -> anyhow::Result<Session> {
    let starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = match RUNTIME.get() {
        Some(runtime) => runtime,
        None => {
            let runtime = ort::init_from(&files.runtime).map_err(plain)?.build().map_err(plain)?;
            RUNTIME.get_or_init(|| runtime)
        }
    };
    drop(starting);
    let builder = SessionBuilder::new(runtime).map_err(plain)?;
    // Threads that wait for the next batch would take a processor from the rest of the worker; and plans of memory are
    // kept for each length of a text, which costs 100 MB and saves no time.
    let builder = builder.with_intra_threads(threads).map_err(plain)?;
    let builder = builder.with_intra_op_spinning(false).map_err(plain)?;
    let mut builder = builder.with_memory_pattern(false).map_err(plain)?;
    builder.commit_from_file(&files.model).map_err(plain)
}

/// The runtime's errors carry what made them, which can't go to another thread.
fn plain(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}
