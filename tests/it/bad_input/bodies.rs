//! Bodies that cannot be read, or hold what does not belong there.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Endpoint, World, assert_fields};
use crate::support::student::Reply;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_a_bad_request_and_names_no_field() {
    let world = World::new().await;
    let before = world.platform.state().await;
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    for endpoint in world.endpoints() {
        let field = endpoint.body.as_object().unwrap().keys().next().unwrap().clone();
        let mut not_utf8 = format!("{{\"{field}\":\"").into_bytes();
        not_utf8.extend(b"\xff\xfe\"}");
        let lone_surrogate = format!(r#"{{"{field}":"\ud800"}}"#).into_bytes();
        let trailing = format!("{} x", endpoint.body).into_bytes();
        for body in [
            b"".to_vec(),
            b"{".to_vec(),
            b"nonsense".to_vec(),
            b"{'a':1}".to_vec(),
            b"{\"a\":1,}".to_vec(),
            not_utf8,
            lone_surrogate,
            trailing,
        ] {
            let shown = String::from_utf8_lossy(&body).into_owned();
            let reply = world.sends(&endpoint, body).await;
            // A field that nobody knows may be refused before the end is seen to be missing.
            let early = shown.contains("\"a\":1") && reply.status == 422;
            assert!(early || reply.status == 400, "{endpoint:?} {shown}: {}", reply.body);
            assert!(early || reply.code() == "BAD_REQUEST");
            reply.error();
        }
        let deep_in_a_field = deep.replace("\"x\"", &format!("\"{field}\""));
        for body in [&deep, &deep_in_a_field] {
            let reply = world.sends(&endpoint, body.as_bytes()).await;
            assert!([400, 422].contains(&reply.status.as_u16()), "{endpoint:?}: {}", reply.body);
        }
    }
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_object_or_has_an_unknown_field_is_refused() {
    let world = World::new().await;
    let before = world.platform.state().await;
    for endpoint in world.endpoints() {
        let what = format!("{} {}", endpoint.method, endpoint.path);
        let values: Vec<_> = endpoint.body.as_object().unwrap().values().cloned().collect();
        for body in
            [json!(null), json!(true), json!(7), json!("text"), json!([]), json!([null]), json!(values)]
        {
            let reply = world.sends(&endpoint, body.to_string()).await;
            assert_eq!(reply.status, 422, "{what} {body}: {}", reply.body);
        }
        let mut body = endpoint.body.clone();
        body["surprise"] = json!(1);
        let reply = world.sends(&endpoint, body.to_string()).await;
        assert_fields(&reply, &["surprise"], &what);
        let (field, value) = endpoint.body.as_object().unwrap().iter().next().unwrap();
        let twice = format!("{{\"{field}\":{value},\"{field}\":{value}}}");
        let reply = world.sends(&endpoint, twice).await;
        assert_fields(&reply, &[field], &what);
    }
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}

/// Where a body of this schema has objects, each with a body that has a list there.
fn lists_for_objects(document: &Value, schema: &Value) -> Vec<(String, Value)> {
    let resolve = |schema: &Value| match schema["$ref"].as_str() {
        Some(name) => document.pointer(name.trim_start_matches('#')).unwrap().clone(),
        None => schema.clone(),
    };
    let is_struct = |schema: &Value| resolve(schema)["properties"].is_object();
    let mut found = Vec::new();
    for (name, property) in resolve(schema)["properties"].as_object().into_iter().flatten() {
        let one_of = property["oneOf"].as_array().cloned().unwrap_or_default();
        for schema in one_of.iter().chain([property]) {
            if is_struct(schema) {
                found.push((name.clone(), json!({ name.as_str(): [] })));
                found.push((name.clone(), json!({ name.as_str(): [null, null, null, null] })));
                for (inner, body) in lists_for_objects(document, schema) {
                    found.push((format!("{name}.{inner}"), json!({ name.as_str(): body })));
                }
            }
            if is_struct(&schema["items"]) {
                found.push((format!("{name}[0]"), json!({ name.as_str(): [[]] })));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_for_an_object_nowhere() {
    let world = World::new().await;
    let before = world.platform.state().await;
    let document = world.platform.browser().get("/api/openapi.json").await.expect(200).body;
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["post", "put", "patch", "delete"] {
            let body = &item[method]["requestBody"]["content"]["application/json"]["schema"];
            let path = path.split('/').map(|part| match part {
                "{feature}" => "mcq".to_owned(),
                "{queue}" | "{name}" => "chat".to_owned(),
                part if part.starts_with('{') => uuid::Uuid::new_v4().to_string(),
                part => part.to_owned(),
            });
            let path = path.collect::<Vec<_>>().join("/");
            for (field, body) in lists_for_objects(&document, body) {
                let endpoint =
                    Endpoint { method: method.to_uppercase().parse().unwrap(), path: path.clone(), body };
                let reply = world.sends(&endpoint, endpoint.body.to_string()).await;
                assert_fields(&reply, &[&field], &format!("{endpoint:?}"));
                tried += 1;
            }
        }
    }
    assert!(tried >= 4, "the document names objects within bodies: {tried}");
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_missing_is_named() {
    let world = World::new().await;
    for (path, body, missing) in [
        ("/register", json!({ "email": "a@b.example", "name": "Ada" }), "password"),
        ("/register", json!({ "password": "s4-gallop-rhythm", "name": "Ada" }), "email"),
        ("/login", json!({ "password": "x" }), "email"),
        ("/messages", json!({}), "content"),
        ("/edit", json!({}), "content"),
        ("/admin/keys", json!({ "key": "sk-fits-well-1" }), "provider"),
        ("/admin/keys", json!({ "provider": "openai" }), "key"),
    ] {
        let endpoint = world.endpoint(&Method::POST, path);
        let reply = world.sends(&endpoint, body.to_string()).await;
        assert_fields(&reply, &[missing], path);
    }
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "it is a table")]
async fn a_value_of_a_wrong_type_is_refused_by_the_name_of_its_field() {
    let world = World::new().await;
    let before = world.platform.state().await;
    let text: &[Value] = &[json!(7), json!(true), json!([]), json!({}), json!(["a"])];
    let plans: &[Value] = &[json!("gold"), json!(""), json!(3)];
    let priorities: &[Value] =
        &[json!("high"), json!(1.5), json!(1e300), json!(1001), json!(-1001), json!(1_u64 << 60)];
    let addresses: &[Value] =
        &[json!(1), json!("nowhere"), json!("ftp://a.example"), json!("http://u:p@a.example")];
    let (post, patch) = (Method::POST, Method::PATCH);
    for (method, path, field, values) in [
        (&post, "/register", "email", text),
        (&post, "/register", "password", text),
        (&post, "/register", "name", text),
        (&post, "/login", "email", text),
        (&post, "/login", "password", text),
        (&patch, "/profile", "name", text),
        (&post, "/chat/sessions", "title", text),
        (&patch, &format!("/chat/sessions/{}", world.session), "title", text),
        (&post, "/chat/folders", "name", text),
        (&patch, &format!("/folders/{}", world.folder), "name", text),
        (&post, "/messages", "content", text),
        (&post, "/messages", "attachments", &[json!("x"), json!({}), json!(null)]),
        (&post, "/edit", "content", text),
        (&patch, &format!("/users/{}", world.user), "plan", plans),
        (&patch, &format!("/users/{}", world.user), "name", text),
        (&post, "/admin/keys", "provider", &[json!("mistral"), json!("demo"), json!(1), json!(null)]),
        (&post, "/admin/keys", "feature", &[json!("chats"), json!(""), json!(1), json!(["chat"])]),
        (
            &post,
            "/admin/keys",
            "key",
            &[json!(1), json!("short"), json!("with a space in it"), json!("ключ-ключ-ключ")],
        ),
        (&post, "/admin/keys", "priority", priorities),
        (&post, "/admin/keys", "base_url", addresses),
        (&post, "/admin/keys", "model", &[json!(1), json!("m".repeat(201))]),
        (&post, "/admin/keys", "quota_group", &[json!(1), json!("g".repeat(201)), json!("two\nlines")]),
        (
            &post,
            "/admin/keys",
            "limits.rpm",
            &[json!({ "rpm": 0 }), json!({ "rpm": -1 }), json!({ "rpm": "x" })],
        ),
        (&post, "/admin/keys", "limits.surprise", &[json!({ "surprise": 1 })]),
        (&post, "/admin/keys", "limits", &[json!(1), json!("none")]),
        (&post, "/admin/keys", "skip_test", &[json!("yes"), json!(1), json!(null)]),
        (&post, "/keys/test", "provider", &[json!("mistral"), json!("demo")]),
        (&patch, &format!("/keys/{}", world.key), "status", &[json!("pending"), json!("gone"), json!(1)]),
        (&patch, &format!("/keys/{}", world.key), "priority", priorities),
        (&patch, &format!("/keys/{}", world.key), "base_url", addresses),
        (&patch, &format!("/keys/{}", world.key), "feature", &[json!("chats"), json!(1)]),
        (&patch, &format!("/keys/{}", world.key), "key", &[json!("short"), json!(1)]),
    ] {
        let endpoint = world.endpoint(method, path);
        for value in values {
            let mut body = endpoint.body.clone();
            body[field.split('.').next().unwrap()] = value.clone();
            let reply = world.sends(&endpoint, body.to_string()).await;
            assert_fields(&reply, &[field], &format!("{path} {field} {value}"));
        }
    }
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_type_of_body_is_not_taken() {
    let world = World::new().await;
    let before = world.platform.state().await;
    for endpoint in world.endpoints() {
        let body = endpoint.body.to_string();
        for content_type in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
            Some("json"),
            Some("application/jsonx"),
        ] {
            let mut request = world.request(&endpoint).body(body.clone());
            if let Some(content_type) = content_type {
                request = request.header("content-type", content_type);
            }
            let reply = Reply::read(request.send().await.unwrap()).await;
            assert_eq!(reply.status, 415, "{endpoint:?} {content_type:?}: {}", reply.body);
            assert_eq!(reply.code(), "UNSUPPORTED_MEDIA_TYPE");
        }
    }
    assert_eq!(world.platform.state().await, before);
    let endpoint = world.endpoint(&Method::PATCH, "/profile");
    let request = world.request(&endpoint).header("content-type", "Application/JSON; charset=utf-8");
    let reply = Reply::read(request.body(endpoint.body.to_string()).send().await.unwrap()).await;
    reply.expect(200);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_and_the_client_sees_it() {
    let world = World::new().await;
    let before = world.platform.state().await;
    for endpoint in world.endpoints() {
        let mut body = endpoint.body.clone();
        let field = body.as_object().unwrap().keys().next().unwrap().clone();
        body[field] = json!("x".repeat(1 << 20));
        let reply = world.sends(&endpoint, body.to_string()).await;
        assert_eq!(reply.status, 413, "{endpoint:?}: {}", reply.body);
        assert_eq!(reply.code(), "PAYLOAD_TOO_LARGE");
    }
    // Also one that does not say how long it is, and one of many megabytes.
    let endpoint = world.endpoint(&Method::POST, "/messages");
    let chunks = futures::stream::iter((0..64).map(|_| Ok::<_, std::io::Error>(vec![b' '; 16 * 1024])));
    let request = world.request(&endpoint).header("content-type", "application/json");
    let request = request.body(reqwest::Body::wrap_stream(chunks));
    Reply::read(request.send().await.unwrap()).await.expect(413);
    world.sends(&endpoint, vec![b'['; 16 << 20]).await.expect(413);
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nul_characters_are_refused_where_the_database_would_choke_on_them() {
    let world = World::new().await;
    let before = world.platform.state().await;
    let (post, patch, put) = (Method::POST, Method::PATCH, Method::PUT);
    for (method, path, field) in [
        (&post, "/register", "email"),
        (&post, "/register", "name"),
        (&patch, "/profile", "name"),
        (&post, "/chat/sessions", "title"),
        (&post, "/chat/folders", "name"),
        (&put, &format!("/messages/{}/report", world.answer), "reason"),
        (&post, "/handle", "note"),
        (&patch, &format!("/chat/sessions/{}", world.session), "title"),
        (&post, "/messages", "content"),
        (&post, "/edit", "content"),
        (&patch, &format!("/users/{}", world.user), "name"),
        (&post, "/admin/keys", "key"),
        (&post, "/admin/keys", "model"),
        (&post, "/admin/keys", "quota_group"),
        (&post, "/admin/keys", "base_url"),
        (&patch, &format!("/keys/{}", world.key), "model"),
        (&patch, &format!("/keys/{}", world.key), "quota_group"),
        (&patch, &format!("/keys/{}", world.key), "key"),
    ] {
        let endpoint = world.endpoint(method, path);
        for value in ["http://a\0b.example", "\0", "a-b-c-d-e-f\0"] {
            let mut body = endpoint.body.clone();
            body[field] = json!(value);
            let reply = world.sends(&endpoint, body.to_string()).await;
            assert_fields(&reply, &[field], &format!("{path} {field} {value:?}"));
        }
    }
    // Here it is no error, only nobody's: passwords are not stored, and no account has such an address.
    for (email, password) in [("a\0@b.example", "x"), ("a@b.example", "\0\0\0\0")] {
        let body = json!({ "email": email, "password": password });
        world.sends(&world.endpoint(&post, "/login"), body.to_string()).await.expect(401);
    }
    assert_fields(&world.admin.get("/api/admin/users?q=a%00b").await, &["q"], "q");
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}
