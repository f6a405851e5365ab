//! What stands around the JSON of a model's answer: names of lists count for what comes after them, thoughts in tags are
//! passed over with all that looks like JSON in them.

/// Names of tags around thoughts.
const THOUGHTS: [&str; 6] = ["think", "thinking", "thought", "thoughts", "reasoning", "analysis"];

/// Longer words and tags are none that matter.
const LONGEST_WORD: usize = 64;

/// Reads prose byte by byte.
#[derive(Debug)]
pub(super) struct Prose {
    lists: &'static [&'static str],
    /// The list that was named last.
    pub(super) list: &'static str,
    /// What was read since the last quote.
    word: Vec<u8>,
    /// A tag that begins, without its `>`.
    tag: Vec<u8>,
    /// The tag of the thoughts that are being read.
    thought: Option<&'static str>,
}

impl Prose {
    pub(super) fn new(lists: &'static [&'static str]) -> Self {
        let list = lists.first().copied().unwrap_or_default();
        Self { lists, list, word: Vec::new(), tag: Vec::new(), thought: None }
    }

    /// Reads on; whether JSON may begin with this byte.
    pub(super) fn read(&mut self, byte: u8) -> bool {
        match byte {
            b'<' => self.tag = vec![byte],
            b'>' => self.end_tag(),
            b'a'..=b'z' | b'A'..=b'Z' | b'/' if !self.tag.is_empty() && self.tag.len() < LONGEST_WORD => {
                self.tag.push(byte);
            }
            _ => self.tag.clear(),
        }
        if self.thought.is_some() {
            return false;
        }
        self.notice_name(byte);
        matches!(byte, b'{' | b'[')
    }

    fn end_tag(&mut self) {
        let tag = std::mem::take(&mut self.tag);
        let is = |slash: &str, name: &str| tag.eq_ignore_ascii_case(["<", slash, name].concat().as_bytes());
        self.thought = match self.thought {
            Some(name) => (!is("/", name)).then_some(name),
            None => THOUGHTS.into_iter().find(|name| is("", name)),
        };
    }

    /// A list's name in quotes counts also where the JSON around it is broken.
    fn notice_name(&mut self, byte: u8) {
        if byte == b'"' {
            if let Some(list) = self.named(&self.word) {
                self.list = list;
            }
            self.word.clear();
        } else if self.word.len() < LONGEST_WORD {
            self.word.push(byte);
        }
    }

    /// The list of this name.
    pub(super) fn named(&self, word: &[u8]) -> Option<&'static str> {
        self.lists.iter().find(|list| list.as_bytes() == word).copied()
    }

    /// What was read of a word is not of what comes.
    pub(super) fn begin(&mut self) {
        self.word.clear();
        self.tag.clear();
    }
}
