//! What is authenticated or hidden by keys that are made from the secret of tokens: the CSRF token, the device's
//! cookie, and the e-mails that were tried.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ids::{DeviceId, SignInId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use uuid::Uuid;

/// The keys.
pub(super) struct Macs {
    csrf: Hmac<Sha256>,
    device: Hmac<Sha256>,
    email: Hmac<Sha256>,
}

/// A key of its own for each purpose, so that nothing made for one can ever pass for another.
pub(super) fn derived(purpose: &str, secret: &[u8]) -> Hmac<Sha256> {
    let purpose = Sha512::new().chain_update(purpose).chain_update(b"\0");
    Hmac::new(&purpose.chain_update(secret).finalize())
}

impl Macs {
    /// Over the secret of tokens.
    pub(super) fn new(secret: &[u8]) -> Self {
        Self {
            csrf: derived("medai csrf token", secret),
            device: derived("medai device", secret),
            email: derived("medai tried e-mail", secret),
        }
    }

    /// What a page of ours sends back in a sign-in. Nobody else can make one, nor use that of another sign-in.
    pub(super) fn csrf(&self, sign_in: SignInId) -> String {
        let mac = self.csrf.clone().chain_update(sign_in.0.as_bytes()).finalize();
        URL_SAFE_NO_PAD.encode(mac.into_bytes())
    }

    /// Whether a text is the CSRF token of a sign-in.
    pub(super) fn is_csrf(&self, sign_in: SignInId, text: &str) -> bool {
        let Ok(mac) = URL_SAFE_NO_PAD.decode(text) else { return false };
        self.csrf.clone().chain_update(sign_in.0.as_bytes()).verify_slice(&mac).is_ok()
    }

    /// The cookie of a device.
    pub(super) fn device(&self, id: DeviceId) -> String {
        let mut bytes = id.0.as_bytes().to_vec();
        bytes.extend(self.device.clone().chain_update(&bytes).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The device whose cookie a text is; `None` where it is none of ours.
    pub(super) fn device_of(&self, text: &str) -> Option<DeviceId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, mac) = bytes.split_first_chunk::<16>()?;
        self.device.clone().chain_update(id).verify_slice(mac).ok()?;
        Some(DeviceId(Uuid::from_bytes(*id)))
    }

    /// What is kept of an e-mail that was tried. People type passwords into the wrong field.
    pub(super) fn email(&self, normal: &str) -> [u8; 32] {
        self.email.clone().chain_update(normal).finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csrf_token_is_good_in_its_sign_in_only() {
        let (macs, other) = (Macs::new(b"a secret"), Macs::new(b"another secret"));
        let (mine, yours) = (SignInId::generate(), SignInId::generate());
        let token = macs.csrf(mine);
        assert!(macs.is_csrf(mine, &token));
        assert!(!macs.is_csrf(yours, &token) && !other.is_csrf(mine, &token));
        assert_ne!(macs.csrf(mine), macs.csrf(yours));
    }

    #[test]
    fn an_e_mail_is_kept_under_a_key() {
        let (macs, other) = (Macs::new(b"a secret"), Macs::new(b"another secret"));
        assert_eq!(macs.email("ada@example.org"), macs.email("ada@example.org"));
        assert_ne!(macs.email("ada@example.org"), other.email("ada@example.org"));
        assert_ne!(macs.email("ada@example.org"), macs.email("bob@example.org"));
    }

    proptest::proptest! {
        #[test]
        fn only_a_cookie_of_ours_names_a_device(text: String, bytes: Vec<u8>, at in 0_usize..48, bit in 0_u8..8) {
            let macs = Macs::new(b"a secret");
            for text in [&*text, &URL_SAFE_NO_PAD.encode(&bytes)] {
                proptest::prop_assert_eq!(macs.device_of(text), None);
                proptest::prop_assert!(!macs.is_csrf(SignInId::generate(), text));
            }
            let id = DeviceId::generate();
            let cookie = macs.device(id);
            proptest::prop_assert_eq!(macs.device_of(&cookie), Some(id));
            let mut bytes = URL_SAFE_NO_PAD.decode(&cookie).unwrap();
            bytes[at] ^= 1 << bit;
            proptest::prop_assert_eq!(macs.device_of(&URL_SAFE_NO_PAD.encode(&bytes)), None);
        }
    }
}
