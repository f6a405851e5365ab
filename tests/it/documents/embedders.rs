//! Embeddings of providers, and the change from one model to another.

use crate::support::{Platform, documents::document_of, key, pdf::textbook};
use domain::keys::Provider;
use medai::providers::EmbedderKind;
use simulator::Script;

#[tokio::test(flavor = "multi_thread")]
async fn providers_embed_through_the_pool_of_keys() {
    for (kind, provider, path) in [
        (EmbedderKind::Of(Provider::Gemini), "gemini", "batchEmbedContents"),
        (EmbedderKind::Of(Provider::OpenAi), "openai", "/v1/embeddings"),
        (EmbedderKind::Of(Provider::Ollama), "ollama", "/api/embed"),
    ] {
        let platform = Platform::setup().config(|config| config.embedding.embedder = kind).start().await;
        platform
            .pool([
                key("dead").provider(provider).feature("embedding").priority(9).answers(Script::overloaded()),
                key("good").provider(provider).feature("embedding"),
            ])
            .await;
        let student = platform.student_on("student").await;
        assert_eq!(student.has_read("Physiology.pdf", &textbook()).await["status"], "ready", "{provider}");
        assert_eq!(student.finds("countercurrent multiplier loop of Henle").await[0]["page"], 2);
        let calls = platform.simulator.calls();
        assert!(calls.iter().any(|call| call.path.contains(path) && call.finished), "{calls:?}");
        assert!(calls.iter().any(|call| call.outcome == Some(503)), "the dead key was passed over");
        let long = "select count(*) from chunk_vectors where abs(vector_norm(embedding) - 1) > 0.001";
        assert_eq!(platform.number(long).await, 0, "all vectors have length 1");
        platform.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embedder_that_is_away_is_waited_for_and_no_document_fails() {
    let kind = EmbedderKind::Of(Provider::OpenAi);
    let platform = Platform::setup().config(|config| config.embedding.embedder = kind).start().await;
    platform.pool([key("away").feature("embedding").answers(Script::overloaded())]).await;
    let student = platform.student_on("student").await;
    let receipt = student.uploads("Physiology.pdf", &textbook()).await.expect(202);
    let document = document_of(&receipt);
    soon_until(&platform, "select exists (select from jobs where name = 'ingest_document' and snoozes > 3)")
        .await;
    let shown = student.get(&format!("/api/documents/{document}")).await.expect(200).body;
    assert_eq!(shown["status"], "processing", "{shown}");
    platform.pool([key("good").feature("embedding").priority(9)]).await;
    soon_until(&platform, "select exists (select from documents where status = 'ready')").await;
    assert_eq!(student.finds("countercurrent multiplier loop of Henle").await[0]["page"], 2);
    platform.end().await;
}

/// Lets whatever is put off come at once, until something is so.
async fn soon_until(platform: &Platform, so: &str) {
    for _ in 0..300 {
        if platform.number(&format!("select (({so}))::int::bigint")).await == 1 {
            return;
        }
        platform.sql("update jobs set run_at = now() where state = 'scheduled'").await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it is never so: {so}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_model_embeds_anew_while_searches_go_on() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    student.has_read("Physiology.pdf", &textbook()).await;
    let before = platform.number("select count(*) from chunk_vectors where model like 'all-minilm%'").await;
    assert!(before >= 3);
    // Another process with another setting, on the same database and files.
    let files = platform.parts.config.files.files_url.clone();
    let changed = Platform::setup()
        .beside(&platform)
        .without_api()
        .config(|config| {
            config.embedding.embedder = EmbedderKind::Of(Provider::OpenAi);
            config.files.files_url = files;
        })
        .queues([(jobs::Queue::Ingest, 1), (jobs::Queue::Housekeeping, 1)])
        .start()
        .await;
    platform.pool([key("good").feature("embedding")]).await;
    let mut conn = platform.db().pool().acquire().await.unwrap();
    platform.parts.drain.cancel();
    jobs::queue::enqueue(&mut conn, &jobs::catalogue::Sweep {}).await.unwrap();
    drop(conn);
    changed
        .eventually(
            "select not exists (select from chunk_vectors where model not like 'openai:%')
                       and exists (select from documents where model like 'openai:%')",
        )
        .await;
    assert_eq!(changed.number("select count(*) from chunk_vectors").await, before, "one vector a chunk");
    changed.end().await;
    platform.end().await;
}
