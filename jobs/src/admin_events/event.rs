//! What admins can be told about.

use serde::{Deserialize, Serialize};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $stored:literal, $title:literal;)*) => {
        /// What happened. [`super::Policy::of`] says how it is told.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Event {$(
            $(#[$doc])*
            $name,
        )*}

        impl Event {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stored name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $stored),* }
            }

            /// What it is called where many are told as one.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

events! {
    /// A call with a key failed; another served.
    KeyFailed = "key_failed", "Provider keys failed";
    /// A key was degraded.
    KeyDegraded = "key_degraded", "Provider keys were degraded";
    /// A degraded key works again.
    KeyRecovered = "key_recovered", "Provider keys work again";
    /// A question went over to another key.
    Failover = "failover", "Questions went over to other keys";
    /// Maintenance began by itself.
    MaintenanceEntered = "maintenance_entered", "Maintenance began";
    /// Maintenance ended by itself.
    MaintenanceLeft = "maintenance_left", "Maintenance ended";
    /// An admin set, changed or overrode maintenance.
    AdminOverride = "admin_override", "An admin stepped in";
    /// A key was added to the pool.
    KeyAdded = "key_added", "Provider keys were added";
    /// A key was taken out of the pool, or changed.
    KeyDeleted = "key_deleted", "Provider keys were deleted or changed";
    /// Somebody tries what they should not.
    Security = "security", "Security events";
    /// The same, and it cannot wait.
    SecurityCritical = "security_critical", "Critical security events";
    /// Somebody changed how security events are told, so that fewer hear of them.
    AlertsChanged = "alerts_changed", "Security alerts were changed";
    /// The quota of a feature's keys runs low.
    QuotaWarning = "quota_warning", "Quotas run low";
    /// An admin tries the channels.
    Test = "test", "A test";
}

impl Event {
    /// The event of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.as_str() == name)
    }

    /// Whether it can be switched off. A test is asked for each time, and nobody shall miss who switches alerts off.
    pub const fn is_settable(self) -> bool {
        !matches!(self, Self::Test | Self::AlertsChanged)
    }

    /// Those that can be switched off.
    pub fn settable() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|event| event.is_settable())
    }

    /// Those about the platform's security, which not every admin may switch off.
    pub const fn is_security(self) -> bool {
        matches!(self, Self::Security | Self::SecurityCritical)
    }
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn stored_names_are_those_of_the_api() {
        for event in Event::ALL {
            assert_eq!(serde_json::to_value(event).unwrap(), event.as_str());
            assert_eq!(Event::parse(event.as_str()), Some(*event));
        }
        assert_eq!(Event::parse("nothing"), None);
    }
}
