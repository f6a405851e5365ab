//! How the texts of settings are read.

use std::{error::Error, str::FromStr, time::Duration};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;

/// The names of an enum, as it derives them.
pub(crate) fn one_of<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: Error + Send + Sync + 'static> + VariantNames + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::VARIANTS).try_map(|name| name.parse())
}

/// Ticks are at whole seconds.
pub(super) fn interval(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(interval) if interval.subsec_nanos() == 0 && !interval.is_zero() => Ok(interval),
        Ok(_) => Err("must be whole seconds, at least one".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// A round of a question has to come to its end.
pub(super) fn patience(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(patience) if patience <= Duration::from_mins(10) => Ok(patience),
        Ok(_) => Err("must be 10 minutes or less".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The audit log itself refuses to forget sooner.
pub(super) fn retention(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(retention) if retention >= Duration::from_hours(90 * 24) => Ok(retention),
        Ok(_) => Err("must be 90 days or more".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
