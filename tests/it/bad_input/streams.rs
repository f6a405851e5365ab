//! Absurd places to resume from.

use reqwest::Method;

use super::World;
use crate::support::student::Reply;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_can_resume_only_from_an_event_that_can_be() {
    let world = World::new().await;
    let path = format!("/api/jobs/{}/events", world.job);
    let before = world.platform.state().await;
    let (beyond, huge) = ((1_i64 << 20) * 7, "9".repeat(40));
    let beyond = beyond.to_string();
    for id in [
        "nonsense",
        "-1",
        "-9223372036854775808",
        "9223372036854775807",
        "9223372036854775808",
        "1.5",
        "0x10",
        "1 2",
        "1;drop table jobs",
        "ä",
        &huge,
        &beyond,
    ] {
        let header = world.admin.request(Method::GET, &path);
        let header =
            header.header("last-event-id", reqwest::header::HeaderValue::from_bytes(id.as_bytes()).unwrap());
        let after: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        let query = world.admin.request(Method::GET, &format!("{path}?after={after}"));
        for request in [header, query] {
            let reply = Reply::read(request.send().await.unwrap()).await;
            assert_eq!(reply.status, 400, "{id}: {}", reply.body);
            assert_eq!(reply.code(), "BAD_REQUEST");
            reply.error();
        }
    }
    assert_eq!(world.platform.state().await, before);
    // What has not been seen at all is told from the start.
    let events = world.admin.events(&world.job, Some(0)).await.finish().await;
    assert_eq!(events.end(), "done");
    world.platform.end().await;
}
