//! The gate that every use of a feature passes before anything else is done about it.
//!
//! Maintenance and toggles are what will close it. So far one thing does: a feature that nothing is
//! there for is not to be had.

use domain::feature::Feature;

use crate::{
    caller::Student,
    error::{ApiError, ApiResult},
};

/// Lets a caller use a feature, or says why not.
pub(crate) fn pass(_caller: &Student, feature: Feature) -> ApiResult<()> {
    match feature {
        Feature::Chat
        | Feature::Flashcard
        | Feature::Mcq
        | Feature::Highyield
        | Feature::Explain
        | Feature::Map
        | Feature::Pdf
        | Feature::Image => Ok(()),
        other => Err(ApiError::FeatureUnavailable(other)),
    }
}
