//! Takes a file of a multipart body: streamed to where it goes, never held whole.

use std::time::Duration;

use axum::{body::Bytes, extract::Request, http::header};
use domain::documents::store::UNTITLED;
use files::{Name, Writing};
use futures::StreamExt as _;
use multer::{Field, Multipart};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::{
    App,
    error::{ApiError, ApiResult},
};

/// How long a client may be silent.
const IDLE: Duration = Duration::from_secs(30);

/// How long a body may take that brings nothing.
const START: Duration = Duration::from_mins(1);

/// What gives it another second, in bytes: the slowest network that is waited for.
const SLOWEST: u64 = 4096;

/// How much of a body that is refused is read all the same, so that the client sees the answer.
const MOST_DRAINED: usize = 32 << 20;

/// How long that may take.
const DRAIN_PATIENCE: Duration = Duration::from_secs(20);

/// The bytes at the beginning that say what a file is.
const HEAD: usize = 1024;

/// A file that is in the store now.
pub(crate) struct Received {
    /// What it is called, made decent.
    pub(super) title: String,
    pub(super) sha256: Vec<u8>,
    pub(super) bytes: i64,
}

/// What the first bytes of a file must be.
type Check = fn(&[u8]) -> ApiResult<()>;

/// Stores the PDF of a body. After an error there is no file.
pub(super) async fn pdf(app: &App, request: Request, name: Name) -> ApiResult<Received> {
    stored(app, request, name, app.settings.max_upload_bytes, require_pdf).await
}

/// Stores the file of a body, of at most so many bytes. After an error there is no file.
pub(crate) async fn stored(
    app: &App,
    request: Request,
    name: Name,
    most: usize,
    check: Check,
) -> ApiResult<Received> {
    let mut patience = Patience::new();
    let mut field = file_field(&mut multipart(request)?, &patience).await?;
    let title = title_of(field.file_name().unwrap_or_default());
    let mut writing = app.files.write(name);
    match stream(&mut field, &mut writing, &mut patience, (most, check)).await {
        Ok((sha256, bytes)) => {
            writing.finish().await.map_err(ApiError::Internal)?;
            Ok(Received { title, sha256, bytes })
        }
        Err(error) => {
            writing.abort().await;
            if !matches!(error, ApiError::Internal(_)) {
                drain_field(&mut field).await;
            }
            Err(error)
        }
    }
}

/// The bytes of a body's file, where it is small enough for memory.
pub(crate) async fn small_file(request: Request, most: usize) -> ApiResult<Vec<u8>> {
    let mut patience = Patience::new();
    let mut field = file_field(&mut multipart(request)?, &patience).await?;
    let mut whole = Vec::new();
    while let Some(bytes) = chunk(&mut field, &mut patience).await? {
        if whole.len() + bytes.len() > most {
            drain_field(&mut field).await;
            return Err(ApiError::TooLarge(most));
        }
        whole.extend_from_slice(&bytes);
    }
    Ok(whole)
}

fn multipart(request: Request) -> ApiResult<Multipart<'static>> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = content_type.and_then(|content_type| multer::parse_boundary(content_type).ok());
    let boundary = boundary.ok_or(ApiError::WrongType("multipart/form-data"))?;
    Ok(Multipart::new(request.into_body().into_data_stream(), boundary))
}

/// How long a body is waited for: it may pause, and be slow, but not for ever.
struct Patience {
    began: Instant,
    received: u64,
}

impl Patience {
    fn new() -> Self {
        Self { began: Instant::now(), received: 0 }
    }

    /// Until when something more must come.
    fn until(&self) -> Instant {
        self.until_from(Instant::now())
    }

    fn until_from(&self, now: Instant) -> Instant {
        let earned = Duration::from_secs(self.received / SLOWEST);
        (now + IDLE).min(self.began + START + earned)
    }
}

async fn file_field(multipart: &mut Multipart<'static>, patience: &Patience) -> ApiResult<Field<'static>> {
    loop {
        // What stands before the file earns nothing.
        let field = tokio::time::timeout_at(patience.until(), multipart.next_field()).await;
        let field = field.map_err(|_elapsed| unreadable())?.map_err(|_malformed| unreadable())?;
        match field {
            Some(field) if field.name() == Some("file") => return Ok(field),
            // Dropped, it is read over.
            Some(_) => {}
            None => return Err(ApiError::field("file", "is missing")),
        }
    }
}

async fn stream(
    field: &mut Field<'static>,
    writing: &mut Writing,
    patience: &mut Patience,
    (most, check): (usize, Check),
) -> ApiResult<(Vec<u8>, i64)> {
    let (mut hash, mut total) = (Sha256::new(), 0_usize);
    let mut head: Option<Vec<u8>> = Some(Vec::new());
    loop {
        let bytes = chunk(field, patience).await?;
        if let Some(bytes) = &bytes {
            total = total.saturating_add(bytes.len());
            if total > most {
                return Err(ApiError::TooLarge(most));
            }
        }
        // What comes first is kept back until it says what it is.
        let ready = match (head.take(), bytes) {
            (Some(mut first), Some(bytes)) if first.len() + bytes.len() < HEAD => {
                first.extend_from_slice(&bytes);
                head = Some(first);
                continue;
            }
            (Some(mut first), bytes) => {
                let last = bytes.is_none();
                first.extend_from_slice(&bytes.unwrap_or_default());
                check(&first)?;
                (Bytes::from(first), last)
            }
            (None, Some(bytes)) => (bytes, false),
            (None, None) => (Bytes::new(), true),
        };
        hash.update(&ready.0);
        writing.put(ready.0).await.map_err(ApiError::Internal)?;
        if ready.1 {
            let bytes = i64::try_from(total).map_err(|_huge| ApiError::TooLarge(most))?;
            return Ok((hash.finalize().to_vec(), bytes));
        }
    }
}

/// The content says what a file is, not its name: readers of PDF look for the mark in the first kilobyte.
fn require_pdf(head: &[u8]) -> ApiResult<()> {
    let head = head.get(..HEAD.min(head.len())).unwrap_or_default();
    if head.is_empty() {
        return Err(ApiError::field("file", "is empty"));
    }
    if head.windows(5).any(|window| window == b"%PDF-") {
        Ok(())
    } else {
        Err(ApiError::WrongType("multipart/form-data with a PDF as `file`; this file is none"))
    }
}

async fn chunk(field: &mut Field<'static>, patience: &mut Patience) -> ApiResult<Option<Bytes>> {
    let chunk = tokio::time::timeout_at(patience.until(), field.chunk()).await;
    let chunk = chunk.map_err(|_elapsed| unreadable())?.map_err(|_broken| unreadable())?;
    patience.received += chunk.as_ref().map_or(0, |bytes| bytes.len() as u64);
    Ok(chunk)
}

fn unreadable() -> ApiError {
    ApiError::BadRequest("The body could not be read.".to_owned())
}

async fn drain_field(field: &mut Field<'static>) {
    let drained = async {
        let mut total = 0_usize;
        while let Ok(Some(bytes)) = field.chunk().await {
            total = total.saturating_add(bytes.len());
            if total > MOST_DRAINED {
                return;
            }
        }
    };
    // A client that goes on for longer does not see the answer.
    drop(tokio::time::timeout(DRAIN_PATIENCE, drained).await);
}

/// Reads a body that is refused, within reason.
pub(crate) async fn drain(request: Request) {
    let drained = async {
        let (mut stream, mut total) = (request.into_body().into_data_stream(), 0_usize);
        while let Some(Ok(bytes)) = stream.next().await {
            total = total.saturating_add(bytes.len());
            if total > MOST_DRAINED {
                return;
            }
        }
    };
    drop(tokio::time::timeout(DRAIN_PATIENCE, drained).await);
}

/// A file's name as a title: without its folder, its ending, and what no line of text has.
fn title_of(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".pdf").or_else(|| name.strip_suffix(".PDF")).unwrap_or(name);
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let name: String = name.chars().map(printable).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().take(200).collect();
    let name = name.trim();
    if name.is_empty() { UNTITLED.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_decent_line() {
        assert_eq!(title_of("../../etc/Heart failure\r\n.pdf"), "Heart failure");
        assert_eq!(title_of("C:\\docs\\Notes.PDF"), "Notes");
        assert_eq!(title_of(".pdf"), UNTITLED);
        assert_eq!(title_of(""), UNTITLED);
        assert_eq!(title_of(&"x".repeat(500)).chars().count(), 200);
    }

    #[test]
    fn who_drips_is_not_waited_for_and_who_is_slow_is() {
        let began = Instant::now();
        let after = |seconds| began + Duration::from_secs(seconds);
        let received = |received| Patience { began, received };
        assert_eq!(received(0).until_from(began), began + IDLE);
        assert!(received(60).until_from(after(60)) <= after(60), "a byte now and then earns no time");
        assert_eq!(received(SLOWEST * 600).until_from(after(600)), after(600) + IDLE, "a bad network does");
    }

    #[test]
    fn only_what_begins_like_a_pdf_is_taken() {
        assert!(require_pdf(b"%PDF-1.7").is_ok());
        assert!(require_pdf(b"junk before it %PDF-1.4").is_ok());
        assert!(require_pdf(b"MZ\x90").is_err());
        assert!(require_pdf(b"").is_err());
        let late = [vec![b' '; 2000], b"%PDF-1.4".to_vec()].concat();
        assert!(require_pdf(&late).is_err());
    }
}
