//! Stands in for Gemini, OpenAI-compatible services, Anthropic and Ollama: all protocols at one address, with
//! every way that they are known to fail.
//!
//! ```no_run
//! # async fn story() -> std::io::Result<()> {
//! use simulator::{Script, Simulator};
//!
//! let vendor = Simulator::start().await?;
//! vendor.script("dead", Script::invalid_key());
//! vendor.script("good", Script::answers("Preload is the stretch of the ventricle before it contracts."));
//! vendor.script_next("good", [Script::overloaded()]); // once, then it answers
//! // … point clients at vendor.url(), then:
//! assert!(vendor.calls().iter().any(|call| call.key == "good" && call.finished));
//! # Ok(())
//! # }
//! ```
//!
//! # Key names
//!
#![doc = include_str!("../KEYS.md")]
//!
//! # Control over HTTP
//!
//! | request | effect |
//! | --- | --- |
//! | `PUT /_sim/keys/{key}` | what the key does from now on: a [`Script`] as JSON; `-` is the empty key |
//! | `POST /_sim/keys/{key}/next` | an array of scripts for its next calls, one each |
//! | `PUT /_sim/default` | the script of keys without one of their own |
//! | `GET /_sim/calls`, `GET /_sim/totals` | the log of calls, and its sums |
//! | `DELETE /_sim/calls` | empties the log, and the quotas' counters |

use std::{fmt, io, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    serve::{Listener, ListenerExt},
};
use tokio::net::TcpListener;
use tokio_util::sync::DropGuard;

mod answer;
mod anthropic;
mod ask;
mod behaviour;
mod call;
mod cases;
mod clock;
mod control;
mod deliver;
mod demo;
mod embed;
mod embedding;
mod fitting;
mod gemini;
mod names;
mod ollama;
mod openai;
mod passages;
mod quota;
mod rules;
pub mod say;
mod script;
mod sentences;
mod serve;
mod state;
mod structured;
#[cfg(test)]
mod tests;
mod verbatim;
mod wire;
mod words;

pub(crate) use ask::Ask;
pub use behaviour::Behaviour;
pub use call::{Call, Totals};
pub use cases::Case;
pub use embed::{Embed, Vectors};
pub use rules::{Part, Rule};
pub use script::Script;

use state::State;

/// The manual of key names, in markdown.
pub const KEY_NAMES: &str = include_str!("../KEYS.md");

/// The largest request: images come inline.
const LARGEST_BODY: usize = 32 << 20;

/// A running simulator. Dropping the last handle stops it: it accepts no more, and its silences end.
#[derive(Clone)]
pub struct Simulator {
    addr: SocketAddr,
    state: Arc<State>,
    _stop: Arc<DropGuard>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl Simulator {
    /// Starts on a free port of 127.0.0.1.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Starts on this address.
    pub async fn start_on(addr: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let state = Arc::new(State::default());
        let stopped = state.stopped.clone();
        let app = router(Arc::clone(&state));
        tokio::spawn(serve(listener, app, state.clone()));
        Ok(Self { addr, state, _stop: Arc::new(stopped.drop_guard()) })
    }

    /// Where it listens, such as `http://127.0.0.1:9100`: the base URL of all protocols.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// What keys do that have no script of their own.
    pub fn default_script(&self, script: Script) {
        self.state.set_default(script);
    }

    /// Lends the demo provider a model that compares texts by their meaning.
    pub fn embed_with(&self, embed: Embed) {
        self.state.set_embed(embed);
    }

    /// What this key does from now on. An Ollama without a key has the key `""`.
    pub fn script(&self, key: &str, script: Script) {
        self.state.set(key, script);
    }

    /// What this key does in its next calls, one script a call; then its own script is back.
    pub fn script_next(&self, key: &str, scripts: impl IntoIterator<Item = Script>) {
        self.state.queue(key, scripts);
    }

    /// The log of calls, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls()
    }

    /// The sums of the log.
    pub fn totals(&self) -> Totals {
        self.state.totals()
    }

    /// How many of the latest calls the log keeps, 50,000 unless told otherwise. The log holds prompts:
    /// outside of tests keep none.
    pub fn keep_calls(&self, calls: usize) {
        self.state.keep_calls(calls);
    }

    /// Empties the log, and the quotas' counters.
    pub fn forget(&self) {
        self.state.forget();
    }
}

fn router(state: Arc<State>) -> Router {
    Router::new()
        .merge(gemini::router())
        .merge(openai::router())
        .merge(anthropic::router())
        .merge(ollama::router())
        .merge(control::router())
        .fallback(rules::elsewhere)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(state)
}

async fn serve(listener: TcpListener, app: Router, state: Arc<State>) {
    // Nagle with delayed ACK would hold small frames back for 40 ms.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
    });
    let local = listener.local_addr().ok();
    let stopped = state.stopped.clone().cancelled_owned();
    if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stopped).await {
        tracing::warn!(%error, ?local, "the simulator broke off");
    }
}
