//! What the platform shows of itself: figures for a Prometheus, and traces for a collector.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message as _;
use reqwest::{Method, StatusCode};
use simulator::Script;

use crate::support::{Platform, key, process::medai, servers, student::Reply};

/// The value of the one line that begins so.
fn figure(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|found| found.strip_prefix(line));
    found.unwrap_or_else(|| panic!("no {line} in:\n{text}")).trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_and_what_is_the_case_can_be_scraped() {
    let platform = Platform::start().await;
    platform
        .pool([
            key("metered").answers(Script::answers("A measured answer.")),
            key("broken").priority(100).answers(Script::overloaded()),
        ])
        .await;
    let student = platform.student().await;
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    let strange = student.request(Method::from_bytes(b"BREW").unwrap(), "/api/health").send().await.unwrap();
    assert_eq!(strange.status(), StatusCode::METHOD_NOT_ALLOWED);

    let reply = platform.browser().get("/metrics").await.expect(200);
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = reply.body.as_str().unwrap();
    let sent = r#"{route="/api/chat/sessions/{id}/messages",method="POST",status="200"}"#;
    assert!(figure(text, &format!("medai_requests_total{sent}")) >= 1.0);
    assert!(figure(text, r#"medai_provider_calls_total{provider="openai",class="ok"}"#) >= 1.0);
    assert!(figure(text, r#"medai_provider_calls_total{provider="openai",class="overload"}"#) >= 1.0);
    assert!(figure(text, r#"medai_failovers_total{how="silent"}"#) >= 1.0);
    assert!(figure(text, r#"medai_answers_total{feature="chat",end="complete"}"#) >= 1.0);
    assert!(figure(text, r#"medai_jobs_total{queue="chat",name="answer_message",outcome="done"}"#) >= 1.0);
    assert!(figure(text, r#"medai_time_to_first_token_seconds_count{feature="chat"}"#) >= 1.0);
    assert!(figure(text, r#"medai_job_wait_seconds_count{queue="chat",name="answer_message"}"#) >= 1.0);
    assert!(figure(text, r#"medai_keys{provider="openai",state="active"}"#) >= 1.0);
    assert!(figure(text, r#"medai_queue_jobs{queue="chat",state="ready"}"#) >= 0.0);
    assert!(text.contains("# TYPE medai_request_seconds histogram"));
    assert!(text.contains(r#"method="other""#), "a made-up method becomes no label");
    for private in ["preload", "measured answer", "BREW", &student.id, &student.email] {
        assert!(!text.contains(private), "{private:?} is shown");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_for_those_who_have_the_token() {
    let platform = Platform::setup()
        .config(|config| config.telemetry.metrics_token = Some("scrape-me-4711".into()))
        .start()
        .await;
    platform.browser().get("/metrics").await.expect(401);
    let ask =
        |token: &'static str| platform.http.get(format!("{}/metrics", platform.base)).bearer_auth(token);
    assert_eq!(ask("another").send().await.unwrap().status(), 401);
    assert_eq!(ask("scrape-me-4711").send().await.unwrap().status(), 200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_production_shows_metrics_on_a_port_of_their_own_only() {
    let platform = Platform::setup().queues([]).start().await;
    let port = servers::free_port();
    let address = format!("127.0.0.1:{port}");
    let env = [
        ("ENVIRONMENT", "production"),
        ("CORS_ORIGINS", "https://medai.example"),
        ("METRICS_ADDR", &*address),
    ];
    let api = medai(&["api"], &platform.database, servers::redis_url(), &env);
    api.ready().await;
    let get = |url: String| {
        let request = platform.http.get(url);
        async { Reply::read(request.send().await.unwrap()).await }
    };
    get(format!("{}/metrics", api.base)).await.expect(404);
    let text = get(format!("http://{address}/metrics")).await.expect(200).body;
    assert!(text.as_str().unwrap().contains("medai_queue_jobs"), "{text}");
    platform.end().await;
}

/// A collector, as small as can be.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<(String, Span)>>>);

impl Collector {
    /// Starts; returns its address.
    async fn start(&self) -> String {
        let spans = Arc::clone(&self.0);
        let take = move |body: Bytes| {
            keep(&spans, body);
            async {}
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    /// The span of a service and a name, once it has come.
    async fn span(&self, service: &str, name: &str, trace: &[u8]) -> Span {
        for _ in 0..400 {
            let spans = self.0.lock().unwrap().clone();
            let found =
                spans.iter().find(|(of, span)| of == service && span.name == name && span.trace_id == trace);
            if let Some((_, span)) = found {
                return span.clone();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no {name} of {service} in {:?}", self.0.lock().unwrap());
    }
}

fn keep(spans: &Mutex<Vec<(String, Span)>>, body: Bytes) {
    for resource in ExportTraceServiceRequest::decode(body).unwrap().resource_spans {
        let attributes = resource.resource.unwrap_or_default().attributes;
        let service = attributes.iter().find(|pair| pair.key == "service.name").unwrap();
        let service = text(service.value.as_ref().and_then(|value| value.value.as_ref()));
        let all = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.lock().unwrap().extend(all.map(|span| (service.clone(), span)));
    }
}

fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|pair| pair.key == key);
    let found = found.unwrap_or_else(|| panic!("no {key} in {:?}", span.attributes));
    text(found.value.as_ref().and_then(|value| value.value.as_ref()))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_goes_from_the_request_through_the_job_to_the_provider() {
    let collector = Collector::default();
    let address = collector.start().await;
    let platform = Platform::setup().redis().queues([]).start().await;
    platform.pool([key("traced").answers(Script::answers("A private answer."))]).await;
    let simulator = platform.simulator.url();
    let env = |service: &'static str| {
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", address.clone()),
            ("OTEL_SERVICE_NAME", service.to_owned()),
            ("OTEL_BSP_SCHEDULE_DELAY", "100".to_owned()),
            ("OPENAI_BASE_URL", simulator.clone()),
            // What is logged and what is traced are two choices.
            ("RUST_LOG", "warn".to_owned()),
        ]
    };
    let start = |role: &'static str| {
        let env = env(role);
        let env: Vec<_> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        medai(&[role], &platform.database, servers::redis_url(), &env)
    };
    let (api, _worker) = (start("api"), start("worker"));
    api.ready().await;
    let student = platform.student().await.at(&api.base);
    let session = student.session().await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let request = student
        .request(Method::POST, &format!("/api/chat/sessions/{session}/messages"))
        .header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"))
        .header("accept", "text/event-stream")
        .json(&serde_json::json!({ "content": "What is a private question?" }));
    let answer = request.send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("event: done"), "{answer}");

    let id = hex(trace);
    let request = collector.span("api", "request", &id).await;
    assert_eq!(request.parent_span_id, hex("b7ad6b7169203331"), "the caller's trace goes on");
    assert_eq!(attribute(&request, "route"), "/api/chat/sessions/{id}/messages");
    let enqueue = collector.span("api", "enqueue", &id).await;
    assert_eq!(enqueue.parent_span_id, request.span_id);
    let job = collector.span("worker", "job", &id).await;
    assert_eq!(job.parent_span_id, enqueue.span_id);
    let call = collector.span("worker", "provider_call", &id).await;
    assert_eq!(call.parent_span_id, job.span_id);
    assert_eq!(
        (attribute(&call, "provider"), attribute(&call, "class")),
        ("openai".to_owned(), "ok".to_owned())
    );
    assert!(attribute(&call, "tokens.completion").parse::<u32>().unwrap() > 0);
    let all = format!("{:?}", collector.0.lock().unwrap());
    for private in ["private", key("traced").value().as_str(), student.token.as_str()] {
        assert!(!all.contains(private), "{private:?} is in a trace");
    }
    platform.end().await;
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.bytes().map(|byte| char::from(byte).to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}
