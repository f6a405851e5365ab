//! Embeddings of all three vendors: texts in, unit vectors of 384 numbers out.

use chrono::{DateTime, Utc};
use domain::keys::Provider;
use ingest::embed::{DIMENSIONS, Purpose, Vector};
use reqwest::{RequestBuilder, StatusCode, header::AUTHORIZATION};
use serde::Deserialize;
use serde_json::json;

use super::{Endpoint, Lack, ProviderError, call, gemini, ollama, openai, reading::Protocol};

/// The most bytes of an answer: 64 vectors of 3,072 numbers, should a server ignore what it was asked.
const LONGEST: usize = 8 << 20;

/// What came of embedding many texts.
#[derive(Debug, Clone, Default)]
pub struct Embedded {
    /// For each text that was asked about, in their order, its vector; `None` where the provider can make none of
    /// this text. Shorter than the texts where `failed` says why.
    pub vectors: Vec<Option<Vector>>,
    /// What the endpoint has shown that it cannot do.
    pub lacks: Vec<Lack>,
    /// Why the texts after those were not embedded: another key may go on from there.
    pub failed: Option<ProviderError>,
}

/// Embeds texts with as many calls as it takes: no batch is longer than the endpoint is known to take, one that is
/// refused is halved, a field that is refused is left out, and a text that cannot be embedded costs itself only.
pub async fn embed_each(
    provider: Provider,
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Embedded {
    match embed(provider, http, endpoint, texts, purpose, now).await {
        Ok(vectors) => Embedded { vectors: vectors.into_iter().map(Some).collect(), ..Embedded::default() },
        Err(failed) => Embedded { failed: Some(failed), ..Embedded::default() },
    }
}

/// Embeds some texts with one call.
///
/// # Errors
/// Why not, in terms of what may be done next.
pub async fn embed(
    provider: Provider,
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Vec<Vector>, ProviderError> {
    let vectors = match provider {
        Provider::Gemini => {
            let answer =
                send::<gemini::Gemini>(gemini_request(http, endpoint, texts, purpose)?, endpoint, now);
            let GeminiAnswer { embeddings } = read(&answer.await?)?;
            embeddings.into_iter().map(|embedding| embedding.values).collect()
        }
        Provider::OpenAi | Provider::Demo => {
            let answer = send::<openai::OpenAi>(openai_request(http, endpoint, texts)?, endpoint, now);
            let OpenAiAnswer { mut data } = read(&answer.await?)?;
            data.sort_by_key(|item| item.index);
            data.into_iter().map(|item| item.embedding).collect()
        }
        Provider::Ollama => {
            let answer = send::<ollama::Ollama>(ollama_request(http, endpoint, texts)?, endpoint, now);
            let OllamaAnswer { embeddings } = read(&answer.await?)?;
            embeddings
        }
    };
    checked(vectors, texts.len())
}

fn gemini_request(
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
    purpose: Purpose,
) -> Result<RequestBuilder, ProviderError> {
    let model = endpoint.model.trim().trim_start_matches("models/");
    let url =
        call::address(&endpoint.base_url, "v1beta", &["models", &format!("{model}:batchEmbedContents")])?;
    let task = match purpose {
        Purpose::Passage => "RETRIEVAL_DOCUMENT",
        Purpose::Query => "RETRIEVAL_QUERY",
    };
    let request = |text: &String| {
        json!({
            "model": format!("models/{model}"),
            "content": { "parts": [{ "text": text }] },
            "taskType": task,
            "outputDimensionality": DIMENSIONS,
        })
    };
    let body = json!({ "requests": texts.iter().map(request).collect::<Vec<_>>() });
    call::with_key(http.post(url).json(&body), gemini::KEY_HEADER, "", &endpoint.secret)
}

fn openai_request(
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
) -> Result<RequestBuilder, ProviderError> {
    let url = call::address(&endpoint.base_url, "v1", &["embeddings"])?;
    let body = json!({
        "model": endpoint.model,
        "input": texts,
        "dimensions": DIMENSIONS,
        "encoding_format": "float",
    });
    call::with_key(http.post(url).json(&body), AUTHORIZATION, "Bearer ", &endpoint.secret)
}

fn ollama_request(
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
) -> Result<RequestBuilder, ProviderError> {
    let url = call::address(&endpoint.base_url, "api", &["embed"])?;
    let body = json!({ "model": endpoint.model, "input": texts, "dimensions": DIMENSIONS, "truncate": true });
    call::with_key(http.post(url).json(&body), AUTHORIZATION, "Bearer ", &endpoint.secret)
}

#[derive(Deserialize)]
struct GeminiAnswer {
    embeddings: Vec<GeminiEmbedding>,
}

#[derive(Deserialize)]
struct GeminiEmbedding {
    values: Vec<f32>,
}

#[derive(Deserialize)]
struct OpenAiAnswer {
    data: Vec<OpenAiEmbedding>,
}

#[derive(Deserialize)]
struct OpenAiEmbedding {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct OllamaAnswer {
    embeddings: Vec<Vec<f32>>,
}

/// Sends a request and reads the whole answer, within reason.
async fn send<P: Protocol>(
    request: RequestBuilder,
    endpoint: &Endpoint,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, ProviderError> {
    let mut response = request.send().await.map_err(|error| call::unreached(&error))?;
    if response.status() != StatusCode::OK {
        return Err(call::refused::<P>(response, &endpoint.secret, now).await);
    }
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(|error| call::unreached(&error))? {
        if body.len() + bytes.len() > LONGEST {
            return Err(ProviderError::too_much());
        }
        body.extend_from_slice(&bytes);
    }
    Ok(body)
}

/// The cause is dropped, since it quotes what it could not read.
fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ProviderError> {
    serde_json::from_slice(body).map_err(|_malformed| ProviderError::not_its_protocol(200))
}

/// One unit vector for each text. Truncated ones arrive longer or shorter than 1.
fn checked(vectors: Vec<Vec<f32>>, texts: usize) -> Result<Vec<Vector>, ProviderError> {
    let vectors: Option<Vec<_>> = vectors.into_iter().map(Vector::new).collect();
    let vectors = vectors.filter(|vectors| vectors.len() == texts);
    vectors.ok_or_else(|| ProviderError::not_its_protocol(200))
}
