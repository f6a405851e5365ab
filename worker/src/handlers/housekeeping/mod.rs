//! What nobody asks for and has to be done.

pub(super) mod empty_trash;
pub(super) mod expire_subscriptions;
pub(super) mod prune_audit;
pub(super) mod roll_up_usage;
pub(super) mod sweep;
