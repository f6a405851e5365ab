//! Opens a file, by its password where it has one.
//!
//! What a password is in bytes depends on the revision and on the program that locked the file: `PDFDocEncoding` up to
//! revision 4, UTF-8 in a normal form from 5 on, and whatever the system had at hand in practice. Each is tried.

use std::sync::Arc;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use pdf_extract::{Document, Object};
use unicode_normalization::UnicodeNormalization as _;

use super::{info, protocol::Refusal};

/// Opens a file for the first engine. The empty password is tried first.
pub(super) fn first(bytes: Vec<u8>, password: Option<&str>) -> Result<Pdf, Refusal> {
    let bytes = Arc::new(bytes);
    match Pdf::new(Arc::clone(&bytes)) {
        Ok(pdf) => return Ok(pdf),
        Err(LoadPdfError::Invalid) => return Err(Refusal::Damaged),
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            let texts = password.map(texts).unwrap_or_default();
            if let Some(pdf) =
                texts.iter().find_map(|text| Pdf::new_with_password(Arc::clone(&bytes), text).ok())
            {
                return Ok(pdf);
            }
        }
        // Locked in a way that only the other parser knows.
        Err(LoadPdfError::Decryption(_)) => {}
    }
    let mut document = second(&bytes, password).map_err(|refusal| match (refusal, password) {
        (Refusal::Damaged, None) => Refusal::NeedsPassword,
        (Refusal::Damaged, Some(_)) => Refusal::WrongPassword,
        _ => refusal,
    })?;
    drop(bytes);
    let mut unlocked = Vec::new();
    document.save_to(&mut unlocked).map_err(|_error| Refusal::Damaged)?;
    Pdf::new(unlocked).map_err(|_error| Refusal::Damaged)
}

/// Opens a file for the second engine.
pub(super) fn second(bytes: &[u8], password: Option<&str>) -> Result<Document, Refusal> {
    let document = Document::load_mem(bytes).map_err(|_error| Refusal::Damaged)?;
    if document.trailer.get(LOCK).is_err() {
        return Ok(document);
    }
    drop(document);
    let mut document = locked(bytes).ok_or(Refusal::Damaged)?;
    let Some(password) = password else { return Err(Refusal::NeedsPassword) };
    let is_right = |bytes: &Vec<u8>| document.authenticate_raw_password(bytes).is_ok();
    let right = self::bytes(password).into_iter().find(is_right).ok_or(Refusal::WrongPassword)?;
    document.decrypt_raw(right).map_err(|_error| Refusal::Damaged)?;
    Ok(document)
}

/// The entry of a trailer that says how the file is locked.
const LOCK: &[u8] = b"Encrypt";

/// One of the same length that nobody knows.
const HIDDEN: &[u8] = b"Encrypz";

/// A file with its objects as they are, still locked. Its parser loads none that it can't unlock itself, and it knows
/// passwords only as text, whose bytes it takes for others than it has tried. So the lock is hidden from it first.
fn locked(bytes: &[u8]) -> Option<Document> {
    let mut bytes = bytes.to_vec();
    for at in 1..bytes.len().saturating_sub(LOCK.len()) {
        let (before, rest) = bytes.split_at_mut_checked(at)?;
        let (name, after) = rest.split_at_mut_checked(LOCK.len())?;
        let ends = !after.first().is_some_and(u8::is_ascii_alphanumeric);
        if before.last() == Some(&b'/') && name == LOCK && ends {
            name.copy_from_slice(HIDDEN);
        }
    }
    let mut document = Document::load_mem(&bytes).ok()?;
    let lock = match document.trailer.remove(HIDDEN)? {
        Object::Reference(id) => id,
        // One that is no object of its own becomes one.
        lock => document.add_object(lock),
    };
    document.trailer.set(LOCK, lock);
    Some(document)
}

/// A password as text, in the forms in which it may have been set.
fn texts(password: &str) -> Vec<String> {
    let mut texts = vec![password.to_owned()];
    for text in [password.nfkc().collect::<String>(), password.nfc().collect(), password.nfd().collect()] {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

fn bytes(password: &str) -> Vec<Vec<u8>> {
    let texts = texts(password);
    let encoded = texts.iter().filter_map(|text| info::encode(text));
    let latin: Vec<Vec<u8>> = texts
        .iter()
        .filter_map(|text| text.chars().map(|sign| u8::try_from(u32::from(sign)).ok()).collect())
        .collect();
    let mut all: Vec<Vec<u8>> = Vec::new();
    for bytes in encoded.chain(texts.iter().map(|text| text.as_bytes().to_vec())).chain(latin) {
        if !all.contains(&bytes) {
            all.push(bytes);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_tried_in_each_way_that_programs_write_it() {
        assert_eq!(bytes("aorta"), [b"aorta".to_vec()]);
        let tried = bytes("p\u{e4}ss");
        for expected in [b"p\xe4ss".as_slice(), "p\u{e4}ss".as_bytes(), "pa\u{308}ss".as_bytes()] {
            assert!(tried.contains(&expected.to_vec()));
        }
        assert!(bytes("\u{43f}").contains(&"\u{43f}".as_bytes().to_vec()));
    }
}
