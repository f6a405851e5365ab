//! An operator makes an admin of an account that somebody else may have.

use domain::users::takeover::take_over;
use futures::future::join_all;
use serde_json::json;

use crate::support::{
    Platform,
    home::{Home, Ran},
    key,
    platform::PASSWORD,
    servers,
    student::{Admin, Student},
};

const BOSS: &str = "boss@story.example";
const NEW_PASSWORD: &str = "a-murmur-of-the-0perator";
/// Of a password that nobody has.
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA$5AtVM1mLp6yMGXC3nRc0gEZuVOYGHQPxYbD8ZbKzFlU";

/// Whoever registers first.
async fn stranger(platform: &Platform) -> Student {
    let mut browser = platform.browser();
    let body = json!({ "email": BOSS, "password": PASSWORD, "name": "Eve" });
    let reply = browser.post("/api/auth/register", body).await.expect(201);
    let token = reply.body["access_token"].as_str().unwrap().to_owned();
    let id = reply.body["user"]["id"].as_str().unwrap().to_owned();
    Student { http: platform.http.clone(), base: platform.base.clone(), token, id, email: BOSS.to_owned() }
}

/// Brings a key that the simulator finds good.
async fn brings_a_key(platform: &Platform, who: &Student) {
    let spec = key("of-the-stranger");
    platform.simulator.script(&spec.value(), spec.script.clone());
    platform.never_logged([spec.value()]);
    let body = json!({ "provider": "openai", "key": spec.value(), "base_url": platform.simulator.url() });
    who.post("/api/profile/keys", body).await.expect(201);
}

fn create(home: &Home, platform: &Platform, more: &[&str]) -> Ran {
    let database = servers::url(&platform.database);
    let mut arguments = vec!["admin", "create", "--email", BOSS, "--password-stdin"];
    arguments.extend(more);
    home.run(&arguments, &[("DATABASE_URL", &*database)], &format!("{NEW_PASSWORD}\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registered_first_is_out_when_the_operator_takes_over() {
    let (platform, home) = (Platform::start().await, Home::new().await);
    platform.never_logged([NEW_PASSWORD.to_owned()]);
    let eve = stranger(&platform).await;
    let mut browser = platform.browser().signed_in(&eve).await;
    brings_a_key(&platform, &eve).await;

    let refused = create(&home, &platform, &[]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("--take-over"), "{}", refused.stderr);
    eve.get("/api/auth/me").await.expect(200);
    assert_eq!(platform.number("select count(*) from admin_allowlist").await, 0, "nothing changed");

    // Her stream is open meanwhile, of a question that waits.
    platform.sql("update queues set paused_at = now()").await;
    let session = eve.session().await;
    let mut events = eve.streams(&session, "What is preload?").await;
    events.until("queued").await;
    let taken = create(&home, &platform, &["--take-over"]);
    assert_eq!(taken.code, Some(0), "{}", taken.stderr);
    assert!(taken.stdout.contains("sign-ins are ended"), "{}", taken.stdout);
    eve.get("/api/auth/me").await.expect(401);
    eve.get("/api/admin/allowlist").await.expect(401);
    browser.get("/api/auth/me").await.expect(401);
    browser.refresh().await.expect(401);
    browser.login(BOSS, PASSWORD).await.expect(401);
    events.finish().await;
    assert_eq!(platform.number("select count(*) from provider_keys where owner_id is not null").await, 0);
    assert_eq!(platform.number("select count(*) from known_clients").await, 0);

    let boss = platform.browser().login(BOSS, NEW_PASSWORD).await.expect(200);
    assert_eq!(boss.body["user"]["role"], "super_admin");
    let access = boss.body["access_token"].as_str().unwrap().to_owned();
    let boss = Admin(Student { token: access, ..eve.clone() });
    let log = boss.get("/api/admin/audit?action=create_admin").await.expect(200).body["items"].clone();
    let details = &log[0]["details"];
    assert_eq!((&details["was_verified"], &details["own_keys_deleted"]), (&json!(false), &json!(1)), "{log}");
    platform.sql("update queues set paused_at = null").await;
    home.never_logged([PASSWORD, NEW_PASSWORD, &eve.token]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_by_the_operator_ends_an_admins_sign_ins_too() {
    let (platform, home) = (Platform::start().await, Home::new().await);
    let boss = stranger(&platform).await;
    platform.sql(format!("update users set email_verified = true where id = '{}'", boss.id)).await;
    let made = create(&home, &platform, &["--role", "viewer"]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    boss.get("/api/auth/me").await.expect(401);
    let reply = platform.browser().login(BOSS, NEW_PASSWORD).await.expect(200);
    assert_eq!(reply.body["user"]["role"], "viewer");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_a_password_verifies_no_address() {
    let platform = Platform::start().await;
    let eve = stranger(&platform).await;
    let mut tx = platform.db().begin_platform().await.unwrap();
    take_over(&mut tx, eve.id.parse().unwrap(), HASH, platform.parts.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(platform.number("select count(*) from users where email_verified").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_or_brings_a_key_while_the_operator_takes_over_is_out_too() {
    let platform =
        Platform::setup().config(|config| config.accounts.login_tries_per_address = 100).start().await;
    let eve = stranger(&platform).await;
    let spec = key("of-the-stranger");
    platform.simulator.script(&spec.value(), spec.script.clone());
    platform.never_logged([spec.value()]);
    let sign_ins = join_all((0..12).map(|_| {
        let mut browser = platform.browser();
        async move { browser.login(BOSS, PASSWORD).await.status.as_u16() }
    }));
    let body = json!({ "provider": "openai", "key": spec.value(), "base_url": platform.simulator.url() });
    let brings = eve.post("/api/profile/keys", body);
    let takes = async {
        platform.eventually("select count(*) > 2 from sign_ins").await;
        let mut tx = platform.db().begin_platform().await.unwrap();
        take_over(&mut tx, eve.id.parse().unwrap(), HASH, platform.parts.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    };
    let (answers, _, ()) = tokio::join!(sign_ins, brings, takes);
    assert!(answers.contains(&200), "some were before: {answers:?}");
    assert!(answers.iter().all(|status| [200, 401].contains(status)), "{answers:?}");
    assert_eq!(platform.number("select count(*) from sign_ins where revoked_at is null").await, 0);
    assert_eq!(platform.number("select count(*) from provider_keys").await, 0);
    platform.end().await;
}
