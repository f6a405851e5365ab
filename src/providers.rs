//! The settings of providers, made of what each is described as (`domain/src/keys/provider.rs`): a key, an address, a model,
//! a model that embeds.

use std::{collections::BTreeMap, sync::LazyLock};

use clap::{
    Arg, ArgMatches, Args, Command, FromArgMatches,
    builder::{PossibleValuesParser, TypedValueParser, ValueParser},
    error::ErrorKind,
    value_parser,
};
use domain::keys::{
    Provider,
    endpoints::Defaults,
    provider::{names, one_of},
};
use secrecy::SecretString;
use url::Url;

/// The embedder on this machine.
pub(crate) const LOCAL: &str = "local";

/// Who embeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedderKind {
    /// A small model on this machine.
    Local,
    /// A provider, through the pool of keys.
    Of(Provider),
}

impl EmbedderKind {
    pub(crate) fn parser() -> ValueParser {
        let known = PossibleValuesParser::new([LOCAL].into_iter().chain(names(Provider::embedding())));
        known
            .try_map(
                |name| if name == LOCAL { Ok(Self::Local) } else { Provider::named(&name).map(Self::Of) },
            )
            .into()
    }
}

/// What `EMBEDDER` is for.
pub(crate) fn embedders() -> String {
    let all: Vec<&str> = [LOCAL].into_iter().chain(names(Provider::embedding())).collect();
    let quoted: Vec<String> = all.into_iter().map(|name| format!("`{name}`")).collect();
    let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
    format!("Who embeds documents and searches: {}", one_of(&quoted))
}

/// Reads the name of one of these.
pub(crate) fn parser(providers: impl Iterator<Item = Provider>) -> ValueParser {
    PossibleValuesParser::new(names(providers)).try_map(|name| Provider::named(&name)).into()
}

/// The order in which providers are preferred.
pub(crate) fn chain() -> &'static str {
    static CHAIN: LazyLock<String> = LazyLock::new(|| names(Provider::by_hand()).join(","));
    &CHAIN
}

/// The settings that take a key for `medai dev`.
pub(crate) fn api_key_settings() -> Vec<&'static str> {
    SETTINGS.iter().filter_map(|settings| Some(settings.api_key.as_ref()?.env.as_str())).collect()
}

/// What is set of the providers that people add keys of.
#[derive(Debug, Clone)]
pub struct ProviderSettings(BTreeMap<Provider, Set>);

/// What is set of one.
#[derive(Debug, Clone)]
struct Set {
    api_key: Option<SecretString>,
    base_url: Url,
    model: String,
    embedding_model: Option<String>,
}

impl ProviderSettings {
    /// The keys of the environment.
    pub(crate) fn api_keys(&self) -> impl Iterator<Item = (Provider, &SecretString)> {
        self.0.iter().filter_map(|(provider, set)| Some((*provider, set.api_key.as_ref()?)))
    }

    /// Address and model of keys that name none.
    pub fn defaults(&self) -> Defaults {
        let of = |(provider, set): (&Provider, &Set)| {
            (*provider, (set.base_url.as_str().trim_end_matches('/').to_owned(), set.model.clone()))
        };
        Defaults::new(self.0.iter().map(of))
    }

    /// The model of a provider that embeds; of one that does not, nothing.
    pub(crate) fn embedding_model(&self, provider: Provider) -> String {
        self.0.get(&provider).and_then(|set| set.embedding_model.clone()).unwrap_or_default()
    }

    /// Has keys of all providers that name no address lead to this one.
    pub fn all_at(&mut self, address: &Url) {
        self.0.values_mut().for_each(|set| set.base_url.clone_from(address));
    }
}

/// How a setting is called, and what it is for.
struct Named {
    id: String,
    long: String,
    env: String,
    help: String,
}

/// The settings of a provider.
struct Settings {
    provider: Provider,
    api_key: Option<Named>,
    base_url: Named,
    model: Named,
    embedding_model: Option<Named>,
}

static SETTINGS: LazyLock<Vec<Settings>> = LazyLock::new(|| Provider::by_hand().map(Settings::of).collect());

impl Named {
    fn of(provider: Provider, what: &str, help: String) -> Self {
        let id = format!("{}_{what}", provider.as_str());
        Self { long: id.replace('_', "-"), env: id.to_uppercase(), id, help }
    }

    fn arg(&'static self) -> Arg {
        Arg::new(self.id.as_str())
            .long(self.long.as_str())
            .env(self.env.as_str())
            .value_name(self.env.as_str())
            .help(self.help.as_str())
            .global(true)
    }
}

impl Settings {
    fn of(provider: Provider) -> Self {
        let described = provider.description();
        let (name, label) = (described.name, described.label);
        let named = |what, help| Named::of(provider, what, help);
        let embeds = described.can.embedding.is_some();
        Self {
            provider,
            api_key: described.needs_key.then(|| {
                named("api_key", format!("{} that `medai dev` puts into the pool", described.a_key))
            }),
            base_url: named("base_url", format!("Where {label} is, for keys that name no address")),
            model: named("model", format!("The model that {label} is asked for, unless a key names one")),
            embedding_model: embeds.then(|| {
                named("embedding_model", format!("The model that embeds where `EMBEDDER` is `{name}`"))
            }),
        }
    }

    fn args(&'static self) -> impl Iterator<Item = Arg> {
        let described = self.provider.description();
        let key = |named: &'static Named| {
            named.arg().hide_env_values(true).value_parser(value_parser!(SecretString))
        };
        let base_url = self.base_url.arg().value_parser(value_parser!(Url)).default_value(described.base_url);
        let model = self.model.arg().default_value(described.model);
        let embedding = described.can.embedding.zip(self.embedding_model.as_ref());
        let embedding = embedding.map(|(embedding, named)| named.arg().default_value(embedding.model));
        self.api_key.as_ref().map(key).into_iter().chain([base_url, model]).chain(embedding)
    }

    fn read(&self, matches: &ArgMatches) -> Result<Set, clap::Error> {
        let text = |named: &Named| matches.get_one::<String>(&named.id).cloned();
        let missing = || clap::Error::new(ErrorKind::MissingRequiredArgument);
        Ok(Set {
            api_key: self
                .api_key
                .as_ref()
                .and_then(|named| matches.get_one::<SecretString>(&named.id))
                .cloned(),
            base_url: matches.get_one::<Url>(&self.base_url.id).cloned().ok_or_else(missing)?,
            model: text(&self.model).ok_or_else(missing)?,
            embedding_model: self.embedding_model.as_ref().and_then(text),
        })
    }
}

impl Args for ProviderSettings {
    fn augment_args(command: Command) -> Command {
        command.args(SETTINGS.iter().flat_map(Settings::args))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ProviderSettings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let all = SETTINGS.iter().map(|settings| Ok((settings.provider, settings.read(matches)?)));
        all.collect::<Result<_, clap::Error>>().map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
