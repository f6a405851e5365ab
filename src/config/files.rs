//! Where files are kept, and what may be uploaded.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use files::{Files, S3};
use secrecy::SecretString;

/// What is uploaded.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Documents and images")]
pub struct FileSettings {
    /// Where files are kept: a folder, or `s3://bucket/prefix`. `files` in `DATA_DIR` unless given.
    #[arg(long, env, global = true)]
    pub files_url: Option<String>,
    /// Where an S3-compatible service is, unless it is AWS.
    #[arg(long, env, global = true)]
    pub s3_endpoint: Option<String>,
    /// The region of the bucket.
    #[arg(long, env, global = true, default_value = "us-east-1")]
    pub s3_region: String,
    /// The access key of the bucket.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub s3_access_key: Option<SecretString>,
    /// The secret key of the bucket.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub s3_secret_key: Option<SecretString>,
    /// The largest PDF that is taken, in megabytes.
    #[arg(long, env, global = true, default_value_t = 100)]
    pub max_upload_mb: u32,
    /// The most pages of a PDF that are read.
    #[arg(long, env, global = true, default_value_t = 3000)]
    pub max_pages: u32,
    /// The largest image that is taken, in megabytes.
    #[arg(long, env, global = true, default_value_t = 10)]
    pub max_image_mb: u32,
    /// Uploads of a student that may fail to be read in a day; after that, uploading waits for the next.
    #[arg(long, env, global = true, default_value_t = 20)]
    pub failed_uploads_per_day: i64,
    /// A virus scanner (clamd) that uploads are shown to, such as `127.0.0.1:3310`.
    #[arg(long, env, global = true)]
    pub clamd_addr: Option<String>,
}

impl FileSettings {
    /// The bucket of `FILES_URL`; `None` where files are kept in a folder.
    ///
    /// # Errors
    /// Where it is no bucket's, or its keys are missing.
    pub fn s3(&self) -> anyhow::Result<Option<S3>> {
        let Some(url) = self.files_url.as_deref().map(str::trim) else { return Ok(None) };
        let Some(rest) = url.strip_prefix("s3://") else {
            anyhow::ensure!(
                !url.contains("://") || url.starts_with("file://"),
                "FILES_URL is neither a folder nor s3://…"
            );
            return Ok(None);
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        anyhow::ensure!(!bucket.is_empty(), "FILES_URL names no bucket");
        let (Some(access_key), Some(secret_key)) = (self.s3_access_key.clone(), self.s3_secret_key.clone())
        else {
            bail!("FILES_URL is a bucket, for which S3_ACCESS_KEY and S3_SECRET_KEY are missing");
        };
        Ok(Some(S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            access_key,
            secret_key,
        }))
    }

    /// The file store; beside everything else that is kept in `data_dir` unless another place is given.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn store(&self, data_dir: &Path) -> anyhow::Result<Files> {
        if let Some(s3) = self.s3()? {
            return Files::in_bucket(&s3);
        }
        let folder =
            self.files_url.as_deref().map(str::trim).map(|url| url.strip_prefix("file://").unwrap_or(url));
        Files::in_folder(&folder.map_or_else(|| data_dir.join("files"), PathBuf::from))
    }

    /// The largest PDF that is taken, in bytes.
    pub(crate) fn max_upload_bytes(&self) -> usize {
        megabytes(self.max_upload_mb)
    }

    /// The largest image that is taken, in bytes.
    pub(crate) fn max_image_bytes(&self) -> usize {
        megabytes(self.max_image_mb)
    }

    /// What cannot be right.
    pub(super) fn problems(&self) -> Option<String> {
        self.s3().err().map(|error| error.to_string())
    }
}

fn megabytes(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(1_000_000)
}
