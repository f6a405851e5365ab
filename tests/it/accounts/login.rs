//! Signing in, and what keeps guessers out.

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use crate::support::{Platform, platform::PASSWORD, student::Reply};

const WRONG: &str = "Wr0ng-password";

/// A platform that believes what a proxy on this machine says.
async fn behind_a_proxy() -> Platform {
    let setup = Platform::setup();
    setup.config(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).start().await
}

fn retry_after(reply: &Reply) -> i64 {
    assert_eq!(reply.status, 429, "{}", reply.body);
    assert_eq!(reply.code(), "RATE_LIMITED");
    let wait = reply.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(reply.body["error"]["details"]["retry_after"], wait);
    wait
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_and_a_wrong_password_are_answered_alike() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let wrong_password = platform.browser().login(&student.email, WRONG).await.expect(401);
    let wrong_address = platform.browser().login("nobody@story.example", PASSWORD).await.expect(401);
    assert_eq!(wrong_password.error(), wrong_address.error());
    assert_eq!(wrong_password.code(), "UNAUTHENTICATED");
    assert!(wrong_password.set_cookies().is_empty());
    platform.browser().login("no address at all", PASSWORD).await.expect(401);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_failures_an_address_waits_a_quarter_of_an_hour() {
    let platform = Platform::start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let mut browser = platform.browser();
    for _ in 0..5 {
        // What is no address counts like any other failure, and a good try in between takes none back.
        browser.login("nobody@story.example", WRONG).await.expect(401);
    }
    for email in [&student.email, &other.email] {
        let wait = retry_after(&browser.login(email, PASSWORD).await);
        assert!((880..=900).contains(&wait), "{wait}");
    }
    // Whoever is signed in goes on.
    student.get("/api/auth/me").await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(14));
    let wait = retry_after(&browser.login(&student.email, PASSWORD).await);
    assert!((1..=60).contains(&wait), "{wait}");
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::seconds(wait));
    browser.login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eighty_guesses_at_once_five_are_looked_at_and_the_right_one_gains_nothing() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let tries = (0..80).map(|at| {
        let (mut browser, email) = (platform.browser(), student.email.clone());
        // The last to be sent has it right. Others that were sent at the same moment may be looked at before or after.
        let password = if at == 79 { PASSWORD } else { WRONG };
        async move { (at, browser.login(&email, password).await) }
    });
    let replies = join_all(tries).await;
    let wrong = replies.iter().filter(|(_, reply)| reply.status == 401).count();
    let right = &replies[79].1;
    assert_eq!(wrong, 5, "each of which was looked at");
    assert!(right.status == 200 || right.status == 429, "{}", right.body);
    for (_, refused) in replies.iter().filter(|(_, reply)| reply.status == 429) {
        assert!(retry_after(refused) > 0);
    }
    assert_eq!(platform.number("select count(*) from sign_in_tries where held_until is null").await, 5);
    assert_eq!(
        platform.number("select count(*) from sign_in_tries").await,
        5,
        "one that was right is given back"
    );
    // Now right and wrong are the same to see.
    let mut browser = platform.browser();
    let (good, bad) =
        (browser.login(&student.email, PASSWORD).await, browser.login(&student.email, WRONG).await);
    let told =
        |reply: &Reply| (reply.status, reply.code().to_owned(), reply.body["error"]["message"].clone());
    assert_eq!(told(&good), told(&bad));
    assert!(good.set_cookies().is_empty() && (retry_after(&good) - retry_after(&bad)).abs() <= 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eighty_guesses_from_eighty_addresses_and_two_processes_ten_are_looked_at() {
    let platform = behind_a_proxy().await;
    let proxies = |config: &mut medai::config::Config| {
        config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    let second = Platform::setup().config(proxies).queues([]).beside(&platform).start().await;
    let student = platform.student().await;
    for email in [&*student.email, "nobody@story.example"] {
        let tries = (0..80).map(|at| {
            let at_which = if at % 2 == 0 { &platform } else { &second };
            let mut browser = at_which.browser().from(&format!("203.0.113.{at}"));
            async move { browser.login(email, WRONG).await }
        });
        let replies = join_all(tries).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 10, "{email}");
        assert!(replies.iter().all(|reply| reply.status == 401 || retry_after(reply) > 0));
    }
    second.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lecture_hall_signs_in_at_once_from_one_address() {
    let platform = Platform::start().await;
    let mut students = Vec::new();
    for _ in 0..24 {
        students.push(platform.student().await);
    }
    let sign_ins = students.iter().map(|student| {
        let mut browser = platform.browser();
        async move { browser.login(&student.email, PASSWORD).await }
    });
    for reply in join_all(sign_ins).await {
        reply.expect(200);
    }
    assert_eq!(platform.number("select count(*) from sign_in_tries").await, 0, "nothing was wrong");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campus_may_have_more_tries_than_a_home() {
    let platform =
        Platform::setup().config(|config| config.accounts.login_tries_per_address = 7).start().await;
    for at in 0..7 {
        platform.browser().login(&format!("nobody{at}@story.example"), WRONG).await.expect(401);
    }
    retry_after(&platform.browser().login("nobody@story.example", WRONG).await);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_ten_from_ten_addresses_strangers_are_refused_whether_there_is_an_account_or_not() {
    let platform = behind_a_proxy().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let admin = platform.admin().await;
    let from = |at: i32| platform.browser().from(&format!("203.0.113.{at}"));
    let mut refused = Vec::new();
    for email in [student.email.to_uppercase(), "nobody@story.example".to_owned(), "no address".to_owned()] {
        for at in 0..10 {
            from(at).login(&email, WRONG).await.expect(401);
        }
        for (at, password) in [(20, PASSWORD), (21, WRONG), (0, PASSWORD)] {
            refused.push(from(at).login(&email, password).await);
        }
        platform.sql("update sign_in_tries set address = 'elsewhere'").await;
    }
    for reply in &refused {
        assert!((840..=900).contains(&retry_after(reply)));
        assert_eq!(reply.body["error"]["message"], refused[0].body["error"]["message"]);
    }
    from(20).login(&other.email, PASSWORD).await.expect(200);
    student.get("/api/auth/me").await.expect(200);
    let locked = admin.get("/api/admin/users?status=locked").await.expect(200);
    assert_eq!(locked.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(locked.body["items"][0]["id"], json!(student.id));
    let kept = "select count(*) from sign_in_tries where encode(email, 'escape') like '%story%'";
    assert_eq!(platform.number(kept).await, 0, "what was tried is kept as a hash");

    // It decays by itself, and what was refused prolonged nothing.
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(15));
    from(22).login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attacker_elsewhere_keeps_nobody_out_who_was_there_before() {
    let platform = behind_a_proxy().await;
    let from = |at: &str| platform.browser().from(at);
    for owner in [platform.student().await, platform.admin().await.0] {
        platform.sql("delete from sign_in_tries").await;
        let mut laptop = from("198.51.100.1").signed_in(&owner).await;
        let mut home = from("2001:db8:1:2::1").signed_in(&owner).await;
        home.cookies.clear();
        for at in 0..10 {
            from(&format!("203.0.113.{at}")).login(&owner.email, WRONG).await.expect(401);
        }
        retry_after(&from("203.0.113.50").login(&owner.email, PASSWORD).await);
        // The laptop wherever it is, and whatever comes from home.
        let mut abroad = from("203.0.113.60");
        abroad.cookies = laptop.cookies.clone();
        abroad.login(&owner.email, PASSWORD).await.expect(200);
        from("2001:db8:1:2:ffff::9").login(&owner.email, PASSWORD).await.expect(200);
        retry_after(&from("2001:db8:1:3::1").login(&owner.email, PASSWORD).await);
        // A cookie that is made up, or that another account has, is nobody's.
        let eve = platform.student().await;
        let eves = platform.browser().signed_in(&eve).await;
        for device in [&*eves.cookies["medai_device"], "AAAA", ""] {
            let mut stranger = from("203.0.113.61");
            stranger.cookies.insert("medai_device".to_owned(), device.to_owned());
            retry_after(&stranger.login(&owner.email, PASSWORD).await);
        }
        // Who is known has a count of their own, which ends, too.
        for at in 0..10 {
            let mut thief = from(&format!("192.0.2.{at}"));
            thief.cookies = laptop.cookies.clone();
            thief.login(&owner.email, WRONG).await.expect(401);
        }
        retry_after(&laptop.login(&owner.email, PASSWORD).await);
        from("2001:db8:1:2::1").login(&owner.email, PASSWORD).await.expect(200);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_try_a_day_keeps_nobody_out() {
    let platform = behind_a_proxy().await;
    let (student, root) = (platform.student().await, platform.admin().await);
    for day in 0..12 {
        for email in [&student.email, &root.email] {
            platform.browser().from(&format!("203.0.113.{day}")).login(email, WRONG).await.expect(401);
        }
        platform.sleep_until(platform.parts.clock.now() + TimeDelta::days(1));
    }
    for email in [&student.email, &root.email] {
        platform.browser().from("198.51.100.1").login(email, PASSWORD).await.expect(200);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_everywhere_makes_devices_strangers() {
    let platform = behind_a_proxy().await;
    let student = platform.student().await;
    let laptop = platform.browser().from("198.51.100.1").signed_in(&student).await;
    let device = laptop.cookies["medai_device"].clone();
    laptop.with_csrf().post("/api/auth/logout-all", json!({})).await.expect(204);
    for at in 0..10 {
        platform.browser().from(&format!("203.0.113.{at}")).login(&student.email, WRONG).await.expect(401);
    }
    let mut thief = platform.browser().from("203.0.113.99");
    thief.cookies.insert("medai_device".to_owned(), device);
    retry_after(&thief.login(&student.email, PASSWORD).await);
    // Home is where it was.
    platform.browser().from("198.51.100.1").login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_signed_in_under_an_earlier_release_is_known_from_its_next_refresh_on() {
    let platform = behind_a_proxy().await;
    let student = platform.student().await;
    let mut browser = platform.browser().from("198.51.100.1").signed_in(&student).await;
    platform.sql("delete from known_clients").await;
    browser.cookies.remove("medai_device");
    browser.refresh().await.expect(200);
    let device = browser.cookies["medai_device"].clone();
    browser.refresh().await.expect(200);
    assert_eq!(browser.cookies["medai_device"], device, "it gets one once");
    for at in 0..10 {
        platform.browser().from(&format!("203.0.113.{at}")).login(&student.email, WRONG).await.expect(401);
    }
    browser.login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_can_unlock_and_a_lock_is_written_once_a_minute() {
    let platform = behind_a_proxy().await;
    let (student, admin) = (platform.student().await, platform.admin().await);
    let from = |at: i32| platform.browser().from(&format!("203.0.113.{at}"));
    for at in 0..10 {
        from(at).login(&student.email, WRONG).await.expect(401);
    }
    retry_after(&from(20).login(&student.email, PASSWORD).await);
    let path = format!("/api/admin/users/{}", student.id);
    let shown = admin.get(&path).await.expect(200).body;
    assert_eq!(shown["status"], "locked");
    assert!(shown["locked_until"].is_string(), "{shown}");
    let enabled = admin.post(&format!("{path}/enable"), json!({})).await.expect(200).body;
    assert_eq!((&enabled["status"], &enabled["locked_until"]), (&json!("active"), &json!(null)));
    for at in 20..30 {
        from(at).login(&student.email, WRONG).await.expect(401);
    }
    retry_after(&from(30).login(&student.email, PASSWORD).await);
    assert_eq!(platform.number("select count(*) from audit_log where action = 'account_locked'").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_sign_ins_and_devices_do_not_stay_for_ever() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    platform.browser().login(&student.email, WRONG).await.expect(401);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::days(401));
    platform.enqueue(&jobs::catalogue::Sweep {}).await;
    for nothing_left in [
        "select not exists (select from sign_in_tries)",
        "select not exists (select from sign_ins)",
        "select not exists (select from known_clients)",
    ] {
        platform.eventually(nothing_left).await;
    }
    student.get("/api/auth/me").await.expect(401);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_more_tries_by_inventing_addresses() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    for at in 0..5 {
        let mut liar = platform.browser().from(&format!("203.0.113.{at}"));
        liar.login(&student.email, WRONG).await.expect(401);
    }
    let mut liar = platform.browser().from("203.0.113.99");
    retry_after(&liar.login(&student.email, PASSWORD).await);

    // Behind a proxy that is ours, what the client itself wrote does not count either.
    let platform2 = behind_a_proxy().await;
    for at in 0..5 {
        let mut liar = platform2.browser().from(&format!("198.51.100.{at}, 203.0.113.7"));
        liar.login("nobody@story.example", WRONG).await.expect(401);
    }
    retry_after(&platform2.browser().from("203.0.113.7").login("nobody@story.example", WRONG).await);
    platform2.browser().from("203.0.113.8").login("nobody@story.example", WRONG).await.expect(401);
    // All of an IPv6 network of one customer is one address.
    for at in 0..5 {
        let mut one = platform2.browser().from(&format!("2001:db8:1:2::{at}"));
        // Another e-mail: what was tried of one counts over all addresses.
        one.login("noone@story.example", WRONG).await.expect(401);
    }
    retry_after(&platform2.browser().from("2001:db8:1:2:ffff::1").login("noone@story.example", WRONG).await);
    platform2.end().await;
    platform.end().await;
}
