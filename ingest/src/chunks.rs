//! Splits a page's text into chunks that the embedding model takes whole.
//!
//! `text-splitter` finds where a text is best cut: between paragraphs, sentences, words. It asks for the size of many
//! candidates; the page is tokenized once, and the answer is the number of tokens that begin within a candidate,
//! found by binary search. Measured on 8,706 pages that is nine times faster than tokenizing each, with the same
//! chunks.

use std::{ops::Range, path::Path};

use anyhow::Context as _;
use text_splitter::{ChunkConfig, ChunkSizer, TextSplitter};
use tokenizers::Tokenizer;

#[cfg(test)]
#[path = "chunks_tests.rs"]
mod tests;

/// The most tokens of a chunk. The model takes 256, of which two mark begin and end.
pub const MOST: usize = 254;

/// How many tokens of a chunk the next one repeats at most: 15 %.
const OVERLAP: usize = 38;

/// A chunk with fewer tokens says too little by itself.
const FEWEST: usize = 50;

/// The bytes that count as one token at least. Only text that is no language has longer tokens: a word of more than
/// 100 characters is a single unknown token to the model, however long it is.
const BYTES: usize = 16;

/// A part of a page's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Which characters of the page's text it is: characters, not bytes.
    pub range: Range<usize>,
    /// How many tokens it has, without the two marks.
    pub tokens: u32,
}

impl Chunk {
    /// Its text, cut out of the text of its page.
    pub fn text(&self, page: &str) -> String {
        page.chars().skip(self.range.start).take(self.range.len()).collect()
    }
}

/// Reads the file of a tokenizer, and switches off the truncation and padding that such files ship with.
pub(crate) fn tokenizer(file: &Path) -> anyhow::Result<Tokenizer> {
    let mut tokenizer = Tokenizer::from_file(file)
        .map_err(anyhow::Error::from_boxed)
        .with_context(|| format!("reading the tokenizer {}", file.display()))?;
    tokenizer.with_truncation(None).map_err(anyhow::Error::from_boxed)?;
    tokenizer.with_padding(None);
    Ok(tokenizer)
}

/// Splits pages.
#[derive(Debug)]
pub struct Splitter {
    tokenizer: Tokenizer,
}

impl Splitter {
    /// One that counts tokens as `tokenizer.json` does.
    pub fn new(tokenizer_json: &Path) -> anyhow::Result<Self> {
        Ok(Self { tokenizer: tokenizer(tokenizer_json)? })
    }

    /// The chunks of a page in order. Every sign but white space is in one, few are in two.
    pub fn split(&self, page_text: &str) -> anyhow::Result<Vec<Chunk>> {
        let page = Tokenized::new(&self.tokenizer, page_text)?;
        let config = ChunkConfig::new(MOST).with_sizer(&page).with_overlap(OVERLAP)?;
        let splitter = TextSplitter::new(config);
        let cut = splitter.chunk_indices(page_text).map(|(start, text)| start..start + text.len());
        let joined = page.join_remnants(cut.collect());
        let mut chunks = Vec::with_capacity(joined.len());
        for range in joined {
            self.fit(&page, range, &mut chunks)?;
        }
        Ok(in_characters(page_text, chunks))
    }

    /// Halves what is too long by itself. Where a chunk begins or ends inside a word of the model's, its tokens are
    /// others than they were within the page, and may be more.
    fn fit(
        &self,
        page: &Tokenized<'_>,
        range: Range<usize>,
        fitting: &mut Vec<(Range<usize>, usize)>,
    ) -> anyhow::Result<()> {
        let Some(text) = page.text.get(range.clone()) else { return Ok(()) };
        let tokens = if page.cuts_a_word(range.start) || page.cuts_a_word(range.end) {
            Tokenized::new(&self.tokenizer, text)?.starts.len()
        } else {
            page.tokens(&range)
        };
        if tokens <= MOST {
            fitting.push((range, tokens));
            return Ok(());
        }
        let middle = page.text.floor_char_boundary(range.start + range.len() / 2);
        self.fit(page, range.start..middle, fitting)?;
        self.fit(page, middle..range.end, fitting)
    }
}

/// A page and where its tokens begin.
struct Tokenized<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Tokenized<'a> {
    fn new(tokenizer: &Tokenizer, text: &'a str) -> anyhow::Result<Self> {
        let encoding = tokenizer.encode(text, false).map_err(anyhow::Error::from_boxed)?;
        Ok(Self { text, starts: encoding.get_offsets().iter().map(|(start, _)| *start).collect() })
    }

    fn tokens(&self, range: &Range<usize>) -> usize {
        let before = |end: usize| self.starts.partition_point(|start| *start < end);
        before(range.end) - before(range.start)
    }

    /// What a part counts as.
    fn weight(&self, range: &Range<usize>) -> usize {
        self.tokens(range).max(range.len().div_ceil(BYTES))
    }

    /// Joins chunks that are too short to their neighbours: as a whole where both fit into one, else with as much of
    /// the neighbour as makes it long enough.
    fn join_remnants(&self, chunks: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(chunks.len());
        let mut chunks = chunks.into_iter().peekable();
        while let Some(mut chunk) = chunks.next() {
            if self.weight(&chunk) < FEWEST {
                if let Some(next) = chunks.peek_mut()
                    && self.weight(&(chunk.start..next.end)) <= MOST
                {
                    next.start = chunk.start;
                    continue;
                }
                if let Some(last) = joined.last_mut()
                    && self.weight(&(last.start..chunk.end)) <= MOST
                {
                    last.end = last.end.max(chunk.end);
                    continue;
                }
                chunk = match (chunks.peek(), joined.last()) {
                    (Some(next), _) => chunk.start..self.forward(&chunk, next.end),
                    (None, Some(last)) => self.back(&chunk, last.start)..chunk.end,
                    (None, None) => chunk,
                };
            }
            joined.push(chunk);
        }
        joined
    }

    /// The end of the first word up to `limit` with which `chunk` is long enough, or of the token if words are long.
    fn forward(&self, chunk: &Range<usize>, limit: usize) -> usize {
        let rest = self.text.get(chunk.end..limit).unwrap_or_default();
        let ends = rest.char_indices().filter(|(_, sign)| sign.is_whitespace()).map(|(at, _)| chunk.end + at);
        ends.take_while(|end| self.weight(&(chunk.start..*end)) <= FEWEST * 2)
            .find(|end| self.weight(&(chunk.start..*end)) >= FEWEST && !self.is_space_before(*end))
            .or_else(|| {
                let begins = self.starts.partition_point(|start| *start < chunk.start);
                self.starts.get(begins + FEWEST).copied().filter(|end| (chunk.end..limit).contains(end))
            })
            .unwrap_or(chunk.end)
    }

    /// The begin of the last word down to `limit` with which `chunk` is long enough, or of the token.
    fn back(&self, chunk: &Range<usize>, limit: usize) -> usize {
        let rest = self.text.get(limit..chunk.start).unwrap_or_default();
        let starts = rest
            .char_indices()
            .rev()
            .filter(|(_, sign)| sign.is_whitespace())
            .map(|(at, sign)| limit + at + sign.len_utf8());
        starts
            .take_while(|start| self.weight(&(*start..chunk.end)) <= FEWEST * 2)
            .find(|start| self.weight(&(*start..chunk.end)) >= FEWEST && !self.is_space_after(*start))
            .or_else(|| {
                let ends = self.starts.partition_point(|start| *start < chunk.end);
                let start = self.starts.get(ends.checked_sub(FEWEST)?).copied()?;
                (limit..chunk.start).contains(&start).then_some(start)
            })
            .unwrap_or(chunk.start)
    }

    fn is_space_before(&self, at: usize) -> bool {
        self.text.get(..at).and_then(|text| text.chars().next_back()).is_none_or(char::is_whitespace)
    }

    fn is_space_after(&self, at: usize) -> bool {
        self.text.get(at..).and_then(|text| text.chars().next()).is_none_or(char::is_whitespace)
    }

    fn cuts_a_word(&self, at: usize) -> bool {
        !self.is_space_before(at) && !self.is_space_after(at)
    }
}

impl ChunkSizer for &Tokenized<'_> {
    /// Of a part of this very text, which is all that a splitter of it asks for.
    fn size(&self, chunk: &str) -> usize {
        let start = (chunk.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        self.weight(&(start..start + chunk.len()))
    }
}

/// Ranges of bytes as ranges of characters. Both begins and ends are in order.
fn in_characters(text: &str, chunks: Vec<(Range<usize>, usize)>) -> Vec<Chunk> {
    let counter = || {
        let (mut byte, mut characters) = (0, 0);
        move |upto: usize| {
            characters += text.get(byte..upto).map_or(0, |between| between.chars().count());
            byte = byte.max(upto);
            characters
        }
    };
    let (mut begin, mut end) = (counter(), counter());
    let chunk = |(range, tokens): (Range<usize>, usize)| Chunk {
        range: begin(range.start)..end(range.end),
        tokens: u32::try_from(tokens).unwrap_or(u32::MAX),
    };
    chunks.into_iter().map(chunk).collect()
}
