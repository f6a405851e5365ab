//! Over the network, against the simulator.

use std::time::Duration;

use futures::StreamExt;
use simulator::{Behaviour, Script, Simulator};

use super::*;

const PROVIDERS: [Provider; 3] = [Provider::Gemini, Provider::OpenAi, Provider::Ollama];
const KEY: &str = "simulated-key";

async fn asked(vendor: &Simulator, provider: Provider) -> Result<ChatStream, ProviderError> {
    let endpoint = Endpoint {
        base_url: vendor.url(),
        model: "model-1".to_owned(),
        secret: Secret::parse(KEY).unwrap(),
        abilities: Arc::default(),
    };
    let model = chat_model(provider, &http_client().unwrap());
    model.stream(&endpoint, &question("What is preload?"), now()).await
}

async fn failed(vendor: &Simulator, provider: Provider) -> ProviderError {
    match asked(vendor, provider).await {
        Ok(stream) => drain(stream).await.end.unwrap_err(),
        Err(error) => error,
    }
}

#[tokio::test]
async fn every_provider_answers() {
    let vendor = Simulator::start().await.unwrap();
    let answer = "Preload is the stretch of the ventricle – before it contracts 🫀.";
    let plain = Script::answers(answer);
    let scripts = [
        plain.clone().thinking(3),
        plain.clone().with_crlf().with_multiline_data().with_comments(),
        plain.clone().behaving(Behaviour::HalfUtf8),
        plain.behaving(Behaviour::SlowDrip { ms_per_byte: 0 }),
    ];
    for script in scripts {
        vendor.script(KEY, script.clone());
        for provider in PROVIDERS {
            let reading = drain(asked(&vendor, provider).await.unwrap()).await;
            assert_eq!(reading.text, answer, "{provider:?} {script:?}");
            let call = vendor.calls().pop().unwrap();
            let figure = |tokens| u32::try_from(tokens).unwrap();
            let expected = Ok(end(Finish::Stop, figure(call.prompt_tokens), figure(call.completion_tokens)));
            assert_eq!(reading.end, expected, "{provider:?} {script:?}");
        }
    }
    vendor.script(KEY, Script::answers(answer).without_usage());
    for provider in PROVIDERS {
        let reading = drain(asked(&vendor, provider).await.unwrap()).await;
        assert_eq!(reading.end, Ok(End { finish: Finish::Stop, usage: Usage::Missing, prompt_cut: false }));
    }
}

#[tokio::test]
async fn every_failure_has_its_class() {
    let vendor = Simulator::start().await.unwrap();
    let table = [
        (Behaviour::InvalidKey, Class::Credential),
        (Behaviour::Forbidden, Class::Credential),
        (Behaviour::RegionBlocked, Class::Credential),
        (Behaviour::UnknownModel, Class::Credential),
        (Behaviour::PrepaidGone, Class::Quota),
        (Behaviour::RateLimited { retry_after_s: 8 }, Class::Rate),
        (Behaviour::RateLimitedBare, Class::Rate),
        (Behaviour::Overloaded, Class::Overload),
        (Behaviour::SlowDown, Class::Overload),
        (Behaviour::InternalError, Class::Overload),
        (Behaviour::BadGateway, Class::Overload),
        (Behaviour::GatewayTimeout, Class::Overload),
        (Behaviour::Unavailable529, Class::Overload),
        (Behaviour::BadRequest, Class::Refusal),
        (Behaviour::PayloadTooLarge, Class::Refusal),
        (Behaviour::CutBeforeFirstToken, Class::Overload),
        (Behaviour::CutAfter { chunks: 3 }, Class::Overload),
        (Behaviour::NoEndMark { chunks: 3 }, Class::Overload),
        (Behaviour::ErrorInStream { chunks: 3 }, Class::Overload),
        (Behaviour::Garbage, Class::Overload),
        (Behaviour::EmptyBody, Class::Overload),
    ];
    for (behaviour, class) in table {
        vendor.script(KEY, behaviour.into());
        for provider in PROVIDERS {
            let error = failed(&vendor, provider).await;
            assert_eq!(error.class, class, "{provider:?} {behaviour:?}: {error:?}");
            let cut = matches!(
                behaviour,
                Behaviour::CutBeforeFirstToken
                    | Behaviour::CutAfter { .. }
                    | Behaviour::NoEndMark { .. }
                    | Behaviour::EmptyBody
            );
            assert_eq!(error.truncated, cut, "{provider:?} {behaviour:?}: {error:?}");
            assert!(!error.to_string().contains("simulated") && !error.reason.contains("http"));
        }
    }
}

#[tokio::test]
async fn what_a_vendor_alone_does_has_its_class_too() {
    let vendor = Simulator::start().await.unwrap();
    let in_stream = Behaviour::NumericCodeInStream { chunks: 3 };
    let table = [
        (Provider::Gemini, Behaviour::DailyQuota, Class::Quota),
        (Provider::Gemini, Behaviour::BlockedPrompt, Class::Blocked),
        (Provider::Gemini, Behaviour::ContextTooLong, Class::Refusal),
        (Provider::OpenAi, Behaviour::InsufficientQuota, Class::Quota),
        (Provider::OpenAi, Behaviour::BlockedPrompt, Class::Blocked),
        (Provider::OpenAi, Behaviour::ContextTooLong, Class::Refusal),
        (Provider::OpenAi, Behaviour::NumericCode, Class::Rate),
        (Provider::OpenAi, in_stream, Class::Overload),
    ];
    for (provider, behaviour, class) in table {
        vendor.script(KEY, behaviour.into());
        let error = failed(&vendor, provider).await;
        assert_eq!(error.class, class, "{provider:?} {behaviour:?}: {error:?}");
    }
    vendor.script(KEY, Behaviour::DailyQuota.into());
    assert_eq!(failed(&vendor, Provider::Gemini).await.retry_at, Some(at("2025-07-16T07:00:00Z")));
    vendor.script(KEY, Script::rate_limited(Duration::from_secs(8)));
    for provider in [Provider::Gemini, Provider::OpenAi] {
        assert_eq!(
            failed(&vendor, provider).await.retry_at,
            Some(at("2025-07-15T12:00:08Z")),
            "{provider:?}"
        );
    }
    for (provider, code) in [(Provider::Gemini, "SAFETY"), (Provider::OpenAi, "content_filter")] {
        vendor.script(KEY, Script::blocked_midway());
        let reading = drain(asked(&vendor, provider).await.unwrap()).await;
        assert!(!reading.text.is_empty());
        assert_eq!(reading.end.unwrap().finish, Finish::Blocked(code.to_owned()));
    }
}

#[tokio::test]
async fn a_key_is_sent_in_its_header_and_never_in_the_url() {
    let vendor = Simulator::start().await.unwrap();
    for provider in PROVIDERS {
        drain(asked(&vendor, provider).await.unwrap()).await.end.unwrap();
        let call = vendor.calls().pop().unwrap();
        assert_eq!(call.key, KEY, "the simulator refuses a key in the URL");
        assert_eq!((call.model.as_deref(), call.streamed), (Some("model-1"), true));
    }
}

#[tokio::test]
async fn an_answer_that_nobody_reads_any_more_is_hung_up_on() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script(KEY, Script::silent_after(2));
    let mut stream = asked(&vendor, Provider::OpenAi).await.unwrap();
    while !matches!(stream.next().await.unwrap().unwrap(), ChatEvent::Delta(_)) {}
    drop(stream);
    for _ in 0..100 {
        if vendor.totals().aborted == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the simulator still talks to nobody");
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_overloaded() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for base_url in [format!("http://{address}"), format!("https://{address}")] {
        let secret = Secret::parse(KEY).unwrap();
        let endpoint = Endpoint { base_url, model: "m".to_owned(), secret, abilities: Arc::default() };
        let model = chat_model(Provider::Gemini, &http_client().unwrap());
        let error = model.stream(&endpoint, &question("?"), now()).await.err().unwrap();
        assert_eq!((error.class, error.status, error.truncated), (Class::Overload, None, false));
        assert_eq!(error.to_string(), "overload: the provider cannot be reached");
    }
}
