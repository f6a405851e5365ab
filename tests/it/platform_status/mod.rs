//! The platform's status: what closes by itself or by an admin's hand, who still gets in, and how it opens again.

use chrono::{DateTime, Days, NaiveTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Platform,
    keys::KeySpec,
    student::{Admin, Reply, Student},
};

mod announced;
mod bad_input;
mod gate;
mod keys;
mod toggles;
mod windows;

impl Platform {
    /// Starts a scheduler beside the rest.
    fn schedules(&self) {
        let parts = self.parts.clone();
        self.parts.tasks.spawn(async move { parts.run_scheduler().await });
    }

    /// Moves the clock to noon of the next day, far from any midnight. Before anybody signs in.
    fn at_noon(&self) {
        let tomorrow = self.parts.clock.today().checked_add_days(Days::new(1)).unwrap();
        self.sleep_until(tomorrow.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).and_utc());
    }

    /// How often something is in the audit log.
    async fn audited(&self, action: &str) -> i64 {
        self.number(format!("select count(*) from audit_log where action = '{action}'")).await
    }

    /// How many messages about an event are in the outbox.
    async fn admin_events(&self, event: &str) -> i64 {
        self.number(format!("select count(*) from notices where event = '{event}'")).await
    }

    /// What everybody can see.
    async fn status(&self) -> Value {
        self.browser().get("/api/status").await.expect(200).body
    }

    /// Waits until everybody can see that the platform is at this level.
    async fn is_at(&self, level: &str) {
        for _ in 0..400 {
            if self.status().await["maintenance"]["level"] == level {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("never {level}: {}", self.status().await);
    }

    /// Has a key tried by an admin.
    async fn checks(&self, admin: &Admin, spec: &KeySpec) -> Value {
        let id = self.key(admin, spec).await["id"].as_str().unwrap().to_owned();
        admin.post(&format!("/api/admin/keys/{id}/check"), json!({})).await.expect(200).body
    }
}

impl Student {
    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        Reply::read(self.request(Method::PUT, path).json(&body).send().await.unwrap()).await
    }
}

impl Admin {
    /// Leaves maintenance.
    async fn overrides(&self, body: Value) -> Reply {
        let request = self.request(Method::DELETE, "/api/admin/maintenance").json(&body);
        Reply::read(request.send().await.unwrap()).await
    }

    /// What is closed.
    async fn maintenance(&self) -> Value {
        self.get("/api/admin/maintenance").await.expect(200).body
    }
}

/// A time in JSON.
fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("no time: {value}")).parse().unwrap()
}
