//! The web apps, or what stands in their place where they were not built.

use crate::support::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_not_under_api_is_a_page_that_loads_nothing_from_elsewhere() {
    let platform = Platform::start().await;
    let mut browser = platform.browser();
    for path in ["/", "/chat/018f", "/documents", "/admin", "/admin/keys"] {
        let page = browser.get(path).await.expect(200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'self';") || policy.starts_with("default-src 'none';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        let html = page.body.as_str().unwrap();
        assert!(!html.contains("<style") && !html.contains("style="), "nothing inline");
    }
    for path in ["/assets/nothing.js", "/admin/assets/nothing.js", "/api", "/api/nothing", "/.env"] {
        assert_eq!(browser.get(path).await.expect(404).body["error"]["code"], "NOT_FOUND", "{path}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_of_the_api_is_browsed_without_any_other_host() {
    let platform = Platform::setup().queues([]).start().await;
    let mut browser = platform.browser();
    assert_eq!(browser.get("/api/docs").await.expect(308).header("location"), Some("/api/docs/"));
    let page = browser.get("/api/docs/").await.expect(200);
    let html = page.body.as_str().unwrap().to_owned();
    assert!(page.header("content-type").unwrap().starts_with("text/html") && html.contains("swagger-ui"));
    assert!(!html.contains("://") && !html.contains("<style") && !html.contains("style="), "{html}");
    let loaded: Vec<_> = ["href=\"", "src=\""]
        .into_iter()
        .flat_map(|from| html.split(from).skip(1).map(|rest| rest.split('"').next().unwrap()))
        .collect();
    assert!(loaded.len() >= 5, "{loaded:?}");
    for file in loaded {
        let file = browser.get(&format!("/api/docs/{}", file.trim_start_matches("./"))).await.expect(200);
        let policy = file.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    let start = browser.get("/api/docs/swagger-initializer.js").await.expect(200);
    assert!(start.body.as_str().unwrap().contains("/api/openapi.json"));
    browser.get("/api/docs/nothing.js").await.expect(404);
    platform.end().await;
}
