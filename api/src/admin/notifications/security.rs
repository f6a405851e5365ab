//! How security events are told, which is not every admin's to change: whoever misuses an account would begin with it.

use std::collections::BTreeSet;

use domain::users::Role;
use jobs::admin_events::{
    self, AdminEvent, Channel, Event, Policy, Recipients, recipients::AvailableChannels,
};
use serde_json::json;
use sqlx::PgConnection;

use super::view::Current;
use crate::{App, caller::Admin, error::ApiResult};

/// Events about security.
fn events() -> impl Iterator<Item = Event> {
    Event::settable().filter(|event| event.is_security())
}

/// Refuses a change that switches security events off, takes a channel or an address from them, or leaves nobody who
/// hears of them, unless a super admin makes it. Where fewer hear of them afterwards, all admins are told, whoever makes it.
pub(super) async fn watch<P>(
    app: &App,
    admin: &Admin<P>,
    conn: &mut PgConnection,
    before: &Current,
    after: &Current,
) -> ApiResult<()> {
    let available_channels = &app.settings.available_channels;
    let weaker = events().any(|event| is_weaker(event, before, after));
    let silent = events().any(|event| {
        let ways = |current| ways(event, current, available_channels);
        !ways(before).is_empty() && ways(after).is_empty()
    });
    let unwritten = events().any(|event| {
        let written = |current: &Current| {
            letters(event, current, available_channels).into_iter().collect::<BTreeSet<_>>()
        };
        !written(after).is_superset(&written(before))
    });
    if (weaker || silent || unwritten) && admin.caller.role != Some(Role::SuperAdmin) {
        let why = "Only a super admin can switch security alerts off.";
        return Err(admin.refused(app, "switch security alerts off", why).await);
    }
    let lost: BTreeSet<_> = events()
        .flat_map(|event| {
            let kept = ways(event, after, available_channels);
            ways(event, before, available_channels)
                .into_iter()
                .filter(move |way| !kept.contains(way))
                .collect::<Vec<_>>()
        })
        .collect();
    if !weaker && lost.is_empty() {
        return Ok(());
    }
    let of = |current: &Current| {
        let told = |event| json!({ "enabled": current.settings.enabled(event), "channels": current.settings.channels(event) });
        events().map(|event| (event.as_str().to_owned(), told(event))).collect::<serde_json::Map<_, _>>()
    };
    let notice = AdminEvent {
        event: Event::AlertsChanged,
        about: "notifications",
        subject: "Fewer are told of security events",
        facts: json!({
            "account": admin.caller.email,
            "no_longer_told": lost,
            "before": of(before),
            "after": of(after),
        }),
        except: None,
    };
    admin_events::emit(conn, &notice).await?;
    Ok(())
}

/// Whether an event is switched off that was on, or lacks a channel that it had.
fn is_weaker(event: Event, before: &Current, after: &Current) -> bool {
    let channels = after.settings.channels(event);
    (before.settings.enabled(event) && !after.settings.enabled(event))
        || before.settings.channels(event).iter().any(|channel| !channels.contains(channel))
}

/// All ways on which an event reaches somebody, in words.
fn ways(event: Event, current: &Current, available_channels: &AvailableChannels) -> BTreeSet<String> {
    if !current.settings.enabled(event) {
        return BTreeSet::new();
    }
    let of_channel = |channel| match channel {
        Channel::Email => letters(event, current, available_channels),
        Channel::Webhook => {
            let hooks = current.webhooks.iter().filter(|hook| hook.enabled);
            hooks.map(|hook| format!("webhook {}", hook.shown)).collect()
        }
        Channel::Sms if !available_channels.sms => Vec::new(),
        Channel::Sms => current.settings.phones.iter().map(|phone| format!("text to {phone}")).collect(),
    };
    current.settings.channels(event).into_iter().flat_map(of_channel).collect()
}

/// To whom an event is written, in words.
fn letters(event: Event, current: &Current, available_channels: &AvailableChannels) -> Vec<String> {
    let chosen = current.settings.emails.as_ref();
    match chosen.filter(|_| Policy::of(event).recipients == Recipients::Chosen) {
        _ if !available_channels.email => Vec::new(),
        None => vec!["e-mail to all admins".to_owned()],
        Some(emails) => emails.iter().map(|email| format!("e-mail to {email}")).collect(),
    }
}
