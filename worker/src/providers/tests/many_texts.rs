//! Embedding many texts, over the network, at servers that cannot do everything.

use std::sync::Mutex;

use ingest::embed::{DIMENSIONS, Purpose};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::*;

/// Answers each request with a status and a body, and closes.
async fn server(
    answer: impl Fn(&str, &Value) -> (u16, Value) + Send + Sync + 'static,
) -> (String, Arc<Mutex<Vec<usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (path, body) = request(&mut socket).await;
            seen.lock().unwrap().push(body["input"].as_array().map_or(0, Vec::len));
            let (status, answer) = answer(&path, &body);
            let answer = answer.to_string();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            socket.write_all(format!("{head}{answer}").as_bytes()).await.unwrap();
        }
    });
    (url, calls)
}

async fn request(socket: &mut TcpStream) -> (String, Value) {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                let path = head.split(' ').nth(1).unwrap().to_owned();
                return (path, serde_json::from_str(body).unwrap_or_default());
            }
        }
        let mut chunk = [0; 4096];
        let read = socket.read(&mut chunk).await.unwrap();
        assert!(read > 0, "a request that breaks off");
        bytes.extend_from_slice(&chunk[..read]);
    }
}

fn vectors(body: &Value) -> Value {
    let count = body["input"].as_array().map_or(0, Vec::len);
    json!({ "embeddings": vec![vec![0.5; DIMENSIONS]; count] })
}

async fn embedded(url: &str, texts: usize, odd: &[usize], abilities: Abilities) -> embeddings::Embedded {
    let text = |n| if odd.contains(&n) { format!("Takotsubo {n}") } else { format!("text {n}") };
    let texts: Vec<String> = (0..texts).map(text).collect();
    let endpoint = Endpoint {
        base_url: url.to_owned(),
        model: "m".to_owned(),
        secret: Secret::none(),
        abilities: Arc::new(abilities),
    };
    let http = http_client().unwrap();
    embeddings::embed_each(Provider::Ollama, &http, &endpoint, &texts, Purpose::Passage, now()).await
}

fn count(body: &Value) -> usize {
    body["input"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_batch_that_is_too_large_is_made_smaller_by_the_number_told_or_by_halves() {
    for (message, known) in [("batch size is invalid, it should not be larger than 10", 10), ("no", 8)] {
        let refusal = json!({ "error": { "message": message, "code": "InvalidParameter" } });
        let (url, calls) =
            server(
                move |_, body| if count(body) > 10 { (400, refusal.clone()) } else { (200, vectors(body)) },
            )
            .await;
        let all = embedded(&url, 70, &[], Abilities::default()).await;
        assert!(all.failed.is_none() && all.vectors.len() == 70 && all.vectors.iter().all(Option::is_some));
        let mut learnt = Abilities::default();
        all.lacks.iter().for_each(|lack| learnt.note(lack));
        assert_eq!(learnt.batch, Some(known), "{message}");
        calls.lock().unwrap().clear();
        assert!(embedded(&url, 70, &[], learnt).await.lacks.is_empty());
        assert!(calls.lock().unwrap().iter().all(|texts| *texts <= 10), "what was learnt is obeyed");
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_embedded_costs_itself_only() {
    let nan = json!({ "error": "failed to encode response: json: unsupported value: NaN" });
    let odd = |body: &Value| body.to_string().contains("Takotsubo");
    let (url, _) =
        server(move |_, body| if odd(body) { (500, nan.clone()) } else { (200, vectors(body)) }).await;
    for (texts, odd) in [(64, vec![0, 17, 63]), (1, vec![0]), (3, vec![0, 1, 2])] {
        let all = embedded(&url, texts, &odd, Abilities::default()).await;
        assert!(all.failed.is_none() && all.lacks.is_empty(), "{:?}", all.failed);
        let without: Vec<usize> = (0..texts).filter(|n| all.vectors[*n].is_none()).collect();
        assert_eq!((all.vectors.len(), without), (texts, odd));
    }
}

#[tokio::test]
async fn one_text_takes_no_others_along_whatever_a_server_sends_for_it() {
    let short = |body: &Value| json!({ "embeddings": vec![vec![0.5; DIMENSIONS - 1]; count(body)] });
    let none = |_: &Value| json!({ "embeddings": [] });
    for answer in [short as fn(&Value) -> Value, none] {
        let odd = |body: &Value| body.to_string().contains("Takotsubo");
        let (url, _) =
            server(move |_, body| (200, if odd(body) { answer(body) } else { vectors(body) })).await;
        let all = embedded(&url, 64, &[17], Abilities::default()).await;
        assert!(all.failed.is_none(), "{:?}", all.failed);
        let without: Vec<usize> = (0..64).filter(|n| all.vectors[*n].is_none()).collect();
        assert_eq!(without, [17]);
    }
}

#[tokio::test]
async fn a_server_that_embeds_nothing_is_not_asked_text_by_text() {
    for status in [500, 503, 401, 429] {
        let (url, calls) = server(move |_, _| (status, json!({ "error": "no" }))).await;
        let all = embedded(&url, 64, &[], Abilities::default()).await;
        assert!(all.vectors.is_empty() && all.failed.is_some(), "{status}");
        assert!(calls.lock().unwrap().len() <= 2, "{status}");
    }
}

#[tokio::test]
async fn what_was_embedded_before_a_failure_is_kept() {
    let asked = Mutex::new(0);
    let (url, _) = server(move |_, body| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        if *asked > 1 { (429, json!({ "error": "slow down" })) } else { (200, vectors(body)) }
    })
    .await;
    let some = embedded(&url, 100, &[], Abilities::default()).await;
    assert_eq!((some.vectors.len(), some.failed.unwrap().class), (64, Class::Rate));
}

#[tokio::test]
async fn a_field_that_is_refused_is_left_out() {
    let refusal = json!({ "error": "json: unknown field \"dimensions\"" });
    let (url, _) =
        server(
            move |_, body| {
                if body.get("dimensions").is_some() { (400, refusal.clone()) } else { (200, vectors(body)) }
            },
        )
        .await;
    let all = embedded(&url, 3, &[], Abilities::default()).await;
    assert!(all.failed.is_none() && all.vectors.len() == 3);
    assert_eq!(all.lacks, [Lack::Field(Field::Dimensions)]);
}

#[tokio::test]
async fn a_wrong_address_is_told_with_the_path_that_was_called() {
    let (url, _) = server(|_, _| (404, json!({ "detail": "Not Found" }))).await;
    let endpoint = Endpoint {
        base_url: format!("{url}/proxy?token=secret"),
        model: "m".to_owned(),
        secret: Secret::none(),
        abilities: Arc::default(),
    };
    let model = chat_model(Provider::OpenAi, &http_client().unwrap());
    let error = model.stream(&endpoint, &question("?"), now()).await.err().unwrap();
    assert_eq!(error.class, Class::Refusal);
    assert!(
        error.reason.contains("/proxy/v1/chat/completions") && !error.reason.contains("secret"),
        "{}",
        error.reason
    );
}
