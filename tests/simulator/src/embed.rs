//! A model that compares texts by their meaning, which whoever starts the demo may lend it.

use std::{fmt, sync::Arc};

use futures::future::BoxFuture;

/// Vectors of unit length, one for each text; none where a text has none.
pub type Vectors = Vec<Option<Vec<f32>>>;

/// Makes vectors of texts, or nothing, where it cannot now.
#[derive(Clone)]
pub struct Embed(Arc<dyn Fn(Vec<String>) -> BoxFuture<'static, Option<Vectors>> + Send + Sync>);

impl Embed {
    /// By this.
    pub fn new<F>(embed: impl Fn(Vec<String>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Option<Vectors>> + Send + 'static,
    {
        Self(Arc::new(move |texts| Box::pin(embed(texts))))
    }

    /// The vectors of texts.
    pub(crate) async fn vectors(&self, texts: Vec<String>) -> Option<Vectors> {
        (self.0)(texts).await
    }
}

impl fmt::Debug for Embed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embed(…)")
    }
}
