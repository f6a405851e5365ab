//! What commands make: item by item, checked, counted, kept, and told to whoever comes late.

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{Platform, key, sse::Answer, student::Student};

fn question(n: usize) -> Value {
    let option = |text: &str| json!({ "text": text, "explanation": "Because it is." });
    json!({
        "topic": "heart", "difficulty": "easy", "stem": format!("Case {n} is seen."), "lead_in": "Which of these is it?",
        "answer": 0, "options": Vec::from(["Alpha", "Beta", "Delta", "Gamma"].map(option)),
    })
}

fn card(front: &str) -> Value {
    json!({ "kind": "basic", "front": front, "back": "An answer." })
}

async fn says(text: impl Into<String>) -> (Platform, Student) {
    let platform = Platform::start().await;
    platform.pool([key("model").answers(Script::answers(text))]).await;
    let student = platform.student().await;
    (platform, student)
}

fn fronts(answer: &Answer) -> Vec<String> {
    answer.items().iter().map(|told| told["item"]["front"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_gives_its_own_items_and_keeps_them() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let student = platform.student_on("pro").await;
    for (command, kinds, kept, path) in [
        ("/flashcard 4 heart failure", ["card", "card"], "deck", "decks"),
        ("/mcq 3 heart failure", ["question", "question"], "question_set", "question-sets"),
        ("/highyield heart failure", ["point", "point"], "summary", "summaries"),
        ("/explain heart failure", ["section", "section"], "summary", "summaries"),
        ("/map heart failure", ["node", "edge"], "map", "maps"),
    ] {
        let session = student.session().await;
        let answer = student.asks_in(&session, command).await;
        answer.assert_in_order();
        assert_eq!(
            (answer.end(), answer.text().as_str()),
            ("done", ""),
            "{command}: {:?}",
            answer.end_data()
        );
        let items = answer.items();
        assert!(items.len() >= 3, "{command}");
        assert!(items.iter().all(|item| kinds.contains(&item["kind"].as_str().unwrap())), "{items:?}");
        let material = &answer.end_data()["material"];
        assert_eq!(material["kind"], kept);
        let message = student.messages(&session).await[1].clone();
        assert_eq!(message["items"], json!(items));
        assert_eq!(&message["material"], material);
        assert!(
            message["content"].as_str().unwrap().len() > 40
                && !message["content"].as_str().unwrap().contains('{')
        );
        let id = material["id"].as_str().unwrap();
        let found = student.get(&format!("/api/study/{path}/{id}")).await.expect(200).body;
        assert!(found["title"].as_str().unwrap().contains("heart failure"), "{found}");
        // Who comes late is told the same.
        let job = message["job_id"].as_str().unwrap();
        let late = student.events(job, None).await.finish().await;
        assert_eq!((late.items(), late.end()), (items, "done"));
    }
    let usage = student.usage().await;
    let used = |feature: &str| usage["features"][feature]["used"].clone();
    assert_eq!([used("flashcard"), used("mcq"), used("highyield"), used("map")], [4, 3, 1, 1]);
    let counted = "select sum(delivered)::bigint from made_items where feature = 'mcq'";
    assert_eq!(platform.number(counted).await, 3);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_only_talks_is_asked_once_more_and_then_nobody_is_charged() {
    let (platform, student) = says("Of course! Hyponatraemia is a low sodium.").await;
    platform.simulator.forget();
    let answer = student.asks("/mcq 2 hyponatraemia").await;
    assert_eq!((answer.end(), &answer.end_data()["code"]), ("error", &json!("GENERATION_FAILED")));
    assert_eq!(answer.items(), Vec::<Value>::new());
    assert_eq!(platform.simulator.calls().len(), 2);
    let usage = student.usage().await;
    assert_eq!((&usage["features"]["mcq"]["used"], &usage["tokens"]["used"]), (&json!(0), &json!(0)));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_whole_is_kept_whatever_stands_around_it() {
    let text = format!(
        "Here you are:\n```json\n{{\"cards\": [{}, {}, {{\"front\": \"Cut off in the mid",
        card("What is $\\frac{1}{2}$?"),
        card("What is preload?"),
    );
    let (platform, student) = says(text).await;
    let answer = student.asks("/flashcard 3 the heart").await;
    assert_eq!(answer.end(), "done");
    assert_eq!(fronts(&answer), ["What is $\\frac{1}{2}$?", "What is preload?"]);
    assert_eq!(student.usage().await["features"]["flashcard"]["used"], 2);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_flaws_is_asked_for_again_once_and_what_is_wrong_is_said() {
    let mut flawed = question(2);
    flawed["options"].as_array_mut().unwrap().pop();
    let first = json!({ "questions": [question(1), flawed, question(3)] }).to_string();
    let again = json!({ "questions": [question(2)] }).to_string();
    let platform = Platform::start().await;
    let model = key("model");
    platform.pool([model.clone()]).await;
    platform.simulator.forget();
    platform.simulator.script_next(&model.value(), [Script::answers(first), Script::answers(again)]);
    let student = platform.student().await;
    let answer = student.asks("/mcq 3 the heart").await;
    assert_eq!((answer.end(), answer.items().len()), ("done", 3), "{:?}", answer.end_data());
    assert_eq!(
        answer.end_data()["made"],
        json!({ "asked": 3, "delivered": 3, "dropped": 0, "fewer": false })
    );
    let calls = platform.simulator.calls();
    assert_eq!(calls.len(), 2);
    assert!(calls[1].prompt.to_string().contains("options"), "it is told what was wrong");
    assert_eq!(answer.count("restart"), 0, "what was seen stays");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_has_fewer_left_makes_fewer_and_says_so() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let student = platform.student().await;
    let answer = student.asks("/mcq 3 the heart").await;
    assert_eq!((answer.end(), answer.items().len()), ("done", 3));
    let rest = student.asks("/mcq 4 the lung").await;
    assert_eq!((rest.end(), rest.items().len()), ("done", 2));
    assert_eq!(rest.end_data()["made"], json!({ "asked": 4, "delivered": 2, "dropped": 0, "fewer": true }));
    let session = student.session().await;
    let full = student.sends(&session, "/mcq 1 the brain").await.expect(429);
    assert_eq!(full.code(), "MCQ_LIMIT_EXCEEDED");
    assert_eq!(student.usage().await["features"]["mcq"], json!({ "used": 5, "held": 0, "limit": 5 }));
    student.sends(&session, "/mcq 51 the brain").await.expect(422);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_breaks_off_is_taken_over_and_the_items_begin_anew() {
    let platform = Platform::start().await;
    let whole = json!({ "cards": [card("One?"), card("Two?"), card("Three?")] }).to_string();
    let first = key("first").priority(100).answers(Script::cut_after(12).saying(whole.clone()));
    let second = key("second").priority(50).answers(Script::answers(whole));
    platform.pool([first, second]).await;
    let student = platform.student().await;
    let answer = student.asks("/flashcard 3 the heart").await;
    assert_eq!(answer.end(), "done");
    assert_eq!(fronts(&answer), ["One?", "Two?", "Three?"]);
    assert_eq!(student.usage().await["features"]["flashcard"]["used"], 3);
    platform.end().await;
}
