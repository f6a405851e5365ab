//! Isolation: whatever SQL is run for a student, it sees and touches that student's rows only.

use domain::{Db, ids::UserId};
use sqlx::{AssertSqlSafe, PgConnection, postgres::PgPoolOptions};

use crate::support::{
    Platform, key, servers,
    student::{Student, job_of},
};

mod leaving;
mod roles;
mod rows;

/// The tables of what people own, with the column that says whose a row is.
const OWNED: [(&str, &str); 31] = [
    ("users", "id"),
    ("sign_ins", "user_id"),
    ("jobs", "tenant"),
    ("sessions", "user_id"),
    ("messages", "user_id"),
    ("idempotency_keys", "user_id"),
    ("usage_days", "user_id"),
    ("usage_features", "user_id"),
    ("usage_ledger", "user_id"),
    ("provider_keys", "owner_id"),
    ("documents", "user_id"),
    ("document_pages", "user_id"),
    ("chunks", "user_id"),
    ("chunk_vectors", "user_id"),
    ("document_words", "user_id"),
    ("searches", "user_id"),
    ("images", "user_id"),
    ("folders", "user_id"),
    ("study_settings", "user_id"),
    ("decks", "user_id"),
    ("notes", "user_id"),
    ("cards", "user_id"),
    ("reviews", "user_id"),
    ("answer_votes", "user_id"),
    ("answer_reports", "user_id"),
    ("question_sets", "user_id"),
    ("questions", "user_id"),
    ("quizzes", "user_id"),
    ("quiz_questions", "user_id"),
    ("summaries", "user_id"),
    ("maps", "user_id"),
];

/// PostgreSQL's code for what a role may not do, be it for lack of a grant or by a policy.
const NOT_ALLOWED: &str = "42501";

/// Two students who own a row of everything.
struct Pair {
    platform: Platform,
    mine: UserId,
    theirs: UserId,
    their_job: String,
}

impl Pair {
    async fn new() -> Self {
        let platform = Platform::start().await;
        platform.pool([key("good")]).await;
        let (me, they) = (platform.student().await, platform.student().await);
        let mut jobs = Vec::new();
        for who in [&me, &they] {
            jobs.push(owns_everything(&platform, who).await);
        }
        let id = |who: &Student| who.id.parse().unwrap();
        Self { mine: id(&me), theirs: id(&they), their_job: jobs.pop().unwrap(), platform }
    }

    /// The database, reached as its superuser.
    async fn superuser(&self) -> Db {
        let options = servers::postgres().database(self.platform.database.get_database().unwrap());
        Db::new(PgPoolOptions::new().max_connections(4).connect_with(options).await.unwrap())
    }

    /// A text that changes when anything changes that they own.
    async fn their_rows(&self) -> String {
        let mut tx = self.platform.db().begin_platform().await.unwrap();
        let mut rows = String::new();
        for (table, owner) in OWNED {
            let sql = format!(
                "select count(*) || md5(string_agg(t::text, '|' order by t::text)) from {table} t
                 where {owner} = '{}'",
                self.theirs
            );
            let sum: String = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *tx).await.unwrap();
            rows.extend([table, " ", &sum, "\n"]);
        }
        rows
    }
}

/// Makes sure that a student has a row in each table, and returns their job.
async fn owns_everything(platform: &Platform, who: &Student) -> String {
    let session = who.session().await;
    let path = format!("/api/chat/sessions/{session}/messages");
    let request = who.request(reqwest::Method::POST, &path).header("idempotency-key", "the same for both");
    let request = request.json(&serde_json::json!({ "content": "What is preload?" }));
    let receipt = crate::support::student::Reply::read(request.send().await.unwrap()).await.expect(202);
    who.events(&job_of(&receipt), None).await.finish().await;
    platform
        .sql(format!(
            "insert into provider_keys (id, owner_id, provider, ciphertext, cipher_key_id, fingerprint, last_four,
               status)
             values (gen_random_uuid(), '{}', 'openai', 'x', 'x', gen_random_uuid()::text::bytea, '1234', 'disabled')",
            who.id
        ))
        .await;
    owns_a_document(platform, who).await;
    owns_questions(platform, who).await;
    owns_a_card(who).await;
    for sql in [
        format!("insert into folders (id, user_id, name) values (gen_random_uuid(), '{}', 'Heart')", who.id),
        format!(
            "insert into answer_votes (user_id, message_id, helpful, feature, voted_at)
             values ('{}', gen_random_uuid(), true, 'chat', now())",
            who.id
        ),
        format!(
            "insert into answer_reports (id, user_id, message_id, kind, reason, feature, reported_at)
             values (gen_random_uuid(), '{}', gen_random_uuid(), 'wrong', 'It is not so', 'chat', now())",
            who.id
        ),
    ] {
        platform.sql(sql).await;
    }
    job_of(&receipt)
}

/// A question in its set, an exam that asks it, a summary and a map.
async fn owns_questions(platform: &Platform, who: &Student) {
    let (user, set, quiz) = (&who.id, uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    for sql in [
        format!("insert into question_sets (id, user_id, title) values ('{set}', '{user}', 'Heart')"),
        format!(
            "insert into questions (id, user_id, set_id, position, stem, lead_in, options, answer, difficulty, topic)
             values (gen_random_uuid(), '{user}', '{set}', 0, '', 'Which?', '[]', 0, 'easy', 'Heart')"
        ),
        format!("insert into quizzes (id, user_id, mode, started_at) values ('{quiz}', '{user}', 'exam', now())"),
        format!(
            "insert into quiz_questions (user_id, quiz_id, position, question_id, snapshot)
             select user_id, '{quiz}', 0, id, '{{}}' from questions where set_id = '{set}'"
        ),
        format!(
            "insert into summaries (id, user_id, kind, title, items)
             values (gen_random_uuid(), '{user}', 'explain', 'Heart', '[]')"
        ),
        format!("insert into maps (id, user_id, title, map) values (gen_random_uuid(), '{user}', 'Heart', '{{}}')"),
    ] {
        platform.sql(sql).await;
    }
}

/// A document with a page, a chunk, its vector and a word; a search; and an image.
async fn owns_a_document(platform: &Platform, who: &Student) {
    let (user, document) = (&who.id, uuid::Uuid::new_v4());
    for sql in [
        format!(
            "insert into documents (id, user_id, title, sha256, bytes, status, job_id)
             values ('{document}', '{user}', 'Heart', sha256('x'), 1, 'ready', gen_random_uuid())"
        ),
        format!("insert into document_pages values ('{user}', '{document}', 1, null, 'read', 'Preload.')"),
        format!("insert into chunks values ('{user}', '{document}', 4096, 0, 8, 3)"),
        format!(
            "insert into chunk_vectors
             values ('{user}', '{document}', 4096, 'none', array_fill(1, array[384])::real[]::vector)"
        ),
        format!("insert into document_words values ('{user}', '{document}', 'preload', '{{4096}}', '{{1}}')"),
        format!("insert into searches values (gen_random_uuid(), '{user}', 'preload', null, 1)"),
        format!("insert into images values (gen_random_uuid(), '{user}', null, 'image/png', 1, 1, 1)"),
    ] {
        platform.sql(sql).await;
    }
}

async fn count(conn: &mut PgConnection, sql: impl Into<String>) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.into())).fetch_one(conn).await.unwrap()
}

/// Runs a statement in a transaction of a student, and commits. Says how many rows it touched, or the
/// code of the error.
async fn run(db: &Db, user: UserId, sql: impl Into<String>) -> Result<u64, String> {
    let mut tx = db.begin_as(user).await.unwrap();
    let done = sqlx::query(AssertSqlSafe(sql.into())).execute(&mut *tx).await;
    let done = done
        .map_err(|error| error.as_database_error().unwrap().code().unwrap().into_owned())?
        .rows_affected();
    tx.commit().await.unwrap();
    Ok(done)
}

/// A card in its deck that was answered, and a word about studying.
async fn owns_a_card(who: &Student) {
    let zone = serde_json::json!({ "time_zone": "Asia/Kolkata" });
    who.patch("/api/study/settings", zone).await.expect(200);
    let deck = who.post("/api/study/decks", serde_json::json!({ "title": "Heart" })).await.expect(201).body;
    let notes = format!("/api/study/decks/{}/notes", deck["id"].as_str().unwrap());
    let fields = serde_json::json!({ "front": "What is preload?", "back": "A stretch." });
    let note =
        who.post(&notes, serde_json::json!({ "kind": "basic", "fields": fields })).await.expect(201).body;
    let review = format!("/api/study/cards/{}/review", note["cards"][0]["id"].as_str().unwrap());
    who.post(&review, serde_json::json!({ "rating": 3, "duration_ms": 1_000 })).await.expect(200);
}
