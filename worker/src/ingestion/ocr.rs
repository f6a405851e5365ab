//! Recognises the text of pages that are only images, with `pdftoppm` and `tesseract` where they are installed.

use std::{
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use domain::documents::{
    Document, PageOutcome, Problem,
    pages::{self, NewPage},
};
use ingest::reader::{self, ReadError};
use secrecy::SecretString;
use tokio::process::Command;

use super::{Run, Step, Stop, extract::problem, progress};

/// How fine a page is drawn.
const DPI: &str = "200";

/// How long one page may take, for each of the two programs.
const PATIENCE: Duration = Duration::from_mins(2);

/// The most memory of a program, in kilobytes, and its most seconds of processor time.
const LIMITS: &str = "ulimit -v 2000000; ulimit -t 120; ulimit -f 400000; ulimit -c 0; exec \"$0\" \"$@\"";

/// Whether both programs are here.
pub(crate) async fn is_installed() -> bool {
    for (program, version) in [("pdftoppm", "-v"), ("tesseract", "--version")] {
        let mut command = Command::new(program);
        command.arg(version).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if !command.status().await.is_ok_and(|status| status.success()) {
            return false;
        }
    }
    true
}

impl Run<'_> {
    /// Recognises what has no text, and makes it searchable.
    pub(crate) async fn recognise(&mut self) -> Result<(), Stop> {
        let document = self.find().await?;
        match self.recognise_pages(&document).await {
            // What could be searched still can be.
            Err(Stop::Problem(problem)) if document.is_searchable() => self.decline(&problem).await,
            done => done,
        }
    }

    async fn recognise_pages(&mut self, document: &Document) -> Result<(), Stop> {
        let all = i64::try_from(document.textless_pages.len()).unwrap_or(0);
        let folder = tempfile::tempdir().map_err(anyhow::Error::from)?;
        let file = folder.path().join("document.pdf");
        let password = self.password().await?;
        self.lay_down(&file, password.as_ref()).await?;
        for (done, number) in (1_i64..).zip(&document.textless_pages) {
            let mut tx = self.context.db.begin_as(self.user).await?;
            let known = pages::find(&mut tx, self.document, *number).await?;
            drop(tx);
            if known.as_ref().is_some_and(|page| page.recognised) {
                // By a run that died.
                continue;
            }
            let body = recognise(folder.path(), &file, *number).await;
            if done == 1 && body.is_none() && password.is_none() {
                self.opens_without_password().await?;
            }
            let body = body.unwrap_or_default();
            // Also one without a word is stored as tried: it is not offered again.
            let page = NewPage {
                page: *number,
                label: known.and_then(|page| page.label),
                outcome: if body.is_empty() { PageOutcome::NoText } else { PageOutcome::Read },
                body,
                doubtful: false,
                recognised: true,
            };
            let progress =
                progress(Step::Recognising, 30 * done / all.max(1), Some(("pages", done, Some(all))));
            let mut tx = self.begin(&progress).await?;
            pages::upsert(&mut tx, self.user, self.document, &[page]).await?;
            self.commit(tx, progress).await?;
        }
        self.make_searchable().await
    }

    /// Puts the file where the programs find it. One that is protected is copied without its password, which would be
    /// seen by everybody on the machine if they were told it.
    async fn lay_down(&self, to: &Path, password: Option<&SecretString>) -> Result<(), Stop> {
        let mut file = self.fetch().await?;
        if let Some(password) = password {
            let tools = &self.context.tools;
            file = reader::unlock(&tools.reader, file, password, &tools.limits).await.map_err(problem)?;
        }
        let to = to.to_owned();
        let copied =
            tokio::task::spawn_blocking(move || std::io::copy(&mut file, &mut std::fs::File::create(to)?));
        copied.await.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
        Ok(())
    }

    /// Says where a page could not be drawn because the file is protected, and its password is not known any more.
    async fn opens_without_password(&self) -> Result<(), Stop> {
        let tools = &self.context.tools;
        let file = self.fetch().await?;
        match reader::unlock(&tools.reader, file, &SecretString::default(), &tools.limits).await {
            Err(ReadError::WrongPassword) => Err(Stop::Problem(Problem::NeedsPassword)),
            _ => Ok(()),
        }
    }

    /// What a student is told where the programs are missing.
    pub(crate) const fn ocr_is_missing() -> Problem {
        Problem::NoRecognition
    }
}

/// The text of a page; none where it cannot be recognised.
async fn recognise(folder: &Path, file: &Path, page: i32) -> Option<String> {
    let number = page.to_string();
    let picture = folder.join("page");
    let drawn = limited(folder, "pdftoppm")
        .args(["-r", DPI, "-gray", "-png", "-singlefile", "-f", &number, "-l", &number])
        .arg(file)
        .arg(&picture)
        .output();
    if !done(drawn).await?.status.success() {
        return None;
    }
    let picture = picture.with_extension("png");
    let read =
        limited(folder, "tesseract").arg(&picture).args(["stdout", "-l", "eng", "--psm", "3"]).output();
    let read = done(read).await?;
    if let Err(error) = tokio::fs::remove_file(&picture).await {
        tracing::debug!(%error, "a page's picture is gone already");
    }
    let text = String::from_utf8_lossy(&read.stdout).replace('\0', "");
    read.status.success().then(|| text.trim().to_owned())
}

async fn done(output: impl Future<Output = std::io::Result<Output>>) -> Option<Output> {
    tokio::time::timeout(PATIENCE, output).await.ok()?.ok()
}

/// A program that gets no more than it needs: of our environment, which holds secrets, only where programs are.
fn limited(folder: &Path, program: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", LIMITS, program]).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    command.env_clear().env("OMP_THREAD_LIMIT", "1");
    for name in ["PATH", "TESSDATA_PREFIX"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}
