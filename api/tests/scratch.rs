use std::{sync::{Arc, Mutex}, time::Duration};
use api::{App, Shared, ApiSettings, Tokens, password::{Passwords, Cost}};
use axum::{Router, body::Body, http::{Request, StatusCode, HeaderMap}};
use chrono::{DateTime, Utc, TimeDelta};
use domain::{Clock, Db, keys::Vault};
use jobs::{bus::{MemoryBus, Bus, Ending, EventKind, Number, publish_ending}, listener::Listener, queue};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

struct P { router: Router, db: Db, now: Arc<Mutex<DateTime<Utc>>>, tag: String }

impl P {
    async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> (StatusCode, HeaderMap, Value) {
        let mut r = Request::builder().method(method).uri(path).header("host", "localhost");
        for (n, v) in headers { r = r.header(*n, *v); }
        let r = match body { Some(b) => r.header("content-type", "application/json").body(Body::from(b.to_string())), None => r.body(Body::empty()) }.unwrap();
        let res = self.router.clone().oneshot(r).await.unwrap();
        let (parts, body) = res.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let v = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::String(String::from_utf8_lossy(&bytes).into())) };
        (parts.status, parts.headers, v)
    }
    fn later(&self, d: TimeDelta) { *self.now.lock().unwrap() += d; }
}

fn cookies(h: &HeaderMap) -> String {
    h.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().split(';').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
}

#[tokio::test(flavor = "multi_thread")]
async fn story() {
    let pool = sqlx::PgPool::connect(&std::env::var("DATABASE_URL").unwrap()).await.unwrap();
    let db = Db::new(pool.clone());
    let bus: Arc<dyn Bus> = MemoryBus::new();
    let stop = CancellationToken::new();
    let now = Arc::new(Mutex::new(Utc::now()));
    let n2 = now.clone();
    let app = App::new(Shared {
        db: db.clone(), bus: bus.clone(), listener: Listener::start(pool.clone(), stop.clone(), &TaskTracker::new()),
        clock: Clock::from_fn(move || *n2.lock().unwrap()),
        vault: Arc::new(Vault::new(["000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"]).unwrap()),
        tokens: Tokens::new(&secrecy::SecretString::from("secret")), passwords: Passwords::new(Cost::Cheap),
        settings: ApiSettings { production: false, cors_origins: vec![], trusted_hosts: vec![], trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], super_admin_email: Some("boss@x.test".into()), registrations_per_hour: 3 },
        stop: stop.clone(),
    });
    let tag = uuid::Uuid::new_v4().simple().to_string();
    let p = P { router: api::router(app), db: db.clone(), now, tag: tag.clone() };
    let ip = format!("10.{}.{}.{}", rand::random::<u8>(), rand::random::<u8>(), rand::random::<u8>());
    let xff = ("x-forwarded-for", ip.as_str());
    let email = format!("A{tag}@X.test");
    let body = json!({"email": email, "password": "Tr1cuspid!", "name": " Ada "});
    let (s, h, v) = p.call("POST", "/api/auth/register", &[xff], Some(body.clone())).await;
    println!("{s} {v} {:?}", h.get_all("set-cookie").iter().collect::<Vec<_>>());
    assert_eq!(s, 201);
    let (s, _, v) = p.call("POST", "/api/auth/register", &[xff], Some(body.clone())).await; println!("{s} {v}"); assert_eq!(s, 409);
    let (s, _, v) = p.call("POST", "/api/auth/register", &[xff], Some(json!({"email": "BOSS@x.test", "password": "Tr1cuspid!", "name": "x"}))).await; println!("{s} {v}"); assert_eq!(s, 403);
    let (s, h4, v) = p.call("POST", "/api/auth/register", &[xff], Some(body.clone())).await; println!("{s} {v} {:?}", h4.get("retry-after")); assert_eq!(s, 429);
    let (s, _, v) = p.call("POST", "/api/auth/register", &[xff], Some(json!({"email": "b", "password": "short", "name": ""}))).await; println!("{s} {v}"); assert_eq!(s, 422);
    let (s, _, v) = p.call("POST", "/api/auth/register", &[xff], Some(json!({"email": "b@x.test", "password": 12345678, "name": "x", "more": 1}))).await; println!("{s} {v}"); assert_eq!(s, 422);

    // cookies
    let jar = cookies(&h);
    let csrf = jar.split("medai_csrf=").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let (s, _, v) = p.call("GET", "/api/auth/me", &[("cookie", &jar)], None).await; println!("{s} {v}"); assert_eq!(s, 200);
    let (s, _, _) = p.call("PATCH", "/api/profile", &[("cookie", &jar)], Some(json!({"name": "Bea"}))).await; assert_eq!(s, 403);
    let (s, _, v) = p.call("PATCH", "/api/profile", &[("cookie", &jar), ("x-csrf-token", &csrf)], Some(json!({"name": "Bea"}))).await; println!("{s} {v}"); assert_eq!(s, 200); assert_eq!(v["name"], "Bea");
    let (s, h2, v) = p.call("POST", "/api/auth/refresh", &[("cookie", &jar)], None).await; println!("{s} {v}"); assert_eq!(s, 200);
    let token2 = v["access_token"].as_str().unwrap().to_owned();
    let bearer2 = format!("Bearer {token2}");
    let (s, _, v) = p.call("GET", "/api/usage", &[("authorization", &bearer2)], None).await; println!("{s} {v}"); assert_eq!(s, 200);
    let (s, _, _) = p.call("POST", "/api/auth/refresh", &[("cookie", &jar)], None).await; assert_eq!(s, 401);
    let (s, _, _) = p.call("GET", "/api/auth/me", &[("authorization", &bearer2)], None).await; assert_eq!(s, 401, "family revoked");
    let (s, _, _) = p.call("POST", "/api/auth/refresh", &[("cookie", &cookies(&h2))], None).await; assert_eq!(s, 401);

    // login
    let login = |pw: &str| json!({"email": email, "password": pw});
    for k in 0..5 { let (s, _, _) = p.call("POST", "/api/auth/login", &[xff], Some(login("wrong-1"))).await; assert_eq!(s, 401, "{k}"); }
    let (s, h5, v) = p.call("POST", "/api/auth/login", &[xff], Some(login("Tr1cuspid!"))).await; println!("{s} {v} {:?}", h5.get("retry-after")); assert_eq!(s, 429);
    p.later(TimeDelta::minutes(15));
    let (s, h6, v) = p.call("POST", "/api/auth/login", &[xff], Some(login("Tr1cuspid!"))).await; println!("{s} {v}"); assert_eq!(s, 200);
    let jar6 = cookies(&h6);
    // parallel wrong
    let all: Vec<_> = futures::future::join_all((0..40).map(|_| p.call("POST", "/api/auth/login", &[xff], Some(login("wrong-2"))))).await;
    let n401 = all.iter().filter(|(s, _, _)| *s == 401).count(); println!("parallel 401: {n401}"); assert_eq!(n401, 5);
    p.later(TimeDelta::minutes(16));
    let all: Vec<_> = futures::future::join_all((0..20).map(|_| p.call("POST", "/api/auth/login", &[xff], Some(login("Tr1cuspid!"))))).await;
    assert!(all.iter().all(|(s, _, _)| *s == 200), "many right ones at once");
    // lock
    for k in 0..10 { let x = format!("{}.{k}", &ip[..ip.rfind('.').unwrap()]); let (s, _, _) = p.call("POST", "/api/auth/login", &[("x-forwarded-for", &x)], Some(login("wrong-1"))).await; assert_eq!(s, 401, "{k}"); }
    let (s, h5, _) = p.call("POST", "/api/auth/login", &[("x-forwarded-for", "9.9.9.9")], Some(login("Tr1cuspid!"))).await; assert_eq!(s, 429); assert_eq!(h5["retry-after"], "3600");

    // logout by refresh cookie only
    p.later(TimeDelta::minutes(20));
    let refresh_only = jar6.split("; ").filter(|c| !c.starts_with("medai_access")).collect::<Vec<_>>().join("; ");
    let csrf6 = jar6.split("medai_csrf=").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let (s, _, _) = p.call("POST", "/api/auth/logout", &[("cookie", &refresh_only)], None).await; assert_eq!(s, 403);
    let (s, h7, v) = p.call("POST", "/api/auth/logout", &[("cookie", &refresh_only), ("x-csrf-token", &csrf6)], None).await; println!("{s} {v} {:?}", h7.get_all("set-cookie").iter().collect::<Vec<_>>()); assert_eq!(s, 204);
    let (s, _, _) = p.call("POST", "/api/auth/refresh", &[("cookie", &jar6)], None).await; assert_eq!(s, 401);
    let (s, _, _) = p.call("POST", "/api/auth/logout", &[], None).await; assert_eq!(s, 401);

    // an admin
    let admin_email = format!("admin{tag}@x.test");
    let ip2 = format!("172.16.{}.{}", rand::random::<u8>(), rand::random::<u8>());
    let xff2 = ("x-forwarded-for", ip2.as_str());
    let (s, _, v) = p.call("POST", "/api/auth/register", &[xff2], Some(json!({"email": admin_email, "password": "Tr1cuspid!", "name": "Adm"}))).await; assert_eq!(s, 201);
    let at = format!("Bearer {}", v["access_token"].as_str().unwrap()); let admin_id = v["user"]["id"].as_str().unwrap().to_owned();
    let a = ("authorization", at.as_str());
    let (s, _, _) = p.call("GET", "/api/admin/users", &[a], None).await; assert_eq!(s, 403);
    let mut tx = p.db.begin_platform().await.unwrap();
    domain::users::store::allow(&mut tx, &admin_email, domain::users::Role::SuperAdmin).await.unwrap();
    tx.commit().await.unwrap();
    let (s, _, _) = p.call("GET", "/api/admin/users", &[a], None).await; assert_eq!(s, 403, "not verified");
    let mut tx = p.db.begin_platform().await.unwrap();
    sqlx::query("update users set email_verified = true where email = $1").bind(&admin_email).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let (s, _, v) = p.call("GET", &format!("/api/admin/users?q={tag}&limit=1"), &[a], None).await; println!("{s} {v}"); assert_eq!(s, 200);
    let (s, _, v) = p.call("GET", &format!("/api/admin/users?q={tag}&limit=1&cursor={}", v["next"].as_str().unwrap()), &[a], None).await; println!("{s} {v}"); assert_eq!(s, 200);
    let uid = v["items"][0]["id"].as_str().unwrap().to_owned();
    let (s, _, v) = p.call("GET", &format!("/api/admin/users?q={tag}&status=locked"), &[a], None).await; assert_eq!(v["items"].as_array().unwrap().len(), 1, "{s} {v}");
    let (_, _, v) = p.call("GET", "/api/admin/users?q=%00", &[a], None).await; println!("{v}");
    let (s, _, v) = p.call("GET", "/api/admin/users?status=odd", &[a], None).await; println!("{s} {v}");
    let (s, _, v) = p.call("PATCH", &format!("/api/admin/users/{uid}"), &[a], Some(json!({"plan": "pro"}))).await; println!("{s} {v}"); assert_eq!(v["plan"], "pro");
    let (s, _, v) = p.call("POST", &format!("/api/admin/users/{uid}/disable"), &[a], None).await; assert_eq!(s, 200); assert_eq!(v["status"], "disabled");
    let (s, _, _) = p.call("POST", &format!("/api/admin/users/{admin_id}/disable"), &[a], None).await; assert_eq!(s, 409);
    let (s, _, _) = p.call("POST", &format!("/api/admin/users/{}/disable", uuid::Uuid::new_v4()), &[a], None).await; assert_eq!(s, 404);
    p.later(TimeDelta::hours(2));
    let (s, _, _) = p.call("POST", "/api/auth/login", &[("x-forwarded-for", "9.9.9.8")], Some(login("Tr1cuspid!"))).await; assert_eq!(s, 403);
    let (s, _, v) = p.call("POST", "/api/auth/login", &[xff2], Some(json!({"email": admin_email, "password": "Tr1cuspid!"}))).await; assert_eq!(s, 200);
    let at = format!("Bearer {}", v["access_token"].as_str().unwrap()); println!("{v}");
    let a = ("authorization", at.as_str());
    let (s, _, v) = p.call("POST", &format!("/api/admin/users/{uid}/enable"), &[a], None).await; assert_eq!(s, 200); assert_eq!(v["status"], "active");
    let (s, _, _) = p.call("POST", &format!("/api/admin/users/{uid}/reset-usage"), &[a], None).await; assert_eq!(s, 200);
    let (s, _, _) = p.call("POST", "/api/auth/login", &[("x-forwarded-for", "9.9.9.8")], Some(login("Tr1cuspid!"))).await; assert_eq!(s, 200);
    let (s, _, v) = p.call("GET", "/api/usage", &[a], None).await; println!("{s} {v}");

    // a worker of sorts
    let (db2, bus2) = (db.clone(), bus.clone());
    let worker = tokio::spawn(async move { loop {
        let row: Option<(uuid::Uuid, i64, Value)> = sqlx::query_as("update jobs set state = 'running', epoch = epoch + 1, attempt = attempt + 1, lease_until = now() + interval '1 min' where id = (select id from jobs where name = 'probe_key' and state = 'ready' limit 1) returning id, epoch, payload").fetch_optional(db2.pool()).await.unwrap();
        let Some((id, epoch, payload)) = row else { tokio::time::sleep(Duration::from_millis(20)).await; continue };
        let key: domain::ids::KeyId = payload["key"].as_str().unwrap().parse().unwrap();
        let mut conn = db2.pool().acquire().await.unwrap();
        let row = domain::keys::store::find_sealed(&mut conn, key).await.unwrap().unwrap();
        let data = if row.key.last_four == "good" { domain::keys::store::set_healthy(db2.pool(), key, true).await.unwrap(); json!({"ok": true}) }
          else { domain::keys::store::delete_pending(&mut conn, key).await.unwrap(); domain::keys::store::set_refused(db2.pool(), key, "refused").await.unwrap(); json!({"ok": false, "class": "credential", "reason": "refused", "retry_at": null}) };
        let ending = Ending { number: Number::epoch(epoch).end(), kind: EventKind::Done, data };
        let job = domain::ids::JobId(id);
        assert!(queue::complete(&mut conn, job, epoch, &ending).await.unwrap());
        publish_ending(&bus2, job, &ending).await;
    }});
    let key = |k: String| json!({"provider": "openai", "feature": "mcq", "key": k, "priority": 5, "base_url": "http://127.0.0.1:9/v1/", "limits": {"rpm": 5}});
    let t0 = std::time::Instant::now();
    let (s, _, v) = p.call("POST", "/api/admin/keys", &[a], Some(key(format!("sk-{tag}-good")))).await; println!("{s} {v} {:?}", t0.elapsed()); assert_eq!(s, 201); assert_eq!(v["status"], "active");
    let kid = v["id"].as_str().unwrap().to_owned();
    let (s, _, v) = p.call("POST", "/api/admin/keys", &[a], Some(key(format!("sk-{tag}-good")))).await; println!("{s} {v}"); assert_eq!(s, 409);
    let (s, _, v) = p.call("POST", "/api/admin/keys", &[a], Some(key(format!("sk-{tag}-badd")))).await; println!("{s} {v}"); assert_eq!(s, 422);
    let (s, _, v) = p.call("POST", "/api/admin/keys/test", &[a], Some(key(format!("sk-{tag}-good")))).await; println!("{s} {v}"); assert_eq!(s, 200); assert_eq!(v["ok"], true);
    let (s, _, v) = p.call("POST", "/api/admin/keys/test", &[a], Some(key(format!("sk-{tag}-badd")))).await; println!("{s} {v}"); assert_eq!(v["ok"], false);
    let (s, _, v) = p.call("POST", &format!("/api/admin/keys/{kid}/check"), &[a], None).await; println!("{s} {v}"); assert_eq!(v["ok"], true);
    let (s, _, v) = p.call("PATCH", &format!("/api/admin/keys/{kid}"), &[a], Some(json!({"priority": 9, "model": "m", "feature": "*", "limits": {"tpm": 7}}))).await; println!("{s} {v}"); assert_eq!(v["feature"], "*");
    let (s, _, v) = p.call("PATCH", &format!("/api/admin/keys/{kid}"), &[a], Some(json!({"key": format!("sk-{tag}-worse"), "model": null}))).await; println!("{s} {v}"); assert_eq!(v["status"], "degraded");
    let (s, _, v) = p.call("PATCH", &format!("/api/admin/keys/{kid}"), &[a], Some(json!({"status": "disabled"}))).await; println!("{s} {v}");
    let (s, _, v) = p.call("POST", &format!("/api/admin/keys/{kid}/check"), &[a], None).await; println!("{s} {v}"); assert_eq!(v["status"], "disabled");
    let (s, _, v) = p.call("GET", "/api/admin/keys", &[a], None).await; println!("{s} {v}"); assert!(!v.to_string().contains(&tag));
    let (s, _, v) = p.call("POST", "/api/admin/keys", &[a], Some(json!({"provider": "demo", "feature": "nope", "key": format!("{tag}")}))).await; println!("{s} {v}"); assert!(!v.to_string().contains(&tag));
    let (s, _, v) = p.call("POST", "/api/admin/keys", &[a], Some(json!({"provider": "ollama", "feature": "*", "base_url": format!("http://{tag}.test"), "skip_test": true}))).await; println!("{s} {v}"); assert_eq!(s, 201);
    let kid2 = v["id"].as_str().unwrap().to_owned();
    let (s, _, _) = p.call("POST", "/api/admin/keys", &[a], Some(json!({"provider": "ollama", "feature": "*", "base_url": format!("http://{tag}.test/"), "skip_test": true}))).await; assert_eq!(s, 409);
    for k in [kid, kid2] { let (s, _, _) = p.call("DELETE", &format!("/api/admin/keys/{k}"), &[a], None).await; assert_eq!(s, 204); let (s, _, _) = p.call("DELETE", &format!("/api/admin/keys/{k}"), &[a], None).await; assert_eq!(s, 404); }
    worker.abort();
    let t0 = std::time::Instant::now();
    let (s, _, v) = p.call("POST", "/api/admin/keys", &[a], Some(key(format!("sk-{tag}-good")))).await; println!("{s} {v} {:?}", t0.elapsed()); assert_eq!(s, 422);
    let (s, h, _) = p.call("POST", "/api/auth/logout-all", &[a], None).await; assert_eq!(s, 204); assert!(h.contains_key("set-cookie"));
    let (s, _, _) = p.call("GET", "/api/auth/me", &[a], None).await; assert_eq!(s, 401);
    let (_, _, doc) = p.call("GET", "/api/openapi.json", &[], None).await;
    println!("{}", serde_json::to_string(&doc["paths"]["/api/admin/users"]["get"]["parameters"]).unwrap());
    println!("{}", serde_json::to_string(&doc["components"]["schemas"]["KeyChange"]).unwrap());
    println!("{:?}", doc["paths"].as_object().unwrap().keys().collect::<Vec<_>>());
    // clean up
    let mut tx = p.db.begin_platform().await.unwrap();
    sqlx::query("delete from users where email like $1").bind(format!("%{}%", p.tag)).execute(&mut *tx).await.unwrap();
    sqlx::query("delete from admin_allowlist where email like $1").bind(format!("%{}%", p.tag)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    sqlx::query("delete from jobs where name = 'probe_key'").execute(p.db.pool()).await.unwrap();
    sqlx::query("delete from ip_attempts").execute(p.db.pool()).await.unwrap();
    stop.cancel();
}
