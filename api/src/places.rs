//! What an account may have open at a time: streams, and uploads. Counted in this process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::ids::UserId;

use crate::error::ApiError;

/// When somebody who has too much open may come back: in seconds.
const COME_BACK: u64 = 5;

/// How many of a kind each account has open. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Places {
    most: usize,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// One of them, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    account: UserId,
}

impl Places {
    /// So many for each account.
    pub fn new(most: usize) -> Self {
        Self { most, open: Arc::default() }
    }

    /// Opens one.
    pub(crate) fn take(&self, account: UserId) -> Result<Place, ApiError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = open.entry(account).or_default();
        if *taken >= self.most {
            if *taken == 0 {
                open.remove(&account);
            }
            return Err(ApiError::RateLimited { retry_after: COME_BACK });
        }
        *taken += 1;
        drop(open);
        Ok(Place { places: self.clone(), account })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.places.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = open.get_mut(&self.account) {
            *taken -= 1;
            if *taken == 0 {
                open.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_account_and_come_back() {
        let places = Places::new(2);
        let (me, other) = (UserId::generate(), UserId::generate());
        let held = (places.take(me).unwrap(), places.take(me).unwrap());
        assert!(matches!(places.take(me), Err(ApiError::RateLimited { .. })));
        assert!(places.take(other).is_ok());
        drop(held.0);
        let again = places.take(me).unwrap();
        assert!(places.take(me).is_err());
        drop((held.1, again));
        assert!(places.open.lock().unwrap().is_empty(), "nobody is kept who has none");
    }

    #[test]
    fn of_many_at_once_no_more_get_in_than_there_are_places() {
        let (places, me) = (Places::new(10), UserId::generate());
        let held: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..50).filter_map(|_| places.take(me).ok()).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(held.len(), 10);
        drop(held);
        assert!(places.open.lock().unwrap().is_empty());
    }
}
