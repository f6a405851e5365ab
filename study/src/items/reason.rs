//! Why an item is not shown: told to the model in the one call that mends, and counted for admins.

use std::fmt;

use super::flaws::Flaw;

/// More reasons than this tell a model nothing more.
const MOST: usize = 20;

/// One thing that is wrong with an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A field has nothing in it.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A field is too long.
    #[error("`{field}` has more than {most} characters")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// A field has markup that is not shown.
    #[error("`{0}` has HTML; write Markdown")]
    Markup(&'static str),
    /// A cloze that is none.
    #[error("`front` of a cloze is a sentence with {{{{c1::…}}}} in it: {0}")]
    Cloze(super::cloze::NoCloze),
    /// A flaw of a question after the NBME item-writing guide.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// A map with too few nodes, or more than can be collapsed.
    #[error("there are {0} nodes; make {least} to {most}", least = super::map::LEAST_NODES, most = super::map::MOST_SHOWN)]
    Nodes(usize),
    /// Two nodes have the same id.
    #[error("two nodes have the id `{0}`")]
    SameId(String),
    /// An edge names a node that there is not.
    #[error("an edge names the node `{0}`, which there is not")]
    Dangling(String),
    /// An edge leads from a node to itself.
    #[error("an edge leads from `{0}` to itself")]
    Loop(String),
    /// Two edges lead from one node to the same other.
    #[error("two edges lead from `{0}` to `{1}`")]
    DoubleEdge(String, String),
    /// Some nodes cannot be reached from the others.
    #[error("`{0}` is not connected with the rest of the map")]
    Apart(String),
}

impl Reason {
    /// Its name, for counting.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty(_) => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Markup(_) => "markup",
            Self::Cloze(_) => "cloze",
            Self::Flaw(flaw) => flaw.code(),
            Self::Nodes(_) => "nodes",
            Self::SameId(_) => "same_id",
            Self::Dangling(_) => "dangling",
            Self::Loop(_) => "loop",
            Self::DoubleEdge(..) => "double_edge",
            Self::Apart(_) => "apart",
        }
    }
}

/// All that is wrong with an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons(pub Vec<Reason>);

impl Reasons {
    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each once: what is wrong with all options is said once.
    pub(super) fn add(&mut self, reason: Reason) {
        if self.0.len() < MOST && !self.0.contains(&reason) {
            self.0.push(reason);
        }
    }

    /// A field that must say something, in at most so many characters, without markup.
    pub(super) fn text(&mut self, field: &'static str, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.add(Reason::Empty(field));
        }
        self.optional(field, text, most);
    }

    /// A field that may be empty.
    pub(super) fn optional(&mut self, field: &'static str, text: &str, most: usize) {
        if text.chars().count() > most {
            self.add(Reason::TooLong { field, most });
        }
        if super::markup::has_html(text) {
            self.add(Reason::Markup(field));
        }
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, reason) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            reason.fmt(f)?;
        }
        Ok(())
    }
}
