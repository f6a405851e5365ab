//! Parameters fitted to one student's reviews. A job's work: about 50 ms for 10,000 reviews, on the thread that calls it
//! (the two functions of the crate that are used here start no others).

use std::ops::Range;

use fsrs::{ComputeParametersInput, FSRS, FSRSItem, FSRSReview, compute_parameters};

use super::{Day, Parameters, Rating};

/// With fewer reviews the defaults predict as well: the crate would make parameters of noise.
pub const LEAST_REVIEWS: usize = 400;

/// One review in this many is held out, the latest ones.
const HELD_OUT: usize = 5;

/// A card's later reviews teach nothing more; the crate leaves longer histories out.
const LONGEST_HISTORY: usize = 64;

/// What fitting came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Fitting {
    /// These predict the reviews that were held out better than what is in use.
    Better {
        /// What is to be used from now on.
        parameters: Parameters,
        /// How wrong predictions were with what was in use (log loss over the held-out reviews; less is better).
        before: f32,
        /// How wrong they are now.
        after: f32,
    },
    /// What is in use predicts as well.
    NoBetter,
    /// There are fewer than [`LEAST_REVIEWS`], or none on a later day.
    TooFew,
}

/// Fits parameters to the reviews of all cards of a student, each in order. The caller leaves out reviews before a reset,
/// and is a job, whose panics are caught: the crate has asserts that no check here can rule out for good.
pub fn fit(cards: &[Vec<(Day, Rating)>], in_use: &Parameters) -> Fitting {
    let mut items: Vec<Item> = Vec::new();
    for (card, reviews) in (0_i64..).zip(cards) {
        items.extend(items_of(card, reviews));
    }
    let reviews: usize = cards.iter().map(Vec::len).sum();
    if reviews < LEAST_REVIEWS || items.len() < HELD_OUT {
        return Fitting::TooFew;
    }
    items.sort_by_key(|item| item.day);
    let split = items.len() - items.len() / HELD_OUT;
    let taught = compute_parameters(ComputeParametersInput {
        train_set: of(&items, 0..split),
        card_ids: Some(items.iter().take(split).map(|item| item.card).collect()),
        ..ComputeParametersInput::default()
    });
    // `NotEnoughData` where no card was first seen again on a later day.
    let Some(fitted) = taught.ok().and_then(|numbers| Parameters::try_from(numbers).ok()) else {
        return Fitting::TooFew;
    };
    let held_out = of(&items, split..items.len());
    match (loss(in_use, held_out.clone()), loss(&fitted, held_out)) {
        (Some(before), Some(after)) if after < before => {
            Fitting::Better { parameters: fitted, before, after }
        }
        _ => Fitting::NoBetter,
    }
}

/// A review to be predicted from those before it.
struct Item {
    day: Day,
    card: i64,
    reviews: FSRSItem,
}

/// Every review on a later day than the one before. The crate panics on an item that has none
/// (open-spaced-repetition/fsrs-rs#248).
fn items_of(card: i64, reviews: &[(Day, Rating)]) -> Vec<Item> {
    let (mut history, mut items) = (Vec::new(), Vec::new());
    let mut last: Option<Day> = None;
    for &(day, rating) in reviews.iter().take(LONGEST_HISTORY) {
        let delta_t = last.map_or(0, |last| day.since(last));
        last = last.max(Some(day));
        history.push(FSRSReview { rating: u32::from(u8::from(rating)), delta_t });
        if delta_t > 0 {
            items.push(Item { day, card, reviews: FSRSItem { reviews: history.clone() } });
        }
    }
    items
}

fn of(items: &[Item], range: Range<usize>) -> Vec<FSRSItem> {
    items.get(range).unwrap_or_default().iter().map(|item| item.reviews.clone()).collect()
}

fn loss(parameters: &Parameters, items: Vec<FSRSItem>) -> Option<f32> {
    let model = FSRS::new(&Vec::from(parameters.clone())).ok()?;
    let loss = model.evaluate(items, |_| true).ok()?.log_loss;
    loss.is_finite().then_some(loss)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use uuid::Uuid;

    use super::*;
    use crate::scheduling::{CardSeed, Memory, Model};

    /// A student whose memory has these parameters, who begins a card a day and is asked when the defaults say so.
    fn student(cards: u32, answers: u32, truth: &Parameters) -> Vec<Vec<(Day, Rating)>> {
        let (real, scheduler) = (Model::new(truth, 0.9), Model::new(&Parameters::default(), 0.9));
        let one = |card: u32| {
            let (mut day, mut last) = (Day(i32::try_from(card).unwrap()), None);
            let (mut memory, mut believed): (Option<Memory>, Option<Memory>) = (None, None);
            let mut reviews = vec![];
            for answer in 0..answers {
                let days = last.map_or(0, |last| day.since(last));
                let chance = memory.map_or(1.0, |memory| real.retrievability(memory, days));
                let drawn = CardSeed::new(Uuid::from_u128(card.into()), answer).share();
                let rating = if drawn < f64::from(chance) { Rating::Good } else { Rating::Again };
                memory = Some(real.answered(memory, days, rating).0);
                let (next, interval) = scheduler.answered(believed, days, rating);
                (believed, last) = (Some(next), Some(day));
                reviews.push((day, rating));
                day = day.plus(crate::scheduling::interval::whole_days(interval, 365));
            }
            reviews
        };
        (0..cards).map(one).collect()
    }

    fn forgetful() -> Parameters {
        let mut numbers: Vec<f32> = Parameters::default().into();
        for number in &mut numbers[..4] {
            *number *= 0.3;
        }
        numbers[8] -= 0.6;
        Parameters::try_from(numbers).unwrap()
    }

    #[test]
    #[expect(clippy::print_stderr, reason = "a test tells its figures")]
    fn a_student_who_forgets_sooner_gets_parameters_that_say_so() {
        let reviews = student(1_000, 10, &forgetful());
        let begun = Instant::now();
        let fitting = fit(&reviews, &Parameters::default());
        eprintln!("fitting to 10,000 reviews took {:?}", begun.elapsed());
        let Fitting::Better { parameters, before, after } = fitting else { panic!("{fitting:?}") };
        eprintln!("log loss of the held-out reviews: {before} before, {after} after");
        assert!(after < before - 0.005);
        assert_eq!(fit(&reviews, &parameters), Fitting::NoBetter, "fitted twice to the same");
    }

    #[test]
    fn few_reviews_and_reviews_of_one_day_fit_nothing() {
        let good = |days: &[i32]| days.iter().map(|day| (Day(*day), Rating::Good)).collect::<Vec<_>>();
        let default = Parameters::default();
        assert_eq!(fit(&[], &default), Fitting::TooFew);
        assert_eq!(fit(&vec![good(&[0, 3]); 100], &default), Fitting::TooFew);
        assert_eq!(fit(&vec![good(&[0, 0]); 500], &default), Fitting::TooFew);
        // On each of these the crate itself panics, fails or makes parameters of noise.
        for cards in
            [vec![good(&[0, 3, 3]); 500], vec![good(&[5, 3, 1, 0, -9]); 500], vec![good(&[0; 90]); 10]]
        {
            assert!(matches!(
                fit(&cards, &default),
                Fitting::Better { .. } | Fitting::NoBetter | Fitting::TooFew
            ));
        }
        let mut mixed = student(200, 6, &default);
        mixed.extend([good(&[0, 0]), good(&[]), good(&[7])]);
        fit(&mixed, &default);
    }
}
