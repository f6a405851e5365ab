//! Documents that an earlier reader read.

use jobs::catalogue::{ReadAnew, ReembedLibrary};
use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform,
    documents::document_of,
    key,
    pdf::{of_the_reader, pdf, textbook},
    process::medai,
    servers,
    student::Student,
};

/// What says that all documents are as an earlier release left them: their numbers read wrong.
const AS_BEFORE: &str = "update documents set reader_version = 0, reread_version = 0, reread_tries = 0";

const READ_ANEW: &str = "select not exists (select from documents where reader_version = 0 and status in ('ready', 'partly_ready'))";

/// The student's answer, whose citation is of page 1.
async fn cited(student: &Student, session: &str) -> Value {
    student.messages(session).await[1]["citations"][0].clone()
}

fn part(page: &Value, citation: &Value) -> String {
    let place = |field: &str| usize::try_from(citation[field].as_u64().unwrap()).unwrap();
    let text = page["text"].as_str().unwrap();
    text.chars().skip(place("start")).take(place("end") - place("start")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_reader_read_is_marked_until_it_is_read_anew_with_its_ids_and_citations() {
    let platform = Platform::start().await;
    platform.pool([key("good").answers(Script::answers("It is the stretch [1]."))]).await;
    let student = platform.student_on("student").await;
    let document = student.has_read("Physiology.pdf", &textbook()).await;
    // As the release before left it: with other spaces, so that nothing is where it was; and citations that know no reader.
    platform.sql(AS_BEFORE).await;
    platform
        .sql("update document_pages set body = 'Running head of 1.73' || chr(10) || body where page = 1")
        .await;
    platform.sql("update chunks set start_char = start_char + 21, end_char = end_char + 21 where number / 4096 = 1").await;
    let session = student.session().await;
    student.asks_in(&session, "What does preload do to the stretch of the ventricle?").await;
    platform
        .sql("update messages set citations = (select jsonb_agg(c - 'check_original' - 'reader_version') from jsonb_array_elements(citations) c) where role = 'assistant'")
        .await;
    let before = cited(&student, &session).await;
    assert_eq!((&before["page"], &before["check_original"]), (&json!(1), &json!(true)), "{before}");
    let path = format!("/api/documents/{}", document["id"].as_str().unwrap());
    let marked = student.get(&path).await.expect(200).body;
    assert_eq!((&marked["check_original"], &marked["status"]), (&json!(true), &json!("ready")));
    let used = student.usage().await;

    platform.enqueue(&ReadAnew {}).await;
    platform.eventually(READ_ANEW).await;
    let after = student.get(&path).await.expect(200).body;
    for same in ["id", "title", "status", "pages", "job_id", "created_at", "ready_at"] {
        assert_eq!(after[same], document[same], "{same}");
    }
    assert_eq!(after["check_original"], false);
    let page = student.get(&format!("{path}/pages/1")).await.expect(200).body;
    assert!(!page["text"].as_str().unwrap().contains("Running head"));
    // The passage stands on, elsewhere on its page.
    let kept = cited(&student, &session).await;
    assert_eq!((&kept["n"], &kept["document_id"]), (&before["n"], &before["document_id"]));
    assert_eq!(kept["text"], before["text"]);
    assert_ne!(kept["start"], before["start"]);
    assert_eq!(part(&page, &kept), kept["text"].as_str().unwrap());
    assert!(kept["check_original"] != true && kept["changed"] != true, "{kept}");
    assert_eq!(student.finds("Takotsubo cardiomyopathy").await[0]["page"], 3);
    let now = student.usage().await;
    for same in ["tokens", "requests", "features", "history"] {
        assert_eq!(now[same], used[same], "nobody is charged");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citation_whose_passage_does_not_stand_any_more_is_marked() {
    let platform = Platform::start().await;
    platform.pool([key("good").answers(Script::answers("It is the stretch [1]."))]).await;
    let student = platform.student_on("student").await;
    let right =
        "Sodium 173 59. Preload is the stretch of the ventricle at the end of diastole, before it contracts.";
    student.has_read("Wrong.pdf", &pdf(&[right])).await;
    platform.sql(AS_BEFORE).await;
    platform.sql("update document_pages set body = replace(body, '173 59', '173.59')").await;
    let session = student.session().await;
    student.asks_in(&session, "What does preload do to the stretch of the ventricle?").await;
    assert!(cited(&student, &session).await["text"].as_str().unwrap().contains("173.59"));
    platform.enqueue(&ReadAnew {}).await;
    platform.eventually(READ_ANEW).await;
    let marked = cited(&student, &session).await;
    assert_eq!((&marked["changed"], &marked["check_original"]), (&json!(true), &json!(true)), "{marked}");
    assert!(marked["text"].as_str().unwrap().contains("173 59"), "{marked}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_anew_stays_as_it_is_and_marked() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let locked = student.has_read("locked.pdf", &of_the_reader("password.pdf")).await;
    let path = format!("/api/documents/{}", locked["id"].as_str().unwrap());
    student.post(&format!("{path}/password"), json!({ "password": "aorta" })).await.expect(202);
    let read = student.is_read(locked["id"].as_str().unwrap()).await;
    assert_eq!(read["status"], "ready", "{read}");
    let other = student.has_read("Physiology.pdf", &textbook()).await;
    platform.sql(AS_BEFORE).await;
    platform.enqueue(&ReadAnew {}).await;
    // The password is known no more; the next one is read all the same.
    platform
        .eventually(
            "select not exists (select from documents where reader_version = 0 and title = 'Physiology')
                        and exists (select from documents where reader_version = 0 and reread_tries > 1)",
        )
        .await;
    let now = student.get(&path).await.expect(200).body;
    assert_eq!((&now["status"], &now["check_original"]), (&json!("ready"), &json!(true)));
    let page = student.get(&format!("{path}/pages/1")).await.expect(200).body;
    assert_eq!((&page["outcome"], &page["check_original"]), (&json!("read"), &json!(true)));
    let other =
        student.get(&format!("/api/documents/{}", other["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!(other["check_original"], false);
    platform
        .eventually("select not exists (select from jobs where name = 'read_anew' and finished_at is null)")
        .await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_recognised_is_not_lost() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let file = of_the_reader("second-page-is-an-image.pdf");
    let partly = student.has_read("partly.pdf", &file).await;
    assert_eq!(partly["textless_pages"], json!([2]), "{partly}");
    // As if it had been recognised by the release before.
    platform.sql(AS_BEFORE).await;
    platform
        .sql("update document_pages set outcome = 'read', body = 'Recognised words' where page = 2")
        .await;
    platform.sql("update documents set status = 'ready', textless_pages = '{}', error = null").await;
    platform.enqueue(&ReadAnew {}).await;
    platform.eventually(READ_ANEW).await;
    let path = format!("/api/documents/{}/pages/2", partly["id"].as_str().unwrap());
    let page = student.get(&path).await.expect(200).body;
    assert_eq!((&page["text"], &page["check_original"]), (&json!("Recognised words"), &json!(true)));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_that_goes_over_to_another_model_meanwhile_lacks_no_vector() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    for n in 0..3 {
        student
            .has_read(&format!("{n}.pdf"), &pdf(&[&format!("Preload {n}. {}", "It fills. ".repeat(200))]))
            .await;
    }
    platform.sql(AS_BEFORE).await;
    // The vectors are another model's, which is gone.
    platform.sql("update documents set model = 'gone:model'").await;
    platform.sql("update chunk_vectors set model = 'gone:model'").await;
    let user = student.id.parse().unwrap();
    platform.enqueue(&ReadAnew {}).await;
    platform.enqueue(&ReembedLibrary { user }).await;
    platform.eventually("select not exists (select from documents where model = 'gone:model')").await;
    platform.sql("update jobs set run_at = now() where name = 'read_anew' and finished_at is null").await;
    platform.eventually(READ_ANEW).await;
    let bare = "select count(*) from chunks c join documents d on d.id = c.document_id
                where not exists (select from chunk_vectors v
                                  where v.document_id = c.document_id and v.number = c.number and v.model = d.model)";
    assert_eq!(platform.number(bare).await, 0);
    platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_while_it_reads_anew_loses_nothing() {
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
    let mut doomed = start();
    let student = platform.student_on("student").await;
    let mut ids = Vec::new();
    for n in 0..4 {
        let text =
            format!("Page {n}. {}", "The ventricle fills and empties, and each beat is another. ".repeat(60));
        let receipt = student.uploads(&format!("{n}.pdf"), &pdf(&[&text])).await.expect(202);
        ids.push(document_of(&receipt).to_owned());
    }
    for id in &ids {
        assert_eq!(student.is_read(id).await["status"], "ready");
    }
    let chunks = platform.number("select count(*) from chunks").await;
    platform.sql(AS_BEFORE).await;
    platform.enqueue(&ReadAnew {}).await;
    platform.eventually("select exists (select from documents where reread_tries > 0)").await;
    doomed.kill();
    let _survivor = start();
    // Documents that students wait for go first, and are there all the while.
    let receipt = student.uploads("New.pdf", &textbook()).await.expect(202);
    assert_eq!(student.is_read(document_of(&receipt)).await["status"], "ready");
    platform.eventually(READ_ANEW).await;
    for id in &ids {
        assert_eq!(student.get(&format!("/api/documents/{id}")).await.expect(200).body["status"], "ready");
    }
    assert_eq!(platform.number("select count(*) from chunks").await, chunks + 3);
    platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    platform.end().await;
}
