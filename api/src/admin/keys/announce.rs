//! Tells admins what becomes of the pool.

use domain::{feature::Feature, keys::Key};
use jobs::admin_events::{AdminEvent, Event, emit};
use serde_json::json;
use sqlx::PgConnection;

use crate::caller::SignedInUser;

/// A key is in the pool from this transaction on.
pub(super) async fn added(conn: &mut PgConnection, key: &Key, by: &SignedInUser) -> sqlx::Result<()> {
    announce(conn, Event::KeyAdded, "added", key, by).await
}

/// A key is not in the pool any more from this transaction on. Whoever deleted it knows.
pub(super) async fn deleted(conn: &mut PgConnection, key: &Key, by: &SignedInUser) -> sqlx::Result<()> {
    announce(conn, Event::KeyDeleted, "deleted", key, by).await
}

async fn announce(
    conn: &mut PgConnection,
    event: Event,
    done: &str,
    key: &Key,
    by: &SignedInUser,
) -> sqlx::Result<()> {
    let provider = key.provider.as_str();
    let facts = json!({
        "key": key.id,
        "ends_in": key.last_four,
        "provider": provider,
        "feature": key.feature.map_or("*", Feature::as_str),
        "by": by.email,
    });
    let notice = AdminEvent {
        event,
        about: &key.id.to_string(),
        subject: &format!("{} was {done}", key.provider.a_key()),
        facts,
        except: (event == Event::KeyDeleted).then_some(by.id),
    };
    emit(conn, &notice).await
}
