//! What was answered, and how well.

use chrono_tz::Tz;
use sqlx::PgConnection;

use super::Scope;
use crate::scheduling::Day;

/// So many days back a streak is looked for.
const LONGEST_STREAK: i64 = 2_000;

/// What was answered on a day.
#[derive(Debug, Clone, Copy)]
pub struct DayOfReviews {
    /// Which.
    pub day: i32,
    /// All answers.
    pub reviews: i64,
    /// Those that were forgotten.
    pub again: i64,
    /// How long all took, in milliseconds.
    pub milliseconds: i64,
    /// Cards that were begun.
    pub new: i64,
}

/// The days on which something was answered, in order.
pub async fn days(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Vec<DayOfReviews>> {
    let decks = scope.ids();
    sqlx::query_as!(
        DayOfReviews,
        r#"select r.day, count(*) as "reviews!", count(*) filter (where r.rating = 1) as "again!",
                  sum(r.duration_ms) as "milliseconds!", count(*) filter (where r.was = 'new') as "new!"
           from reviews r
           where r.user_id = $1 and r.day between $2 and $3 and r.rating is not null
             and ($4::uuid[] is null or r.deck_id = any($4))
             and not exists (select from reviews u where u.undoes = r.id)
           group by r.day order by r.day"#,
        scope.user.0,
        scope.first_day(),
        scope.today.0,
        decks.as_deref(),
    )
    .fetch_all(conn)
    .await
}

/// How much of what was due was recalled.
#[derive(Debug, Clone, Copy, Default)]
pub struct Retention {
    /// What decks wanted, on average over these reviews.
    pub desired: Option<f64>,
    /// Reviews of cards that had left their steps.
    pub reviews: i64,
    /// Of these, those that were recalled.
    pub recalled: i64,
    /// Reviews after an interval of less than three weeks.
    pub young: i64,
    /// Of these, those that were recalled.
    pub young_recalled: i64,
}

/// How much of what was due was recalled, as Anki counts it: only cards that had left their steps.
pub async fn retention(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Retention> {
    let decks = scope.ids();
    sqlx::query_as!(
        Retention,
        r#"select avg(d.desired_retention) as desired, count(*) as "reviews!", count(*) filter (where r.rating > 1) as "recalled!",
                  count(*) filter (where r.was_interval < 21) as "young!",
                  count(*) filter (where r.was_interval < 21 and r.rating > 1) as "young_recalled!"
           from reviews r left join decks d on d.id = r.deck_id and d.user_id = r.user_id
           where r.user_id = $1 and r.day between $2 and $3 and r.rating is not null and r.was = 'review'
             and ($4::uuid[] is null or r.deck_id = any($4))
             and not exists (select from reviews u where u.undoes = r.id)"#,
        scope.user.0,
        scope.first_day(),
        scope.today.0,
        decks.as_deref(),
    )
    .fetch_one(conn)
    .await
}

/// What was answered in an hour of the day.
#[derive(Debug, Clone, Copy)]
pub struct Hour {
    /// 0 to 23, on the student's clock.
    pub hour: i32,
    /// Reviews of cards that had left their steps.
    pub reviews: i64,
    /// Of these, those that were recalled.
    pub recalled: i64,
}

/// The hours in which something was due and answered.
pub async fn hours(conn: &mut PgConnection, scope: &Scope<'_>, zone: Tz) -> sqlx::Result<Vec<Hour>> {
    let decks = scope.ids();
    // The offset is that of now: which names of zones the database knows is not ours to say.
    let offset = i32::try_from(offset_minutes(zone, scope.today)).unwrap_or(0);
    sqlx::query_as!(
        Hour,
        r#"select extract(hour from (r.reviewed_at at time zone 'UTC') + make_interval(mins => $5))::int as "hour!",
                  count(*) as "reviews!", count(*) filter (where r.rating > 1) as "recalled!"
           from reviews r
           where r.user_id = $1 and r.day between $2 and $3 and r.rating is not null and r.was = 'review'
             and ($4::uuid[] is null or r.deck_id = any($4))
             and not exists (select from reviews u where u.undoes = r.id)
           group by 1 order by 1"#,
        scope.user.0,
        scope.first_day(),
        scope.today.0,
        decks.as_deref(),
        offset,
    )
    .fetch_all(conn)
    .await
}

fn offset_minutes(zone: Tz, today: Day) -> i64 {
    let begins = today.begins(zone);
    let local = begins.with_timezone(&zone).naive_local();
    (local - begins.naive_utc()).num_minutes()
}

/// The days on which something was answered, the latest first.
pub async fn studied_days(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Vec<Day>> {
    let decks = scope.ids();
    let days = sqlx::query_scalar!(
        r#"select distinct r.day from reviews r
           where r.user_id = $1 and r.day <= $2 and r.rating is not null
             and ($3::uuid[] is null or r.deck_id = any($3))
             and not exists (select from reviews u where u.undoes = r.id)
           order by r.day desc limit $4"#,
        scope.user.0,
        scope.today.0,
        decks.as_deref(),
        LONGEST_STREAK,
    );
    Ok(days.fetch_all(conn).await?.into_iter().map(Day).collect())
}
