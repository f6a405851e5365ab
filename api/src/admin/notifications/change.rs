//! Changes who is told what.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State};
use domain::{audit::Target, ids::WebhookId};
use garde::Validate;
use jobs::admin_events::{
    Channel, Event, Policy, Urgency,
    settings::{self, Choice, Settings, Thresholds},
    webhooks::{self, Webhook},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use sqlx::PgConnection;
use url::Url;
use utoipa::ToSchema;

use super::{
    fields, security,
    view::{Current, NotificationsView},
};
use crate::{
    App,
    auth::fields::{email, normal_email},
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody, FieldProblem},
    extract::Valid,
    permissions::ManageNotifications,
};

/// What to set; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
#[serde(deny_unknown_fields)]
pub(super) struct NotificationsBody {
    /// Who gets e-mail; null is all admins.
    #[garde(inner(inner(length(max = 50), inner(custom(email)))))]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    emails: Option<Option<Vec<String>>>,
    /// Who gets text messages, such as `+4915112345678`.
    #[garde(inner(length(max = 20), inner(custom(fields::phone))))]
    #[schema(max_items = 20)]
    phones: Option<Vec<String>>,
    /// All webhooks that there shall be: those that are left out are removed.
    #[garde(length(max = 20))]
    #[schema(max_items = 20)]
    webhooks: Option<Vec<WebhookBody>>,
    #[garde(dive)]
    thresholds: Option<ThresholdsBody>,
    /// By event; events that are left out stay as they are.
    #[garde(skip)]
    #[serde(default)]
    types: BTreeMap<Event, TypeBody>,
}

/// A webhook: a new one has a `url`, one that is there has its `id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookBody {
    id: Option<WebhookId>,
    /// The address of a new one. With an `id`, nothing or what is shown.
    #[schema(value_type = Option<String>)]
    url: Option<SecretString>,
    #[serde(default = "yes")]
    #[schema(default = true)]
    enabled: bool,
}

/// When something is worth telling; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ThresholdsBody {
    /// Failures of a key within an hour before `key_failed` is told.
    #[garde(inner(range(min = 1, max = 1000)))]
    #[schema(minimum = 1, maximum = 1000)]
    key_failures: Option<i32>,
    /// How long what is not urgent is gathered before it is told.
    #[garde(inner(range(min = 0, max = 3600)))]
    #[schema(minimum = 0, maximum = 3600)]
    coalesce_seconds: Option<i32>,
    /// How long an event about the same thing is quiet after it was told.
    #[garde(inner(range(min = 0, max = 86400)))]
    #[schema(minimum = 0, maximum = 86400)]
    quiet_seconds: Option<i32>,
}

/// How an event is told; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
#[serde(deny_unknown_fields)]
pub(super) struct TypeBody {
    enabled: Option<bool>,
    /// Through what; null is the default. Text messages are for what is urgent.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<Channel>>)]
    channels: Option<Option<BTreeSet<Channel>>>,
}

const fn yes() -> bool {
    true
}

/// A field that is there, be it null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Changes who is told what. The secret of a new webhook is in this answer, and never again. Only a super admin can
/// switch security events off or take a channel from them; whoever lets fewer hear of them, all admins are told.
#[utoipa::path(put, path = "/api/admin/notifications", tag = "admin notifications",
    request_body = NotificationsBody,
    responses(
        (status = OK, body = NotificationsView),
        (status = FORBIDDEN, body = ErrorBody, description = "Also where security events would be told less"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin<ManageNotifications>,
    Valid(body): Valid<NotificationsBody>,
) -> ApiResult<Json<NotificationsView>> {
    // Looked up before the transaction, which must not wait for a name server.
    let urls = body.new_urls(app.settings.production).await?;
    let mut change = admin.begin(&app).await?;
    let before = Current::load(&mut change, true).await?;
    settings::save(&mut change, &body.applied_to(&before.settings)?).await?;
    let secrets = body.set_webhooks(&app, &mut change, &before.webhooks, urls).await?;
    let after = Current::load(&mut change, false).await?;
    security::watch(&app, &admin, &mut change, &before, &after).await?;
    let details = json!({ "before": before.audited(), "after": after.audited() });
    let target = Target { kind: "notifications", id: None };
    change.commit("update_notifications", target, &details).await?;
    Ok(Json(after.view(&app.settings.available_channels, &secrets)))
}

impl NotificationsBody {
    /// The addresses of new webhooks, in their order.
    async fn new_urls(&self, production: bool) -> ApiResult<Vec<Url>> {
        let (mut urls, mut problems) = (Vec::new(), Vec::new());
        for (index, hook) in self.webhooks.iter().flatten().enumerate() {
            if hook.id.is_some() {
                continue;
            }
            let text = hook.url.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
            let checked = match fields::webhook_url(text, production) {
                Ok(url) if production => fields::leads_outside(&url).await.map(|()| url),
                checked => checked,
            };
            match checked {
                Ok(url) => urls.push(url),
                Err(problem) => problems.push(FieldProblem {
                    field: format!("webhooks[{index}].url"),
                    problem: problem.to_owned(),
                }),
            }
        }
        if problems.is_empty() { Ok(urls) } else { Err(ApiError::Invalid(problems)) }
    }

    fn applied_to(&self, before: &Settings) -> ApiResult<Settings> {
        let mut after = before.clone();
        if let Some(emails) = &self.emails {
            let unique = |emails: &Vec<String>| {
                let emails: BTreeSet<_> = emails.iter().map(|email| normal_email(email)).collect();
                emails.into_iter().collect()
            };
            after.emails = emails.as_ref().map(unique);
        }
        if let Some(phones) = &self.phones {
            let phones: BTreeSet<_> = phones.iter().cloned().collect();
            after.phones = phones.into_iter().collect();
        }
        if let Some(changed) = &self.thresholds {
            let before = before.thresholds;
            after.thresholds = Thresholds {
                key_failures: changed.key_failures.unwrap_or(before.key_failures),
                coalesce_seconds: changed.coalesce_seconds.unwrap_or(before.coalesce_seconds),
                quiet_seconds: changed.quiet_seconds.unwrap_or(before.quiet_seconds),
            };
        }
        for (event, changed) in &self.types {
            changed.check(*event)?;
            let choice = after.types.entry(*event).or_insert(Choice { enabled: true, channels: None });
            choice.enabled = changed.enabled.unwrap_or(choice.enabled);
            if let Some(channels) = &changed.channels {
                choice.channels = channels.as_ref().map(|channels| channels.iter().copied().collect());
            }
        }
        Ok(after)
    }

    /// Adds, switches and removes. Returns the secrets of the new ones.
    async fn set_webhooks(
        &self,
        app: &App,
        conn: &mut PgConnection,
        before: &[Webhook],
        urls: Vec<Url>,
    ) -> ApiResult<Vec<(WebhookId, String)>> {
        let Some(wanted) = &self.webhooks else { return Ok(Vec::new()) };
        let kept: Vec<_> = wanted.iter().filter_map(|hook| hook.id).collect();
        webhooks::retain(conn, &kept).await?;
        let (mut secrets, mut urls) = (Vec::new(), urls.into_iter());
        for (index, hook) in wanted.iter().enumerate() {
            if let Some(id) = hook.id {
                hook.is_one_of(before, index)?;
                webhooks::set_enabled(conn, id, hook.enabled).await?;
            } else if let Some(url) = urls.next() {
                let (id, secret) = webhooks::insert(conn, &app.vault, &url, hook.enabled).await?;
                secrets.push((id, secret.expose().to_owned()));
            }
        }
        Ok(secrets)
    }
}

impl WebhookBody {
    /// One that is there keeps its address: a new address gets a new secret.
    fn is_one_of(&self, before: &[Webhook], index: usize) -> ApiResult<()> {
        let Some(found) = before.iter().find(|hook| Some(hook.id) == self.id) else {
            return Err(ApiError::field(format!("webhooks[{index}].id"), "is none of the webhooks"));
        };
        if self.url.as_ref().is_some_and(|url| url.expose_secret() != found.shown) {
            let problem = "cannot be changed: add a new webhook, which gets a secret of its own";
            return Err(ApiError::field(format!("webhooks[{index}].url"), problem));
        }
        Ok(())
    }
}

impl TypeBody {
    fn check(&self, event: Event) -> ApiResult<()> {
        let field = format!("types.{}", event.as_str());
        if !event.is_settable() {
            return Err(ApiError::field(field, "is always told"));
        }
        let sms = self.channels.iter().flatten().flatten().any(|channel| *channel == Channel::Sms);
        if sms && Policy::of(event).urgency != Urgency::High {
            return Err(ApiError::field(format!("{field}.channels"), "sms is for what is urgent"));
        }
        Ok(())
    }
}
