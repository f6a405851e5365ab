//! Looking into the database, and laying out what a story begins with.

use sqlx::{AssertSqlSafe, postgres::PgQueryResult};

use super::Platform;

/// All that people have, and that a refused request must leave as it was.
const TABLES: [&str; 20] = [
    "users",
    "sign_ins",
    "admin_allowlist",
    "jobs",
    "sessions",
    "messages",
    "idempotency_keys",
    "usage_days",
    "usage_features",
    "usage_ledger",
    "maintenance_states",
    "maintenance_windows",
    "maintenance_overrides",
    "feature_settings",
    "documents",
    "images",
    "folders",
    "answer_votes",
    "answer_reports",
    "platform_switches",
];

impl Platform {
    /// Changes something for everybody.
    pub(crate) async fn sql(&self, sql: impl Into<String>) -> PgQueryResult {
        let mut tx = self.db().begin_platform().await.unwrap();
        let done = sqlx::query(AssertSqlSafe(sql.into())).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        done
    }

    /// A number from the database.
    pub(crate) async fn number(&self, sql: impl Into<String>) -> i64 {
        let mut tx = self.db().begin_platform().await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(sql.into())).fetch_one(&mut *tx).await.unwrap()
    }

    /// Answers of a feature took so many tokens lately.
    pub(crate) async fn answers_took(&self, feature: &str, tokens: i32) {
        self.sql(format!(
            "insert into answer_costs (feature, model, tokens, times, answered_at)
             values ('{feature}', 'a story', array_fill({tokens}, array[64]), array_fill(now(), array[64]), now())
             on conflict (feature, model) do update set tokens = excluded.tokens"
        ))
        .await;
    }

    /// A text that changes when anything changes that people have, or that admins set.
    pub(crate) async fn state(&self) -> String {
        // Not the figures of keys, which are written a while after the call.
        let keys = "(select id, status, priority, feature, ciphertext, base_url, model, quota_group, limits \
                    from provider_keys)";
        let mut tx = self.db().begin_platform().await.unwrap();
        let mut state = String::new();
        for table in TABLES.into_iter().chain([keys]) {
            let sql =
                format!("select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t");
            let sum: String = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *tx).await.unwrap();
            state.extend([table, " ", &sum, "\n"]);
        }
        state
    }
}
