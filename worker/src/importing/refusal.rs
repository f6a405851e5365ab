//! Why a file of cards is not imported, in words that help its student.

use anki::Refusal;

/// Why a file is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImportRefusal {
    /// What it is.
    #[error("{0}")]
    File(Refusal),
    /// It was being removed.
    #[error("The file is not there any more. Send it once more.")]
    Gone,
    /// There would be too many.
    #[error(
        "You would have more than {most} {what} with those of this file. Delete some, or import smaller parts of it."
    )]
    NoRoom {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: i64,
    },
}

impl ImportRefusal {
    /// Its name for programs.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::File(refusal) => format!("IMPORT_{}", refusal.code().to_uppercase()),
            Self::Gone => "IMPORT_FILE_GONE".to_owned(),
            Self::NoRoom { .. } => "IMPORT_NO_ROOM".to_owned(),
        }
    }
}
