//! Everything that this run logs, kept so that tests can prove what is not in it.

use std::{
    io::Write,
    sync::{Mutex, Once, PoisonError},
};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Starts keeping the log, at a level at which nothing that could leak is left out.
pub(crate) fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = EnvFilter::new("debug,sqlx=debug,hyper=info,h2=info,apalis=info,apalis_core=info");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Kept).init();
    });
}

/// Panics where one of these was logged.
pub(crate) fn assert_absent(secrets: &[String]) {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let log = String::from_utf8_lossy(&log);
    for secret in secrets {
        if let Some(at) = log.find(secret.as_str()) {
            let line = log[..at].rsplit('\n').next().unwrap_or_default();
            panic!("{secret:?} was logged, after: {line}");
        }
    }
}

/// What was logged of a request, for the message of a test that fails.
pub(crate) fn about(request: &str) -> String {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let log = String::from_utf8_lossy(&log);
    log.lines().filter(|line| line.contains(request)).collect::<Vec<_>>().join("\n")
}

struct Kept;

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Kept;

    fn make_writer(&'a self) -> Kept {
        Kept
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
