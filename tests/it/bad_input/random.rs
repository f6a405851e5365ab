//! Hundreds of bodies that nobody thought of.

use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Map, Value, json};

use super::{Endpoint, World};

/// The same hundreds in every run.
const SEED: u64 = 0x5eed;
const ROUNDS: usize = 100;

fn text(random: &mut StdRng) -> String {
    let pieces = [
        "\0",
        "\0",
        "\0",
        "\u{1}",
        "\n",
        "\u{202e}",
        "\u{fffd}",
        "'",
        "\"",
        "\\",
        "%",
        "/",
        "/mcq ",
        "😀",
        "a",
        "Ω",
        "http://",
        "null",
        "-1",
        "1e999",
        "<b>",
        "; drop table users",
        "e\u{301}",
    ];
    let count = if random.random_bool(0.03) { 9_000 } else { random.random_range(1..6) };
    (0..count).map(|_| pieces[random.random_range(0..pieces.len())]).collect()
}

fn value(random: &mut StdRng, depth: u32) -> Value {
    if random.random_bool(0.5) {
        return json!(text(random));
    }
    match random.random_range(0..if depth > 0 { 7 } else { 5 }) {
        0 => Value::Null,
        1 => json!(random.random_bool(0.5)),
        2 => json!(random.random::<i64>()),
        3 => json!(random.random::<f64>() * 1e18),
        4 => json!(random.random_range(-2_000..2_000)),
        5 => (0..random.random_range(0..4)).map(|_| value(random, depth - 1)).collect(),
        _ => (0..random.random_range(0..4))
            .map(|_| (text(random), value(random, depth - 1)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// A body of an endpoint with something wrong, or not even that.
fn body(random: &mut StdRng, endpoint: &Endpoint) -> Vec<u8> {
    let mut body = endpoint.body.clone();
    let fields: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    let others = ["base_url", "model", "quota_group", "limits", "feature", "status", "attachments", "title"];
    for _ in 0..random.random_range(1..3) {
        let field = if random.random_bool(0.7) {
            fields[random.random_range(0..fields.len())].clone()
        } else {
            others[random.random_range(0..others.len())].to_owned()
        };
        body[field] = value(random, 3);
    }
    let mut bytes = body.to_string().into_bytes();
    match random.random_range(0..6) {
        0 => {
            let at = random.random_range(0..bytes.len());
            bytes[at] = random.random();
        }
        1 => bytes.truncate(random.random_range(0..bytes.len())),
        2 => bytes = (0..random.random_range(0..200)).map(|_| (random.next_u32() & 0xff) as u8).collect(),
        _ => {}
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_random_bodies_are_never_our_fault() {
    let world = World::new().await;
    let mut random = StdRng::seed_from_u64(SEED);
    let mut seen = std::collections::BTreeMap::<u16, usize>::new();
    for round in 0..ROUNDS {
        for endpoint in world.endpoints() {
            // What it accepts must not stand in the way of what comes next, nor take long.
            if endpoint.path.ends_with("/test") {
                continue;
            }
            let body = body(&mut random, &endpoint);
            let reply = world.sends(&endpoint, body.clone()).await;
            let shown = String::from_utf8_lossy(&body).chars().take(300).collect::<String>();
            // One of these bodies may have switched a feature off.
            let switched_off = reply.body["error"]["code"] == "FEATURE_DISABLED";
            assert!(
                reply.status.as_u16() < 500 || switched_off,
                "round {round}, {endpoint:?}, {shown}: {}",
                reply.body
            );
            if !reply.status.is_success() {
                reply.error();
            }
            *seen.entry(reply.status.as_u16()).or_default() += 1;
        }
    }
    assert!(seen[&400] > 50 && seen[&422] > 100, "{seen:?}");
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_paths_queries_and_headers_are_never_our_fault() {
    let world = World::new().await;
    let mut random = StdRng::seed_from_u64(SEED);
    let lists =
        ["/api/chat/sessions", "/api/admin/users", "/api/jobs/{}/events", "/api/chat/sessions/{}/messages"];
    for round in 0..60 {
        for list in lists {
            let path = list.replace("{}", if list.contains("jobs") { &world.job } else { &world.session });
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for name in ["limit", "cursor", "q", "plan", "status", "after"] {
                if random.random_bool(0.3) {
                    query.append_pair(name, &text(&mut random).chars().take(2_000).collect::<String>());
                }
            }
            let query = query.finish();
            let request = world.admin.request(reqwest::Method::GET, &format!("{path}?{query}"));
            let status = request.send().await.unwrap().status().as_u16();
            assert!(status < 500, "round {round}: {path} {query}: {status}");
        }
    }
    world.platform.end().await;
}
