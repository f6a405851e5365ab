//! What is done about what students keep.

pub(super) mod fit_parameters;
pub(super) mod import_deck;
