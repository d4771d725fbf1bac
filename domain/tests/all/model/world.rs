//! What the model's world consists of.

use domain::Instant;
use domain::payment::protocol::Settlement;
use domain::payment::state::AttemptState::{self, Succeeded};

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct World {
    pub hour: u8,
    pub attempts: Vec<Attempt>,
    pub calls: Vec<Call>,
    /// What the provider knows by key, one key an attempt.
    pub known: Vec<Option<Known>>,
    pub charges: u8,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Attempt {
    pub state: AttemptState,
    pub submissions: u32,
    pub unproven: u32,
    pub first_submitted: Option<u8>,
    pub absent_since: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Known {
    pub charged: bool,
    pub since: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Call {
    pub attempt: usize,
    pub stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// A worker has decided to submit, and has not yet written it down.
    Decided,
    /// A worker has asked about the attempt, was told that there is none, and has not yet written it down. It has the
    /// lease until another takes it.
    FoundNothing { leased: bool },
    /// The submission is committed, the request not yet sent.
    Unsent,
    /// A worker waits for the answer.
    Awaited,
    /// On its way, and nobody waits any more.
    Orphan,
}

impl Call {
    pub fn asks_about(self, attempt: usize) -> bool {
        self.attempt == attempt && matches!(self.stage, Stage::FoundNothing { .. })
    }
}

impl World {
    /// Somebody takes the lease of an attempt, as soon as it has run out for who had it.
    pub fn taken_from_others(&mut self, attempt: usize) {
        for call in self.calls.iter_mut().filter(|call| call.asks_about(attempt)) {
            call.stage = Stage::FoundNothing { leased: false };
        }
    }

    pub fn is_paid(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.state == Succeeded)
    }

    pub fn with(&self, attempt: usize, change: impl FnOnce(&mut Attempt)) -> Self {
        let mut next = self.clone();
        change(&mut next.attempts[attempt]);
        next
    }

    pub fn written(&self, attempt: usize, settlement: Settlement) -> Self {
        match settlement {
            Settlement::Change(change) => self.with(attempt, |row| {
                row.state = change.to;
                row.unproven = change.unproven_submissions;
            }),
            Settlement::Unchanged | Settlement::Review => self.clone(),
        }
    }
}
