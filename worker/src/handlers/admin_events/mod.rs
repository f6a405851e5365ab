//! What admins are told.

pub(super) mod deliver_alert;
pub(super) mod dispatch_admin_events;
