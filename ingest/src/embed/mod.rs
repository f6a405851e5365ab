//! The port to embedding models.

mod local;
mod vector;

use async_trait::async_trait;

pub use local::Local;
pub use vector::{DIMENSIONS, Vector};

/// What a text is embedded for. Some models tell the two apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be found.
    Passage,
    /// To find.
    Query,
}

/// Turns texts into vectors.
#[async_trait]
pub trait Embedder: Send + Sync + std::fmt::Debug {
    /// The name of the model, as it is stored with every chunk. Vectors of two names are never compared.
    fn model(&self) -> &str;

    /// What it makes of each text, in their order. A text that it cannot embed, whoever asks, has `None` and costs
    /// itself only; an error says that it cannot embed anything now.
    async fn embed(&self, texts: &[String], purpose: Purpose) -> anyhow::Result<Vec<Option<Vector>>>;
}
