//! Disabling an account: nothing of it goes on, and somebody is left who can do it.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    student::{Admin, Reply, Student, job_of},
};

async fn disable(who: &Admin, whom: &Student) -> Reply {
    who.post(&format!("/api/admin/users/{}/disable", whom.id), json!({})).await
}

/// An answer that takes a minute.
fn slow() -> Script {
    Script::healthy().chunks(3_000).token_every(Duration::from_millis(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_disabled_account_has_under_way_ends_at_once_in_every_process() {
    let platform =
        Platform::setup().config(|config| config.jobs.job_lease = Duration::from_mins(10)).start().await;
    let elsewhere = Platform::setup().queues([]).beside(&platform).start().await;
    let root = platform.pool([key("slow").answers(slow())]).await;
    let (student, bystander) = (platform.student().await, platform.student().await);
    let (session, other) = (student.session().await, bystander.session().await);
    let mut running = student.streams(&session, "What is preload?").await;
    running.until("delta").await;
    let mut untouched = bystander.streams(&other, "What is preload?").await;
    untouched.until("delta").await;
    // Another question waits for its turn, and is watched from another process, whose bus knows nothing of it.
    platform.sql("update queues set paused_at = now()").await;
    let waiting = job_of(&student.sends(&student.session().await, "And afterload?").await.expect(202));
    let mut watched = student.at(&elsewhere.base).events(&waiting, None).await;
    watched.until("queued").await;

    disable(&root, &student).await.expect(200);
    running.finish().await;
    watched.finish().await;
    // What waits is not claimed while its queue is paused, so it did not end by being started.
    platform
        .eventually("select count(*) = 2 from jobs where name = 'answer_message' and state = 'cancelled'")
        .await;
    student.at(&elsewhere.base).get(&format!("/api/jobs/{waiting}/events")).await.expect(401);
    untouched.until("delta").await;
    platform.sql("update queues set paused_at = null").await;
    let stop = untouched_job(&platform, &bystander).await;
    bystander.delete(&format!("/api/jobs/{stop}")).await.expect(202);
    elsewhere.end().await;
    platform.end().await;
}

async fn untouched_job(platform: &Platform, whose: &Student) -> String {
    let mut tx = platform.db().begin_platform().await.unwrap();
    let job = sqlx::query_scalar("select id::text from jobs where tenant = $1::uuid and state = 'running'");
    job.bind(&whose.id).fetch_one(&mut *tx).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_sign_in_and_others_of_the_account_go_on() {
    let platform = Platform::start().await;
    platform.pool([key("slow").answers(slow())]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let job = job_of(&student.sends(&session, "What is preload?").await.expect(202));
    let phone = platform.browser().signed_in(&student).await;
    let phone = Student { token: phone.cookies["medai_access"].clone(), ..student.clone() };
    let (mut here, mut there) = (student.events(&job, None).await, phone.events(&job, None).await);
    here.until("delta").await;
    there.until("delta").await;
    phone.post("/api/auth/logout", json!({})).await.expect(204);
    there.finish().await;
    for _ in 0..5 {
        here.until("delta").await;
    }
    // Also where somebody disabled it behind our back.
    platform.sql(format!("update users set disabled_at = now() where id = '{}'", student.id)).await;
    here.finish().await;
    platform.sql(format!("update users set disabled_at = null where id = '{}'", student.id)).await;
    student.delete(&format!("/api/jobs/{job}")).await.expect(202);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_admin_watches_no_more() {
    let platform = Platform::start().await;
    let (root, ops) = (platform.admin().await, platform.admin_with("ops").await);
    let response = ops.request(reqwest::Method::GET, "/api/admin/live").send().await.unwrap();
    let mut live = crate::support::sse::Events::new(response);
    live.until("live").await;
    disable(&root, &ops).await.expect(200);
    // By itself it would be looked at every ten seconds, with a figure each second.
    let mut more = 0;
    while live.next().await.is_some() {
        more += 1;
    }
    assert!(more <= 3, "{more} figures after it");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_super_admins_who_disable_each_other_one_is_left() {
    for named in [false, true] {
        let platform = Platform::start().await;
        let (first, second) = (platform.admin().await, platform.admin().await);
        // Once both are of the list, once the operator named one of them.
        let named = if named {
            platform.sql(format!("delete from admin_allowlist where email = '{}'", second.email)).await;
            let email = second.email.clone();
            Platform::setup().config(move |config| config.accounts.super_admin_email = Some(email))
        } else {
            Platform::setup()
        };
        let named = named.queues([]).beside(&platform).start().await;
        let (first, second) = (Admin(first.at(&named.base)), Admin(second.at(&named.base)));
        for round in 0..6 {
            let (one, other) = tokio::join!(disable(&first, &second), disable(&second, &first));
            let done = [one.status.as_u16(), other.status.as_u16()];
            assert_eq!(done.iter().filter(|status| **status == 200).count(), 1, "{done:?} in round {round}");
            let left = "select count(*) from users where disabled_at is null";
            assert_eq!(platform.number(left).await, 1);
            platform.sql("update users set disabled_at = null").await;
            platform.sql("update sign_ins set revoked_at = null").await;
        }
        named.end().await;
        platform.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_super_admin_is_not_disabled_whoever_asks() {
    let platform = Platform::start().await;
    let root = platform.admin().await;
    // Somebody who is a super admin by an emergency token, which is no lasting way in.
    let student = platform.student().await;
    platform.sql(format!("update sign_ins set emergency = true where user_id = '{}'", student.id)).await;
    let helper = Admin(student);
    let refused = disable(&helper, &root).await.expect(409);
    assert_eq!(refused.code(), "CONFLICT");
    root.get("/api/admin/allowlist").await.expect(200);
    assert_eq!(platform.number("select count(*) from audit_log where action = 'disable_user'").await, 0);
    let second = platform.admin().await;
    disable(&helper, &root).await.expect(200);
    assert_eq!(second.get("/api/auth/me").await.body["role"], Value::from("super_admin"));
    platform.end().await;
}
