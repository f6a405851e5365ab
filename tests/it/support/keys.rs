//! Keys of the pool, told as a story: `key("dead").priority(100).answers(Script::invalid_key())`.

use serde_json::{Value, json};
use simulator::Script;

/// A key that the story puts into the pool.
#[derive(Debug, Clone)]
pub(crate) struct KeySpec {
    pub(crate) name: &'static str,
    pub(crate) provider: &'static str,
    pub(crate) feature: &'static str,
    pub(crate) priority: i32,
    pub(crate) quota_group: Option<&'static str>,
    pub(crate) model: Option<&'static str>,
    pub(crate) limits: Value,
    /// A path behind the address.
    pub(crate) base: &'static str,
    pub(crate) script: Script,
}

/// A healthy OpenAI-compatible key for any feature.
pub(crate) fn key(name: &'static str) -> KeySpec {
    KeySpec {
        name,
        provider: "openai",
        feature: "*",
        priority: 0,
        quota_group: None,
        model: None,
        limits: json!({}),
        base: "",
        script: Script::healthy(),
    }
}

impl KeySpec {
    pub(crate) fn provider(mut self, provider: &'static str) -> Self {
        self.provider = provider;
        self
    }

    pub(crate) fn feature(mut self, feature: &'static str) -> Self {
        self.feature = feature;
        self
    }

    pub(crate) fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    pub(crate) fn group(mut self, group: &'static str) -> Self {
        self.quota_group = Some(group);
        self
    }

    /// Of another model, and so of another endpoint.
    pub(crate) fn model(mut self, model: &'static str) -> Self {
        self.model = Some(model);
        self
    }

    /// With limits that the platform is told of.
    pub(crate) fn limits(mut self, limits: Value) -> Self {
        self.limits = limits;
        self
    }

    /// With an address that goes on after the host.
    pub(crate) fn base(mut self, base: &'static str) -> Self {
        self.base = base;
        self
    }

    pub(crate) fn answers(mut self, script: Script) -> Self {
        self.script = script;
        self
    }

    /// The value of the key: long enough to be found in a log, and no name that means something to
    /// the simulator.
    pub(crate) fn value(&self) -> String {
        format!("sk-story-{}-{:x}", self.name.replace('-', ""), fnv(self.name))
    }
}

fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
