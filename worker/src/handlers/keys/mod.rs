//! Keys: proved, and put back to work.

pub(super) mod probe_key;
pub(super) mod probe_keys;
pub(super) mod release_keys;
