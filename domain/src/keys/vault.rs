//! Encryption of provider keys at rest: AES-256-GCM with a random nonce, the row's id as associated
//! data (so that a ciphertext copied to another row is refused), and the id of the master key beside
//! it (so that two can live during a rotation). A value that fails to decrypt is an error, never
//! used as it is.

use std::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use rand::Rng as _;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Secret;
use crate::ids::KeyId;

/// Bytes of a GCM nonce, which leads the ciphertext.
const NONCE_LEN: usize = 12;

/// The master keys: the first encrypts, all decrypt.
pub struct Vault {
    keys: Vec<MasterKey>,
}

struct MasterKey {
    id: String,
    cipher: Aes256Gcm,
    fingerprint_key: Zeroizing<[u8; 32]>,
}

/// An encrypted value with the master key that it needs.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
    /// Which master key.
    pub cipher_key_id: String,
}

/// Why a value could not be opened or sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// `ENCRYPTION_KEY` is not 64 hexadecimal digits.
    #[error("an encryption key is 64 hexadecimal digits")]
    NotAMasterKey,
    /// It was encrypted with a master key that this process does not have.
    #[error("the master key of this value is not configured")]
    UnknownMasterKey,
    /// It is damaged, or belongs to another row.
    #[error("the value does not decrypt")]
    Damaged,
}

impl Vault {
    /// Over master keys as 64 hexadecimal digits each, the current one first.
    ///
    /// # Errors
    /// Where one is not.
    pub fn new<'a>(master_keys: impl IntoIterator<Item = &'a str>) -> Result<Self, VaultError> {
        let keys = master_keys.into_iter().map(MasterKey::parse).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(VaultError::NotAMasterKey) } else { Ok(Self { keys }) }
    }

    /// Encrypts a key for its row.
    ///
    /// # Errors
    /// Never with a sound cipher; it is not ours to panic over.
    pub fn seal(&self, row: KeyId, secret: &Secret) -> Result<Sealed, VaultError> {
        self.seal_text(row.0, secret.expose())
    }

    /// Encrypts any other text for its row.
    ///
    /// # Errors
    /// Never with a sound cipher.
    pub fn seal_text(&self, row: Uuid, text: &str) -> Result<Sealed, VaultError> {
        let key = self.keys.first().ok_or(VaultError::UnknownMasterKey)?;
        let mut bytes = vec![0; NONCE_LEN];
        rand::rng().fill_bytes(&mut bytes);
        let nonce = Nonce::try_from(bytes.as_slice()).map_err(damaged)?;
        let payload = Payload { msg: text.as_bytes(), aad: row.as_bytes() };
        bytes.extend(key.cipher.encrypt(&nonce, payload).map_err(damaged)?);
        Ok(Sealed { bytes, cipher_key_id: key.id.clone() })
    }

    /// Decrypts the key of a row.
    ///
    /// # Errors
    /// Where the master key is missing, or the value is damaged or another row's.
    pub fn open(&self, row: KeyId, sealed: &Sealed) -> Result<Secret, VaultError> {
        let clear = self.decrypt(row.0, sealed)?;
        if clear.is_empty() { Ok(Secret::none()) } else { Secret::parse(&clear).map_err(damaged) }
    }

    /// Decrypts the text of a row.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_text(&self, row: Uuid, sealed: &Sealed) -> Result<SecretString, VaultError> {
        self.decrypt(row, sealed).map(|clear| SecretString::from(clear.as_str()))
    }

    fn decrypt(&self, row: Uuid, sealed: &Sealed) -> Result<Zeroizing<String>, VaultError> {
        let key = self.keys.iter().find(|key| key.id == sealed.cipher_key_id);
        let key = key.ok_or(VaultError::UnknownMasterKey)?;
        let (nonce, ciphertext) = sealed.bytes.split_at_checked(NONCE_LEN).ok_or(VaultError::Damaged)?;
        let nonce = Nonce::try_from(nonce).map_err(damaged)?;
        let payload = Payload { msg: ciphertext, aad: row.as_bytes() };
        let clear = Zeroizing::new(key.cipher.decrypt(&nonce, payload).map_err(damaged)?);
        std::str::from_utf8(&clear).map(|clear| Zeroizing::new(clear.to_owned())).map_err(damaged)
    }

    /// A keyed hash of a key and where it is used, to find duplicates without decrypting all.
    ///
    /// # Errors
    /// Never with a vault from [`Vault::new`].
    pub fn fingerprint(&self, secret: &Secret, base_url: Option<&str>) -> Result<Vec<u8>, VaultError> {
        let key = self.keys.first().ok_or(VaultError::UnknownMasterKey)?;
        let mut mac =
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&*key.fingerprint_key).map_err(damaged)?;
        mac.update(secret.expose().as_bytes());
        if secret.is_none() {
            // Without a key, it is the address that must not be there twice.
            mac.update(base_url.unwrap_or_default().as_bytes());
        }
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl MasterKey {
    fn parse(text: &str) -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), &mut *bytes).map_err(|_malformed| VaultError::NotAMasterKey)?;
        // Derived, so that neither the id nor a fingerprint says anything about the key itself.
        let derive = |purpose: &[u8]| Sha256::new().chain_update(purpose).chain_update(*bytes).finalize();
        let id = hex::encode(derive(b"medai master key id").get(..4).unwrap_or_default());
        let fingerprint_key = Zeroizing::new(derive(b"medai key fingerprint").into());
        let cipher = Aes256Gcm::new_from_slice(&*bytes).map_err(|_length| VaultError::NotAMasterKey)?;
        Ok(Self { id, cipher, fingerprint_key })
    }
}

fn damaged<E>(_cause: E) -> VaultError {
    VaultError::Damaged
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const NEW: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn a_key_comes_back_only_for_its_row() {
        let vault = Vault::new([OLD]).unwrap();
        let (row, secret) = (KeyId::generate(), Secret::parse("sk-a-very-secret-key").unwrap());
        let sealed = vault.seal(row, &secret).unwrap();
        assert_eq!(vault.open(row, &sealed), Ok(secret));
        assert_eq!(vault.open(KeyId::generate(), &sealed), Err(VaultError::Damaged));
        assert!(!sealed.bytes.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn two_master_keys_live_during_a_rotation() {
        let (row, secret) = (KeyId::generate(), Secret::parse("sk-a-very-secret-key").unwrap());
        let sealed = Vault::new([OLD]).unwrap().seal(row, &secret).unwrap();
        assert_eq!(Vault::new([NEW, OLD]).unwrap().open(row, &sealed), Ok(secret));
        assert_eq!(Vault::new([NEW]).unwrap().open(row, &sealed), Err(VaultError::UnknownMasterKey));
    }

    proptest::proptest! {
        #[test]
        fn a_damaged_value_is_refused(at in 0_usize..48, flip in 1_u8..=255) {
            let vault = Vault::new([OLD]).unwrap();
            let (row, secret) = (KeyId::generate(), Secret::parse("sk-a-very-secret-key").unwrap());
            let mut sealed = vault.seal(row, &secret).unwrap();
            let at = at % sealed.bytes.len();
            sealed.bytes[at] ^= flip;
            proptest::prop_assert_eq!(vault.open(row, &sealed), Err(VaultError::Damaged));
            sealed.bytes.truncate(at);
            proptest::prop_assert_eq!(vault.open(row, &sealed), Err(VaultError::Damaged));
        }
    }
}
