//! What tells a process to stop.

use super::Platform;

impl Platform {
    /// Begins the drain when the process is told to stop.
    pub fn drain_on_signal(&self) {
        let drain = self.drain.clone();
        tokio::spawn(async move {
            match told_to_stop().await {
                Ok(()) => tracing::info!("stopping"),
                Err(error) => tracing::error!(%error, "signals cannot be heard"),
            }
            drain.cancel();
        });
    }
}

async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
