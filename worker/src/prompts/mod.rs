//! What models are told, from template files with versions: `name.v1.jinja`. A released version never changes; another text
//! is another version, so that what is stored with an answer says what led to it.

use std::sync::LazyLock;

use minijinja::{Environment, UndefinedBehavior, Value, syntax::SyntaxConfig};

mod passages;

#[cfg(test)]
pub(crate) use passages::tests::passage;
pub(crate) use passages::with_passages;

/// Every template, by its name with its version.
const TEMPLATES: [(&str, &str); 13] = [
    ("chat.v1", include_str!("chat.v1.jinja")),
    ("concept_map.v2", include_str!("concept_map.v2.jinja")),
    ("explanation.v2", include_str!("explanation.v2.jinja")),
    ("flashcards.v2", include_str!("flashcards.v2.jinja")),
    ("high_yield.v2", include_str!("high_yield.v2.jinja")),
    ("items.v1", include_str!("items.v1.jinja")),
    ("made.v1", include_str!("made.v1.jinja")),
    ("mend.v1", include_str!("mend.v1.jinja")),
    ("passages.v1", include_str!("passages.v1.jinja")),
    ("questions.v2", include_str!("questions.v2.jinja")),
    ("quotes.v1", include_str!("quotes.v1.jinja")),
    ("sources.v1", include_str!("sources.v1.jinja")),
    ("tutor.v1", include_str!("tutor.v1.jinja")),
];

/// They are parsed once. One that cannot be is missing, which every story would see.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Lines of blocks leave no lines behind.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    for (name, source) in TEMPLATES {
        if let Err(error) = environment.add_template(name, source) {
            tracing::error!(%error, "a prompt's template cannot be read");
        }
    }
    environment
});

/// A template of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prompt(&'static str);

impl Prompt {
    /// By its name with its version, which is also what is stored.
    pub(crate) const fn named(name: &'static str) -> Self {
        Self(name)
    }

    pub(crate) const fn name(self) -> &'static str {
        self.0
    }

    /// Its text. What is put in is data: it is not read as a template.
    pub(crate) fn render(self, with: Value) -> Result<String, minijinja::Error> {
        ENVIRONMENT.get_template(self.0)?.render(with)
    }
}

#[cfg(test)]
mod tests;
