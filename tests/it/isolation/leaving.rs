//! Clients leave at any moment, and their requests are dropped where they stand.

use std::time::Duration;

use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_while_a_transaction_begins_leaves_none_open() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let user = student.id.parse().unwrap();
    let mut left_midway = 0;
    // Some runs wait less often, since what they wait for was there already.
    for steps in (1..=4).cycle().take(40) {
        let mut begin = Box::pin(platform.db().begin_as(user));
        let mut done = false;
        for _ in 0..steps {
            done = futures::poll!(&mut begin).is_ready();
            if done {
                break;
            }
            // What it waits for comes, so that the next poll takes it on by one step.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(begin);
        left_midway += u32::from(!done);
        // Before another transaction's end would hide it.
        assert!(is_the_platforms(&platform).await, "a connection is still the student's after {steps} steps");
    }
    assert!(left_midway > 5, "{left_midway}");
    platform.end().await;
}

/// Whether all of the pool's connections are, in the end, the platform's own.
async fn is_the_platforms(platform: &Platform) -> bool {
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let mut conns = Vec::new();
        while let Some(conn) = platform.db().pool().try_acquire() {
            conns.push(conn);
        }
        let mut ours = !conns.is_empty();
        for conn in &mut conns {
            let sql = "select current_user = session_user";
            ours &= sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut **conn).await.unwrap();
        }
        if ours {
            return true;
        }
    }
    false
}
