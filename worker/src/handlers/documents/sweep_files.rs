//! Removes files that no row knows.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{documents, images};
use files::Name;
use futures::{StreamExt as _, TryStreamExt as _};
use jobs::{
    catalogue::SweepFiles,
    queue::{Outcome, Running, record},
};

use crate::Context;

/// How old a file has to be: an upload that takes longer ended long ago.
const LEFT_BEHIND: TimeDelta = TimeDelta::days(1);

/// How many files are looked up in one statement.
const BATCH: usize = 500;

pub(in crate::handlers) async fn sweep_files(context: Context, _: Running, _: SweepFiles) -> Outcome {
    let before = context.clock.now() - LEFT_BEHIND;
    match remove(&context, before).await {
        Ok(0) => Outcome::Done,
        Ok(files) => {
            tracing::info!(files, "files without a row are removed");
            Outcome::Done
        }
        Err(error) => Outcome::Retry(format!("the file store could not be swept: {error:#}")),
    }
}

async fn remove(context: &Context, before: DateTime<Utc>) -> anyhow::Result<usize> {
    let mut removed = context.files.remove_unfinished(before).await?;
    let mut batches = context.files.older_than(before).try_chunks(BATCH).boxed();
    while let Some(names) = batches.try_next().await? {
        for name in without_row(context, names).await? {
            context.files.remove(name).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

async fn without_row(context: &Context, mut names: Vec<Name>) -> sqlx::Result<Vec<Name>> {
    let document = |name: &Name| if let Name::Document(id) = name { Some(*id) } else { None };
    let image = |name: &Name| if let Name::Image(id) = name { Some(*id) } else { None };
    let mut tx = context.db.begin_platform().await?;
    let documents: Vec<_> = names.iter().filter_map(document).collect();
    let documents = documents::store::existing(&mut tx, &documents).await?;
    let images: Vec<_> = names.iter().filter_map(image).collect();
    let images = images::existing(&mut tx, &images).await?;
    let mut imports = Vec::new();
    for job in names.iter().filter_map(|name| if let Name::Import(job) = name { Some(*job) } else { None }) {
        let record = record::find(&mut tx, job).await?;
        if record.is_some_and(|record| !record.state.is_finished()) {
            imports.push(job);
        }
    }
    names.retain(|name| match name {
        Name::Import(job) => !imports.contains(job),
        Name::Document(id) => !documents.contains(id),
        Name::Image(id) => !images.contains(id),
    });
    Ok(names)
}
