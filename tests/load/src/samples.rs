//! Many durations, and what is said about them.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest duration that is told apart.
const LONGEST: Duration = Duration::from_mins(2);

/// Durations.
#[derive(Debug)]
pub(crate) struct Samples(Histogram<u64>);

impl Samples {
    /// None yet.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, nanos(LONGEST), 3)?))
    }

    /// One more.
    pub(crate) fn add(&mut self, duration: Duration) {
        self.0.saturating_record(nanos(duration));
    }

    /// Those of another, too.
    pub(crate) fn merge(&mut self, other: &Self) -> anyhow::Result<()> {
        Ok(self.0.add(&other.0)?)
    }

    /// How many.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// Milliseconds that so many percent do not exceed.
    #[expect(clippy::cast_precision_loss, reason = "two minutes in nanoseconds are far below 2⁵³")]
    pub(crate) fn ms(&self, percent: f64) -> f64 {
        self.0.value_at_percentile(percent) as f64 / 1e6
    }

    /// The median, the 95th and the 99th percentile in milliseconds.
    pub(crate) fn p50_95_99(&self) -> [f64; 3] {
        [50.0, 95.0, 99.0].map(|percent| self.ms(percent))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
