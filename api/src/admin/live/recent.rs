//! What befell keys lately, as one line each.

use chrono::{DateTime, Utc};
use domain::{
    feature::Feature,
    keys::{
        KeyStatus, Provider,
        health::{Source, log::Happening},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::keys::{feature::KeyFeature, view::masked};

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LiveEventKind)]
pub(super) enum Kind {
    /// A call failed.
    KeyFailed,
    /// A key is to rest.
    KeyCooling,
    /// A key failed so that it is used only when nothing else is left.
    KeyDegraded,
    /// A key works again.
    KeyRecovered,
    /// An admin set a key's state.
    KeySet,
    /// A question went over to another key.
    Failover,
}

/// Something that befell a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LiveEvent)]
pub(super) struct RecentEvent {
    at: DateTime<Utc>,
    kind: Kind,
    provider: Provider,
    /// The feature that the key is kept for, or that was asked for; `*` is any.
    #[schema(value_type = String, example = "chat")]
    feature: KeyFeature,
    /// The key; null where it is gone.
    #[schema(example = "…4444")]
    key_masked: Option<String>,
    /// `credential`, `quota`, `rate` or `overload`, of a failure.
    class: Option<String>,
    /// For people.
    message: String,
}

impl From<Happening> for RecentEvent {
    fn from(happening: Happening) -> Self {
        Self {
            kind: kind(&happening),
            message: message(&happening),
            at: happening.at,
            provider: happening.provider,
            feature: KeyFeature(happening.feature),
            key_masked: happening.last_four.as_deref().map(masked),
            class: happening.class,
        }
    }
}

fn kind(happening: &Happening) -> Kind {
    let &Happening { failover, from, to, source, .. } = happening;
    match happening.class.as_deref() {
        _ if failover => Kind::Failover,
        _ if source == Source::Admin => Kind::KeySet,
        Some("quota" | "rate") => Kind::KeyCooling,
        Some(_) if to == KeyStatus::Degraded && from != to => Kind::KeyDegraded,
        Some(_) => Kind::KeyFailed,
        None => Kind::KeyRecovered,
    }
}

fn message(happening: &Happening) -> String {
    let reason = happening.reason.as_deref();
    match kind(happening) {
        Kind::Failover => {
            let to = happening.to_last_four.as_deref().map_or_else(|| "another key".to_owned(), masked);
            let what = happening.feature.map_or("A", Feature::label);
            let why = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{what} question went over to {to}{why}")
        }
        Kind::KeySet => format!("Set to {} by an admin", status(happening.to)),
        Kind::KeyRecovered => "Works again".to_owned(),
        Kind::KeyCooling => format!("Rests: {}", reason.unwrap_or("its quota is used up")),
        Kind::KeyDegraded => format!("Degraded: {}", reason.unwrap_or("a call failed")),
        Kind::KeyFailed => format!("Failed: {}", reason.unwrap_or("a call failed")),
    }
}

const fn status(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Pending => "pending",
        KeyStatus::Active => "active",
        KeyStatus::Degraded => "degraded",
        KeyStatus::Disabled => "disabled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happening() -> Happening {
        Happening {
            at: DateTime::UNIX_EPOCH,
            provider: Provider::Gemini,
            feature: Some(Feature::Chat),
            from: KeyStatus::Active,
            to: KeyStatus::Active,
            class: None,
            reason: Some("the key is not valid".to_owned()),
            source: Source::Call,
            last_four: Some("4444".to_owned()),
            failover: false,
            to_last_four: None,
        }
    }

    #[test]
    fn what_befell_a_key_is_told_by_what_it_means() {
        let of = |class: &str, to| kind(&Happening { class: Some(class.to_owned()), to, ..happening() });
        assert_eq!(of("credential", KeyStatus::Degraded), Kind::KeyDegraded);
        assert_eq!(of("overload", KeyStatus::Active), Kind::KeyFailed);
        assert_eq!(of("rate", KeyStatus::Active), Kind::KeyCooling);
        let back = Happening { from: KeyStatus::Degraded, source: Source::Probe, ..happening() };
        assert_eq!(kind(&back), Kind::KeyRecovered);
        let set = Happening { source: Source::Admin, to: KeyStatus::Disabled, ..happening() };
        assert_eq!(message(&set), "Set to disabled by an admin");
    }

    #[test]
    fn a_failover_names_the_key_that_answered() {
        let over = Happening { failover: true, to_last_four: Some("5678".to_owned()), ..happening() };
        let told = RecentEvent::from(over);
        assert_eq!(told.message, "chat question went over to …5678: the key is not valid");
        assert_eq!(told.key_masked.as_deref(), Some("…4444"));
    }
}
