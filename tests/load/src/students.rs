//! The accounts that the load comes from.

use std::net::SocketAddr;

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::Connection;

/// Two hashes of passwords at a time keep both processors busy.
const AT_ONCE: usize = 4;

/// A student who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Student {
    /// The access token; it lives longer than the benchmark takes.
    pub(crate) token: String,
    /// Their id.
    pub(crate) id: Uuid,
}

impl Student {
    /// Begins a conversation. Returns its id.
    pub(crate) async fn new_session(&self, connection: &mut Connection) -> anyhow::Result<String> {
        let session = connection.json("POST", "/api/chat/sessions", Some(&self.token), &json!({})).await?;
        text(&session, "/id")
    }

    /// Asks something without waiting for the answer. Returns the id of its job.
    pub(crate) async fn ask_aside(&self, connection: &mut Connection) -> anyhow::Result<String> {
        let path = format!("/api/chat/sessions/{}/messages", self.new_session(connection).await?);
        let question = json!({ "content": "Tell me all about the heart." });
        let accepted = connection.json("POST", &path, Some(&self.token), &question).await?;
        text(&accepted, "/job/id")
    }
}

/// Registers students.
pub(crate) async fn register(address: SocketAddr, wave: &str, number: usize) -> anyhow::Result<Vec<Student>> {
    let registered = (0..number).map(|number| register_one(address, format!("{wave}-{number}@example.org")));
    futures::stream::iter(registered).buffered(AT_ONCE).try_collect().await
}

async fn register_one(address: SocketAddr, email: String) -> anyhow::Result<Student> {
    let mut connection = Connection::open(address).await?;
    let account = json!({ "email": email, "password": crate::platform::PASSWORD, "name": "Student" });
    let signed_in = connection.json("POST", "/api/auth/register", None, &account).await?;
    Ok(Student { token: text(&signed_in, "/access_token")?, id: text(&signed_in, "/user/id")?.parse()? })
}

/// A text within an answer.
pub(crate) fn text(answer: &Value, pointer: &str) -> anyhow::Result<String> {
    let text = answer.pointer(pointer).and_then(Value::as_str);
    text.map(ToOwned::to_owned).with_context(|| format!("an answer lacks {pointer}: {answer}"))
}
