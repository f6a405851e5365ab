//! A student who uploads one paper after the other while the disk fills up.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use reqwest::{StatusCode, header};
use serde_json::Value;
use sqlx::PgPool;
use tokio::time::sleep;
use uuid::Uuid;

use crate::{student::Student, world::World};

/// How long reading a page may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What became of uploads.
#[derive(Debug)]
pub struct Uploads {
    student: Student,
    accepted: Vec<Uuid>,
    refused: Vec<StatusCode>,
}

impl Uploads {
    /// Registers somebody whose plan has uploads.
    ///
    /// # Errors
    /// Where nobody can register.
    pub async fn start(world: &World) -> anyhow::Result<Self> {
        let student = Student::register(&world.http, &world.bases(), 0).await?;
        let pool = world.pool().await?;
        sqlx::query("update users set plan = 'pro' where id = $1").bind(student.id).execute(&pool).await?;
        pool.close().await;
        Ok(Self { student, accepted: Vec::new(), refused: Vec::new() })
    }

    /// Uploads a paper that is unlike all others.
    ///
    /// # Errors
    /// Where no API answers.
    pub async fn upload(&mut self) -> anyhow::Result<()> {
        let mark = Uuid::from_u128(rand::random());
        let file =
            harness::pdf(&[&format!("Preload is the stretch of the ventricle before it contracts. {mark}")]);
        let mut body = format!(
            "--{mark}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"paper.pdf\"\r\n\
             content-type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(&file);
        body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
        let request = self
            .student
            .request(reqwest::Method::POST, "/api/documents")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={mark}"))
            .body(body);
        let response = request.send().await?;
        if response.status() == StatusCode::ACCEPTED {
            let body: Value = response.json().await?;
            let id = body.pointer("/document/id").and_then(Value::as_str).context("a document has no id")?;
            self.accepted.push(id.parse()?);
        } else {
            self.refused.push(response.status());
        }
        Ok(())
    }

    /// What is not as it should be: some were turned away, and left nothing; all others are ready.
    ///
    /// # Errors
    /// The database's.
    pub async fn problems(&self, pool: &PgPool) -> anyhow::Result<Vec<String>> {
        let deadline = Instant::now() + PATIENCE;
        let ready = loop {
            let ready: Vec<Uuid> =
                sqlx::query_scalar("select id from documents where user_id = $1 and status = 'ready'")
                    .bind(self.student.id)
                    .fetch_all(pool)
                    .await?;
            if ready.len() >= self.accepted.len() || Instant::now() >= deadline {
                break ready;
            }
            sleep(Duration::from_millis(200)).await;
        };
        let mut problems = Vec::new();
        if self.refused.is_empty() {
            problems.push("a full disk turned no file away".to_owned());
        }
        let unread = self.accepted.iter().filter(|id| !ready.contains(id)).count();
        if unread > 0 {
            let errors = "select distinct coalesce(error->>'code', status::text) from documents
                          where user_id = $1 and status <> 'ready'";
            let errors: Vec<String> =
                sqlx::query_scalar(errors).bind(self.student.id).fetch_all(pool).await?;
            problems
                .push(format!("{unread} documents were accepted and are not ready: {}", errors.join(", ")));
        }
        let count = |sql| sqlx::query_scalar::<_, i64>(sql).bind(self.student.id).fetch_one(pool);
        let documents = count("select count(*) from documents where user_id = $1").await?;
        if usize::try_from(documents)? != self.accepted.len() {
            problems.push(format!(
                "{} uploads were accepted, {documents} documents are there",
                self.accepted.len()
            ));
        }
        let held = count("select count(*) from usage_ledger where user_id = $1 and state = 'held'").await?;
        let settled =
            count("select count(*) from usage_ledger where user_id = $1 and state = 'settled'").await?;
        if held != 0 || settled != documents {
            problems.push(format!("{documents} documents: {held} holds are left, {settled} are paid"));
        }
        Ok(problems)
    }
}
