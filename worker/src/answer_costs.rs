//! Notes what answers took, for what the next ones are expected to take: in memory, and written every few seconds, so
//! that no answer waits for a row that all of its kind write to.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Db,
    feature::Feature,
    quota::costs::{self, Sample},
};
use tokio_util::sync::CancellationToken;

/// How often it is written.
const WRITE_EVERY: Duration = Duration::from_secs(2);

/// As many of one kind are kept in between as are remembered at all.
const MOST: usize = 64;

/// What answers took since it was last written.
#[derive(Debug, Default)]
pub(crate) struct AnswerCosts(Mutex<HashMap<(Feature, String), Vec<Sample>>>);

impl AnswerCosts {
    /// An answer of a shared key came to this.
    pub(crate) fn note(&self, feature: Feature, model: &str, sample: Sample) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let samples = noted.entry((feature, model.to_owned())).or_default();
        if samples.len() < MOST {
            samples.push(sample);
        }
    }

    /// Writes it every few seconds until `stop`, and once more then.
    pub(crate) async fn write_for_ever(&self, db: Db, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(WRITE_EVERY)).await.is_some() {
            self.write_or_warn(&db).await;
        }
        self.write_or_warn(&db).await;
    }

    async fn write_or_warn(&self, db: &Db) {
        let noted = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if let Err(error) = write(db, noted).await {
            tracing::warn!(%error, "what answers took could not be written, and is forgotten");
        }
    }
}

async fn write(db: &Db, noted: HashMap<(Feature, String), Vec<Sample>>) -> sqlx::Result<()> {
    if noted.is_empty() {
        return Ok(());
    }
    // All workers write to the same rows: in one order, so that none waits for another in a circle.
    let mut noted: Vec<_> = noted.into_iter().collect();
    noted.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let mut tx = db.begin_platform().await?;
    for ((feature, model), samples) in noted {
        costs::remember(&mut tx, feature, &model, &samples).await?;
    }
    tx.commit().await
}
