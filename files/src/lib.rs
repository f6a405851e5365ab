//! The file store: a folder by default, an S3-compatible service in production.
//!
//! **Invariant:** a file is called by the id of its row, never by what its student called it, and it is there whole
//! or not at all.

use std::{
    fmt,
    ops::Range,
    path::{Path as FolderPath, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ids::{DocumentId, ImageId, JobId};
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, aws::AmazonS3Builder, buffered::BufWriter,
    local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::AsyncWriteExt as _;

pub mod picture;
mod private;
mod unfinished;

/// How much of a file is kept in memory while it is written: S3 takes parts of at least 5 MiB.
const PART: usize = 8 << 20;

/// The name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// A document's PDF.
    Document(DocumentId),
    /// An image of a message, or of notes.
    Image(ImageId),
    /// A file of cards that this job imports.
    Import(JobId),
}

impl Name {
    fn path(self) -> Path {
        match self {
            Self::Document(id) => Path::from_iter(["documents".to_owned(), id.to_string()]),
            Self::Image(id) => Path::from_iter(["images".to_owned(), id.to_string()]),
            Self::Import(id) => Path::from_iter(["imports".to_owned(), id.to_string()]),
        }
    }

    fn of(path: &Path) -> Option<Self> {
        let (kind, id) = path.as_ref().split_once('/')?;
        let id = id.parse().ok()?;
        match kind {
            "documents" => Some(Self::Document(DocumentId(id))),
            "images" => Some(Self::Image(ImageId(id))),
            "imports" => Some(Self::Import(JobId(id))),
            _ => None,
        }
    }
}

/// An S3-compatible service.
#[derive(Debug, Clone)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// What its names begin with; may be empty.
    pub prefix: String,
    /// Where it is, unless with AWS.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// The access key.
    pub access_key: SecretString,
    /// The secret key.
    pub secret_key: SecretString,
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Where it is one.
    folder: Option<PathBuf>,
}

/// A file that is being read.
pub struct Reading {
    /// The size of the whole file.
    pub size: u64,
    /// Its bytes, or the range of them that was asked for.
    pub bytes: futures::stream::BoxStream<'static, std::io::Result<Bytes>>,
}

/// A file that is being written. Dropped without [`Writing::finish`], it never was.
pub struct Writing {
    writer: BufWriter,
    /// Where it is going to be, if that is a folder.
    kept_at: Option<PathBuf>,
}

impl Files {
    /// In a folder, which is made if it is not there.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn in_folder(folder: &FolderPath) -> anyhow::Result<Self> {
        let cannot = || format!("the folder of files {} cannot be used", folder.display());
        private::make_folders(folder).with_context(cannot)?;
        let store = LocalFileSystem::new_with_prefix(folder).with_context(cannot)?;
        Ok(Self { store: Arc::new(store), folder: Some(folder.to_owned()) })
    }

    /// In a bucket.
    ///
    /// # Errors
    /// Where the settings cannot be right.
    pub fn in_bucket(s3: &S3) -> anyhow::Result<Self> {
        // Its client is built without a crypto provider, and panics where the process has set none.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // An error says that another thread was first, and then its provider stands.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&s3.bucket)
            .with_region(&s3.region)
            .with_access_key_id(s3.access_key.expose_secret())
            .with_secret_access_key(s3.secret_key.expose_secret());
        if let Some(endpoint) = &s3.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let store = builder.build().context("the settings of S3 are not right")?;
        let prefix = s3.prefix.trim_matches('/');
        if prefix.is_empty() {
            return Ok(Self { store: Arc::new(store), folder: None });
        }
        Ok(Self { store: Arc::new(PrefixStore::new(store, prefix)), folder: None })
    }

    /// Begins a file.
    pub fn write(&self, name: Name) -> Writing {
        let writer = BufWriter::with_capacity(Arc::clone(&self.store), name.path(), PART);
        Writing { writer, kept_at: self.kept_at(name) }
    }

    /// Stores a file that is in memory.
    ///
    /// # Errors
    /// The store's.
    pub async fn put(&self, name: Name, bytes: Bytes) -> anyhow::Result<()> {
        self.store.put(&name.path(), bytes.into()).await.context("a file could not be stored")?;
        private::close(self.kept_at(name)).await
    }

    /// Where a file is, if that is a folder.
    fn kept_at(&self, name: Name) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(name.path().as_ref()))
    }

    /// Reads a file, or a range of its bytes; `None` where it is not there.
    ///
    /// # Errors
    /// The store's; also where the range is not in the file.
    pub async fn read(&self, name: Name, range: Option<Range<u64>>) -> anyhow::Result<Option<Reading>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.store.get_opts(&name.path(), options).await {
            Ok(found) => {
                let size = found.meta.size;
                Ok(Some(Reading { size, bytes: found.into_stream().map_err(std::io::Error::other).boxed() }))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error).context("a file could not be read"),
        }
    }

    /// The size of a file; `None` where it is not there.
    ///
    /// # Errors
    /// The store's.
    pub async fn size(&self, name: Name) -> anyhow::Result<Option<u64>> {
        match self.store.head(&name.path()).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error).context("a file could not be looked at"),
        }
    }

    /// Reads a whole file of at most `most` bytes.
    ///
    /// # Errors
    /// The store's, or that it is larger.
    pub async fn read_whole(&self, name: Name, most: usize) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(mut reading) = self.read(name, None).await? else { return Ok(None) };
        let mut whole = Vec::new();
        while let Some(bytes) = reading.bytes.try_next().await? {
            anyhow::ensure!(whole.len() + bytes.len() <= most, "a file is larger than {most} bytes");
            whole.extend_from_slice(&bytes);
        }
        Ok(Some(whole))
    }

    /// Removes a file; one that is not there is removed already.
    ///
    /// # Errors
    /// The store's.
    pub async fn remove(&self, name: Name) -> anyhow::Result<()> {
        match self.store.delete(&name.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error).context("a file could not be removed"),
        }
    }

    /// The names of files that were last written before a time. What is not named as ours are is not ours.
    pub fn older_than(&self, before: DateTime<Utc>) -> impl Stream<Item = anyhow::Result<Name>> + '_ {
        let listed = self.store.list(None).map(|meta| meta.context("the files could not be listed"));
        listed.try_filter_map(move |meta| {
            let old = (meta.last_modified < before).then(|| Name::of(&meta.location)).flatten();
            std::future::ready(Ok(old))
        })
    }

    /// Removes what is left of files that were last written to before a time, and never became whole. How
    /// many these were. A bucket has a rule of its own for them: to abort incomplete multipart uploads.
    ///
    /// # Errors
    /// The folder's.
    pub async fn remove_unfinished(&self, before: DateTime<Utc>) -> anyhow::Result<usize> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let removed = tokio::task::spawn_blocking(move || unfinished::remove(&folder, before.into())).await?;
        removed.context("what is left of files could not be removed")
    }

    /// Whether the store can be reached.
    ///
    /// # Errors
    /// Why not.
    pub async fn ping(&self) -> anyhow::Result<()> {
        let nothing = Path::from("ping");
        match self.store.head(&nothing).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error).context("the file store cannot be reached"),
        }
    }
}

impl Writing {
    /// Adds bytes.
    ///
    /// # Errors
    /// The store's.
    pub async fn put(&mut self, bytes: Bytes) -> anyhow::Result<()> {
        self.writer.put(bytes).await.context("a file could not be stored")
    }

    /// Makes it be there.
    ///
    /// # Errors
    /// The store's.
    pub async fn finish(mut self) -> anyhow::Result<()> {
        self.writer.shutdown().await.context("a file could not be stored")?;
        private::close(self.kept_at).await
    }

    /// Gives it up.
    pub async fn abort(mut self) {
        // What is left of it is in parts that make no file; the store's own rules remove those.
        drop(self.writer.abort().await);
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.store)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("size", &self.size).finish_non_exhaustive()
    }
}

impl fmt::Debug for Writing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writing(…)")
    }
}
