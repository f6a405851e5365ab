//! What providers really send, after public reports: cases by name, and others of each kind. Every key has an
//! address of its own, as it has in the world: what one endpoint shows says nothing of another.

use reqwest::header;
use serde_json::{Value, json};
use simulator::{Call, Script, Simulator};

use crate::support::{
    Platform,
    keys::KeySpec,
    platform::Setup,
    sse::Answer,
    student::{Admin, Reply, Student},
};

mod anthropic;
mod capability;
mod evidence;
mod file;
mod probe;
mod refusal;
mod stream;
mod truth;
mod waiting;

/// What every student asks here.
const QUESTION: &str = "What is preload?";

/// A platform whose keys lead to servers of their own, a student who asks, and an admin who looks on.
struct World {
    platform: Platform,
    admin: Admin,
    student: Student,
    servers: Vec<Server>,
}

/// A key, and the server that it leads to.
struct Server {
    spec: KeySpec,
    simulator: Simulator,
    id: String,
}

impl World {
    /// With these keys, the first of them first.
    async fn of(keys: impl IntoIterator<Item = KeySpec>) -> Self {
        Self::with(Platform::setup(), keys).await
    }

    async fn with(setup: Setup, keys: impl IntoIterator<Item = KeySpec>) -> Self {
        let platform = setup.start().await;
        let (admin, student) = (platform.admin().await, platform.student_on("pro").await);
        let mut world = Self { platform, admin, student, servers: Vec::new() };
        for spec in keys {
            world.adds(spec).await;
        }
        world.platform.pool_is_read().await;
        world
    }

    /// Starts a server, and adds its key without a test.
    async fn adds(&mut self, spec: KeySpec) {
        let simulator = Simulator::start().await.unwrap();
        let reply = self.tries(&spec, &simulator, true).await.expect(201);
        let id = reply.body["id"].as_str().unwrap().to_owned();
        self.servers.push(Server { spec, simulator, id });
    }

    /// An admin adds a key of this server.
    async fn tries(&self, spec: &KeySpec, simulator: &Simulator, skip_test: bool) -> Reply {
        simulator.script(&spec.value(), spec.script.clone());
        self.platform.never_logged([spec.value()]);
        let body = json!({
            "provider": spec.provider,
            "feature": spec.feature,
            "key": spec.value(),
            "priority": spec.priority,
            "limits": spec.limits,
            "model": spec.model,
            "base_url": format!("{}{}", simulator.url(), spec.base),
            "skip_test": skip_test,
        });
        self.admin.post("/api/admin/keys", body).await
    }

    /// Another server takes the place of a key's, and nothing is known of it.
    async fn swaps(&mut self, at: usize, script: Script) {
        let old = self.servers.remove(at);
        let value = old.spec.value();
        let path = format!("/api/admin/keys/{}?confirm={}", old.id, &value[value.len() - 4..]);
        self.admin.delete(&path).await.expect(204);
        self.adds(old.spec.answers(script)).await;
        let new = self.servers.pop().unwrap();
        self.servers.insert(at, new);
        self.platform.pool_is_read().await;
    }

    /// Asks in a conversation of its own.
    async fn asks(&self, what: &str) -> Answer {
        self.student.asks(what).await
    }

    /// Asks, and takes care that this is told, stored, and sent back with the next question.
    #[track_caller]
    fn is_told<'a>(&'a self, text: &'a str) -> impl Future<Output = Answer> + 'a {
        self.is_told_as(QUESTION, text, text)
    }

    /// The same, where something else is sent back than was told.
    async fn is_told_as(&self, question: &str, told: &str, sent_back: &str) -> Answer {
        let session = self.student.session().await;
        let answer = self.student.asks_in(&session, question).await;
        assert_eq!((answer.text().as_str(), answer.end()), (told, "done"), "{:?}", answer.events.last());
        let stored = self.student.messages(&session).await[1].clone();
        assert_eq!((&stored["content"], &stored["status"]), (&json!(told), &json!("complete")));
        self.student.asks_in(&session, "And why?").await;
        let calls = (0..self.servers.len()).flat_map(|at| self.calls(at));
        let last = calls.max_by_key(|call| call.at_ms).unwrap();
        assert_eq!(said_by_assistant(&last.prompt), [sent_back], "{}", last.prompt);
        answer
    }

    /// Asks seven times, each in a conversation of its own, and nothing is closed by it.
    async fn asks_seven_times(&self) -> Vec<Answer> {
        let mut answers = Vec::new();
        for _ in 0..7 {
            answers.push(self.asks(QUESTION).await);
        }
        self.is_open().await;
        answers
    }

    /// A key as an admin sees it.
    async fn key(&self, at: usize) -> Value {
        let keys = self.admin.get("/api/admin/keys").await.expect(200).body["items"].clone();
        let found = keys.as_array().unwrap().iter().find(|key| key["id"] == json!(self.servers[at].id));
        found.unwrap_or_else(|| panic!("no key {at} in {keys}")).clone()
    }

    /// A key that nothing is held against.
    async fn is_healthy(&self, at: usize) {
        let key = self.key(at).await;
        assert_eq!((&key["status"], &key["failure_count"]), (&json!("active"), &json!(0)), "{key}");
        assert!(key["cooldown_until"].is_null(), "{key}");
    }

    /// All that an admin can read of the pool's health.
    async fn read_by_admins(&self) -> String {
        let keys = self.admin.get("/api/admin/keys").await.expect(200).body;
        let health = self.admin.get("/api/admin/health").await.expect(200).body;
        format!("{keys}\n{health}")
    }

    /// Calls of a key that ask a question, oldest first.
    fn calls(&self, at: usize) -> Vec<Call> {
        let asked = |call: &Call| !call.path.contains("embe") && !call.prompt.is_null();
        self.servers[at].simulator.calls().into_iter().filter(asked).collect()
    }

    /// Calls of a key that embed.
    fn embeddings(&self, at: usize) -> Vec<Call> {
        self.servers[at].simulator.calls().into_iter().filter(|call| call.path.contains("embe")).collect()
    }

    /// How often each key was called.
    fn called(&self) -> Vec<usize> {
        (0..self.servers.len()).map(|at| self.calls(at).len()).collect()
    }

    /// Forgets all calls.
    fn forget(&self) {
        self.servers.iter().for_each(|server| server.simulator.forget());
    }

    /// Changes what a key does.
    fn script(&self, at: usize, script: Script) {
        self.servers[at].simulator.script(&self.servers[at].spec.value(), script);
    }

    /// Nothing is closed.
    async fn is_open(&self) {
        let status = self.platform.browser().get("/api/status").await.expect(200).body;
        assert_eq!(status["maintenance"]["level"], "none", "{status}");
        for (feature, state) in status["features"].as_object().unwrap() {
            assert_eq!(state["level"], "none", "{feature}: {status}");
        }
        self.student.get("/api/usage").await.expect(200);
    }

    /// Tokens that anybody was charged, also where all is closed.
    async fn charged(&self) -> i64 {
        self.platform.number("select coalesce(sum(tokens_used), 0)::bigint from usage_days").await
    }

    /// Has a key tried by an admin.
    async fn check(&self, at: usize) -> Value {
        let path = format!("/api/admin/keys/{}/check", self.servers[at].id);
        self.admin.post(&path, json!({})).await.expect(200).body
    }

    /// Sends a message with a picture, and reads the whole answer.
    async fn shows_a_picture(&self, session: &str) -> Answer {
        let image = self.student.sends_file("/api/images", "x-ray.png", PNG).await.expect(201).body;
        self.shows(session, &image["id"]).await
    }

    /// The same with a picture that is there.
    async fn shows(&self, session: &str, image: &Value) -> Answer {
        let request = self
            .student
            .request(reqwest::Method::POST, &format!("/api/chat/sessions/{session}/messages"))
            .header(header::ACCEPT, "text/event-stream")
            .json(&json!({ "content": "What is on this image?", "attachments": [image] }));
        crate::support::sse::Events::new(request.send().await.unwrap()).finish().await
    }

    async fn end(self) {
        self.platform.end().await;
    }
}

/// The smallest PNG there is: one red pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 0x08, 0xD7, 0x63, 0xF8,
    0xCF, 0xC0, 0, 0, 3, 1, 1, 0, 0x18, 0xDD, 0x8D, 0xB0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42,
    0x60, 0x82,
];

/// The texts of one side of a conversation, as any of the protocols has them.
fn said_by(prompt: &Value, roles: &[&str]) -> Vec<String> {
    let turns = [&prompt["messages"], &prompt["contents"]].into_iter().filter_map(Value::as_array).flatten();
    let text = |turn: &Value| match &turn["content"] {
        Value::String(text) => text.clone(),
        _ => {
            let parts = [&turn["content"], &turn["parts"]].into_iter().filter_map(Value::as_array).flatten();
            parts.filter_map(|part| part["text"].as_str()).collect()
        }
    };
    turns.filter(|turn| roles.contains(&turn["role"].as_str().unwrap_or_default())).map(text).collect()
}

fn said_by_assistant(prompt: &Value) -> Vec<String> {
    said_by(prompt, &["assistant", "model"])
}

fn said_by_student(prompt: &Value) -> Vec<String> {
    said_by(prompt, &["user"])
}
