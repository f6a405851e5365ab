//! Who calls: from a bearer token or the cookies of a browser, checked against the database's
//! current state on every request, so that a disabled account or an ended sign-in is out at once.

use std::{marker::PhantomData, net::IpAddr};

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, Method, header, request::Parts},
};
use axum_extra::extract::CookieJar;
use domain::{
    audit::Actor,
    ids::{SignInId, UserId},
    quota::Payer,
    users::{Plan, Role, store},
};
use sqlx::PgConnection;

use crate::{
    App,
    audited::{self, Change},
    auth::{
        cookies::{self, ACCESS},
        tokens::Claims,
    },
    error::ApiError,
    forwarded::client_ip,
    permissions::Permission,
    server::{ClientIp, request_id},
};

/// Anybody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct SignedInUser {
    /// The account.
    pub(crate) id: UserId,
    /// Its address.
    pub(crate) email: String,
    /// The device.
    pub(crate) sign_in: SignInId,
    /// What they pay for.
    pub(crate) plan: Plan,
    /// What they may do as an admin, now.
    pub(crate) role: Option<Role>,
    /// Whether they brought a provider key of their own that works.
    pub(crate) has_own_key: bool,
}

/// Where a request comes from, as the audit log keeps it; nobody is known yet.
#[derive(Debug, Clone)]
pub(crate) struct Client(pub(crate) Actor);

impl SignedInUser {
    /// Who pays for what they ask. Admins pass all limits.
    pub(crate) const fn payer(&self) -> Payer {
        match (self.role, self.plan) {
            (Some(Role::Admin | Role::SuperAdmin), _) | (_, Plan::Admin) => Payer::Admin,
            _ => Payer::Plan,
        }
    }
}

/// An admin who may do what `P` says.
#[derive(Debug)]
pub(crate) struct Admin<P> {
    /// Who.
    pub(crate) caller: SignedInUser,
    /// The same, for the audit log.
    pub(crate) actor: Actor,
    permission: PhantomData<P>,
}

impl FromRequestParts<App> for SignedInUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let claims = claims_of(parts, app)?;
        Self::standing(app, app.db.pool(), claims.user, claims.sign_in).await
    }
}

impl SignedInUser {
    /// Whether they are still let in: for what lasts longer than a request. An error of ours where that cannot be known.
    pub(crate) async fn still_stands(&self, app: &App) -> Result<(), ApiError> {
        Self::standing(app, app.db.pool(), self.id, self.sign_in).await.map(drop)
    }

    /// As they stand now.
    pub(crate) async fn standing(
        app: &App,
        executor: impl sqlx::PgExecutor<'_>,
        user: UserId,
        sign_in: SignInId,
    ) -> Result<Self, ApiError> {
        let state = store::caller_state(executor, user, sign_in).await?;
        let state =
            state.ok_or(ApiError::Unauthenticated("Your session has ended. Please sign in again."))?;
        let role = if let Some(until) = state.emergency_until {
            // Whoever has the server's command line let them in, whatever the account may do otherwise.
            if app.clock.now() >= until {
                return Err(ApiError::Unauthenticated("Your session has ended. Please sign in again."));
            }
            Some(Role::SuperAdmin)
        } else if state.disabled {
            return Err(ApiError::Forbidden("This account is disabled."));
        } else {
            let super_admin = app.settings.super_admin_email.as_deref() == Some(&*state.email);
            let role = if super_admin { Some(Role::SuperAdmin) } else { state.listed_role };
            role.filter(|_| state.email_verified)
        };
        Ok(Self {
            id: user,
            email: state.email,
            sign_in,
            plan: state.plan,
            role,
            has_own_key: state.has_own_key,
        })
    }
}

impl<P: Permission> FromRequestParts<App> for Admin<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = SignedInUser::from_request_parts(parts, app).await?;
        let Client(client) = Client::from_request_parts(parts, app).await?;
        let actor = client.acting_for(caller.id, &caller.email);
        if caller.role.is_some_and(|role| P::ROLES.contains(&role)) {
            return Ok(Self { caller, actor, permission: PhantomData });
        }
        let route = parts.extensions.get::<MatchedPath>().map_or("-", MatchedPath::as_str);
        audited::refused(app, &actor, caller.role, &format!("{} {route}", parts.method)).await;
        Err(ApiError::Forbidden("You are not allowed to do this."))
    }
}

impl<P: Permission> Admin<P> {
    /// Whether they still may: for what lasts longer than a request. Where that cannot be known, they may.
    pub(crate) async fn still_may(&self, app: &App) -> bool {
        let standing = SignedInUser::standing(app, app.db.pool(), self.caller.id, self.caller.sign_in);
        match standing.await {
            Ok(caller) => caller.role.is_some_and(|role| P::ROLES.contains(&role)),
            Err(ApiError::Internal(_)) => true,
            Err(_) => false,
        }
    }

    /// Refuses an admin who may not any more: what they asked for waited for others, who may have put them out.
    pub(crate) async fn require_still(&self, app: &App, conn: &mut PgConnection) -> Result<(), ApiError> {
        let caller = SignedInUser::standing(app, conn, self.caller.id, self.caller.sign_in).await?;
        if caller.role.is_some_and(|role| P::ROLES.contains(&role)) {
            return Ok(());
        }
        Err(ApiError::Forbidden("You are not allowed to do this."))
    }
}

impl<P> Admin<P> {
    /// Begins a change: it commits with its entry in the audit log, or not at all.
    pub(crate) async fn begin(&self, app: &App) -> Result<Change<'_>, ApiError> {
        Change::begin(app, &self.actor).await
    }

    /// Refuses what the permission allows, but not to this admin, and puts that into the audit log.
    pub(crate) async fn refused(&self, app: &App, what: &str, why: &'static str) -> ApiError {
        audited::refused(app, &self.actor, self.caller.role, what).await;
        ApiError::Forbidden(why)
    }
}

impl Client {
    /// The client, acting for an account.
    pub(crate) fn acting_for(self, student: &SignedInUser) -> Actor {
        self.0.acting_for(student.id, &student.email)
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let ClientIp(ip) = ClientIp::from_request_parts(parts, app).await?;
        Ok(Self(Actor {
            id: None,
            email: None,
            ip: Some(ip),
            user_agent: user_agent(&parts.headers),
            request_id: request_id(),
        }))
    }
}

/// What a client calls itself, as much of it as is kept.
fn user_agent(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(said.chars().take(512).collect())
}

/// Whether a request says who sends it, be it true or not.
pub(crate) fn carries_token(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || CookieJar::from_headers(headers).get(ACCESS).is_some()
}

/// Whose token a request carries, as far as that can be said without asking the database: good for counting, and for
/// nothing that needs somebody to be allowed to.
pub(crate) fn claimed(headers: &HeaderMap, app: &App) -> Option<UserId> {
    let jar = CookieJar::from_headers(headers);
    let token = match headers.get(header::AUTHORIZATION) {
        Some(value) => value.to_str().ok()?.split_once(' ')?.1.trim(),
        None => jar.get(ACCESS)?.value(),
    };
    app.tokens.verify_access(token, app.clock.now()).ok().map(|claims| claims.user)
}

/// What the access token of a request says. One that comes by cookie was sent by the browser and not by our
/// page, so a request that changes something must also prove where it comes from.
fn claims_of(parts: &Parts, app: &App) -> Result<Claims, ApiError> {
    const SIGN_IN: ApiError = ApiError::Unauthenticated("Please sign in.");
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or(SIGN_IN)?;
        return if scheme.eq_ignore_ascii_case("bearer") {
            app.tokens.verify_access(token.trim(), app.clock.now())
        } else {
            Err(SIGN_IN)
        };
    }
    let jar = CookieJar::from_headers(&parts.headers);
    let token = jar.get(ACCESS).ok_or(SIGN_IN)?;
    let claims = app.tokens.verify_access(token.value(), app.clock.now())?;
    let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads {
        cookies::require_same_site(&parts.headers, app, claims.sign_in)?;
    }
    Ok(claims)
}

/// The address of the client, as far as it can be known.
impl FromRequestParts<App> for ClientIp {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip().to_canonical());
        Ok(Self(client_ip(peer, &parts.headers, &app.settings.trusted_proxies)))
    }
}
