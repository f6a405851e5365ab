//! Accounts: who gets in, who stays in, and who may do what.

mod allowlist;
mod cookies;
mod disabling;
mod emergency;
mod headers;
mod login;
mod registration;
mod roles;
mod sign_ins;
mod takeover;
mod users;
