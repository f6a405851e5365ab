//! What the child made of a file, and its images, which are stored as they come.

use std::{collections::HashMap, fs::File, time::Duration};

use anki::{Limits, Package, Refusal};
use domain::{
    ids::ImageId,
    images::{self, Image},
};
use files::Name;
use futures::TryStreamExt as _;
use ingest::reader::confined::{self, Bounds};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, BufReader},
    net::UnixStream,
    time::timeout,
};

use super::{
    ImportRefusal, Run, Stop,
    child::{Line, Order, SUBCOMMAND},
};

/// How long a file may be read.
const WALL: Duration = Duration::from_mins(5);

/// What a child may use up.
const BOUNDS: Bounds = Bounds { memory: 1 << 30, cpu: 180_000, most_cpu: 180_000, wall: 310 };

/// The longest line of a child, and the most bytes behind one.
const LONGEST_LINE: u64 = 64 * 1024;
const MOST_OF_PACKAGE: usize = 256 << 20;
const MOST_OF_IMAGE: usize = 24 << 20;

/// The most bytes of all images, and how many they may be.
const MOST_OF_IMAGES: usize = 256 << 20;
const MOST_IMAGES: usize = 20_000;

/// What was read.
pub(super) struct Parcel {
    pub(super) package: Package,
    /// The images that are stored, by their names in the file.
    pub(super) images: HashMap<String, ImageId>,
    pub(super) images_left_out: usize,
    /// Lines of a table that are no notes.
    pub(super) bad_lines: usize,
}

fn limits() -> Limits {
    Limits {
        file: 100 << 20,
        collection: 128 << 20,
        images: 128 << 20,
        unpacked: 512 << 20,
        reviews: 1_000_000,
        text: 48 << 20,
        ..Limits::default()
    }
}

/// What a child says that is none of ours any more, or is dying.
fn damaged() -> Stop {
    Stop::Refused(ImportRefusal::File(Refusal::Damaged))
}

impl Run<'_> {
    /// Reads the file in a child.
    pub(super) async fn read(&mut self) -> Result<Parcel, Stop> {
        let file = self.fetch().await?;
        let order = Order { limits: limits(), now: self.now().timestamp() };
        let tools = std::sync::Arc::clone(&self.context.tools);
        let mut child = confined::start(&tools.reader, SUBCOMMAND, &file, BOUNDS, order).await?;
        let heard = timeout(WALL, self.listen(child.socket())).await;
        child.end().await?;
        heard.unwrap_or(Err(Stop::Refused(ImportRefusal::File(Refusal::TooMuchWork))))
    }

    /// The file, in a place that has no name: the child gets it open.
    async fn fetch(&self) -> Result<File, Stop> {
        let reading = self.context.files.read(Name::Import(self.job.id), None).await?;
        let mut reading = reading.ok_or(Stop::Refused(ImportRefusal::Gone))?;
        let mut file = tokio::fs::File::from_std(tempfile::tempfile()?);
        while let Some(bytes) = reading.bytes.try_next().await? {
            file.write_all(&bytes).await?;
        }
        file.flush().await?;
        file.rewind().await?;
        Ok(file.into_std().await)
    }

    /// What the child says is believed only as far as it fits.
    async fn listen(&mut self, socket: &mut UnixStream) -> Result<Parcel, Stop> {
        let mut lines = BufReader::new(socket);
        let (mut images, mut total) = (HashMap::new(), 0_usize);
        loop {
            let mut line = Vec::new();
            let read = (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line).await;
            if !matches!(read, Ok(1..)) {
                return Err(damaged());
            }
            match serde_json::from_slice(&line).map_err(|_nonsense| damaged())? {
                Line::Image { name, png, width, height, bytes } => {
                    total = total.saturating_add(bytes);
                    if bytes > MOST_OF_IMAGE || total > MOST_OF_IMAGES || images.len() >= MOST_IMAGES {
                        return Err(damaged());
                    }
                    let bytes = exactly(&mut lines, bytes).await?;
                    let image = self.keep(bytes, png, (width, height)).await?;
                    images.insert(name, image);
                }
                Line::Package { bytes, images_left_out, bad_lines } if bytes <= MOST_OF_PACKAGE => {
                    let json = exactly(&mut lines, bytes).await?;
                    let package =
                        tokio::task::spawn_blocking(move || serde_json::from_slice::<Package>(&json)).await;
                    let Ok(Ok(package)) = package else { return Err(damaged()) };
                    return Ok(Parcel { package, images, images_left_out, bad_lines });
                }
                Line::Refused(refusal) => return Err(Stop::Refused(ImportRefusal::File(refusal))),
                Line::Package { .. } => return Err(damaged()),
            }
        }
    }

    /// Stores an image. One that no note comes to name is removed by housekeeping.
    async fn keep(&mut self, bytes: Vec<u8>, png: bool, size: (u32, u32)) -> Result<ImageId, Stop> {
        let pixels = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let image = Image {
            id: ImageId::generate(),
            content_type: if png { "image/png" } else { "image/jpeg" }.to_owned(),
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            width: pixels(size.0),
            height: pixels(size.1),
            created_at: self.now(),
        };
        let mut tx = self.begin().await?;
        images::insert(&mut tx, self.user, &image).await?;
        // Before the commit: a row without its file would be a broken picture, a file without its row is only waste.
        self.context.files.put(Name::Image(image.id), bytes.into()).await?;
        self.commit(tx, 10).await?;
        Ok(image.id)
    }
}

async fn exactly(lines: &mut BufReader<&mut UnixStream>, bytes: usize) -> Result<Vec<u8>, Stop> {
    // It grows with what comes, not with what was said.
    let mut whole = Vec::new();
    let read = lines.take(bytes as u64).read_to_end(&mut whole).await;
    if matches!(read, Ok(read) if read == bytes) { Ok(whole) } else { Err(damaged()) }
}
