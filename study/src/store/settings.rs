//! SQL about what a student says about studying, and the parameters that were fitted to them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use crate::{
    ids::{DeckId, UserId},
    scheduling::{Day, Parameters, Settings, Steps},
};

/// What a student says about studying.
#[derive(Debug, Clone)]
pub struct StudySettings {
    /// The zone in which their days begin.
    pub zone: Tz,
    /// The parameters of FSRS that are in use.
    pub parameters: Parameters,
    /// Whether these were fitted to the student.
    pub fitted: bool,
    /// The last try to fit them.
    pub tried: Option<Tried>,
}

/// What fitting came to when it was last tried.
#[derive(Debug, Clone, Copy)]
pub struct Tried {
    /// When.
    pub at: DateTime<Utc>,
    /// To how many reviews.
    pub reviews: i32,
    /// How wrong predictions were before (log loss), where parameters were found that predict better.
    pub loss_before: Option<f32>,
    /// How wrong they are since.
    pub loss_after: Option<f32>,
}

impl StudySettings {
    /// The day that it is for this student.
    pub fn day(&self, now: DateTime<Utc>) -> Day {
        Day::of(now, self.zone)
    }
}

/// What a student said; as usual for those who said nothing.
pub async fn find(conn: &mut PgConnection, user: UserId) -> sqlx::Result<StudySettings> {
    let row = sqlx::query!(
        r#"select time_zone, parameters, fitted_at, fitted_to, loss_before, loss_after from study_settings where user_id = $1"#,
        user.0,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else {
        return Ok(StudySettings {
            zone: Tz::UTC,
            parameters: Parameters::default(),
            fitted: false,
            tried: None,
        });
    };
    let fitted = row.parameters.and_then(|numbers| Parameters::try_from(numbers).ok());
    let tried = row.fitted_at.map(|at| Tried {
        at,
        reviews: row.fitted_to.unwrap_or(0),
        loss_before: row.loss_before,
        loss_after: row.loss_after,
    });
    Ok(StudySettings {
        // A zone that this release does not know any more.
        zone: row.time_zone.parse().unwrap_or(Tz::UTC),
        fitted: fitted.is_some(),
        parameters: fitted.unwrap_or_default(),
        tried,
    })
}

/// A zone by its name in the database of time zones, such as `Europe/Berlin`.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// Says where a student is.
pub async fn set_zone(conn: &mut PgConnection, user: UserId, zone: Tz) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into study_settings (user_id, time_zone) values ($1, $2)
         on conflict (user_id) do update set time_zone = excluded.time_zone",
        user.0,
        zone.name(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How cards of a deck are scheduled for a student.
pub async fn of_deck(
    conn: &mut PgConnection,
    user: UserId,
    deck: DeckId,
    parameters: &Parameters,
) -> sqlx::Result<Settings> {
    let row = sqlx::query!(
        "select desired_retention, learning_steps from decks where user_id = $1 and id = $2",
        user.0,
        deck.0,
    )
    .fetch_optional(conn)
    .await?;
    let usual = Settings::default();
    Ok(row.map_or(usual, |row| schedule(parameters, row.desired_retention, &row.learning_steps)))
}

/// How cards are scheduled by these parameters and what a deck says.
pub fn schedule(parameters: &Parameters, retention: f32, steps: &[i32]) -> Settings {
    let mut settings = Settings::new(parameters, retention);
    let minutes: Vec<u32> = steps.iter().filter_map(|minutes| u32::try_from(*minutes).ok()).collect();
    // What a deck says was checked when it said it.
    if let Ok(steps) = Steps::try_from(minutes) {
        settings.learning = steps;
    }
    settings
}
