//! What admins see of the quality of what models make: counts, by prompt and model.

use chrono::{Days, NaiveDate};
use domain::feature::Feature;
use serde_json::json;
use study::store::made_items::{self, Counts, Maker};

use super::material::maker;
use crate::support::Platform;

async fn add(platform: &Platform, day: NaiveDate, maker: &Maker, counts: &Counts) {
    let mut tx = platform.db().begin_platform().await.unwrap();
    made_items::add(&mut tx, day, Feature::Mcq, maker, counts).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_models_make_is_summed_up_by_prompt_and_model() {
    let platform = Platform::start().await;
    let admin = platform.admin_with("viewer").await;
    let today = platform.parts.clock.today();
    let counts = |items, flawed, reasons: &[(&str, i64)]| Counts {
        calls: 1,
        items,
        delivered: items - 1,
        flawed,
        mended: flawed - 1,
        dropped: 1,
        reasons: reasons.iter().map(|(code, times)| ((*code).to_owned(), *times)).collect(),
        ..Counts::default()
    };
    add(&platform, today, &maker(), &counts(10, 3, &[("empty", 2), ("negative", 1)])).await;
    add(&platform, today, &maker(), &counts(5, 1, &[("empty", 1)])).await;
    add(&platform, today - Days::new(20), &maker(), &counts(5, 1, &[("too_long", 4)])).await;
    let newer = Maker { prompt: "mcq.v2".into(), ..maker() };
    add(&platform, today, &newer, &counts(40, 1, &[])).await;

    let all = admin.get("/api/admin/made-items").await.expect(200).body;
    let lines = all["items"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["prompt"], &lines[0]["delivered"]), (&json!("mcq.v2"), &json!(39)));
    let line = &lines[1];
    assert_eq!(
        (&line["calls"], &line["items"], &line["flawed"], &line["mended"]),
        (&json!(3), &json!(20), &json!(5), &json!(2))
    );
    assert_eq!(line["reasons"], json!({ "empty": 3, "negative": 1, "too_long": 4 }));
    let week = admin.get("/api/admin/made-items?days=7").await.expect(200).body;
    assert_eq!(
        (&week["items"][1]["items"], &week["items"][1]["reasons"]["too_long"]),
        (&json!(15), &json!(null))
    );
    admin.get("/api/admin/made-items?days=366").await.expect(422);
    admin.get("/api/admin/made-items?days=0").await.expect(422);
    platform.end().await;
}
