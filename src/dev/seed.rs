//! The first admin.

use api::password::{Cost, Passwords};
use domain::users::Role;
use rand::RngExt as _;
use secrecy::ExposeSecret as _;

use crate::{admin, platform::Platform};

/// The admin that was just made.
pub(super) struct NewAdmin {
    pub(super) email: String,
    /// The made-up password; `None` where it was given.
    pub(super) password: Option<String>,
}

/// Makes the first admin, unless there is an account of that address.
pub(super) async fn admin(platform: &Platform) -> anyhow::Result<Option<NewAdmin>> {
    let email = platform.config.accounts.admin_email.trim().to_lowercase();
    let mut tx = platform.db.begin_platform().await?;
    if domain::users::store::find_credentials(&mut tx, &email).await?.is_some() {
        return Ok(None);
    }
    let given =
        platform.config.accounts.admin_password.as_ref().map(|password| password.expose_secret().to_owned());
    let made_up = given.is_none().then(make_up);
    let password = given.or_else(|| made_up.clone()).unwrap_or_default();
    let new =
        admin::NewAdmin { email: &email, password: &password, role: Role::SuperAdmin, take_over: false };
    admin::insert(&mut tx, &Passwords::new(Cost::Standard), &new).await?;
    tx.commit().await?;
    Ok(Some(NewAdmin { email, password: made_up }))
}

/// 20 characters that are not mistaken for one another: about 115 bits.
fn make_up() -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut word = || -> String {
        (0..5)
            .filter_map(|_| ALPHABET.get(rng.random_range(0..ALPHABET.len())))
            .map(|byte| char::from(*byte))
            .collect()
    };
    [word(), word(), word(), word()].join("-")
}
