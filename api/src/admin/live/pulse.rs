//! The figures of a process, taken once a second for all who watch, and not at all while nobody does.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::Bytes;
use tokio::{sync::watch, time::MissedTickBehavior};

use super::{figures, view::Snapshot};
use crate::App;

/// How often figures are taken.
const EVERY: Duration = Duration::from_secs(1);

/// What the admins of this process watch. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// The latest frame of the stream, ready to be sent.
    frames: watch::Sender<Bytes>,
    /// Whether somebody takes figures.
    beats: Mutex<bool>,
}

impl Live {
    /// Begins to watch. The first frame comes within a second.
    pub(super) fn watch(app: &App) -> watch::Receiver<Bytes> {
        let Self(shared) = &app.live;
        let mut frames = shared.frames.subscribe();
        let mut beats = shared.beats.lock().unwrap_or_else(PoisonError::into_inner);
        if *beats {
            // What there is is less than two seconds old.
            frames.mark_changed();
        } else {
            *beats = true;
            shared.frames.send_replace(Bytes::new());
            frames.mark_unchanged();
            tokio::spawn(beat(app.clone()));
        }
        frames
    }
}

/// Takes figures until nobody watches, or the process stops.
async fn beat(app: App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut fails = false;
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = app.stop.cancelled() => return,
        }
        let Live(shared) = &app.live;
        {
            let mut beats = shared.beats.lock().unwrap_or_else(PoisonError::into_inner);
            if shared.frames.receiver_count() == 0 {
                *beats = false;
                return;
            }
        }
        match figures::take(&app).await {
            Ok(snapshot) => {
                fails = false;
                if let Some(frame) = frame(&snapshot) {
                    shared.frames.send_replace(frame);
                }
            }
            Err(error) if fails => tracing::debug!(%error, "live figures wait for the database"),
            Err(error) => {
                fails = true;
                tracing::warn!(%error, "live figures wait for the database");
            }
        }
    }
}

/// A snapshot as an event. JSON holds no line break, so its data is one line.
fn frame(snapshot: &Snapshot) -> Option<Bytes> {
    let json = serde_json::to_string(snapshot).ok()?;
    Some(Bytes::from(format!("id: {}\nevent: live\ndata: {json}\n\n", snapshot.at.timestamp_millis())))
}
