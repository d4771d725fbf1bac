//! Turns: how many of something one business, one account or one provider may have under way at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// So many turns for each key; who comes later waits, in order.
#[derive(Debug)]
pub struct Turns {
    each: usize,
    by_key: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Turns {
    pub fn new(each: usize) -> Self {
        Self { each, by_key: Mutex::default() }
    }

    /// Waits for a turn; it ends when the permit is dropped.
    pub async fn take(&self, key: &str) -> Result<OwnedSemaphorePermit, AcquireError> {
        let turns = self.of(key);
        turns.acquire_owned().await
    }

    /// Keys that nobody holds or waits for are forgotten.
    fn of(&self, key: &str) -> Arc<Semaphore> {
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        by_key.retain(|_, turns| Arc::strong_count(turns) > 1);
        by_key.entry(key.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.each))).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn waits(turns: &Turns, key: &str) -> bool {
        tokio::time::timeout(Duration::from_millis(20), turns.take(key)).await.is_err()
    }

    #[tokio::test]
    async fn one_business_waits_for_itself_and_for_nobody_else() {
        let turns = Turns::new(2);
        let (first, _second) = (turns.take("a").await.unwrap(), turns.take("a").await.unwrap());
        assert!(waits(&turns, "a").await);
        assert!(!waits(&turns, "b").await);
        drop(first);
        assert!(!waits(&turns, "a").await);
    }

    #[tokio::test]
    async fn who_is_done_leaves_nothing_behind() {
        let turns = Turns::new(1);
        for key in 0..100 {
            drop(turns.take(&key.to_string()).await.unwrap());
        }
        assert_eq!(turns.by_key.lock().unwrap().len(), 1);
    }
}
