//! Clients leave at any moment, and their requests are dropped where they stand.

use std::time::Duration;

use crate::support::Platform;

/// How many of the pool's connections are in a transaction, or in a student's place.
async fn still_theirs(platform: &Platform) -> usize {
    let mut conns = Vec::new();
    while let Some(conn) = platform.db().pool().try_acquire() {
        conns.push(conn);
    }
    assert!(conns.len() > 1, "each is looked at by another");
    let mut theirs = 0;
    for conn in &mut conns {
        let sql = "select current_user = session_user and not exists (
                     select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                       and state like 'idle in transaction%')";
        theirs += usize::from(!sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut **conn).await.unwrap());
    }
    theirs
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_while_a_transaction_begins_leaves_none_open() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let user = student.id.parse().unwrap();
    for step in 0..300 {
        let begin = platform.db().begin_as(user);
        drop(tokio::time::timeout(Duration::from_micros(step * 10), begin).await);
    }
    // What was begun in vain is rolled back, and what is next on each connection is done by the platform.
    let mut theirs = 0;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        theirs = still_theirs(&platform).await;
        if theirs == 0 {
            break;
        }
    }
    assert_eq!(theirs, 0, "connections are left inside a student's transaction");
    platform.end().await;
}
