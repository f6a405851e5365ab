//! Opens a file, by its password where it has one.
//!
//! What a password is in bytes depends on the revision and on the program that locked the file: `PDFDocEncoding` up to
//! revision 4, UTF-8 in a normal form from 5 on, and whatever the system had at hand in practice. Each is tried.

use std::sync::Arc;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use pdf_extract::{Document, LoadOptions};
use unicode_normalization::UnicodeNormalization as _;

use super::protocol::Refusal;

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

/// Opens a file for the second engine. It encodes a password as revisions up to 4 have it.
pub(super) fn second(bytes: &[u8], password: Option<&str>) -> Result<Document, Refusal> {
    let refusal = match (Document::load_mem(bytes), password) {
        (Ok(document), _) if is_open(&document) => return Ok(document),
        (Ok(_), None) => return Err(Refusal::NeedsPassword),
        (Err(_), None) => return Err(Refusal::Damaged),
        (Ok(_), Some(_)) => Refusal::WrongPassword,
        (Err(_), Some(_)) => Refusal::Damaged,
    };
    let open = |text: &String| {
        let document = Document::load_mem_with_options(bytes, LoadOptions::with_password(text)).ok()?;
        is_open(&document).then_some(document)
    };
    password.map(texts).unwrap_or_default().iter().find_map(open).ok_or(refusal)
}

/// Whether nothing is locked any more. The parser's own word for it holds only for locks that are objects of their own.
fn is_open(document: &Document) -> bool {
    document.trailer.get(b"Encrypt").is_err()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_tried_in_each_form_that_programs_write() {
        assert_eq!(texts("aorta"), ["aorta"]);
        assert_eq!(texts("p\u{e4}ss"), ["p\u{e4}ss", "pa\u{308}ss"]);
        assert_eq!(texts("pa\u{308}ss"), ["pa\u{308}ss", "p\u{e4}ss"]);
    }
}
