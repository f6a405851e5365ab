//! How long medai takes until it is ready: on a fresh folder, and again.

use crate::{
    place::Place,
    platform::{Platform, start_medai},
    table::{Row, Table},
};

/// The most seconds that the second start may take.
const GOAL: f64 = 2.0;

/// Starts, stops, and starts again; that one stays.
pub(crate) async fn measure(place: &Place, table: &mut Table) -> anyhow::Result<Platform> {
    crate::progress("starting medai on a fresh folder");
    let data = place.data()?;
    let (medai, _, first) = start_medai(place, &data).await?;
    medai.end()?;
    crate::progress("starting medai again");
    let (medai, address, second) = start_medai(place, &data).await?;
    let (first, second) = (first.as_secs_f64(), second.as_secs_f64());
    table.add(
        Row::new("second start until ready", format!("{second:.2} s"))
            .goal("≤ 2 s", second <= GOAL)
            .detail(format!("the first, which makes the database: {first:.2} s")),
    );
    Platform::complete(place, medai, address, data).await
}
