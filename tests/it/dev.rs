//! `medai dev` and the commands beside it, as real processes in a folder of their own.

use std::{fs, time::Duration};

use nix::sys::signal::Signal;
use serde_json::{Value, json};
use simulator::{Script, Simulator};

use crate::support::{
    home::Home,
    platform::PASSWORD,
    servers,
    student::{Admin, Student},
};

const QUESTION: &str = "What is preload, in one sentence?";
const ADMIN: &str = "admin@medai.local";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_answers_at_once_and_the_second_keeps_everything() {
    let home = Home::new().await;
    let dev = home.dev(&[]).await;
    let password = dev.password().expect("a made-up password");
    assert_eq!(dev.said().matches(&password).count(), 1);
    assert!(dev.said().contains("DEMO"), "the demo is labelled: {}", dev.said());
    let admin = dev.log_in(ADMIN, &password).await.unwrap();
    admin.get("/api/admin/keys").await.expect(200);
    let student = dev.register("student@example.org", PASSWORD).await;
    let session = student.session().await;
    let answer = student.asks_in(&session, QUESTION).await;
    assert_eq!(answer.end(), "done");
    assert!(answer.text().contains("demo provider"), "{}", answer.text());
    let secrets = fs::read_to_string(home.folder.join(".data/secrets.json")).unwrap();
    dev.stop(Signal::SIGINT).await;
    assert_eq!(home.servers(), [""; 0], "Ctrl-C leaves nothing");

    let dev = home.dev(&[]).await;
    assert_eq!(dev.password(), None, "it is shown only once");
    assert_eq!(fs::read_to_string(home.folder.join(".data/secrets.json")).unwrap(), secrets);
    let again = dev.log_in("student@example.org", PASSWORD).await.unwrap();
    assert_eq!(again.messages(&session).await[1]["content"], answer.text());
    assert_eq!(student.usage().await["requests"]["used"], 1, "the token of before is good, too");
    assert_eq!(student.asks_in(&session, "And afterload?").await.end(), "done");
    dev.stop(Signal::SIGTERM).await;
    assert_eq!(home.servers(), [""; 0], "nor does SIGTERM");

    let secrets: Value = serde_json::from_str(&secrets).unwrap();
    home.never_logged([
        &password,
        PASSWORD,
        QUESTION,
        "You asked:",
        &student.token,
        &again.token,
        &admin.token,
        "demo-provider-key",
        secrets["encryption_key"].as_str().unwrap(),
        secrets["jwt_secret"].as_str().unwrap(),
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_leaves_no_orphan_and_the_next_start_answers_what_was_under_way() {
    let home = Home::new().await;
    let mut dev = home.dev(&[("JOB_LEASE", "1s")]).await;
    let student = dev.register("student@example.org", PASSWORD).await;
    let session = student.session().await;
    let mut events = student.streams(&session, QUESTION).await;
    events.until("delta").await;
    dev.process.kill();
    home.until_nothing_runs().await;

    let dev = home.dev(&[("JOB_LEASE", "1s")]).await;
    let mut answer = Value::Null;
    for _ in 0..300 {
        answer = student.messages(&session).await[1].clone();
        if answer["status"] != "pending" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(answer["status"], "complete", "{answer}");
    assert_eq!(student.usage().await["requests"]["used"], 1);
    dev.stop(Signal::SIGINT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_in_one_place_are_refused_with_the_reason() {
    let (home, elsewhere) = (Home::new().await, Home::new().await);
    let dev = home.dev(&[]).await;
    let port = home.port.to_string();

    let same_port = elsewhere.run(&["dev"], &[("PORT", &port)], "");
    assert_eq!(same_port.code, Some(1));
    assert!(same_port.stderr.contains(&format!("port {port} is taken")), "{}", same_port.stderr);
    assert_eq!(elsewhere.servers(), [""; 0], "it found out before it started anything");

    let other_port = servers::free_port().to_string();
    let same_data = home.run(&["dev"], &[("PORT", &other_port)], "");
    assert_eq!(same_data.code, Some(1));
    let pid = dev.process.pid();
    assert!(same_data.stderr.contains(&format!("in use by process {pid}")), "{}", same_data.stderr);

    dev.register("student@example.org", PASSWORD).await;
    dev.stop(Signal::SIGINT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_beside_a_running_dev() {
    let home = Home::new().await;
    let provider = Simulator::start().await.unwrap();
    let alone = home.run(&["doctor"], &[], "");
    assert_eq!(alone.code, Some(1));
    assert!(alone.stdout.contains("FAIL  database   no database: set DATABASE_URL"), "{}", alone.stdout);
    let dev = home.dev(&[]).await;

    let doctor = home.run(&["doctor"], &[], "");
    assert_eq!(doctor.code, Some(0), "{}{}", doctor.stdout, doctor.stderr);
    for part in ["settings", "database", "schema", "pgvector", "keys", "bus"] {
        assert!(doctor.stdout.contains(&format!("ok    {part}")), "{}", doctor.stdout);
    }

    let create = ["admin", "create", "--email", "Second@Example.org", "--password-stdin"];
    assert_eq!(home.run(&create, &[], "short\n").code, Some(1), "its password is checked, too");
    let created = home.run(&create, &[], &format!("{PASSWORD}\n"));
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    let admin = Admin(dev.log_in("second@example.org", PASSWORD).await.unwrap());
    admin.get("/api/admin/users").await.expect(200);

    let student = dev.register("student@example.org", PASSWORD).await;
    keys_come_and_go(&home, &provider, &student, &admin).await;
    dev.stop(Signal::SIGINT).await;
    home.never_logged([PASSWORD, KEY, QUESTION, &student.token, &admin.token]);
}

const KEY: &str = "sk-story-beside-the-dev-4711";

/// A key that is added from the terminal puts the demo to silence, also when it turns out to be dead.
async fn keys_come_and_go(home: &Home, provider: &Simulator, student: &Student, admin: &Admin) {
    assert!(student.asks(QUESTION).await.text().contains("demo provider"));
    provider.script(KEY, Script::answers("A real answer."));
    let url = provider.url();
    let add = ["keys", "add", "--provider", "openai", "--priority", "7", "--base-url", &url];
    let added = home.run(&add, &[], &format!("{KEY}\n"));
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    assert!(!added.stdout.contains(KEY) && added.stdout.contains("…4711"), "{}", added.stdout);
    let twice = home.run(&add, &[], KEY);
    assert_eq!((twice.code, twice.stderr.contains("in the pool already")), (Some(1), true));
    assert_eq!(student.asks(QUESTION).await.text(), "A real answer.");

    provider.script(KEY, Script::invalid_key());
    let refused = student.asks(QUESTION).await;
    assert_eq!(refused.end(), "error", "a dead key must not turn into demo answers: {}", refused.text());
    assert_eq!(refused.end_data()["code"], "PROVIDERS_EXHAUSTED");
    let keys = admin.get("/api/admin/keys").await.expect(200).body;
    let key = keys["items"].as_array().unwrap().iter().find(|key| key["provider"] == "openai").unwrap();
    assert_eq!((&key["key_masked"], &key["priority"]), (&json!("…4711"), &json!(7)));

    let list = home.run(&["keys", "list"], &[], "").stdout;
    let line = list.lines().find(|line| line.contains("…4711")).unwrap_or_else(|| panic!("{list}"));
    assert!(line.contains("degraded") && !list.contains(KEY), "{list}");
    let id = line.split_whitespace().next().unwrap();
    assert_eq!(home.run(&["keys", "delete", id], &[], "").code, Some(0));
    assert_eq!(home.run(&["keys", "delete", id], &[], "").code, Some(1), "it is gone");
    opens_again(student).await;
    assert!(student.asks(QUESTION).await.text().contains("demo provider"));
}

/// Waits until a platform that had no key left has left maintenance by itself.
async fn opens_again(student: &Student) {
    for _ in 0..200 {
        if student.get("/api/usage").await.status != 503 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("still closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_environment_enter_the_pool_and_nothing_is_made_up() {
    const GEMINI: &str = "gemini-key-of-the-environment-0815";
    const OPENAI: &str = "openai-key-of-the-environment-0816";
    let home = Home::new().await;
    let dev = home.dev(&[("DEMO_PROVIDER", "off"), ("ADMIN_PASSWORD", PASSWORD)]).await;
    assert_eq!(dev.password(), None, "it was given, so it is not shown");
    assert!(!dev.said().contains("DEMO") && !dev.said().contains(PASSWORD), "{}", dev.said());
    let student = dev.register("student@example.org", PASSWORD).await;
    let unanswered = student.asks(QUESTION).await;
    assert_eq!((unanswered.end(), unanswered.text().as_str()), ("error", ""));
    assert_eq!(unanswered.end_data()["code"], "PROVIDERS_EXHAUSTED");
    dev.stop(Signal::SIGTERM).await;

    let provider = Simulator::start().await.unwrap();
    provider.script(GEMINI, Script::answers("From Gemini."));
    provider.script(OPENAI, Script::answers("From OpenAI."));
    let url = provider.url();
    let env = [
        ("GEMINI_API_KEY", GEMINI),
        ("OPENAI_API_KEY", OPENAI),
        ("GEMINI_BASE_URL", &*url),
        ("OPENAI_BASE_URL", &*url),
    ];
    for start in ["first", "second"] {
        let dev = home.dev(&env).await;
        assert!(!dev.said().contains("DEMO"), "{}", dev.said());
        let admin = Admin(dev.log_in(ADMIN, PASSWORD).await.unwrap());
        let keys = admin.get("/api/admin/keys").await.expect(200).body["items"].clone();
        let providers: Vec<_> = keys.as_array().unwrap().iter().map(|key| &key["provider"]).collect();
        assert_eq!(providers.len(), 2, "on the {start} start: {keys}");
        opens_again(&student).await;
        assert_eq!(student.asks(QUESTION).await.text(), "From Gemini.");
        dev.stop(Signal::SIGINT).await;
    }
    home.never_logged([GEMINI, OPENAI, PASSWORD, QUESTION, "From Gemini."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn production_names_everything_that_is_missing_at_once() {
    let home = Home::new().await;
    for role in ["api", "worker", "scheduler"] {
        let ran = home.run(&[role], &[("ENVIRONMENT", "production")], "");
        assert_eq!(ran.code, Some(1));
        for name in ["DATABASE_URL", "REDIS_URL", "ENCRYPTION_KEY", "JWT_SECRET", "CORS_ORIGINS"] {
            assert!(ran.stderr.contains(&format!("{name} is missing")), "{}", ran.stderr);
        }
    }
    let malformed = [
        ("ENVIRONMENT", "production"),
        ("ENCRYPTION_KEY", "much-too-short-a-key"),
        ("JWT_SECRET", "short-secret"),
        ("CORS_ORIGINS", "https://*.example.org"),
    ];
    let ran = home.run(&["api"], &malformed, "");
    assert_eq!(ran.code, Some(1));
    for problem in [
        "DATABASE_URL is missing",
        "ENCRYPTION_KEY is not 64 hexadecimal digits",
        "JWT_SECRET is shorter",
        "CORS_ORIGINS must name",
    ] {
        assert!(ran.stderr.contains(problem), "{}", ran.stderr);
    }
    home.never_logged(["much-too-short-a-key", "short-secret"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_never_sealed_with_a_secret_that_was_made_up_for_production() {
    let home = Home::new().await;
    let database = servers::url(&servers::database().await);
    let env = [("ENVIRONMENT", "production"), ("DATABASE_URL", &*database)];
    let refused = home.run(&["keys", "add", "--provider", "openai"], &env, "sk-story-of-nobody-4714");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("ENCRYPTION_KEY is missing"), "{}", refused.stderr);
    assert!(!home.folder.join(".data/secrets.json").exists());
    home.never_logged(["sk-story-of-nobody-4714"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn openapi_prints_the_document() {
    let home = Home::new().await;
    let ran = home.run(&["openapi"], &[], "");
    assert_eq!(ran.code, Some(0));
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/api/chat/sessions/{id}/messages"]["post"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn production_logs_json_with_the_request_id_and_without_content() {
    const KEY: &str = "sk-story-of-production-4712";
    const REQUEST: &str = "the-story-of-4712";
    let home = Home::new().await;
    let (database, provider) = (servers::database().await, Simulator::start().await.unwrap());
    provider.script(KEY, Script::answers("A discreet answer."));
    let owner = servers::url(&servers::as_owner(&database));
    let (database, master, url) = (servers::url(&database), "5eed".repeat(16), provider.url());
    let env = [
        ("ENVIRONMENT", "production"),
        ("DATABASE_URL", &*database),
        ("REDIS_URL", servers::redis_url()),
        ("ENCRYPTION_KEY", &*master),
        ("JWT_SECRET", "a secret of tests that is long enough"),
        ("CORS_ORIGINS", "https://medai.example.org"),
        ("DATABASE_MIGRATION_URL", &*owner),
        ("OPENAI_BASE_URL", &*url),
    ];
    assert_eq!(home.run(&["migrate"], &env, "").code, Some(0));
    assert_eq!(home.run(&["keys", "add", "--provider", "openai"], &env, KEY).code, Some(0));
    let (api, worker) = (home.spawn("api", &env), home.spawn("worker", &env));
    let scheduler = home.spawn("scheduler", &env);
    api.process.ready().await;
    let student = api.register("student@example.org", PASSWORD).await;
    let session = student.session().await;
    let send = student
        .request(reqwest::Method::POST, &format!("/api/chat/sessions/{session}/messages"))
        .header("x-request-id", REQUEST)
        .json(&json!({ "content": QUESTION }));
    let reply = send.send().await.unwrap();
    assert_eq!((reply.status().as_u16(), &reply.headers()["x-request-id"]), (202, &REQUEST.parse().unwrap()));
    let receipt = crate::support::student::Reply::read(reply).await;
    let answer = student.events(&crate::support::student::job_of(&receipt), None).await.finish().await;
    assert_eq!(answer.text(), "A discreet answer.");
    provider.script(KEY, Script::overloaded());
    student.asks(QUESTION).await;
    for process in [worker, scheduler, api] {
        process.stop(Signal::SIGTERM).await;
    }

    every_line_is_json_and_names_its_request(&home.log(), REQUEST);
    home.never_logged([
        KEY,
        QUESTION,
        "A discreet answer",
        PASSWORD,
        &student.token,
        &master,
        "a secret of tests",
    ]);
}

fn every_line_is_json_and_names_its_request(log: &str, request: &str) {
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("no JSON, {error}: {line}")))
        .collect();
    for field in ["timestamp", "level", "target"] {
        assert!(lines.iter().all(|line| line[field].is_string()), "a line without {field}");
    }
    let of_the_request = |target: &str| {
        let ours = |line: &&Value| line["span"]["request.id"] == request;
        lines.iter().filter(ours).filter(|line| line["target"].as_str().unwrap().starts_with(target)).count()
    };
    assert!(of_the_request("api") > 0, "{log}");
    let failed = lines.iter().find(|line| line["message"] == "a provider call failed").unwrap();
    assert_eq!((&failed["level"], &failed["class"]), (&json!("WARN"), &json!("overload")));
    assert!(failed["span"]["request.id"].is_string() && failed["span"]["job.id"].is_string(), "{failed}");
}
