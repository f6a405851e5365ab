//! Parameters are fitted to a student who has answered enough.

use serde_json::json;

use super::{answer, card, deck};
use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_fitted_by_a_job_once_there_are_enough_reviews_and_at_most_once_a_week() {
    let platform = Platform::start().await;
    platform.pool([crate::support::key("good")]).await;
    let student = platform.student().await;
    let id = deck(&student, "Heart").await;
    let none = student.get("/api/study/settings").await.expect(200).body;
    assert_eq!(none, json!({ "time_zone": "UTC", "fitted": null, "parameters_fitted": false }));
    // A student who remembers everything for weeks, whom the defaults take for one who forgets.
    platform
        .sql(format!(
            "insert into reviews (id, user_id, card_id, deck_id, day, reviewed_at, rating, was, was_interval, state, step, interval, duration_ms, key)
             select gen_random_uuid(), '{}', ('00000000-0000-0000-0000-' || lpad(c::text, 12, '0'))::uuid, '{id}',
                    20000 + c % 20 + n * 25, to_timestamp((20000 + c % 20 + n * 25) * 86400.0 + 43200),
                    case when (c + n) % 30 = 0 then 1 else 3 end, (case when n = 0 then 'new' else 'review' end)::card_state, 25,
                    'review', 0, 25, 5000, 'made ' || c || ' ' || n
             from generate_series(1, 150) c, generate_series(0, 5) n",
            student.id
        ))
        .await;
    let one = card(&student, &id, "What?").await;
    answer(&student, &one, 4).await.expect(200);
    platform
        .eventually("select count(*) = 1 from jobs where name = 'fit_parameters' and state = 'done'")
        .await;
    let fitted = student.get("/api/study/settings").await.expect(200).body;
    assert_eq!((&fitted["parameters_fitted"], &fitted["fitted"]["reviews"]), (&json!(true), &json!(901)));
    assert!(fitted["fitted"]["loss_after"].as_f64() < fitted["fitted"]["loss_before"].as_f64(), "{fitted}");
    // What is remembered was made anew by these parameters: easy at first is known for longer than the defaults say.
    assert_eq!(platform.number("select count(*) from cards where stability between 8.2 and 8.4").await, 0);
    let other = card(&student, &id, "Why?").await;
    answer(&student, &other, 4).await.expect(200);
    assert_eq!(
        platform.number("select count(*) from jobs where name = 'fit_parameters'").await,
        1,
        "not again this week"
    );
    platform.end().await;
}
