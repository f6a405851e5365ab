//! A vector of unit length.

/// How many numbers a vector has, whichever model made it.
pub const DIMENSIONS: usize = 384;

/// What a model makes of a text: a direction, so of length 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector(Vec<f32>);

impl Vector {
    /// `None` unless these are [`DIMENSIONS`] finite numbers that are not all 0. Any length is brought to 1.
    #[must_use]
    pub fn new(mut numbers: Vec<f32>) -> Option<Self> {
        let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
        if numbers.len() != DIMENSIONS || !length.is_normal() {
            return None;
        }
        for number in &mut numbers {
            *number /= length;
        }
        Some(Self(numbers))
    }

    /// The numbers.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// The cosine of the angle between two vectors: 1 where they say the same.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum()
    }
}

impl From<Vector> for Vec<f32> {
    fn from(vector: Vector) -> Self {
        vector.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_has_its_dimensions_and_length_one_or_is_none() {
        let vector = Vector::new(vec![2.0; DIMENSIONS]).unwrap();
        assert!((vector.cosine(&vector) - 1.0).abs() < 1e-5);
        assert_eq!(Vector::new(vec![1.0; DIMENSIONS - 1]), None);
        assert_eq!(Vector::new(vec![0.0; DIMENSIONS]), None);
        assert_eq!(Vector::new(vec![f32::NAN; DIMENSIONS]), None);
        assert_eq!(Vector::new(vec![f32::MAX; DIMENSIONS]), None);
    }
}
