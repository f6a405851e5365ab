//! Embeddings of all vendors that make some: texts in, unit vectors of 384 numbers out.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use domain::keys::Provider;
use ingest::embed::{DIMENSIONS, Purpose, Vector};
use reqwest::{
    RequestBuilder,
    header::{AUTHORIZATION, HeaderMap},
};
use serde_json::{Value, json};

use super::{Class, Endpoint, Field, ProviderError, call, fault, gemini, json, lacking::Sent, verdict};

/// The most bytes of an answer: 64 vectors of 3,072 numbers, should a server ignore what it was asked.
const LONGEST: usize = 8 << 20;

pub use super::vectors::{Embedded, embed_each};

/// Embeds some texts with one call. A text may have no vector.
pub(super) async fn embed_once(
    provider: Provider,
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Vec<Option<Vector>>, ProviderError> {
    let request = match provider {
        Provider::Gemini => gemini_request(http, endpoint, texts, purpose)?,
        Provider::OpenAi | Provider::Demo => openai_request(http, endpoint, texts)?,
        Provider::Ollama => ollama_request(http, endpoint, texts)?,
        Provider::Anthropic => {
            return Err(ProviderError::new(Class::Refusal, None, "the provider embeds nothing"));
        }
    };
    let body = send(request, endpoint, now).await?;
    let answer = json::parse(&body).ok_or_else(|| ProviderError::not_its_protocol(200))?.value;
    if fault::is_error(&answer, false) {
        let error = verdict::of(200, &HeaderMap::new(), &body, &Sent::default(), now);
        return Err(error.without(&endpoint.secret));
    }
    vectors_of(&answer, texts.len())
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
    let takes = |field| !endpoint.abilities.refuses(field);
    let request = |text: &String| {
        let whole = json!({ "model": format!("models/{model}"), "content": { "parts": [{ "text": text }] } });
        with(
            whole,
            [
                ("taskType", takes(Field::TaskType).then(|| json!(task))),
                ("outputDimensionality", takes(Field::Dimensions).then(|| json!(DIMENSIONS))),
            ],
        )
    };
    let body = json!({ "requests": texts.iter().map(request).collect::<Vec<_>>() });
    call::with_key(http.post(url).json(&body), gemini::KEY_HEADER, "", &endpoint.secret)
}

/// A body with the fields that are not refused.
fn with<const N: usize>(mut body: Value, fields: [(&str, Option<Value>); N]) -> Value {
    if let Some(body) = body.as_object_mut() {
        body.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    body
}

fn openai_request(
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
) -> Result<RequestBuilder, ProviderError> {
    let url = call::address(&endpoint.base_url, "v1", &["embeddings"])?;
    let takes = |field| !endpoint.abilities.refuses(field);
    let body = with(
        json!({ "model": endpoint.model, "input": texts }),
        [
            ("dimensions", takes(Field::Dimensions).then(|| json!(DIMENSIONS))),
            ("encoding_format", takes(Field::EncodingFormat).then(|| json!("float"))),
        ],
    );
    call::with_key(http.post(url).json(&body), AUTHORIZATION, "Bearer ", &endpoint.secret)
}

fn ollama_request(
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
) -> Result<RequestBuilder, ProviderError> {
    let url = call::address(&endpoint.base_url, "api", &["embed"])?;
    let takes = |field| !endpoint.abilities.refuses(field);
    let body = with(
        json!({ "model": endpoint.model, "input": texts }),
        [
            ("dimensions", takes(Field::Dimensions).then(|| json!(DIMENSIONS))),
            ("truncate", takes(Field::Truncate).then_some(Value::Bool(true))),
        ],
    );
    call::with_key(http.post(url).json(&body), AUTHORIZATION, "Bearer ", &endpoint.secret)
}

/// Sends a request and reads the whole answer, within reason.
async fn send(
    request: RequestBuilder,
    endpoint: &Endpoint,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, ProviderError> {
    let mut response = request.send().await.map_err(|error| call::unreached(&error))?;
    if !call::is_success(response.status()) {
        return Err(call::refused(response, Sent::default(), &endpoint.secret, now).await);
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

/// The vectors of an answer in the order of the texts: a list of vectors, or of objects that hold one and may name
/// their place.
fn vectors_of(answer: &Value, texts: usize) -> Result<Vec<Option<Vector>>, ProviderError> {
    let wrong = || ProviderError::not_its_protocol(200);
    let list = ["embeddings", "data"].into_iter().find_map(|field| answer.get(field)?.as_array());
    let list = list.or_else(|| answer.as_array()).ok_or_else(wrong)?;
    let place = |item: &Value| item.get("index")?.as_u64().and_then(|index| usize::try_from(index).ok());
    let places: BTreeSet<usize> = list.iter().filter_map(place).filter(|place| *place < texts).collect();
    // What has more than was asked for is right where it says whose is which.
    let in_places = !list.is_empty() && (places.len() == list.len() || places.len() == texts);
    if !in_places && list.len() != texts {
        // Nobody knows whose is missing; asked about fewer at once, it will show.
        let reason = format!("{} vectors came for {texts} texts", list.len());
        return Err(ProviderError::new(Class::Withheld, Some(200), reason));
    }
    let mut vectors = vec![None; texts];
    let mut failed = None;
    for (n, item) in list.iter().enumerate() {
        let at = if in_places { place(item).unwrap_or(usize::MAX) } else { n };
        match (vectors.get_mut(at), vector_of(item)) {
            (Some(vector), Ok(made)) => *vector = made,
            (_, Err(error)) => failed = Some(error),
            (None, Ok(_)) => {}
        }
    }
    // One that is wrong costs itself only; where none is right, the endpoint is no embedder of ours.
    match failed {
        Some(error) if vectors.iter().all(Option::is_none) => Err(error),
        _ => Ok(vectors),
    }
}

/// A unit vector; none of what has no numbers. Truncated ones arrive longer or shorter than 1.
fn vector_of(item: &Value) -> Result<Option<Vector>, ProviderError> {
    let numbers =
        ["values", "embedding", "vector"].into_iter().find_map(|field| item.get(field)).unwrap_or(item);
    let numbers = match numbers {
        Value::Array(numbers) => numbers.iter().map(number).collect::<Option<Vec<f32>>>(),
        // The form that OpenAI's own library asks for.
        Value::String(packed) => unpacked(packed),
        Value::Null => None,
        _ => return Err(ProviderError::not_its_protocol(200)),
    };
    let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) else { return Ok(None) };
    if numbers.len() != DIMENSIONS {
        let reason = format!("its vectors have {} numbers and not {DIMENSIONS}", numbers.len());
        return Err(ProviderError::new(Class::Refusal, Some(200), reason));
    }
    Ok(Vector::new(numbers))
}

#[expect(clippy::cast_possible_truncation, reason = "vectors are of single precision")]
fn number(value: &Value) -> Option<f32> {
    value.as_f64().map(|number| number as f32)
}

fn unpacked(packed: &str) -> Option<Vec<f32>> {
    let bytes = STANDARD.decode(packed).ok()?;
    let (numbers, rest) = bytes.as_chunks::<4>();
    let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    (rest.is_empty() && numbers.iter().all(|number| number.is_finite())).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(first: &str) -> String {
        format!("[{first}{}]", ",1.0".repeat(DIMENSIONS - 1))
    }

    fn known(wire: &str, texts: usize) -> Option<Vec<bool>> {
        let answer = json::parse(wire.as_bytes()).unwrap().value;
        vectors_of(&answer, texts).ok().map(|vectors| vectors.iter().map(Option::is_some).collect())
    }

    #[test]
    fn a_text_without_numbers_has_no_vector_and_the_others_have() {
        let (fine, lost) = (numbers("0.5"), numbers("NaN"));
        assert_eq!(
            known(&format!(r#"{{"embeddings":[{fine},{lost},null]}}"#), 3),
            Some(vec![true, false, false])
        );
        let openai =
            format!(r#"{{"data":[{{"index":1,"embedding":{lost}}},{{"index":0,"embedding":{fine}}}]}}"#);
        assert_eq!(known(&openai, 2), Some(vec![true, false]));
        let short = format!(r#"{{"data":[{{"index":1,"embedding":{fine}}}]}}"#);
        assert_eq!(known(&short, 2), Some(vec![false, true]));
        let gemini = format!(r#"{{"embeddings":[{{"values":{fine}}},{{}}]}}"#);
        assert_eq!(known(&gemini, 2), Some(vec![true, false]), "an object is no vector");
        assert_eq!(known(r#"{"embeddings":[{},{}]}"#, 2), None, "no vector at all");
        assert_eq!(known(&format!(r#"{{"embeddings":[{fine}]}}"#), 2), None, "too few, and no places");
        assert_eq!(known(r#"{"data":[]}"#, 2), None, "nobody knows whose is missing");
        let surplus = format!(
            r#"{{"data":[{{"index":0,"embedding":{fine}}},{{"index":1,"embedding":{fine}}},{{"index":2,"embedding":{fine}}}]}}"#
        );
        assert_eq!(known(&surplus, 2), Some(vec![true, true]), "more than was asked for");
        let one_short = format!(r#"{{"embeddings":[[1,2,3],{fine}]}}"#);
        assert_eq!(known(&one_short, 2), Some(vec![false, true]), "one of another length");
        assert_eq!(known(r#"{"embeddings":[[1,2,3]]}"#, 1), None, "of another length");
    }

    #[test]
    fn packed_numbers_are_read() {
        let bytes: Vec<u8> = (0..DIMENSIONS).flat_map(|_| 1.5_f32.to_le_bytes()).collect();
        let wire = format!(r#"{{"data":[{{"index":0,"embedding":"{}"}}]}}"#, STANDARD.encode(bytes));
        assert_eq!(known(&wire, 1), Some(vec![true]));
    }
}
