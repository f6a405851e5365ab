//! What the audit log keeps of signing in: who came and went, who did not get in, and what is suspicious.

use domain::{
    audit::{self, Action, Actor, Target, burst},
    ids::{SignInId, UserId},
    users::{Role, User},
};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::fields;
use crate::{App, audited::suspicious};

/// Entries a minute about the coming, and about the going, of one account. What is over is counted.
const COMING_AND_GOING: i64 = 10;

/// Entries a minute about tries that failed. Each address has few, but there is no end of addresses.
const FAILURES: i64 = 60;

/// Somebody signed in.
pub(super) async fn signed_in(
    app: &App,
    conn: &mut PgConnection,
    client: Actor,
    user: &User,
    role: Option<Role>,
) -> sqlx::Result<()> {
    let details = json!({ "role": role });
    coming_or_going(app, conn, client, (user.id, &user.email), "sign_in", details).await
}

/// Somebody signed in or out, which they may do over and over.
pub(super) async fn coming_or_going(
    app: &App,
    conn: &mut PgConnection,
    client: Actor,
    (id, email): (UserId, &str),
    action: &'static str,
    mut details: Value,
) -> sqlx::Result<()> {
    let seen = burst::count(conn, action, &id.to_string(), app.clock.now()).await?;
    if !seen.is_among_first(COMING_AND_GOING) {
        return Ok(());
    }
    if let Some(details) = details.as_object_mut().filter(|_| seen.unlogged_beyond(COMING_AND_GOING) > 0) {
        details.insert("more_before".to_owned(), json!(seen.unlogged_beyond(COMING_AND_GOING)));
    }
    of_account(conn, client, (id, email), action, &details).await
}

/// Something that an account did about itself.
pub(super) async fn of_account(
    conn: &mut PgConnection,
    client: Actor,
    (id, email): (UserId, &str),
    action: &'static str,
    details: &Value,
) -> sqlx::Result<()> {
    let actor = client.acting_for(id, email);
    let target = Target { kind: "user", id: Some(&id.to_string()) };
    audit::record(conn, &actor, Action(action), target, details).await
}

/// A try that failed. People type passwords into the wrong field, so only what is an address is kept.
pub(super) async fn sign_in_failed(
    app: &App,
    conn: &mut PgConnection,
    client: &Actor,
    tried: &str,
    account: Option<UserId>,
) -> sqlx::Result<()> {
    let seen = burst::count(conn, "sign_in_failed", "", app.clock.now()).await?;
    if !seen.is_among_first(FAILURES) {
        return Ok(());
    }
    let email = fields::email(tried, &()).is_ok().then(|| fields::normal_email(tried));
    let id = account.map(|id| id.to_string());
    let target = Target { kind: "user", id: id.as_deref() };
    let mut details = json!({ "email": email });
    if let Some(details) = details.as_object_mut().filter(|_| seen.unlogged_beyond(FAILURES) > 0) {
        details.insert("more_before".to_owned(), json!(seen.unlogged_beyond(FAILURES)));
    }
    audit::record(conn, client, Action("sign_in_failed"), target, &details).await
}

/// Too many tries locked sign-in to an account for whom it does not know; admins are told where it is one of theirs.
/// Once a minute.
pub(super) async fn locked(
    app: &App,
    conn: &mut PgConnection,
    client: &Actor,
    user: &User,
    role: Option<Role>,
    details: &Value,
) -> sqlx::Result<()> {
    let id = user.id.to_string();
    if !burst::count(conn, "account_locked", &id, app.clock.now()).await?.is_first() {
        return Ok(());
    }
    let target = Target { kind: "user", id: Some(&id) };
    let mut details = details.clone();
    if let Some(details) = details.as_object_mut() {
        details.insert("email".to_owned(), json!(user.email));
        details.insert("role".to_owned(), json!(role));
    }
    if role.is_some() {
        let subject = "The account of an admin is locked after too many failed sign-ins";
        suspicious(conn, client, target, "account_locked", subject, details).await
    } else {
        audit::record(conn, client, Action("account_locked"), target, &details).await
    }
}

/// A disabled account with the right password; once a minute.
pub(super) async fn disabled(
    app: &App,
    conn: &mut PgConnection,
    client: Actor,
    user: &User,
) -> sqlx::Result<()> {
    let seen = burst::count(conn, "disabled_sign_in", &user.id.to_string(), app.clock.now()).await?;
    if seen.is_first() {
        let details = json!({ "reason": "disabled", "more_before": seen.unlogged });
        of_account(conn, client, (user.id, &user.email), "sign_in_refused", &details).await?;
    }
    Ok(())
}

/// A registration of an address that has an account, or is an admin's; once a minute from one client.
pub(super) async fn registration_refused(
    app: &App,
    conn: &mut PgConnection,
    client: &Actor,
    email: &str,
    reserved: bool,
) -> sqlx::Result<()> {
    let who = client.ip.map(|ip| ip.to_string()).unwrap_or_default();
    let seen = burst::count(conn, "registration_refused", &who, app.clock.now()).await?;
    if seen.is_first() {
        let details = json!({ "email": email, "reserved": reserved, "more_before": seen.unlogged });
        let target = Target { kind: if reserved { "allowlist" } else { "user" }, id: Some(email) };
        audit::record(conn, client, Action("registration_refused"), target, &details).await?;
    }
    Ok(())
}

/// A refresh token came a second time: somebody has a copy. Once a minute for one account.
pub(super) async fn refresh_reused(
    app: &App,
    conn: &mut PgConnection,
    client: Actor,
    (id, email): (UserId, &str),
    sign_in: SignInId,
) -> sqlx::Result<()> {
    let seen = burst::count(conn, "refresh_token_reused", &id.to_string(), app.clock.now()).await?;
    if !seen.is_first() {
        return Ok(());
    }
    let details = json!({ "sign_in": sign_in, "more_before": seen.unlogged });
    let target = Target { kind: "user", id: Some(&id.to_string()) };
    // Thief or owner: who came is not known, only whose it is.
    let actor = client.acting_for(id, email);
    let subject = "A refresh token was used twice; its sign-in was ended";
    suspicious(conn, &actor, target, "refresh_token_reused", subject, details).await
}
