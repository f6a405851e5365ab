//! The title that a file gives itself.

use pdf_oxide::{PdfDocument, object::Object};

/// From the information dictionary, if there is one.
pub(super) fn title(document: &PdfDocument) -> Option<String> {
    let resolved = |object: &Object| match object {
        Object::Reference(reference) => document.load_object(*reference).ok(),
        other => Some(other.clone()),
    };
    let info = resolved(document.trailer().as_dict()?.get("Info")?)?;
    let title = resolved(info.as_dict()?.get("Title")?)?;
    Some(decode(title.as_string()?))
}

/// A text string: UTF-16 or UTF-8 if it begins so, else an encoding that is nearly Latin 1.
fn decode(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| from(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_decoded_from_each_of_its_encodings() {
        assert_eq!(decode(b"Heart"), "Heart");
        assert_eq!(decode(b"Caf\xe9"), "Café");
        assert_eq!(decode(b"\xfe\xff\x00H\x20\xac"), "H€");
        assert_eq!(decode(b"\xff\xfeH\x00"), "H");
        assert_eq!(decode(b"\xef\xbb\xbf\xe2\x82\xac"), "€");
        assert_eq!(decode(b"\xfe\xff\x00"), "");
    }
}
