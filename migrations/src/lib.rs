//! The schema, as migrations that are built into the binary.

/// Brings a database up to date. Safe to run from several processes at once: they queue up on a lock.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
