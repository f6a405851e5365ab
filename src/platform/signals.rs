//! What tells a process to stop.

use super::Platform;

impl Platform {
    /// Begins the drain when the process is told to stop.
    pub fn drain_on_signal(&self) {
        let drain = self.drain.clone();
        tokio::spawn(async move {
            match shutdown_requested().await {
                Ok(()) => tracing::info!("stopping"),
                Err(error) => tracing::error!(%error, "signals cannot be heard"),
            }
            drain.cancel();
        });
    }
}

async fn shutdown_requested() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
