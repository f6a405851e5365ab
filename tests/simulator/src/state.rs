//! What all connections share: scripts, quotas, the log.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use tokio_util::sync::CancellationToken;

use crate::{
    Ask, Call, Embed, Script, Totals,
    call::{Log, Recorder},
    clock, names,
    quota::{Quotas, Spent},
};

/// The shared state.
#[derive(Debug, Default)]
pub(crate) struct State {
    scripts: Mutex<Scripts>,
    quotas: Mutex<Quotas>,
    log: Mutex<Log>,
    /// What compares texts for the demo provider.
    embed: OnceLock<Embed>,
    /// Ends the silences when the simulator stops.
    pub(crate) stopped: CancellationToken,
}

#[derive(Debug, Default)]
struct Scripts {
    default: Arc<Script>,
    keys: HashMap<String, KeyScripts>,
}

#[derive(Debug, Default)]
struct KeyScripts {
    own: Option<Arc<Script>>,
    next: VecDeque<Script>,
}

impl State {
    pub(crate) fn set_default(&self, script: Script) {
        lock(&self.scripts).default = Arc::new(script);
    }

    /// The first one stays.
    pub(crate) fn set_embed(&self, embed: Embed) {
        self.embed.get_or_init(|| embed);
    }

    pub(crate) fn embed(&self) -> Option<&Embed> {
        self.embed.get()
    }

    pub(crate) fn set(&self, key: &str, script: Script) {
        lock(&self.scripts).keys.entry(key.to_owned()).or_default().own = Some(Arc::new(script));
    }

    pub(crate) fn queue(&self, key: &str, scripts: impl IntoIterator<Item = Script>) {
        lock(&self.scripts).keys.entry(key.to_owned()).or_default().next.extend(scripts);
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        lock(&self.log).list()
    }

    pub(crate) fn totals(&self) -> Totals {
        lock(&self.log).totals()
    }

    pub(crate) fn keep_calls(&self, calls: usize) {
        lock(&self.log).keep(calls);
    }

    pub(crate) fn forget(&self) {
        lock(&self.log).forget();
        *lock(&self.quotas) = Quotas::default();
    }

    /// The script of a key's next call: its queue, its own, its name's, the default.
    pub(crate) fn next_script(&self, key: &str) -> Arc<Script> {
        let mut scripts = lock(&self.scripts);
        if let Some(of_key) = scripts.keys.get_mut(key) {
            if let Some(script) = of_key.next.pop_front() {
                return Arc::new(script);
            }
            if let Some(script) = &of_key.own {
                return Arc::clone(script);
            }
        }
        let default = Arc::clone(&scripts.default);
        let script = names::script_of(key, &default).map_or(default, Arc::new);
        // Rules count how often they were used.
        if !script.rules.is_empty() {
            scripts.keys.entry(key.to_owned()).or_default().own = Some(Arc::clone(&script));
        }
        script
    }

    /// Counts a call against the quotas of its key.
    pub(crate) fn take_quota(&self, ask: &Ask, script: &Script) -> Result<Option<u64>, Spent> {
        if script.quota_per_day.is_none() && script.rate_per_minute.is_none() {
            return Ok(None);
        }
        let group = script.quota_group.as_deref().unwrap_or(&ask.key);
        let name = format!("{} {group}", ask.provider.as_str());
        lock(&self.quotas).take(&name, script, clock::now().as_secs())
    }

    /// Opens the record of a call; takes the body out of it.
    pub(crate) fn record(&self, ask: &mut Ask, script: &Script) -> Recorder {
        lock(&self.log).open(ask, script.behaviour)
    }
}

/// A panic elsewhere leaves the state usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
