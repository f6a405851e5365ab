//! The providers, each described once. Settings, command line, metrics, embedders, the API's document and through it the
//! pages read it here; nothing else lists them. How one is spoken to is its adapter's (`worker/src/providers`).

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Whose protocol a key speaks.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "provider", rename_all = "snake_case")]
pub enum Provider {
    /// Google's Gemini API.
    Gemini,
    /// Any server that speaks the OpenAI chat API.
    #[serde(rename = "openai")]
    #[sqlx(rename = "openai")]
    OpenAi,
    /// Anthropic's Messages API, and any server that speaks it.
    Anthropic,
    /// An Ollama server.
    Ollama,
    /// The built-in demo, which speaks the OpenAI chat API and knows no medicine.
    Demo,
}

/// What is to be known of a provider before anybody calls it.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the provider")]
pub struct Description {
    /// The stored name. In capitals, its settings begin with it.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What a sentence calls one of its keys.
    #[serde(skip)]
    pub a_key: &'static str,
    /// People may add keys of it. The demo's is the platform's own.
    pub by_hand: bool,
    /// It takes no call without a key.
    pub needs_key: bool,
    /// It runs on a machine of whoever uses it. Its usual address is the operator's own, so a student has to name another;
    /// and it says nothing while it loads a model.
    pub self_hosted: bool,
    /// Other services speak its protocol, so a key may be one of theirs.
    pub spoken_by_others: bool,
    /// Where it is, unless a setting or a key says otherwise.
    #[serde(skip)]
    pub base_url: &'static str,
    /// What it is asked for, unless a setting or a key says otherwise.
    #[serde(skip)]
    pub model: &'static str,
    /// Where its day ends at midnight, by which it counts daily quotas.
    #[serde(skip)]
    pub zone: Tz,
    /// What its protocol carries. What an endpoint cannot do all the same, it shows.
    #[serde(skip)]
    pub can: Can,
}

/// What a protocol carries, as far as we speak it.
#[derive(Debug, Clone, Copy)]
pub struct Can {
    /// Pictures in a question.
    pub vision: bool,
    /// A JSON schema that the answer is to fit.
    pub schema: bool,
    /// Texts to embed.
    pub embedding: Option<Embedding>,
}

/// How a provider embeds.
#[derive(Debug, Clone, Copy)]
pub struct Embedding {
    /// The model, unless a setting says otherwise.
    pub model: &'static str,
    /// How near a passage must be to a question to be cited. No citation is better than a wrong one.
    pub relevance_floor: f64,
}

/// The floor of all models whose vectors do not all lie near one another.
pub const RELEVANCE_FLOOR: f64 = 0.30;

const GEMINI: Description = Description {
    name: "gemini",
    label: "Gemini",
    a_key: "A Gemini key",
    by_hand: true,
    needs_key: true,
    self_hosted: false,
    spoken_by_others: false,
    base_url: "https://generativelanguage.googleapis.com",
    model: "gemini-2.5-flash",
    zone: Tz::America__Los_Angeles,
    can: Can {
        vision: true,
        schema: true,
        // Its vectors all lie near one another.
        embedding: Some(Embedding { model: "gemini-embedding-001", relevance_floor: 0.55 }),
    },
};

const OPENAI: Description = Description {
    name: "openai",
    label: "OpenAI",
    a_key: "An OpenAI key",
    by_hand: true,
    needs_key: true,
    self_hosted: false,
    spoken_by_others: true,
    base_url: "https://api.openai.com",
    model: "gpt-4o-mini",
    zone: Tz::UTC,
    can: Can {
        vision: true,
        schema: true,
        embedding: Some(Embedding { model: "text-embedding-3-small", relevance_floor: RELEVANCE_FLOOR }),
    },
};

const ANTHROPIC: Description = Description {
    name: "anthropic",
    label: "Anthropic",
    a_key: "An Anthropic key",
    by_hand: true,
    needs_key: true,
    self_hosted: false,
    spoken_by_others: true,
    base_url: "https://api.anthropic.com",
    model: "claude-haiku-4-5",
    zone: Tz::UTC,
    can: Can { vision: true, schema: true, embedding: None },
};

const OLLAMA: Description = Description {
    name: "ollama",
    label: "Ollama",
    a_key: "An Ollama key",
    by_hand: true,
    needs_key: false,
    self_hosted: true,
    spoken_by_others: false,
    base_url: "http://localhost:11434",
    model: "llama3.2",
    zone: Tz::UTC,
    can: Can {
        vision: true,
        schema: true,
        embedding: Some(Embedding { model: "all-minilm", relevance_floor: RELEVANCE_FLOOR }),
    },
};

/// Each of its keys names its address.
const DEMO: Description = Description {
    name: "demo",
    label: "Demo",
    a_key: "The demo's key",
    by_hand: false,
    spoken_by_others: false,
    can: Can { embedding: None, ..OPENAI.can },
    ..OPENAI
};

impl Provider {
    /// All of them. Those that people add keys of stand in the order in which they are preferred, unless a setting says
    /// otherwise.
    pub const ALL: [Self; 5] = [Self::Gemini, Self::OpenAi, Self::Anthropic, Self::Ollama, Self::Demo];

    /// What is to be known of it.
    pub const fn description(self) -> &'static Description {
        match self {
            Self::Gemini => &GEMINI,
            Self::OpenAi => &OPENAI,
            Self::Anthropic => &ANTHROPIC,
            Self::Ollama => &OLLAMA,
            Self::Demo => &DEMO,
        }
    }

    /// Whose protocol it speaks, where that is not its own.
    #[must_use]
    pub const fn protocol(self) -> Self {
        match self {
            Self::Demo => Self::OpenAi,
            Self::Gemini | Self::OpenAi | Self::Anthropic | Self::Ollama => self,
        }
    }

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        self.description().name
    }

    /// What a sentence calls one of its keys.
    pub const fn a_key(self) -> &'static str {
        self.description().a_key
    }

    /// Those that people add keys of.
    pub fn by_hand() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|provider| provider.description().by_hand)
    }

    /// Those that embed.
    pub fn embedding() -> impl Iterator<Item = Self> {
        Self::by_hand().filter(|provider| provider.description().can.embedding.is_some())
    }

    /// The one among those that people add keys of that has this name.
    ///
    /// # Errors
    /// Which names there are.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = Self::by_hand().find(|provider| provider.as_str() == name.trim());
        found.ok_or_else(|| format!("is none of {}", names(Self::by_hand()).join(", ")))
    }
}

/// The stored names of some.
pub fn names(providers: impl Iterator<Item = Provider>) -> Vec<&'static str> {
    providers.map(Provider::as_str).collect()
}

/// Names, told as a sentence tells them: `gemini, openai or ollama`.
pub fn one_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [some @ .., last] => format!("{} or {last}", some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema as _;

    use super::*;

    #[test]
    fn each_is_listed_once_and_stored_by_its_name() {
        let schema = serde_json::to_value(Provider::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::json!(names(Provider::ALL.into_iter())));
        for provider in Provider::ALL {
            assert_eq!(serde_json::to_value(provider).unwrap(), provider.as_str());
            let setting = provider.as_str().bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(setting, "{provider:?} begins the names of settings");
        }
    }

    #[test]
    fn those_that_people_add_are_named_and_told() {
        assert_eq!(Provider::named(" openai "), Ok(Provider::OpenAi));
        assert!(Provider::named("demo").is_err_and(|told| told.contains("gemini, openai")));
        assert_eq!(one_of(&["a", "b", "c"]), "a, b or c");
        assert_eq!((one_of(&["a"]), one_of(&[])), ("a".to_owned(), String::new()));
    }

    #[test]
    fn an_address_is_one() {
        for provider in Provider::ALL {
            let address = provider.description().base_url;
            assert_eq!(crate::keys::endpoints::normalised(address), address, "{provider:?}");
            assert!(url::Url::parse(address).is_ok(), "{provider:?}");
        }
    }
}
