//! Points and sections of summaries.

use serde::{Deserialize, Serialize};

use super::{Made, Quoted, Reasons};

/// One point of a list of what matters most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The point, in Markdown.
    pub text: String,
    /// What it stands on.
    #[serde(default)]
    pub source: Option<Quoted>,
}

/// One section of an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its text, in Markdown.
    pub body: String,
    /// What it stands on.
    #[serde(default)]
    pub source: Option<Quoted>,
}

impl Made for Point {
    const LIST: &'static str = "points";

    fn reasons(&self) -> Reasons {
        let mut reasons = Reasons::default();
        reasons.text("text", &self.text, 1_000);
        Quoted::check(self.source.as_ref(), &mut reasons);
        reasons
    }

    fn gist(&self) -> String {
        self.text.clone()
    }

    fn source(&self) -> Option<&Quoted> {
        self.source.as_ref()
    }
}

impl Made for Section {
    const LIST: &'static str = "sections";

    fn reasons(&self) -> Reasons {
        let mut reasons = Reasons::default();
        reasons.text("heading", &self.heading, 160);
        reasons.text("body", &self.body, 8_000);
        Quoted::check(self.source.as_ref(), &mut reasons);
        reasons
    }

    fn gist(&self) -> String {
        self.heading.clone()
    }

    fn source(&self) -> Option<&Quoted> {
        self.source.as_ref()
    }
}
