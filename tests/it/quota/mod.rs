//! Quota: what is promised, what is charged, and that a crowd gets no more than one does.

use futures::future::join_all;

use crate::support::student::{Reply, Student, job_of};

mod accounting;
mod books;
mod contention;
mod days;
mod overshoot;

/// Sends the same many times at once, each in a conversation of its own.
async fn at_once(student: &Student, times: usize, content: &str) -> Vec<Reply> {
    let sessions = join_all((0..times).map(|_| student.session())).await;
    join_all(sessions.iter().map(|session| student.sends(session, content))).await
}

/// Those that were let through, and those that were not.
fn split(replies: Vec<Reply>) -> (Vec<Reply>, Vec<Reply>) {
    replies.into_iter().partition(|reply| reply.status == 202)
}

/// Cancels all these jobs.
async fn cancel(student: &Student, receipts: &[Reply]) {
    for receipt in receipts {
        student.delete(&format!("/api/jobs/{}", job_of(receipt))).await.expect(202);
    }
}
