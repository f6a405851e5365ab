//! How it is read: filters, search, export.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Platform, student::Admin};

use super::{actions, entries};

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_narrowed_by_everything_and_read_in_pages() {
    let platform = Platform::start().await;
    let (admin, other) = (platform.admin().await, platform.admin_with("support").await);
    let student = platform.student().await;
    let path = format!("/api/admin/users/{}", student.id);
    admin.patch(&path, json!({ "plan": "pro", "name": "Grace Hopper" })).await.expect(200);
    other.post(&format!("{path}/reset-usage"), json!({})).await.expect(200);
    for (query, expected) in [
        (format!("?target=user:{}&action=reset_user_usage", student.id), vec!["reset_user_usage"]),
        (format!("?target={}&q=plan", student.id), vec!["change_user_plan"]),
        (
            format!("?admin={}&target=user&action=reset_user_usage", other.email.to_uppercase()),
            vec!["reset_user_usage"],
        ),
        ("?q=hopper".to_owned(), vec!["change_user_plan"]),
        ("?q=%22grace%20hopper%22%20-nothing".to_owned(), vec!["change_user_plan"]),
        ("?q=grace%20or%20usage&action=reset_user_usage".to_owned(), vec!["reset_user_usage"]),
        (format!("?q={}&action=change_user_plan", admin.email), vec!["change_user_plan"]),
        ("?q=hopper&to=2020-01-01T00:00:00Z".to_owned(), vec![]),
        ("?q=hopper&from=2020-01-01T00:00:00Z".to_owned(), vec!["change_user_plan"]),
        ("?q=no%20such%20word".to_owned(), vec![]),
        ("?target=api_key".to_owned(), vec![]),
    ] {
        assert_eq!(actions(&entries(&admin, &query).await), expected, "{query}");
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let reply = admin.get(&format!("/api/admin/audit?limit=2{cursor}")).await.expect(200);
        seen.extend(
            reply.body["items"].as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()),
        );
        let Some(next) = reply.body["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let all = platform.number("select count(*) from audit_log").await;
    assert_eq!(i64::try_from(seen.len()).unwrap(), all);
    assert!(seen.is_sorted_by(|newer, older| newer > older));
    for (query, field) in [
        ("from=yesterday", "from"),
        ("to=-9999-01-01T00:00:00Z", "to"),
        ("q=%00", "q"),
        ("action=a%0Ab", "action"),
        ("limit=0", "limit"),
        ("cursor=nonsense", "cursor"),
    ] {
        let reply = admin.get(&format!("/api/admin/audit?{query}")).await;
        assert_eq!((reply.status.as_u16(), reply.fields()), (422, vec![field]), "{query}: {}", reply.body);
    }
    for odd in ["%22%22%22", "%28%29%26%7C%21", "-", "or%20or", "%3A%2A", "%F0%9F%98%80", "%5C", "a%27b"] {
        entries(&admin, &format!("?q={odd}")).await;
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_reads_its_index() {
    let platform = Platform::setup().queues([]).start().await;
    platform
        .sql(
            "insert into audit_log (action, target_type, target_id, details)
             select 'fill', 'user', n::text, jsonb_build_object('note', 'word' || n) from generate_series(1, 20000) n",
        )
        .await;
    sqlx::query("analyze audit_log").execute(platform.db().pool()).await.unwrap();
    let mut tx = platform.db().begin_platform().await.unwrap();
    let plan: Vec<String> = sqlx::query_scalar(
        "explain select id from audit_log where search @@ websearch_to_tsquery('simple', 'word777')
         order by at desc, id desc limit 51",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    assert!(plan.iter().any(|line| line.contains("audit_log_search")), "{plan:#?}");
    drop(tx);
    platform.end().await;
}

/// The export of some entries as text.
async fn export(admin: &Admin, query: &str) -> (String, String) {
    let request = admin.request(Method::GET, &format!("/api/admin/audit/export?{query}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; filename="));
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    (content_type, response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_every_entry_once_and_no_formula() {
    let platform = Platform::setup().queues([]).start().await;
    let admin = platform.admin().await;
    platform
        .sql(
            "insert into audit_log (action, target_type, target_id, user_agent, details)
             select 'fill', 'user', n::text, '=HYPERLINK(\"http://evil.example\")', '{\"a\": \"x, \\\"y\\\"\\nz\"}'
             from generate_series(1, 1234) n",
        )
        .await;
    let (content_type, lines) = export(&admin, "format=jsonl&action=fill").await;
    assert_eq!(content_type, "application/jsonl");
    let mut ids: Vec<i64> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["target_id"].as_str().unwrap().parse().unwrap()
        })
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=1234).collect::<Vec<_>>());

    let (content_type, text) = export(&admin, "action=fill").await;
    assert_eq!(content_type, "text/csv; charset=utf-8");
    assert!(text.starts_with("id,timestamp,admin_id,admin_email,action_type,"));
    assert_eq!(text.matches("\nid,").count(), 0, "the names of the columns come once");
    assert_eq!(text.matches("\"'=HYPERLINK(").count(), 1234);
    let exports = entries(&admin, "?action=export_audit_log").await;
    assert_eq!(exports.len(), 2);
    assert_eq!(exports[1]["details"]["filter"]["action"], "fill");
    let (_, nothing) = export(&admin, "action=none").await;
    assert_eq!(nothing.lines().count(), 1);

    let reply = admin.get("/api/admin/audit/export?format=xml").await;
    assert_eq!((reply.status.as_u16(), reply.fields()), (422, vec!["format"]));
    let viewer = platform.admin_with("viewer").await;
    viewer.get("/api/admin/audit/export").await.expect(403);
    viewer.get("/api/admin/audit").await.expect(200);
    platform.end().await;
}
