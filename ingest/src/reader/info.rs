//! Text strings of a file: its title, and what fields say.

/// What `PDFDocEncoding` has from 0x80 on, where Latin 1 has controls.
const HIGH: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\u{fffd}€";

/// And from 0x18 on.
const LOW: &str = "˘ˇˆ˙˝˛˚˜";

/// A text string: UTF-16 or UTF-8 if it begins so, else `PDFDocEncoding`.
pub(super) fn decode(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| from(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| sign(*byte)).collect(),
    }
}

fn sign(byte: u8) -> char {
    let of = |table: &str, first: u8| table.chars().nth(usize::from(byte.saturating_sub(first)));
    let found = match byte {
        0x18..=0x1f => of(LOW, 0x18),
        0x80..=0xa0 => of(HIGH, 0x80),
        _ => None,
    };
    found.unwrap_or(char::from(byte))
}

/// A password as bytes, as files of revision 4 and before mean it; `None` if it has other signs.
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    (text.chars().map(|wanted| (0..=u8::MAX).find(|byte| sign(*byte) == wanted))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_decoded_from_each_of_its_encodings() {
        assert_eq!(decode(b"Heart"), "Heart");
        assert_eq!(decode(b"Caf\xe9"), "Café");
        assert_eq!(decode(b"5\x8510 mg \xa0"), "5–10 mg €");
        assert_eq!(decode(b"\xfe\xff\x00H\x20\xac"), "H€");
        assert_eq!(decode(b"\xff\xfeH\x00"), "H");
        assert_eq!(decode(b"\xef\xbb\xbf\xe2\x82\xac"), "€");
        assert_eq!(decode(b"\xfe\xff\x00"), "");
    }

    #[test]
    fn a_password_is_encoded_as_it_would_be_decoded() {
        assert_eq!(encode("pässwört"), Some(b"p\xe4ssw\xf6rt".to_vec()));
        assert_eq!(encode("10 €"), Some(b"10 \xa0".to_vec()));
        assert_eq!(encode("пароль"), None);
    }
}
