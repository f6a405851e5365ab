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
