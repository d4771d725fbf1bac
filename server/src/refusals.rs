//! Counts the webhooks of each network that were not believed, so that a flood of them costs next to nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Refusals that a network has in a minute.
const IN_A_MINUTE: u32 = 600;

/// Networks that are remembered; with more, those of whom nothing came for a minute are forgotten, or else all.
const NETWORKS: usize = 10_000;

const MINUTE: Duration = Duration::from_secs(60);

/// Refusals by network. Of this process alone: a count that is lost costs nobody anything.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<HashMap<String, Minute>>);

struct Minute {
    began: Instant,
    refused: u32,
}

impl Refusals {
    /// Whether a network has used up its minute.
    pub(crate) fn is_over(&self, network: &str) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .get(network)
            .is_some_and(|minute| minute.began.elapsed() < MINUTE && minute.refused >= IN_A_MINUTE)
    }

    /// Counts a refusal.
    pub(crate) fn count(&self, network: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= NETWORKS && !counts.contains_key(network) {
            counts.retain(|_, minute| minute.began.elapsed() < MINUTE);
            if counts.len() >= NETWORKS {
                counts.clear();
            }
        }
        let fresh = || Minute { began: Instant::now(), refused: 0 };
        let minute = counts.entry(network.to_owned()).or_insert_with(fresh);
        if minute.began.elapsed() >= MINUTE {
            *minute = fresh();
        }
        minute.refused += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{IN_A_MINUTE, NETWORKS, Refusals};

    #[test]
    fn one_network_is_over_and_no_other() {
        let refusals = Refusals::default();
        (1..IN_A_MINUTE).for_each(|_| refusals.count("192.0.2.1"));
        assert!(!refusals.is_over("192.0.2.1"));
        refusals.count("192.0.2.1");
        assert!(refusals.is_over("192.0.2.1") && !refusals.is_over("192.0.2.2"));
    }

    #[test]
    fn a_flood_of_networks_fills_no_memory() {
        let refusals = Refusals::default();
        (0..3 * NETWORKS).for_each(|n| refusals.count(&n.to_string()));
        assert!(refusals.0.lock().unwrap().len() <= NETWORKS);
    }
}
