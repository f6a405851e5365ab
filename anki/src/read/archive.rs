//! The zip file. Every byte that is unpacked is counted.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

use prost::Message as _;
use ruzstd::decoding::StreamingDecoder;
use zip::{ZipArchive, result::ZipError};

use super::messages::Meta;
use crate::{Limits, Refusal, refusal::Part};

/// The newest form that is known.
const NEWEST: i32 = 3;

/// The largest window of zstd that Anki's level of compression comes to, with room.
const WINDOW: u64 = 128 << 20;

/// Bytes of the list of entries, for each that is allowed: a fixed part and a name.
const ENTRY: u64 = 200;

/// How a package is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// The name of its collection.
    pub(super) collection: &'static str,
    /// Whether that, the list of media and every file of it is packed by zstd, and the list a message.
    pub(super) zstd: bool,
}

/// From the newest.
const FORMS: [Form; 3] = [
    Form { collection: "collection.anki21b", zstd: true },
    Form { collection: "collection.anki21", zstd: false },
    Form { collection: "collection.anki2", zstd: false },
];

/// A package that is open.
pub(super) struct Archive<R> {
    zip: ZipArchive<Metered<R>>,
    /// Bytes that may still be unpacked.
    left: u64,
    most: u64,
}

/// Why an entry is not there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// No entry of this name.
    Entry,
    /// More bytes than this one may have.
    TooLarge,
    /// It can't be unpacked.
    Damaged,
    /// All entries together have more bytes than allowed.
    Spent,
    /// It is packed as Anki does not pack.
    Packing,
}

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(mut file: R, limits: &Limits) -> Result<Self, Refusal> {
        let length = file.seek(SeekFrom::End(0)).map_err(|_io| Refusal::Damaged)?;
        file.rewind().map_err(|_io| Refusal::Damaged)?;
        if length > limits.file {
            return Err(Refusal::too_large(Part::Whole, limits.file));
        }
        let mut first = [0; 2];
        if file.read_exact(&mut first).is_err() || &first != b"PK" {
            return Err(Refusal::NotAPackage);
        }
        // A list of entries may be longer than what it lists is worth.
        let budget = (1 << 20) + limits.entries as u64 * ENTRY;
        let left = Rc::new(Cell::new(Some(budget)));
        let zip = ZipArchive::new(Metered { file, left: left.clone() }).map_err(|error| match error {
            _ if left.get() == Some(0) => Refusal::too_many(Part::Entries, limits.entries),
            ZipError::UnsupportedArchive(_) => Refusal::UnknownPacking,
            _ => Refusal::Damaged,
        })?;
        if zip.len() > limits.entries {
            return Err(Refusal::too_many(Part::Entries, limits.entries));
        }
        left.set(None);
        Ok(Self { zip, left: limits.unpacked, most: limits.unpacked })
    }

    /// How it is packed: the newest form of which it has the collection.
    pub(super) fn form(&mut self) -> Result<Form, Refusal> {
        if let Ok(meta) = self.bytes("meta", false, 1_024)
            && Meta::decode(&*meta).is_ok_and(|meta| meta.version > NEWEST)
        {
            return Err(Refusal::TooNew);
        }
        let form = FORMS.into_iter().find(|form| self.zip.index_for_name(form.collection).is_some());
        form.ok_or(Refusal::NoCollection)
    }

    /// Lets an entry be read, to at most so many bytes. Reading more fails, with [`io::ErrorKind::FileTooLarge`].
    pub(super) fn entry<T>(
        &mut self,
        name: &str,
        zstd: bool,
        most: u64,
        read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<T, Missing> {
        let entry = self.zip.by_name(name).map_err(|error| match error {
            ZipError::FileNotFound => Missing::Entry,
            ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword => Missing::Packing,
            _ => Missing::Damaged,
        })?;
        let allowed = most.min(self.left);
        let (done, left) = if zstd {
            let decoder = StreamingDecoder::new_with_max_window_size(entry, WINDOW.min(allowed.max(8 << 20)));
            let mut bounded = Bounded { inner: decoder.map_err(|_error| Missing::Damaged)?, left: allowed };
            (read(&mut bounded), bounded.left)
        } else {
            let mut bounded = Bounded { inner: entry, left: allowed };
            (read(&mut bounded), bounded.left)
        };
        self.left -= allowed - left;
        done.map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge if self.left == 0 => Missing::Spent,
            io::ErrorKind::FileTooLarge => Missing::TooLarge,
            _ => Missing::Damaged,
        })
    }

    /// All bytes of an entry.
    pub(super) fn bytes(&mut self, name: &str, zstd: bool, most: u64) -> Result<Vec<u8>, Missing> {
        self.entry(name, zstd, most, |entry| {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    /// Why a part that must be there is not.
    pub(super) fn refusal(&self, missing: &Missing, part: Part, most: u64) -> Refusal {
        match missing {
            Missing::Entry => Refusal::NoCollection,
            Missing::TooLarge => Refusal::too_large(part, most),
            Missing::Spent => Refusal::too_large(Part::Unpacked, self.most),
            Missing::Damaged => Refusal::Damaged,
            Missing::Packing => Refusal::UnknownPacking,
        }
    }
}

/// Reads at most so many bytes, and fails at one more.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            return match self.inner.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::ErrorKind::FileTooLarge.into()),
            };
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// A file of which at most so many bytes are read while it is opened; any number, once there is none.
struct Metered<R> {
    file: R,
    left: Rc<Cell<Option<u64>>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let Some(left) = self.left.get() {
            let rest = left.saturating_sub(read as u64);
            self.left.set(Some(rest));
            if rest == 0 {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
