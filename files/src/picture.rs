//! Decodes an image and encodes it anew, so that nothing of the student's file but its pixels is kept: no place,
//! no camera, nothing that hides behind the picture.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
};

/// The longest side that is decoded.
const LONGEST_SIDE: u32 = 12_000;

/// The most memory that decoding may take: 50 megapixels.
const MOST_MEMORY: u64 = 256 << 20;

/// The longest side that is kept: no model looks closer.
const KEPT_SIDE: u32 = 2_048;

/// An image as it is kept.
#[derive(Debug)]
pub struct Recoded {
    /// `image/png` or `image/jpeg`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no PNG, JPEG or WebP.
    WrongType,
    /// It is one, but cannot be decoded.
    Damaged,
    /// It has too many pixels.
    TooManyPixels,
}

/// Takes the pixels of a file. The content says what it is.
///
/// # Errors
/// Why it is not taken.
pub fn recode(file: &[u8]) -> Result<Recoded, Refused> {
    let format = image::guess_format(file).map_err(|_unknown| Refused::WrongType)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(Refused::WrongType);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) * 4 > MOST_MEMORY || width == 0 || height == 0 {
        return Err(Refused::TooManyPixels);
    }
    // It is told in what is dropped, so it is applied first.
    let orientation = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture = picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Triangle);
    }
    encode(&picture, format)
}

/// Photographs as JPEG; what is drawn, or can be seen through, as PNG.
fn encode(picture: &DynamicImage, format: ImageFormat) -> Result<Recoded, Refused> {
    let mut bytes = Vec::new();
    let drawn = format == ImageFormat::Png || picture.color().has_alpha();
    let (content_type, encoded) = if drawn {
        let picture = DynamicImage::ImageRgba8(picture.to_rgba8());
        ("image/png", picture.write_with_encoder(PngEncoder::new(&mut bytes)))
    } else {
        let picture = DynamicImage::ImageRgb8(picture.to_rgb8());
        ("image/jpeg", picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 88)))
    };
    encoded.map_err(refused)?;
    Ok(Recoded { content_type, bytes, width: picture.width(), height: picture.height() })
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: image::ImageError) -> Refused {
    match error {
        image::ImageError::Limits(_) => Refused::TooManyPixels,
        _ => Refused::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgb8(width, height).write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    #[test]
    fn a_large_picture_is_made_smaller() {
        let recoded = recode(&png(4_000, 1_000)).unwrap();
        assert_eq!((recoded.width, recoded.height), (2_048, 512));
        assert_eq!(recoded.content_type, "image/png");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(recode(b"%PDF-1.7").unwrap_err(), Refused::WrongType);
        assert_eq!(recode(b"GIF89a\x01\0\x01\0").unwrap_err(), Refused::WrongType);
        assert_eq!(recode(&png(10, 10)[..60]).unwrap_err(), Refused::Damaged);
        assert_eq!(recode(b"").unwrap_err(), Refused::WrongType);
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_not_decoded() {
        // A header that promises 40,000 × 40,000 pixels, which would be 6 GB.
        let mut bomb = png(1, 1);
        bomb[16..20].copy_from_slice(&40_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&40_000_u32.to_be_bytes());
        let refused = recode(&bomb).unwrap_err();
        assert!(matches!(refused, Refused::TooManyPixels | Refused::Damaged), "{refused:?}");
    }

    #[test]
    fn what_is_hidden_in_a_photograph_is_gone() {
        let mut jpeg = Vec::new();
        DynamicImage::new_rgb8(8, 8).write_with_encoder(JpegEncoder::new(&mut jpeg)).unwrap();
        // An EXIF segment behind the start of the file.
        let secret = b"Exif\0\0II*\0\x08\0\0\0\0\0SECRET-PLACE";
        let mut segment = vec![0xFF, 0xE1];
        segment.extend(u16::try_from(secret.len() + 2).unwrap().to_be_bytes());
        segment.extend(secret);
        jpeg.splice(2..2, segment);
        let recoded = recode(&jpeg).unwrap();
        assert!(!recoded.bytes.windows(6).any(|window| window == b"SECRET"));
        assert_eq!(recoded.content_type, "image/jpeg");
    }
}
