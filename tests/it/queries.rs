//! The queries' metadata in `.sqlx`, which lets the program be built without a database, is what the schema gives.
//! That none is missing is seen by the compiler.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqlSafeStr as _};

use crate::support::servers;

#[derive(Deserialize)]
struct Stored {
    query: String,
    describe: Value,
}

/// Where queries are.
const CRATES: [&str; 4] = ["domain/src", "jobs/src", "scheduler/src", "study/src"];

fn on_one_line(text: &str) -> String {
    text.replace("\\\"", "\"").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All that is written below a folder.
fn sources(folder: &Path) -> String {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            if path.is_dir() { sources(&path) } else { on_one_line(&std::fs::read_to_string(path).unwrap()) }
        })
        .collect()
}

#[tokio::test]
async fn what_is_stored_of_each_query_is_what_the_database_says_of_it() {
    // As `make sqlx` asks: as the owner, of a schema without rows.
    let owner = servers::as_owner(&servers::empty_database().await);
    let mut conn = PgConnection::connect_with(&owner).await.unwrap();
    migrations::MIGRATOR.run(&mut conn).await.unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = CRATES.map(|name| sources(&root.join(name))).concat();
    let (mut seen, mut stale) = (0, Vec::new());
    for entry in std::fs::read_dir(root.join(".sqlx")).unwrap() {
        let path = entry.unwrap().path();
        let stored: Stored = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let used = sources.contains(&on_one_line(&stored.query));
        let described = (&mut conn).describe(AssertSqlSafe(stored.query).into_sql_str()).await;
        let same = used && described.is_ok_and(|now| serde_json::to_value(now).unwrap() == stored.describe);
        if !same {
            stale.push(path);
        }
        seen += 1;
    }
    assert!(seen > 200, "{seen}");
    assert!(stale.is_empty(), "run `make sqlx`, and commit what it changes: {stale:?}");
}
