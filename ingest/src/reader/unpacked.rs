//! Holds what a stream unpacks to within bounds: a few kilobytes may be written that become gigabytes.
//!
//! A stream that is too short to become much is unpacked by `hayro`. Of a longer one it is counted first what it
//! becomes, which costs no memory.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use flate2::write::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::{
    Filter,
    object::{Array, Dict, Object, Stream},
};
use memchr::memmem;
use weezl::{BitOrder, LzwStatus, decode::Decoder};

/// What a stream may unpack to, and all that a page draws.
pub(super) const MOST: u64 = 100 * 1024 * 1024;
pub(super) const MOST_OF_PAGE: u64 = 3 * MOST;

/// How much one byte can become, by Deflate, by LZW, and by runs.
const DEFLATED: u64 = 1_032;
const LZW: u64 = 2_600;
const RUNS: u64 = 64;

/// Why a stream was not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotUnpacked {
    /// It becomes more than any honest one.
    Bomb,
    Damaged,
}

/// What a stream that is no image unpacks to.
pub(super) fn unpacked<'a>(stream: &Stream<'a>) -> Result<Cow<'a, [u8]>, NotUnpacked> {
    if is_bomb(stream) {
        return Err(NotUnpacked::Bomb);
    }
    stream.decoded_data().map_err(|_failure| NotUnpacked::Damaged)
}

/// Whether a stream unpacks to more than it may.
pub(super) fn is_bomb(stream: &Stream<'_>) -> bool {
    let filters = stream.filters();
    let most = filters.iter().map(|filter| growth(*filter)).fold(1, u64::saturating_mul);
    let raw = stream.raw_data();
    if (raw.len() as u64).saturating_mul(most) <= MOST {
        return false;
    }
    let early = early_change(stream.dict());
    let mut chain: Box<dyn Write> = Box::new(Counter { left: MOST });
    for filter in filters.iter().rev() {
        chain = match filter {
            Filter::FlateDecode => Box::new(Inflate::to(chain)),
            Filter::LzwDecode => Box::new(Lzw::to(chain, early)),
            Filter::RunLengthDecode => Box::new(Runs { to: chain, copied: 0, repeated: 0 }),
            Filter::AsciiHexDecode => Box::new(Hex { to: chain, high: None }),
            Filter::Ascii85Decode => Box::new(Base85 { to: chain, digits: 0, value: 0 }),
            // Not to be unpacked by us, or nothing to do.
            _ => chain,
        };
    }
    // What is damaged ends before it becomes much.
    is_too_much(chain.write_all(&raw).and_then(|()| chain.flush()))
}

/// Takes its name from each stream of objects that is one, so that nobody unpacks it when the file is opened. What else
/// there is can be read.
pub(super) fn disarm(file: &mut [u8]) {
    for kind in KINDS {
        let mut from = 0;
        while let Some(at) = file.get(from..).and_then(|rest| memmem::find(rest, kind)) {
            let name = from + at;
            from = name + kind.len();
            if file.get(from..).is_some_and(unpacks_too_far)
                && let Some(sign) = file.get_mut(name + 1)
            {
                *sign = b'_';
            }
        }
    }
}

/// Streams that are unpacked when a file is opened.
const KINDS: [&[u8]; 2] = [b"/ObjStm", b"/XRef"];

/// How long the dictionary of a stream may be.
const DICT: usize = 2_048;

/// Whether the stream does whose dictionary goes on here.
fn unpacks_too_far(rest: &[u8]) -> bool {
    let head = rest.get(..rest.len().min(DICT)).unwrap_or_default();
    let Some(end) = memmem::find(head, b"stream") else { return false };
    let data = rest.get(end + b"stream".len()..).unwrap_or_default();
    let data = data.trim_ascii_start();
    let data = data.get(..memmem::find(data, b"endstream").unwrap_or(data.len())).unwrap_or_default();
    let times = memmem::find_iter(head.get(..end).unwrap_or_default(), b"FlateDecode").count().clamp(1, 3);
    let growth = (0..times).fold(1, |growth: u64, _| growth.saturating_mul(DEFLATED));
    if (data.len() as u64).saturating_mul(growth) <= MOST {
        return false;
    }
    let counter: Next = Box::new(Counter { left: MOST });
    let mut chain = (0..times).fold(counter, |next, _| Box::new(Inflate::to(next)));
    is_too_much(chain.write_all(data).and_then(|()| chain.flush()))
}

fn is_too_much(written: io::Result<()>) -> bool {
    written.is_err_and(|error| error.kind() == io::ErrorKind::FileTooLarge)
}

fn growth(filter: Filter) -> u64 {
    match filter {
        Filter::FlateDecode => DEFLATED,
        Filter::LzwDecode => LZW,
        Filter::RunLengthDecode => RUNS,
        Filter::Ascii85Decode => 4,
        _ => 1,
    }
}

/// Whether codes of LZW grow one earlier than they need, as they do unless a file says otherwise.
fn early_change(dict: &Dict<'_>) -> bool {
    let of = |parameters: &Dict<'_>| parameters.get::<i32>("EarlyChange");
    let said = match dict.get::<Object<'_>>("DecodeParms") {
        Some(Object::Dict(parameters)) => of(&parameters),
        Some(Object::Array(each)) => Array::iter::<Dict<'_>>(&each).find_map(|parameters| of(&parameters)),
        _ => None,
    };
    said != Some(0)
}

/// Takes so many bytes, and no more.
struct Counter {
    left: u64,
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Next = Box<dyn Write>;

/// Deflate, with a head or, in some files, without one.
enum Inflate {
    Unknown(Option<Next>),
    Zlib(ZlibDecoder<Next>),
    Bare(DeflateDecoder<Next>),
}

impl Inflate {
    fn to(next: Next) -> Self {
        Self::Unknown(Some(next))
    }
}

impl Write for Inflate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Self::Unknown(next) = self
            && let Some(next) = next.take()
        {
            *self = match bytes {
                [first, ..] if first & 0xf == 8 => Self::Zlib(ZlibDecoder::new(next)),
                _ => Self::Bare(DeflateDecoder::new(next)),
            };
        }
        match self {
            Self::Zlib(decoder) => decoder.write(bytes),
            Self::Bare(decoder) => decoder.write(bytes),
            Self::Unknown(_) => Err(io::ErrorKind::Other.into()),
        }
    }

    /// Writes what it holds back, too.
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Zlib(decoder) => decoder.try_finish().and_then(|()| decoder.get_mut().flush()),
            Self::Bare(decoder) => decoder.try_finish().and_then(|()| decoder.get_mut().flush()),
            Self::Unknown(_) => Ok(()),
        }
    }
}

struct Lzw {
    to: Next,
    decoder: Decoder,
}

impl Lzw {
    fn to(to: Next, early: bool) -> Self {
        let new = if early { Decoder::with_tiff_size_switch } else { Decoder::new };
        Self { to, decoder: new(BitOrder::Msb, 8) }
    }
}

impl Write for Lzw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = [0; 16 * 1024];
        let mut rest = bytes;
        loop {
            let done = self.decoder.decode_bytes(rest, &mut out);
            self.to.write_all(out.get(..done.consumed_out).unwrap_or_default())?;
            rest = rest.get(done.consumed_in..).unwrap_or_default();
            match done.status {
                Ok(LzwStatus::Ok) if !rest.is_empty() || done.consumed_out == out.len() => {}
                Ok(LzwStatus::Ok | LzwStatus::NoProgress) => return Ok(bytes.len()),
                Ok(LzwStatus::Done) | Err(_) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Bytes that are copied, and one that is repeated.
struct Runs {
    to: Next,
    copied: usize,
    repeated: usize,
}

impl Write for Runs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            if self.copied > 0 {
                self.copied -= 1;
                self.to.write_all(&[*byte])?;
            } else if self.repeated > 0 {
                self.to.write_all(&vec![*byte; std::mem::take(&mut self.repeated)])?;
            } else {
                match *byte {
                    length @ 0..=127 => self.copied = usize::from(length) + 1,
                    128 => return Err(io::ErrorKind::InvalidData.into()),
                    length => self.repeated = 257 - usize::from(length),
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

struct Hex {
    to: Next,
    high: Option<u8>,
}

impl Write for Hex {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = Vec::with_capacity(bytes.len() / 2 + 1);
        for digit in bytes.iter().filter_map(|byte| char::from(*byte).to_digit(16)) {
            let digit = u8::try_from(digit).unwrap_or(0);
            match self.high.take() {
                Some(high) => out.push(high << 4 | digit),
                None => self.high = Some(digit),
            }
        }
        self.to.write_all(&out)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

struct Base85 {
    to: Next,
    digits: usize,
    value: u32,
}

impl Write for Base85 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = Vec::with_capacity(bytes.len());
        for byte in bytes {
            match byte {
                b'z' if self.digits == 0 => out.extend([0; 4]),
                b'!'..=b'u' => {
                    self.value = self.value.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                    self.digits += 1;
                    if self.digits == 5 {
                        out.extend(self.value.to_be_bytes());
                        (self.digits, self.value) = (0, 0);
                    }
                }
                _ => {}
            }
        }
        self.to.write_all(&out)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
