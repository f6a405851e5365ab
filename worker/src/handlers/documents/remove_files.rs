//! Removes files whose rows are gone.

use files::Name;
use jobs::{
    catalogue::RemoveFiles,
    queue::{Outcome, Running},
};

use crate::Context;

/// Removes them all; one that is gone already is removed.
pub(in crate::handlers) async fn remove(context: Context, _: Running, work: RemoveFiles) -> Outcome {
    let documents = work.documents.into_iter().map(Name::Document);
    let images = work.images.into_iter().map(Name::Image);
    let imports = work.imports.into_iter().map(Name::Import);
    for name in documents.chain(images).chain(imports) {
        if let Err(error) = context.files.remove(name).await {
            return Outcome::Retry(format!("{error:#}"));
        }
    }
    Outcome::Done
}
