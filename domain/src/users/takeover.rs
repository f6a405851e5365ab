//! An operator sets the password of an account that is there.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{clients, sign_ins, store};
use crate::{ids::UserId, keys::own};

/// What an account had that an operator took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOver {
    /// Its own provider keys, which are deleted: they would be asked whatever its new owner asks.
    pub own_keys: u64,
}

/// Sets a password, and puts everybody out who had the one before: sign-ins, devices, and provider keys that they
/// brought. Needs the platform.
///
/// # Errors
/// The database's.
pub async fn take_over(
    conn: &mut PgConnection,
    user: UserId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<TakenOver> {
    // In this order: whoever signs in holds the account's row, and whoever adds a key that of the sign-in.
    store::set_password(conn, user, password_hash).await?;
    sign_ins::revoke_all(conn, user, now).await?;
    clients::forget_all(conn, user).await?;
    Ok(TakenOver { own_keys: own::delete_all(conn, user).await? })
}
