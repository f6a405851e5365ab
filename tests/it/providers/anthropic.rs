//! Anthropic's Messages API, after public reports of how it fails: what comes of each, and that another key answers.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::keys::Provider;
use medai::config::Config;
use serde_json::{Value, json};
use simulator::{Behaviour, Case, Script, Simulator};

use super::{QUESTION, World, said_by_student};
use crate::support::{Platform, key, keys::KeySpec};

fn claude(script: Script) -> KeySpec {
    key("claude").provider("anthropic").priority(10).answers(script)
}

/// One key of Anthropic's, and another that says `fine`.
async fn beside_another(script: Script) -> World {
    let first =
        |config: &mut Config| config.providers.provider_chain = vec![Provider::Anthropic, Provider::OpenAi];
    World::with(
        Platform::setup().config(first),
        [claude(script), key("takes").answers(Script::case(Case::SaysFine))],
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_asked_as_the_protocol_wants_it() {
    let world = World::of([claude(Script::answers("Preload is stretch.").thinking(7))]).await;
    let answer = world.is_told("Preload is stretch.").await;
    assert!(answer.end_data()["usage"]["completion_tokens"].as_i64().is_some_and(|tokens| tokens > 7));
    for call in world.calls(0) {
        assert_eq!((call.path.as_str(), call.provider.as_str()), ("/v1/messages", "anthropic"));
        assert_eq!((call.outcome, call.model.as_deref()), (Some(200), Some("claude-haiku-4-5")));
        let system = call.prompt["system"].as_str().unwrap();
        assert!(system.contains("tutor for medical students"), "{}", call.prompt);
        assert!(call.prompt["max_tokens"].as_u64().is_some_and(|most| most > 100));
    }
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_shown() {
    let world = World::of([claude(Script::answers("A red pixel."))]).await;
    let session = world.student.session().await;
    let answer = world.shows_a_picture(&session).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("A red pixel.", "done"));
    let turns = world.calls(0)[0].prompt["messages"].clone();
    let shown = &turns[0]["content"][0];
    assert_eq!(
        (&shown["type"], &shown["source"]["media_type"]),
        (&json!("image"), &json!("image/png")),
        "{turns}"
    );
    assert!(said_by_student(&json!({ "messages": turns }))[0].contains("What is on this image?"));
    world.end().await;
}

/// How long a key rests, in seconds; none where it does not.
fn rest(world: &World, key: &Value) -> Option<i64> {
    let until: DateTime<Utc> = key["cooldown_until"].as_str()?.parse().unwrap();
    Some((until - world.platform.parts.clock.now()).num_seconds())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_means_what_it_says_and_another_key_answers() {
    let mut world = beside_another(Script::healthy()).await;
    let day = TimeDelta::days(1).num_seconds();
    for (script, status, reason, rests) in [
        (Script::invalid_key(), "degraded", "credential", None),
        (Script::from(Behaviour::Forbidden), "degraded", "credential", None),
        (Script::from(Behaviour::UnknownModel), "degraded", "credential", None),
        (Script::case(Case::OrganizationDisabled), "degraded", "credential", None),
        (Script::case(Case::CreditBalanceTooLow), "active", "quota", Some(1..25 * 3_600)),
        (Script::insufficient_quota(), "active", "quota", Some(0..day + 60)),
        (Script::daily_quota(), "active", "quota", Some(0..day + 60)),
        (Script::rate_limited(Duration::from_secs(40)), "active", "rate", Some(20..60)),
        (Script::rate_limited_bare(), "active", "rate", Some(1..3_600)),
        (Script::overloaded(), "active", "overload", None),
        (Script::internal_error(), "active", "overload", None),
        (Script::from(Behaviour::GatewayTimeout), "active", "overload", None),
        (Script::case(Case::RequestNotAllowed), "active", "overload", None),
        (Script::error_in_stream(0), "active", "overload", None),
        (Script::case(Case::AWellFormedNothing), "active", "overload", None),
    ] {
        let what = format!("{script:?}");
        world.swaps(0, script).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!(
            (answer.text().as_str(), answer.end(), answer.count("restart")),
            ("fine", "done", 0),
            "{what}"
        );
        let key = world.key(0).await;
        assert_eq!(key["status"], status, "{what}: {key}");
        let failed = key["last_failures"][0]["class"].as_str().unwrap_or_default();
        assert_eq!(failed, reason, "{what}: {key}");
        if let Some(rests) = rests {
            assert!(rest(&world, &key).is_some_and(|rest| rests.contains(&rest)), "{what}: {key}");
        }
    }
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_does_not_fit_blames_no_key() {
    for behaviour in [Behaviour::BadRequest, Behaviour::ContextTooLong, Behaviour::PayloadTooLarge] {
        let world = beside_another(behaviour.into()).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{behaviour:?}");
        // Its probe may be refused as well, by then, which is for many of them to mean something.
        let key = world.key(0).await;
        assert_eq!((&key["status"], &key["cooldown_until"]), (&json!("active"), &Value::Null), "{key}");
        let of_call =
            key["last_failures"].as_array().unwrap().iter().find(|failure| failure["source"] == "call");
        assert_eq!(of_call.unwrap()["class"], "refusal", "{key}");
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_half_way_is_answered_anew_or_told_as_cut() {
    for case in [Case::OverloadedHalfWay, Case::WaitsForATool] {
        let world = beside_another(Script::case(case)).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!(
            (answer.text().as_str(), answer.end(), answer.count("restart")),
            ("fine", "done", 1),
            "{case:?}"
        );
        assert_eq!(world.key(0).await["status"], "active", "{case:?}");
        world.end().await;

        let world = World::of([claude(Script::case(case))]).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!(
            (answer.text().as_str(), answer.end()),
            ("Preload is the stretch of ", "truncated"),
            "{case:?}"
        );
        world.is_open().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_filters_stop_is_told_as_that_and_blames_no_key() {
    for (script, told) in [
        (Script::case(Case::RefusalHalfWay), "Preload is the stretch of "),
        (Script::case(Case::OutputFiltered), ""),
        (Script::blocked_prompt(), ""),
    ] {
        let what = format!("{script:?}");
        let world = beside_another(script).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), (told, "blocked"), "{what}");
        assert_eq!(world.called(), [1, 0], "{what}");
        world.is_healthy(0).await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_and_what_nobody_knows_are_not_told() {
    for (case, text) in [
        (Case::ThoughtsInBlocks, "Preload is stretch."),
        (Case::EventsNobodyKnows, "Preload is the stretch of the ventricle."),
        (Case::NoUsageAtTheEnd, "Preload is the stretch of the ventricle."),
    ] {
        let world = World::of([claude(Script::case(case))]).await;
        let answer = world.is_told(text).await;
        let told: String = answer.events.iter().map(|event| event.data.to_string()).collect();
        assert!(!told.contains("The user asks"), "{told}");
        // Where nobody counts, it is estimated.
        assert!(world.charged().await > 0, "{case:?}");
        world.is_healthy(0).await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_alone_are_given_up() {
    let setup =
        Platform::setup().config(|config| config.providers.first_token_timeout = Duration::from_millis(300));
    let pings = claude(Script::case(Case::PingsAlone));
    let world = World::with(setup, [pings, key("takes").answers(Script::case(Case::SaysFine))]).await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"));
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temperature_that_is_refused_is_left_out_from_then_on() {
    let world = World::of([claude(Script::case(Case::TemperatureIsDeprecated))]).await;
    assert_eq!(world.asks(QUESTION).await.text(), "fine");
    assert_eq!(world.called(), [2]);
    world.forget();
    assert_eq!(world.asks(QUESTION).await.text(), "fine");
    assert_eq!(world.called(), [1]);
    assert!(world.calls(0)[0].prompt.get("temperature").is_none());
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_it_are_tried_by_an_answer_or_by_the_list_of_models() {
    for (probe, path) in
        [(worker::ProbeCall::Answer, "/v1/messages"), (worker::ProbeCall::Models, "/v1/models")]
    {
        let world =
            World::with(Platform::setup().config(|config| config.providers.probe_call = probe), []).await;
        let simulator = Simulator::start().await.unwrap();
        world.tries(&claude(Script::healthy()), &simulator, false).await.expect(201);
        let call = simulator.calls().pop().unwrap();
        assert_eq!(
            (call.path.as_str(), call.provider.as_str(), call.outcome),
            (path, "anthropic", Some(200))
        );
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_may_bring_a_key_of_it() {
    let world = World::of([key("shared").answers(Script::case(Case::SaysFine))]).await;
    let simulator = Simulator::start().await.unwrap();
    let own = claude(Script::answers("From my own key."));
    simulator.script(&own.value(), own.script.clone());
    world.platform.never_logged([own.value()]);
    let body = json!({ "provider": "anthropic", "key": own.value(), "base_url": simulator.url() });
    let added = world.student.post("/api/profile/keys", body).await.expect(201).body;
    assert_eq!((&added["provider"], &added["status"]), (&json!("anthropic"), &json!("active")));
    world.platform.pool_is_read().await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("From my own key.", "done"));
    assert_eq!(world.charged().await, 0, "it costs none of the plan's tokens");
    world.end().await;
}
