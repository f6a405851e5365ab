//! Numbers that look like chance and are the same again: what was told once can be told again.

/// The finaliser of `SplitMix64`. It is here since its numbers must never change with a release of some crate.
pub(crate) const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
