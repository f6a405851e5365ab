//! From an upload to a document that can be searched, or that says why not.

use chrono::{NaiveTime, TimeDelta};
use serde_json::{Value, json};

use crate::support::{
    Platform,
    documents::document_of,
    pdf::{of_the_reader, pdf, textbook},
    student::job_of,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_is_read_and_its_progress_is_told() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let receipt = student.uploads("../Heart & Kidney.pdf", &textbook()).await.expect(202);
    assert_eq!(receipt.body["document"]["title"], "Heart & Kidney");
    assert_eq!(receipt.body["document"]["status"], "uploaded");
    let told = student.events(&job_of(&receipt), None).await.finish().await;
    told.assert_in_order();
    assert_eq!(told.end(), "done", "{told:?}");
    assert_eq!(told.end_data()["status"], "ready");
    let percents: Vec<_> = told
        .events
        .iter()
        .filter(|event| event.kind == "progress")
        .map(|event| event.data["percent"].as_i64().unwrap())
        .collect();
    assert!(percents.len() >= 4 && percents.is_sorted(), "{percents:?}");

    let document = student.is_read(document_of(&receipt)).await;
    assert_eq!((&document["status"], &document["pages"]), (&json!("ready"), &json!(3)));
    let path = format!("/api/documents/{}", document_of(&receipt));
    let page = student.get(&format!("{path}/pages/2")).await.expect(200).body;
    assert!(page["text"].as_str().unwrap().contains("countercurrent multiplier"), "{page}");
    student.get(&format!("{path}/pages/4")).await.expect(404);
    student.get(&format!("{path}/pages/0")).await.expect(404);
    assert_eq!(student.get("/api/documents").await.expect(200).body["items"][0]["id"], document["id"]);
    let usage = student.usage().await;
    assert_eq!(usage["features"]["pdf"]["used"], 1);
    assert_eq!(usage["requests"]["used"], 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_comes_back_whole_in_parts_and_with_safe_headers() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let file = textbook();
    let document = student.has_read("Heart.pdf", &file).await;
    let path = format!("/api/documents/{}/file", document["id"].as_str().unwrap());
    let response = student.request(reqwest::Method::GET, &path).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"Heart.pdf\"; filename*=UTF-8''Heart.pdf"
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").starts_with("sandbox"));
    assert_eq!(response.bytes().await.unwrap(), file);
    let part =
        student.request(reqwest::Method::GET, &path).header("range", "bytes=5-9").send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"].to_str().unwrap(), format!("bytes 5-9/{}", file.len()));
    assert_eq!(part.bytes().await.unwrap(), file[5..10]);
    let beyond =
        student.request(reqwest::Method::GET, &path).header("range", "bytes=9999999-").send().await.unwrap();
    assert_eq!(beyond.status(), 416);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_free_plan_is_refused_in_the_guides_words() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let refused = student.uploads("Heart.pdf", &textbook()).await.expect(429);
    assert_eq!(refused.code(), "PDF_LIMIT_EXCEEDED");
    let error = &refused.body["error"];
    assert_eq!(error["message"], "You've reached your daily PDF limit of 0.");
    assert_eq!((&error["details"]["feature"], &error["details"]["limit"]), (&json!("pdf"), &json!(0)));
    assert_eq!((&error["action"], &error["upgrade_url"]), (&json!("upgrade"), &json!("/pricing")));
    assert_eq!(student.get("/api/documents").await.expect(200).body["items"], json!([]));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_at_a_time_and_a_sixth_is_over_the_limit() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let files: Vec<_> = (0..8)
        .map(|n| pdf(&[&format!("Page of document number {n}, about the heart and the lung.")]))
        .collect();
    let uploads = files.iter().map(|file| student.uploads("Notes.pdf", file));
    let replies = futures::future::join_all(uploads).await;
    let accepted: Vec<_> = replies.iter().filter(|reply| reply.status == 202).collect();
    assert_eq!(accepted.len(), 5, "{replies:?}");
    assert!(replies.iter().all(|reply| reply.status == 202 || reply.code() == "PDF_LIMIT_EXCEEDED"));
    for reply in accepted {
        assert_eq!(student.is_read(document_of(reply)).await["status"], "ready");
    }
    assert_eq!(student.usage().await["features"]["pdf"]["used"], 5);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_cannot_be_read_cost_nothing_and_are_not_endless() {
    let platform = Platform::setup().config(|config| config.files.failed_uploads_per_day = 2).start().await;
    // Shortly before midnight, which a sign-in outlives.
    let midnight = (platform.parts.clock.today() + TimeDelta::days(2)).and_time(NaiveTime::MIN).and_utc();
    platform.sleep_until(midnight - TimeDelta::minutes(5));
    let student = platform.student_on("pro").await;
    for n in 0..2 {
        let broken = format!("%PDF-1.7\nnothing of a document, number {n}");
        assert_eq!(student.has_read("Broken.pdf", broken.as_bytes()).await["status"], "failed");
    }
    let usage = student.usage().await;
    assert_eq!(usage["features"]["pdf"], json!({ "used": 0, "held": 0, "limit": 50 }));
    let refused = student.uploads("Heart.pdf", &textbook()).await.expect(429);
    assert_eq!(refused.code(), "TOO_MANY_FAILED_UPLOADS");
    let error = refused.error();
    assert_eq!(error["message"], "2 of your uploads could not be read today. You can upload again tomorrow.");
    assert_eq!(error["details"], json!({ "limit": 2, "reset_at": usage["reset_at"] }));
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() <= 86_400);

    let other = platform.student_on("pro").await;
    assert_eq!(other.has_read("Heart.pdf", &textbook()).await["status"], "ready");
    assert_eq!(usage["reset_at"].as_str().unwrap().parse(), Ok(midnight));
    platform.sleep_until(midnight);
    assert_eq!(student.has_read("Heart.pdf", &textbook()).await["status"], "ready");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_is_the_same_document() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let first = student.has_read("Heart.pdf", &textbook()).await;
    let again = student.uploads("Another name.pdf", &textbook()).await.expect(202);
    assert_eq!(again.body["document"]["id"], first["id"]);
    assert_eq!(again.body["job"]["state"], "done");
    assert_eq!(student.usage().await["features"]["pdf"]["used"], 1, "counted once");
    // Somebody else's is a document of its own.
    let other = platform.student_on("student").await;
    assert_ne!(other.has_read("Heart.pdf", &textbook()).await["id"], first["id"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_pdf_is_refused_whatever_its_name_says() {
    let platform = Platform::setup().config(|config| config.files.max_upload_mb = 1).start().await;
    let student = platform.student_on("student").await;
    for bytes in [&b"MZ\x90\0 a program"[..], b"<html>%PDF</html>", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"] {
        let refused = student.uploads("harmless.pdf", bytes).await.expect(415);
        assert_eq!(refused.code(), "UNSUPPORTED_MEDIA_TYPE");
    }
    student.uploads("empty.pdf", b"").await.expect(422);
    let large = [b"%PDF-1.7\n".to_vec(), vec![b'x'; 2_000_000]].concat();
    assert_eq!(student.uploads("large.pdf", &large).await.expect(413).code(), "PAYLOAD_TOO_LARGE");
    let json = student.post("/api/documents", json!({ "file": "x" })).await.expect(415);
    assert_eq!(json.code(), "UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(student.get("/api/documents").await.expect(200).body["items"], json!([]));
    assert_eq!(student.usage().await["requests"]["used"], 0, "what is refused is not counted");
    assert_eq!(platform.stored_files(), 0, "nothing of it is kept");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_says_why_and_is_not_counted() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let damaged = student.has_read("broken.pdf", b"%PDF-1.4\nnothing of a document follows").await;
    assert_eq!(damaged["status"], "failed");
    let code = damaged["error"]["code"].as_str().unwrap();
    assert!(["PDF_DAMAGED", "PDF_NOT_A_PDF"].contains(&code), "{damaged}");
    assert_eq!(student.usage().await["features"]["pdf"]["used"], 0);

    let locked = student.has_read("locked.pdf", &of_the_reader("password.pdf")).await;
    assert_eq!(locked["error"]["code"], "PDF_NEEDS_PASSWORD", "{locked}");
    let path = format!("/api/documents/{}/password", locked["id"].as_str().unwrap());
    student.post(&path, json!({ "password": "wrong" })).await.expect(202);
    let still = student.is_read(locked["id"].as_str().unwrap()).await;
    assert_eq!(still["error"]["code"], "PDF_WRONG_PASSWORD");
    platform.never_logged([PASSWORD.to_owned()]);
    student.post(&path, json!({ "password": PASSWORD })).await.expect(202);
    let open = student.is_read(locked["id"].as_str().unwrap()).await;
    assert_eq!(open["status"], "ready", "{open}");
    student.post(&path, json!({ "password": PASSWORD })).await.expect(409);
    assert_eq!(platform.number("select count(*) from documents where password is not null").await, 0);
    platform.end().await;
}

/// Of `password.pdf`.
const PASSWORD: &str = "aorta";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_text_is_named_and_the_rest_can_be_searched() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let partly = student.has_read("scan.pdf", &of_the_reader("second-page-is-an-image.pdf")).await;
    assert_eq!(partly["status"], "partly_ready", "{partly}");
    assert_eq!(partly["textless_pages"], json!([2]));
    assert_eq!(partly["error"]["code"], "PDF_PAGES_WITHOUT_TEXT");
    assert!(partly["error"]["message"].as_str().unwrap().starts_with("Page 2 has no text layer"));
    let path = format!("/api/documents/{}/ocr", partly["id"].as_str().unwrap());
    let receipt = student.post(&path, json!({})).await.expect(202);
    let told = student.events(&job_of(&receipt), None).await.finish().await;
    if told.end() == "error" {
        assert_eq!(told.end_data()["code"], "OCR_NOT_INSTALLED");
    }
    assert_eq!(student.is_read(partly["id"].as_str().unwrap()).await["pages"], partly["pages"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_page_is_recognised_where_that_is_installed_and_told_where_it_is_not() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let scanned = student.has_read("scanned.pdf", &of_the_reader("scanned.pdf")).await;
    assert_eq!((&scanned["status"], &scanned["error"]["code"]), (&json!("failed"), &json!("PDF_NO_TEXT")));
    let path = format!("/api/documents/{}", scanned["id"].as_str().unwrap());
    let receipt = student.post(&format!("{path}/ocr"), json!({})).await.expect(202);
    // It has not failed while that goes on.
    assert_eq!(receipt.body["document"]["status"], "processing");
    let told = student.events(&job_of(&receipt), None).await.finish().await;
    let after = student.is_read(scanned["id"].as_str().unwrap()).await;
    if ["pdftoppm", "tesseract"].iter().all(|program| harness::installed(&[program]).is_some()) {
        assert_eq!((told.end(), &after["status"]), ("done", &json!("ready")), "{told:?}");
        let text = student.get(&format!("{path}/pages/1")).await.expect(200).body["text"].clone();
        assert!(text.as_str().unwrap().contains("against which the heart ejects"), "{text}");
        let found = student.finds("arterial resistance").await[0].clone();
        assert_eq!(
            (&found["page"], &found["recognised"], &found["check_original"]),
            (&json!(1), &json!(true), &json!(true)),
        );
        student.post(&format!("{path}/ocr"), json!({})).await.expect(409);
    } else {
        assert_eq!((told.end(), &told.end_data()["code"]), ("error", &json!("OCR_NOT_INSTALLED")));
        assert_eq!((&after["status"], &after["error"]), (&json!("failed"), &scanned["error"]));
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_its_text_is_recognised_a_document_has_not_failed() {
    // Nobody takes the job.
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let scanned = student.has_read("scanned.pdf", &of_the_reader("scanned.pdf")).await;
    let path = format!("/api/documents/{}", scanned["id"].as_str().unwrap());
    platform.sql("update queues set paused_at = now() where name = 'ingest'").await;
    let receipt = student.post(&format!("{path}/ocr"), json!({})).await.expect(202);
    let waits = student.get(&path).await.expect(200).body;
    assert_eq!((&waits["status"], &waits["error"]), (&json!("processing"), &Value::Null));
    student.post(&format!("{path}/ocr"), json!({})).await.expect(409);
    // One that is stopped is as it was, and can be asked for again.
    student.delete(&format!("/api/jobs/{}", job_of(&receipt))).await;
    let stopped = student.is_read(scanned["id"].as_str().unwrap()).await;
    assert_eq!((&stopped["status"], &stopped["error"]), (&json!("failed"), &scanned["error"]));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_scan_is_recognised_with_its_password_and_not_offered_again() {
    let shared =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pdf-cases/scan-locked.pdf");
    let Ok(file) = std::fs::read(shared) else { return };
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let locked = student.has_read("Scan.pdf", &file).await;
    assert_eq!(locked["error"]["code"], "PDF_NEEDS_PASSWORD", "{locked}");
    let id = locked["id"].as_str().unwrap();
    let path = format!("/api/documents/{id}");
    student.post(&format!("{path}/password"), json!({ "password": "secret" })).await.expect(202);
    let scanned = student.is_read(id).await;
    assert_eq!(scanned["error"]["code"], "PDF_NO_TEXT", "{scanned}");
    let receipt = student.post(&format!("{path}/ocr"), json!({})).await.expect(202);
    let told = student.events(&job_of(&receipt), None).await.finish().await;
    let after = student.is_read(id).await;
    if ["pdftoppm", "tesseract"].iter().all(|program| harness::installed(&[program]).is_some()) {
        assert_eq!((told.end(), &after["status"]), ("done", &json!("ready")), "{told:?}");
        let page = student.get(&format!("{path}/pages/1")).await.expect(200).body;
        assert!(page["text"].as_str().unwrap().len() > 10 && page["recognised"] == true, "{page}");
        assert_eq!(platform.number("select count(*) from documents where password is not null").await, 0);
    } else {
        assert_eq!((told.end(), &told.end_data()["code"]), ("error", &json!("OCR_NOT_INSTALLED")));
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virus_scanner_is_asked_where_one_is_set() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    // A clamd that finds something in whatever names the test's virus.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let scanner = tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut command = [0; 10];
            client.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut file = Vec::new();
            loop {
                let length = client.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; usize::try_from(length).unwrap()];
                client.read_exact(&mut piece).await.unwrap();
                file.extend(piece);
            }
            let virus = file.windows(5).any(|window| window == b"EICAR");
            let verdict: &[u8] = if virus { b"stream: Eicar-Test FOUND\0" } else { b"stream: OK\0" };
            client.write_all(verdict).await.unwrap();
        }
    });
    let platform = Platform::setup().config(|config| config.files.clamd_addr = Some(address)).start().await;
    let student = platform.student_on("student").await;
    let refused =
        student.uploads("virus.pdf", &pdf(&["EICAR and nothing else that anybody would read."])).await;
    let problem = refused.expect(422).body["error"]["details"][0]["problem"].clone();
    assert_eq!(problem, "was refused by the virus scanner");
    assert_eq!(platform.stored_files(), 0);
    assert_eq!(student.has_read("Heart.pdf", &textbook()).await["status"], "ready");
    scanner.abort();
    // One that does not answer lets nothing pass.
    drop(scanner.await);
    student
        .uploads("Heart 2.pdf", &pdf(&["Another text about the heart and what it does."]))
        .await
        .expect(500);
    platform.end().await;
}
