//! The file store: one suite for a folder and for S3.

use std::{process::Stdio, time::Duration};

use bytes::Bytes;
use chrono::TimeDelta;
use domain::ids::{DocumentId, ImageId};
use files::{Files, Name, S3};
use futures::TryStreamExt as _;
use jobs::catalogue::SweepFiles;

use crate::support::{
    Platform,
    pdf::textbook,
    process::{mortal, spawn_mortal},
    servers,
};

/// The server's own access key, and its secret.
const KEY: &str = "S3RVER";

#[tokio::test]
async fn what_is_in_a_folder_is_nobody_elses_on_the_machine() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = servers::scratch("files");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    // As an earlier release left it.
    let documents = folder.join("documents");
    std::fs::create_dir_all(&documents).unwrap();
    std::fs::set_permissions(&documents, std::fs::Permissions::from_mode(0o755)).unwrap();
    let files = Files::in_folder(&folder).unwrap();
    let (document, image) = (DocumentId::generate(), ImageId::generate());
    let mut writing = files.write(Name::Document(document));
    writing.put(Bytes::from_static(b"%PDF-")).await.unwrap();
    writing.finish().await.unwrap();
    files.put(Name::Image(image), Bytes::from_static(b"pixels")).await.unwrap();
    assert_eq!(mode(&documents), 0o700);
    assert_eq!(mode(&folder.join("images")), 0o700);
    assert_eq!(mode(&documents.join(document.to_string())), 0o600);
    assert_eq!(mode(&folder.join("images").join(image.to_string())), 0o600);
    let fresh = folder.join("made/anew");
    Files::in_folder(&fresh).unwrap();
    assert_eq!(mode(&fresh), 0o700);
}

/// A server that speaks S3, with one bucket; it ends with the process.
struct Bucket {
    child: std::process::Child,
    url: String,
}

impl Bucket {
    async fn start() -> Self {
        let port = servers::free_port();
        let folder = servers::scratch("s3");
        let program = tokio::task::spawn_blocking(servers::s3rver).await.unwrap();
        let mut command = mortal("node");
        command.arg(program).args(["--address", "127.0.0.1", "--port", &port.to_string(), "--silent"]);
        command.arg("--directory").arg(folder).args(["--configure-bucket", "medai-files"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let bucket = Self { child: spawn_mortal(command), url: format!("http://127.0.0.1:{port}") };
        let http = worker::providers::http_client().unwrap();
        for _ in 0..600 {
            if http.get(&bucket.url).send().await.is_ok() {
                return bucket;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the S3 server does not start");
    }

    fn settings(&self) -> S3 {
        S3 {
            bucket: "medai-files".to_owned(),
            prefix: "some/prefix".to_owned(),
            endpoint: Some(self.url.clone()),
            region: "us-east-1".to_owned(),
            access_key: KEY.into(),
            secret_key: KEY.into(),
        }
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// All that a store promises.
async fn keeps_its_promises(files: &Files) {
    let name = Name::Document(DocumentId::generate());
    files.ping().await.unwrap();
    assert!(files.read(name, None).await.unwrap().is_none());
    assert_eq!(files.size(name).await.unwrap(), None);
    files.remove(name).await.unwrap();

    // Larger than one part of S3, in pieces of odd sizes.
    let whole: Vec<u8> = (0..11_000_003_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let mut writing = files.write(name);
    for piece in whole.chunks(65_537) {
        writing.put(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    assert!(files.read(name, None).await.unwrap().is_none(), "it is there whole or not at all");
    writing.finish().await.unwrap();
    let reading = files.read(name, None).await.unwrap().unwrap();
    assert_eq!(reading.size, whole.len() as u64);
    let read: Vec<Bytes> = reading.bytes.try_collect().await.unwrap();
    assert!(read.concat() == whole);
    let part = files.read(name, Some(8_388_600..8_388_620)).await.unwrap().unwrap();
    let part: Vec<Bytes> = part.bytes.try_collect().await.unwrap();
    assert_eq!(part.concat(), whole[8_388_600..8_388_620]);
    assert!(files.read_whole(name, 1000).await.is_err(), "more than is taken is not read");

    // Given up midway, it never was.
    let other = Name::Document(DocumentId::generate());
    let mut writing = files.write(other);
    for piece in whole.chunks(1 << 20).take(9) {
        writing.put(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    writing.abort().await;
    assert_eq!(files.size(other).await.unwrap(), None);

    let now = chrono::DateTime::from(std::time::SystemTime::now());
    let older_than = |time| files.older_than(time).try_collect::<Vec<_>>();
    assert_eq!(older_than(now - TimeDelta::minutes(5)).await.unwrap(), []);
    assert_eq!(older_than(now + TimeDelta::minutes(5)).await.unwrap(), [name]);

    let image = Name::Image(ImageId::generate());
    files.put(image, Bytes::from_static(b"pixels")).await.unwrap();
    assert_eq!(files.read_whole(image, 100).await.unwrap().unwrap(), b"pixels");
    for name in [name, image] {
        files.remove(name).await.unwrap();
        assert_eq!(files.size(name).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_keeps_its_promises() {
    let folder = servers::scratch("store");
    keeps_its_promises(&Files::in_folder(&folder.join("files")).unwrap()).await;
    let left = walk(&folder);
    assert!(left.is_empty(), "{left:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_its_promises_and_carries_a_document_from_upload_to_answer() {
    let bucket = Bucket::start().await;
    keeps_its_promises(&Files::in_bucket(&bucket.settings()).unwrap()).await;

    let endpoint = bucket.url.clone();
    let platform = Platform::setup()
        .config(|config| {
            config.files.files_url = Some("s3://medai-files/documents".to_owned());
            config.files.s3_endpoint = Some(endpoint);
            config.files.s3_access_key = Some(KEY.into());
            config.files.s3_secret_key = Some(KEY.into());
        })
        .start()
        .await;
    let student = platform.student_on("student").await;
    let document = student.has_read("Heart.pdf", &textbook()).await;
    assert_eq!(document["status"], "ready", "{document}");
    let path = format!("/api/documents/{}/file", document["id"].as_str().unwrap());
    let file = student.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), textbook());
    student.delete(&format!("/api/documents/{}", document["id"].as_str().unwrap())).await.expect(204);
    platform.end().await;
}

const SWEPT: &str = "select not exists (select from jobs where finished_at is null)";

#[tokio::test(flavor = "multi_thread")]
async fn files_that_no_row_knows_are_removed_a_day_later() {
    let platform = Platform::start().await;
    let student = platform.student_on("student").await;
    let document = student.has_read("Heart.pdf", &textbook()).await;
    let files = &platform.parts.files;
    // As a process leaves them that dies after an upload, and in one.
    let lost = [Name::Document(DocumentId::generate()), Name::Image(ImageId::generate())];
    for name in lost {
        files.put(name, Bytes::from_static(b"nobody's")).await.unwrap();
    }
    let folder =
        std::path::Path::new(platform.parts.config.files.files_url.as_ref().unwrap()).join("documents");
    std::fs::write(folder.join("half#1"), "nobody's").unwrap();
    std::fs::write(folder.join("README"), "an operator's").unwrap();

    platform.enqueue(&SweepFiles {}).await;
    platform.eventually(SWEPT).await;
    assert_eq!(platform.stored_files(), 5, "what is being uploaded has no row either");
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::hours(25));
    platform.enqueue(&SweepFiles {}).await;
    platform.eventually(SWEPT).await;
    assert_eq!(platform.stored_files(), 2);
    let kept = Name::Document(document["id"].as_str().unwrap().parse().unwrap());
    assert!(files.read(kept, None).await.unwrap().is_some());
    platform.end().await;
}
