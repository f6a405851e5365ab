//! Whether the reader of an open stream is still let in.

use domain::ids::{SignInId, UserId};

use crate::{App, caller::SignedInUser, ends::Watching, error::ApiError};

/// The sign-in behind an open stream, which may end before the stream does.
#[derive(Debug)]
pub(crate) struct Admission {
    user: UserId,
    sign_in: SignInId,
    ends: Watching,
    /// A sign-in of its account ended, maybe its own.
    in_doubt: bool,
}

impl Admission {
    /// Of who was let in.
    pub(crate) fn of(app: &App, student: &SignedInUser) -> Self {
        let ends = app.ends.watch(student.id);
        Self { user: student.id, sign_in: student.sign_in, ends, in_doubt: false }
    }

    /// Waits until it may have ended.
    pub(crate) async fn questioned(&mut self) {
        self.ends.changed().await;
        self.in_doubt = true;
    }

    /// Whether it still holds. Where that cannot be known now, it is asked again the next time.
    pub(crate) async fn holds(&mut self, app: &App) -> bool {
        if self.in_doubt {
            match SignedInUser::standing(app, app.db.pool(), self.user, self.sign_in).await {
                Ok(_) => self.in_doubt = false,
                Err(ApiError::Internal(error)) => {
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "whether a reader may go on waits for the database"
                    );
                }
                Err(_) => return false,
            }
        }
        true
    }
}
