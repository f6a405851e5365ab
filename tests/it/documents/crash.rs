//! A worker that is killed while it reads.

use serde_json::json;

use crate::support::{Platform, documents::document_of, pdf::pdf, process::medai, servers, student::job_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_costs_time_and_no_chunk_is_there_twice() {
    let files = servers::scratch("files").to_string_lossy().into_owned();
    let url = files.clone();
    let platform = Platform::setup()
        .redis()
        .queues([])
        .config(move |config| config.files.files_url = Some(url))
        .start()
        .await;
    let env = [("JOB_LEASE", "3s"), ("FILES_URL", &*files)];
    let start = || medai(&["worker", "--queues", "ingest"], &platform.database, servers::redis_url(), &env);
    let student = platform.student_on("student").await;
    let pages: Vec<String> = (0..60)
        .map(|n| {
            format!("Page {n}. {}", "The ventricle fills and empties, and each beat is another. ".repeat(30))
        })
        .collect();
    let file = pdf(&pages.iter().map(String::as_str).collect::<Vec<_>>());
    let receipt = student.uploads("Long.pdf", &file).await.expect(202);
    // Killed while it embeds, and again.
    for kills in 1..=2_i64 {
        let mut doomed = start();
        let seen = format!("select count(*) from chunk_vectors having count(*) >= {}", 20 * kills);
        for _ in 0..2400 {
            let mut tx = platform.db().begin_platform().await.unwrap();
            let row = sqlx::query(sqlx::AssertSqlSafe(seen.clone())).fetch_optional(&mut *tx).await.unwrap();
            if row.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        doomed.kill();
    }
    let _survivor = start();
    let told = student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!(told.end(), "done", "{told:?}");
    let document = student.is_read(document_of(&receipt)).await;
    assert_eq!((&document["status"], &document["pages"]), (&json!("ready"), &json!(60)));
    let twice = "select count(*) from (
        select from chunks group by document_id, number / 4096, start_char having count(*) > 1) twice";
    assert_eq!(platform.number(twice).await, 0, "no chunk is there twice");
    let bare = "select count(*) from chunks c where (select count(*) from chunk_vectors v
                where v.document_id = c.document_id and v.number = c.number) <> 1";
    assert_eq!(platform.number(bare).await, 0, "each has one vector");
    assert_eq!(student.usage().await["features"]["pdf"]["used"], 1);
    platform.end().await;
}
