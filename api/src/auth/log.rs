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
    conn: &mut PgConnection,
    client: &Actor,
    tried: &str,
    account: Option<UserId>,
) -> sqlx::Result<()> {
    let email = fields::email(tried, &()).is_ok().then(|| fields::normal_email(tried));
    let id = account.map(|id| id.to_string());
    let target = Target { kind: "user", id: id.as_deref() };
    audit::record(conn, client, Action("sign_in_failed"), target, &json!({ "email": email })).await
}

/// Too many tries locked an account; admins are told where it is one of theirs.
pub(super) async fn locked(
    conn: &mut PgConnection,
    client: &Actor,
    user: &User,
    role: Option<Role>,
    details: &Value,
) -> sqlx::Result<()> {
    let id = user.id.to_string();
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

/// A registration of an address that is an admin's; once a minute from one client.
pub(super) async fn reserved(
    app: &App,
    conn: &mut PgConnection,
    client: &Actor,
    email: &str,
) -> sqlx::Result<()> {
    let who = client.ip.map(|ip| ip.to_string()).unwrap_or_default();
    let seen = burst::count(conn, "reserved_registration", &who, app.clock.now()).await?;
    if seen.is_first() {
        let details = json!({ "email": email, "more_before": seen.unlogged });
        let target = Target { kind: "allowlist", id: Some(email) };
        audit::record(conn, client, Action("registration_refused"), target, &details).await?;
    }
    Ok(())
}

/// A refresh token came a second time: somebody has a copy.
pub(super) async fn refresh_reused(
    conn: &mut PgConnection,
    client: Actor,
    (id, email): (UserId, &str),
    sign_in: SignInId,
) -> sqlx::Result<()> {
    let details = json!({ "sign_in": sign_in });
    let target = Target { kind: "user", id: Some(&id.to_string()) };
    // Thief or owner: who came is not known, only whose it is.
    let actor = client.acting_for(id, email);
    let subject = "A refresh token was used twice; its sign-in was ended";
    suspicious(conn, &actor, target, "refresh_token_reused", subject, details).await
}
