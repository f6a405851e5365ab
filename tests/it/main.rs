//! The stories: the whole platform on a real PostgreSQL (and a real Valkey where there are several
//! processes), with the providers simulated over the network. One linked binary, one file a subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod accounts;
mod analytics;
mod audit;
mod bad_input;
mod bus;
mod calls;
mod chat;
mod contract;
mod crash;
mod dev;
mod documents;
mod endpoints;
mod events;
mod evidence;
mod failover;
mod faults;
mod feedback;
mod filters;
mod health;
mod isolation;
mod keys;
mod limits;
mod live;
mod notifications;
mod observe;
mod operations;
mod organise;
mod own_keys;
mod plans;
mod platform_status;
mod providers;
mod queries;
mod queue;
mod quota;
mod readme;
mod scarcity;
mod schedule;
mod settings;
mod sharing;
mod streams;
mod study;
mod support;
mod trash;
mod upgrade;
mod vocabulary;
mod web;
mod workers;
