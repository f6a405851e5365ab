//! Clients leave at any moment, and their requests are dropped where they stand.

use std::time::Duration;

use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_while_a_transaction_begins_leaves_none_open() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let user = student.id.parse().unwrap();
    for step in 0..300 {
        let begin = platform.db().begin_as(user);
        drop(tokio::time::timeout(Duration::from_micros(step * 10), begin).await);
    }
    // What is next on each connection is done by the platform, and outside of any transaction.
    let mut conns = Vec::new();
    while let Some(conn) = platform.db().pool().try_acquire() {
        conns.push(conn);
    }
    assert!(!conns.is_empty());
    for conn in &mut conns {
        let sql = "select current_user = session_user and now() = statement_timestamp()";
        assert!(sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut **conn).await.unwrap());
    }
    drop(conns);
    platform.end().await;
}
