//! The audit log: what is written, that it stays, and how it is read.

use serde_json::Value;

use crate::support::{Platform, student::Admin};

mod bulk;
mod confirming;
mod keeping;
mod reading;
mod writing;

/// Entries by a query, the newest first.
async fn entries(admin: &Admin, query: &str) -> Vec<Value> {
    let reply = admin.get(&format!("/api/admin/audit{query}")).await.expect(200);
    reply.body["items"].as_array().unwrap().clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action_type"].as_str().unwrap()).collect()
}

async fn admin_events(platform: &Platform, about: &str) -> i64 {
    platform
        .number(format!("select count(*) from notices where event = 'security' and about like '{about}'"))
        .await
}
