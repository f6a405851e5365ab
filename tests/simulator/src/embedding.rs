//! Vectors that depend on nothing but the text, and are near for texts that share words.

/// Places of the vector that a word touches.
const PLACES: u64 = 8;

/// The longest vector that is made.
const LONGEST: usize = 8192;

/// A vector of this length and norm.
pub(crate) fn embed(text: &str, dimensions: usize, norm: f32) -> Vec<f32> {
    let dimensions = dimensions.clamp(1, LONGEST);
    let mut vector = vec![0.0_f32; dimensions];
    // Keeps texts of the same words apart, and an empty text from being zero.
    scatter(&mut vector, hash(text), 0.1);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        scatter(&mut vector, hash(&word.to_lowercase()), 1.0);
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in &mut vector {
            *x *= norm / length;
        }
    }
    vector
}

fn scatter(vector: &mut [f32], seed: u64, weight: f32) {
    let length = u64::try_from(vector.len()).unwrap_or(1).max(1);
    for place in 0..PLACES {
        let random = mix(seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let at = usize::try_from((random >> 1) % length).unwrap_or(0);
        if let Some(x) = vector.get_mut(at) {
            *x += if random & 1 == 0 { weight } else { -weight };
        }
    }
}

/// FNV-1a: the standard library's hash may change between versions.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// `SplitMix64`'s finaliser.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
