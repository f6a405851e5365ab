//! The pool of a fresh `medai dev`: keys of the environment, a local Ollama, or else the demo provider,
//! so that the first question is answered at once.

use std::{sync::Arc, time::Duration};

use domain::keys::{NotAKey, Provider, Secret, store};
use ingest::embed::{Embedder as _, Local, Purpose};
use secrecy::ExposeSecret as _;
use simulator::{Embed, Script, Simulator};
use worker::EmbedderChoice;

use crate::{
    keys::{PoolKey, put},
    platform::Platform,
};

/// The demo's key. It opens nothing.
const DEMO_KEY: &str = "demo-provider-key";

/// The longest that the demo's answer waits for the model that compares sentences.
const EMBED_WITHIN: Duration = Duration::from_secs(3);

/// Puts in what there is. Returns the demo provider where it had to be started; it stops when dropped.
pub(super) async fn fill(platform: &Platform) -> anyhow::Result<Option<Simulator>> {
    for (provider, key) in platform.config.providers.endpoints.api_keys() {
        if key.expose_secret().trim().is_empty() {
            continue;
        }
        match Secret::parse(key.expose_secret()) {
            Ok(secret) => add(platform, provider, &secret, None).await?,
            Err(NotAKey) => {
                tracing::warn!(provider = provider.as_str(), "the key of the environment is none: {NotAKey}");
            }
        }
    }
    let defaults = platform.config.providers.endpoints.defaults();
    for provider in Provider::by_hand().filter(|provider| provider.description().self_hosted) {
        let (base_url, _) = defaults.of(provider);
        if runs(base_url).await {
            add(platform, provider, &Secret::none(), Some(base_url)).await?;
        }
    }
    let mut conn = platform.db.pool().acquire().await?;
    let keys = store::list_shared(&mut conn).await?;
    for demo in keys.iter().filter(|key| key.provider == Provider::Demo) {
        // Of an earlier start: its address is not good any more.
        store::delete(&mut conn, demo.id).await?;
    }
    drop(conn);
    let real = keys.iter().any(|key| key.provider != Provider::Demo);
    if real || !platform.config.wants_demo() {
        return Ok(None);
    }
    let demo = Simulator::start().await?;
    demo.keep_calls(0);
    demo.default_script(Script::demo().token_every(Duration::from_millis(12)));
    if platform.config.embedding.choice(&platform.config.providers) == EmbedderChoice::Local {
        demo.embed_with(embed_by(Arc::clone(&platform.local)));
    }
    let secret = Secret::parse(DEMO_KEY)?;
    add(platform, Provider::Demo, &secret, Some(&demo.url())).await?;
    Ok(Some(demo))
}

/// The local model, for as long as a reader would wait. Without it the words of the question must do.
fn embed_by(local: Arc<Local>) -> Embed {
    Embed::new(move |texts| {
        let local = Arc::clone(&local);
        async move {
            let vectors = tokio::time::timeout(EMBED_WITHIN, local.embed(&texts, Purpose::Query)).await;
            let vectors = vectors.ok()?.ok()?;
            Some(vectors.into_iter().map(|vector| vector.map(Vec::from)).collect())
        }
    })
}

/// Adds a key, unless it is there.
async fn add(
    platform: &Platform,
    provider: Provider,
    secret: &Secret,
    base_url: Option<&str>,
) -> anyhow::Result<()> {
    let new = PoolKey { provider, secret, priority: 0, base_url, model: None };
    put(&platform.db, &platform.vault, new).await.map(drop)
}

/// Whether anybody answers on the port of an address.
async fn runs(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
    let connect = tokio::net::TcpStream::connect((host, port));
    matches!(tokio::time::timeout(Duration::from_millis(300), connect).await, Ok(Ok(_)))
}
