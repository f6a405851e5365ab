//! The convention that a key's name says what it does; `KEYS.md` is its manual.

use crate::{Behaviour, Case, Script};

/// How many chunks come before a fault whose name gives no number.
const CHUNKS: u64 = 5;

type Make = fn(Option<u64>) -> Behaviour;

/// The first name that a key contains decides, so a longer name stands before its prefix.
pub(crate) const BEHAVIOURS: &[(&str, Make)] = &[
    ("invalid", |_| Behaviour::InvalidKey),
    ("daily-quota", |_| Behaviour::DailyQuota),
    ("rate-limited-bare", |_| Behaviour::RateLimitedBare),
    ("rate-limited", |n| Behaviour::RateLimited { retry_after_s: n.unwrap_or(8) }),
    ("insufficient-quota", |_| Behaviour::InsufficientQuota),
    ("prepaid-gone", |_| Behaviour::PrepaidGone),
    ("overloaded", |_| Behaviour::Overloaded),
    ("slow-down", |_| Behaviour::SlowDown),
    ("internal-error", |_| Behaviour::InternalError),
    ("bad-gateway", |_| Behaviour::BadGateway),
    ("gateway-timeout", |_| Behaviour::GatewayTimeout),
    ("unavailable-529", |_| Behaviour::Unavailable529),
    ("bad-request", |_| Behaviour::BadRequest),
    ("context-too-long", |_| Behaviour::ContextTooLong),
    ("payload-too-large", |_| Behaviour::PayloadTooLarge),
    ("unknown-model", |_| Behaviour::UnknownModel),
    ("forbidden", |_| Behaviour::Forbidden),
    ("region-blocked", |_| Behaviour::RegionBlocked),
    ("blocked-prompt", |_| Behaviour::BlockedPrompt),
    ("blocked-midway", |_| Behaviour::BlockedMidway),
    ("cut-before-first-token", |_| Behaviour::CutBeforeFirstToken),
    ("cut-after", |n| Behaviour::CutAfter { chunks: chunks(n) }),
    ("no-end-mark", |n| Behaviour::NoEndMark { chunks: chunks(n) }),
    ("error-in-stream", |n| Behaviour::ErrorInStream { chunks: chunks(n) }),
    ("numeric-code-in-stream", |n| Behaviour::NumericCodeInStream { chunks: chunks(n) }),
    ("numeric-code", |_| Behaviour::NumericCode),
    ("silence-after-headers", |_| Behaviour::SilenceAfterHeaders),
    ("silence-after", |n| Behaviour::SilenceAfter { chunks: chunks(n) }),
    ("silence", |_| Behaviour::Silence),
    ("slow-drip", |n| Behaviour::SlowDrip { ms_per_byte: n.unwrap_or(1) }),
    ("garbage", |_| Behaviour::Garbage),
    ("empty-body", |_| Behaviour::EmptyBody),
    ("half-utf8", |_| Behaviour::HalfUtf8),
];

fn chunks(number: Option<u64>) -> usize {
    usize::try_from(number.unwrap_or(CHUNKS)).unwrap_or(usize::MAX)
}

/// The default script as this key's name bends it; nothing where the name says nothing.
pub(crate) fn script_of(key: &str, default: &Script) -> Option<Script> {
    let name = key.to_ascii_lowercase().replace('_', "-");
    if let Some(case) = Case::ALL.iter().find(|case| name.contains(case.name())) {
        return Some(Script::case(*case));
    }
    let mut script = default.clone();
    if let Some((behaviour, make)) = BEHAVIOURS.iter().find(|(behaviour, _)| name.contains(behaviour)) {
        script.behaviour = make(number_after(&name, behaviour));
    }
    if let Some(ms) = number_after(&name, "first") {
        script.first_token_delay_ms = ms;
    }
    if let Some(ms) = number_after(&name, "every") {
        script.token_delay_ms = ms;
    }
    if let Some(number) = number_after(&name, "chunks") {
        script.chunks = chunks(Some(number));
    }
    script.quota_per_day = number_after(&name, "per-day").or(script.quota_per_day);
    script.rate_per_minute = number_after(&name, "per-minute").or(script.rate_per_minute);
    if let Some((_, rest)) = name.split_once("group-") {
        script.quota_group = Some(rest.split('-').next().unwrap_or(rest).to_owned());
    }
    script.demo |= name.contains("demo");
    (script != *default).then_some(script)
}

/// The number in `…word-8s…`.
fn number_after(name: &str, word: &str) -> Option<u64> {
    name.match_indices(word).find_map(|(at, _)| {
        let rest = name.get(at + word.len()..)?.strip_prefix('-')?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        rest.get(..digits)?.parse().ok()
    })
}
