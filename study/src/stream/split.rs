//! Cuts a streamed text into the items of its lists, each handed out once, as it closes.
//!
//! What is wanted is known by name: `{"cards": [{…}, {…}]}` under any wrapper, a bare array, or objects one after the other.
//! Everything else is passed over: prose before, between and after, code fences, and thoughts in tags. Where the JSON breaks
//! (an unescaped quote, say), what is open is dropped and the next object begins anew. Each byte is looked at once.

use super::prose::Prose;

/// A longer item is none.
const LONGEST_ITEM: usize = 256 << 10;

/// What nests deeper is no item.
const DEEPEST: usize = 32;

/// A longer key is the name of no list.
const LONGEST_KEY: usize = 64;

/// An item: one whole JSON object, as the model wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The list that it stands in, of those that were named; the first where the text named none.
    pub list: &'static str,
    /// Its text, from `{` to `}`.
    pub text: String,
}

/// Reads a stream in any chunks, also such that cut a character.
#[derive(Debug)]
pub struct Splitter {
    prose: Prose,
    mode: Mode,
    /// The objects and arrays that are open, outermost first.
    open: Vec<Open>,
    /// Within a string; `escaped` after its backslash.
    string: bool,
    escaped: bool,
    /// The string that was read last: a key, if a colon follows.
    word: Vec<u8>,
    /// The text of the object that may be an item, and how many frames were open when it began.
    item: Option<(Vec<u8>, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Outside of JSON.
    Prose,
    /// After a `{` or `[` that may begin JSON.
    Maybe(u8),
    /// Within JSON.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Object,
    Array,
    /// An array whose objects are items.
    List,
}

impl Splitter {
    /// A splitter for these lists. `lists` names them as the model was told to.
    pub fn new(lists: &'static [&'static str]) -> Self {
        Self {
            prose: Prose::new(lists),
            mode: Mode::Prose,
            open: Vec::new(),
            string: false,
            escaped: false,
            word: Vec::new(),
            item: None,
        }
    }

    /// Reads on, and returns what was closed.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        for &byte in chunk {
            match self.mode {
                Mode::Prose => self.in_prose(byte),
                Mode::Maybe(opening) => self.at_beginning(opening, byte),
                Mode::Json => found.extend(self.in_json(byte)),
            }
        }
        found
    }

    /// Whether something is open: at the end of a stream, that it was cut within JSON.
    pub fn is_open(&self) -> bool {
        self.mode == Mode::Json
    }

    fn in_prose(&mut self, byte: u8) {
        self.mode = if self.prose.read(byte) { Mode::Maybe(byte) } else { Mode::Prose };
    }

    /// JSON is what goes on as JSON: an object with a key, an array with an object.
    fn at_beginning(&mut self, opening: u8, byte: u8) {
        match (opening, byte) {
            (_, b' ' | b'\n' | b'\r' | b'\t') => {}
            (b'{', b'"') => {
                self.mode = Mode::Json;
                self.begin_object();
                self.in_json(byte);
            }
            (b'[', b'{') => {
                self.mode = Mode::Json;
                self.open.push(Open::List);
                self.begin_object();
            }
            _ => self.in_prose(byte),
        }
    }

    fn begin_object(&mut self) {
        if self.open == [Open::Object, Open::Array]
            && self.item.as_ref().is_some_and(|(text, _)| is_wrapper(text))
        {
            self.open = vec![Open::Object, Open::List];
            self.item = None;
        }
        let within_list = self.open.last().is_none_or(|open| *open == Open::List);
        if within_list && self.item.is_none() {
            self.item = Some((Vec::new(), self.open.len()));
        }
        self.open.push(Open::Object);
        self.keep(b'{');
    }

    fn keep(&mut self, byte: u8) {
        if let Some((text, _)) = &mut self.item {
            text.push(byte);
        }
    }

    fn in_json(&mut self, byte: u8) -> Option<Found> {
        if self.string {
            self.keep(byte);
            self.in_string(byte);
            return self.give_up_if(self.item.as_ref().is_some_and(|(text, _)| text.len() > LONGEST_ITEM));
        }
        match byte {
            b'"' => {
                self.keep(byte);
                self.string = true;
                self.word.clear();
            }
            b'{' => self.begin_object(),
            b'[' => self.begin_array(),
            b'}' | b']' => return self.close(byte),
            // With the letters of true, false, null and of exponents.
            _ if b",:+-. \n\r\t0123456789aeflnrstuE".contains(&byte) => self.keep(byte),
            _ => {
                self.give_up_if(true);
                self.in_prose(byte);
                return None;
            }
        }
        self.give_up_if(self.open.len() > DEEPEST)
    }

    fn in_string(&mut self, byte: u8) {
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.string = false;
            return;
        }
        if self.word.len() < LONGEST_KEY {
            self.word.push(byte);
        }
    }

    fn begin_array(&mut self) {
        let named = self.prose.named(&self.word);
        // Within an item that stands in a list, a list's name is a field's.
        let in_list = self.item.is_some() && self.open.contains(&Open::List) && self.in_named_list();
        match named {
            Some(list) if !in_list => {
                self.prose.list = list;
                self.item = None;
                self.open.push(Open::List);
            }
            _ => {
                self.open.push(Open::Array);
                self.keep(b'[');
            }
        }
    }

    /// Whether the list around has a name: it does not stand alone.
    fn in_named_list(&self) -> bool {
        self.open.first() != Some(&Open::List)
    }

    fn close(&mut self, byte: u8) -> Option<Found> {
        let fits = match self.open.pop() {
            Some(Open::Object) => byte == b'}',
            Some(Open::Array | Open::List) => byte == b']',
            None => false,
        };
        if !fits {
            return self.give_up_if(true);
        }
        self.keep(byte);
        self.word.clear();
        let closed = self.item.take_if(|(_, depth)| *depth == self.open.len());
        if self.open.is_empty() {
            self.mode = Mode::Prose;
            self.prose.begin();
        }
        let (text, _) = closed?;
        Some(Found { list: self.prose.list, text: String::from_utf8(text).ok()? })
    }

    /// Back to prose, where the next object may begin. What is open is lost.
    fn give_up_if(&mut self, broken: bool) -> Option<Found> {
        if broken {
            self.mode = Mode::Prose;
            self.open.clear();
            self.item = None;
            (self.string, self.escaped) = (false, false);
            self.word.clear();
            self.prose.begin();
        }
        None
    }
}

/// Whether an object is only a name so far, and an array that begins: a list that the model named as it liked.
fn is_wrapper(text: &[u8]) -> bool {
    let Some(text) = (text.len() <= 80).then(|| str::from_utf8(text).ok()).flatten() else { return false };
    let marks: String = text.chars().filter(|sign| "{[:,\"".contains(*sign)).collect();
    marks == "{\"\":["
}
