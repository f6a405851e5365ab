//! Passwords: which ones are taken, and how they are kept.

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

use anyhow::Context as _;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

/// The shortest password, in characters.
const MIN_CHARS: usize = 8;
/// The longest password, in bytes: enough for any sentence, and little enough to hash.
const MAX_BYTES: usize = 1_000;

/// The most common passwords of those that are long enough, in lower case: the head of the list that
/// zxcvbn ships, and some more.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common.txt").lines().collect());

/// What is wrong with a password that somebody chose; nothing is wrong with one that fits.
pub fn problems(password: &str) -> Vec<&'static str> {
    [length(password), variety(password), rarity(password)].into_iter().filter_map(Result::err).collect()
}

fn length(password: &str) -> Result<(), &'static str> {
    if password.chars().count() < MIN_CHARS {
        Err("must have at least 8 characters")
    } else if password.len() > MAX_BYTES {
        Err("must have at most 1000 bytes")
    } else {
        Ok(())
    }
}

fn variety(password: &str) -> Result<(), &'static str> {
    let is_other = |c: char| !(c.is_lowercase() || c.is_uppercase() || c.is_numeric());
    let kinds: [fn(char) -> bool; 4] = [char::is_lowercase, char::is_uppercase, char::is_numeric, is_other];
    if kinds.iter().filter(|is_kind| password.chars().any(is_kind)).count() < 2 {
        Err("must mix two kinds of characters: lower case, upper case, digits, others")
    } else {
        Ok(())
    }
}

fn rarity(password: &str) -> Result<(), &'static str> {
    if COMMON.contains(&*password.to_lowercase()) {
        Err("is one of the most common passwords")
    } else {
        Ok(())
    }
}

/// The rules as a body's field has them, each with a problem of its own.
pub(super) mod rules {
    use secrecy::{ExposeSecret as _, SecretString};

    /// Neither too short nor too long.
    pub(crate) fn length<C>(password: &SecretString, _: &C) -> garde::Result {
        super::length(password.expose_secret()).map_err(garde::Error::new)
    }

    /// Two kinds of characters.
    pub(crate) fn variety<C>(password: &SecretString, _: &C) -> garde::Result {
        super::variety(password.expose_secret()).map_err(garde::Error::new)
    }

    /// Not one that everybody has.
    pub(crate) fn rarity<C>(password: &SecretString, _: &C) -> garde::Result {
        super::rarity(password.expose_secret()).map_err(garde::Error::new)
    }
}

/// How much work a hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// 19 MiB and two passes, as OWASP recommends.
    Standard,
    /// As little as the algorithm allows: for tests that register many students.
    Cheap,
}

/// Hashes passwords with argon2id, on threads of their own: no more at once than there are cores, so
/// that neither requests nor memory suffer from many sign-ins. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    params: Params,
    permits: Arc<Semaphore>,
}

impl Passwords {
    /// With hashes that are this much work.
    pub fn new(cost: Cost) -> Self {
        let params = match cost {
            Cost::Standard => Params::DEFAULT,
            Cost::Cheap => Params::new(Params::MIN_M_COST, 1, 1, None).unwrap_or(Params::DEFAULT),
        };
        let cores = std::thread::available_parallelism().map_or(1, Into::into);
        Self { params, permits: Arc::new(Semaphore::new(cores)) }
    }

    /// The hash of a password, in PHC form.
    ///
    /// # Errors
    /// Where the machine has no randomness, or the process is ending.
    pub async fn hash(&self, password: SecretString) -> anyhow::Result<String> {
        let hash = self.work(move |argon2| {
            let hash = argon2.hash_password(password.expose_secret().as_bytes())?;
            Ok::<_, password_hash::Error>(hash.to_string())
        });
        hash.await?.context("a password could not be hashed")
    }

    /// Whether a password is the one of a stored hash. Where there is none, it takes as long as if
    /// there were, and is not.
    ///
    /// # Errors
    /// Where the stored hash is damaged, or the process is ending.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> anyhow::Result<bool> {
        let verified = self.work(move |argon2| {
            let password = password.expose_secret().as_bytes();
            if let Some(stored) = stored {
                argon2.verify_password(password, stored.as_str())
            } else {
                argon2.hash_password_with_salt(password, b"nobody's salt")?;
                Err(password_hash::Error::PasswordInvalid)
            }
        });
        match verified.await? {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(error).context("a stored password hash is damaged"),
        }
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'_>) -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        let params = self.params.clone();
        let work = tokio::task::spawn_blocking(move || {
            // Held here and not by the request, which may be gone before the work is done.
            let _permit = permit;
            work(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        });
        work.await.context("hashing was cut short")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_reason_of_its_own() {
        let count = |password: &str| problems(password).len();
        for good in
            ["Tr1cuspid", "left anterior descending", "пароль-и-соль", "S1234567890", &"aB".repeat(500)]
        {
            assert_eq!(problems(good), Vec::<&str>::new(), "{good}");
        }
        assert_eq!(problems("aB3"), ["must have at least 8 characters"]);
        assert_eq!(problems("äB3äB3ä"), ["must have at least 8 characters"], "characters, not bytes");
        assert_eq!(problems(&"aB".repeat(501)), ["must have at most 1000 bytes"]);
        assert_eq!(count("heartbeats"), 1, "one kind only");
        assert_eq!(count("        "), 1, "one kind only");
        for common in ["Password", "PASSWORD123", "qwerty123", "P@ssw0rd", "Iloveyou"] {
            assert_eq!(problems(common), ["is one of the most common passwords"], "{common}");
        }
        assert_eq!(count("password123-and-more"), 0, "only as a whole");
        assert_eq!(count(""), 2);
    }

    #[test]
    fn the_list_is_in_the_form_that_is_looked_up() {
        assert!(COMMON.len() > 500);
        for entry in COMMON.iter() {
            assert!(entry.len() >= MIN_CHARS && *entry == entry.trim().to_lowercase(), "{entry}");
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let passwords = Passwords::new(Cost::Cheap);
        let secret = |text: &str| SecretString::from(text);
        let hash = passwords.hash(secret("Tr1cuspid")).await.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("Tr1cuspid"));
        assert!(passwords.verify(secret("Tr1cuspid"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(secret("tr1cuspid"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(secret("Tr1cuspid"), None).await.unwrap());
        assert!(passwords.verify(secret("Tr1cuspid"), Some("junk".to_owned())).await.is_err());
    }

    #[tokio::test]
    async fn hashes_of_any_cost_stay_good() {
        let hash = Passwords::new(Cost::Standard).hash(SecretString::from("Tr1cuspid")).await.unwrap();
        assert!(hash.contains("m=19456,t=2,p=1"));
        assert!(
            Passwords::new(Cost::Cheap).verify(SecretString::from("Tr1cuspid"), Some(hash)).await.unwrap()
        );
    }
}
