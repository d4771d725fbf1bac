//! The provider's own ledger: what it has done, by key, whatever it said about it. It is down at times, and at times
//! its answers are lost. VIES is played here, too.

use crate::random::Random;
use chrono::TimeDelta;
use domain::Instant;
use domain::money::Money;
use domain::provider::{
    CallError, Capabilities, Decline, DeclineKind, Evidence, Exchange, Idempotency, Lookup, Outcome, Report,
    Settled,
};
use domain::tax::vies::{Confirmation, VatStatus, ViesAnswer};
use engine::rehearsal::StandIn;
use engine::usecase::charge::{Answer, Request, Submission};
use engine::usecase::vat_check::Question;
use std::collections::BTreeMap;

/// How a payment method behaves; the first letters of its reference say so.
pub const BEHAVIOURS: [(&str, usize); 7] =
    [("good", 70), ("moody", 12), ("asks", 5), ("slow", 5), ("poor", 4), ("expired", 2), ("stolen", 2)];

/// What the provider did under one key.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    pub amount: Money,
    pub charge: bool,
    pub state: State,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Moved,
    Declined(DeclineKind),
    /// Its customer has to confirm.
    Asks,
    /// Settles then, well or not.
    Pending(Instant, bool),
    Cancelled,
}

/// The provider.
pub struct Ledger {
    pub entries: BTreeMap<String, Entry>,
    /// Submissions that met a key with another meaning: never, or a key was reused.
    pub conflicts: Vec<String>,
    pub submissions: usize,
    pub lost: usize,
    pub refused_while_down: usize,
    /// What VIES said, and how often.
    pub vies: BTreeMap<VatStatus, i64>,
    down_until: Option<Instant>,
    /// It loses nothing any more.
    calm: bool,
    random: Random,
}

impl Ledger {
    pub fn new(random: Random) -> Self {
        Self {
            entries: BTreeMap::new(),
            conflicts: Vec::new(),
            submissions: 0,
            lost: 0,
            refused_while_down: 0,
            vies: BTreeMap::new(),
            down_until: None,
            calm: false,
            random,
        }
    }

    /// The provider goes down.
    pub fn fail_until(&mut self, at: Instant) {
        self.down_until = Some(at);
    }

    /// From now on it answers whatever it is asked, so that nothing is left in doubt when the books are compared.
    pub fn calm_down(&mut self) {
        self.calm = true;
        self.down_until = None;
    }

    /// The customer confirms, or refuses to.
    pub fn confirm(&mut self, key: &str, willing: bool) {
        if let Some(entry) = self.entries.get_mut(key).filter(|entry| entry.state == State::Asks) {
            entry.state =
                if willing { State::Moved } else { State::Declined(DeclineKind::AuthenticationRequired) };
        }
    }

    fn is_down(&self, now: Instant) -> bool {
        self.down_until.is_some_and(|until| now < until)
    }

    fn decide(&mut self, submission: &Submission, now: Instant) -> State {
        let Request::Charge(charge) = &submission.request else {
            return match self.random.below(100) {
                0 | 1 => State::Declined(DeclineKind::Hard),
                2..=5 => State::Pending(now + TimeDelta::days(2), true),
                6 => State::Pending(now + TimeDelta::days(1), false),
                _ => State::Moved,
            };
        };
        let behaviour = charge.method_ref.split('-').next().unwrap_or_default();
        match behaviour {
            "moody" if self.random.happens(400) => {
                State::Declined(*self.random.pick(&[DeclineKind::Soft, DeclineKind::Limit]))
            }
            "poor" if self.random.happens(700) => State::Declined(DeclineKind::InsufficientFunds),
            "asks" if self.random.happens(300) => State::Asks,
            "slow" => State::Pending(now + TimeDelta::days(4), self.random.happens(900)),
            "expired" => State::Declined(DeclineKind::ExpiredMethod),
            "stolen" => State::Declined(*self.random.pick(&[DeclineKind::Fraud, DeclineKind::Hard])),
            _ => State::Moved,
        }
    }

    fn execute(&mut self, submission: &Submission, now: Instant) -> Result<Outcome, CallError> {
        let attempt = &submission.attempt;
        let key = submission.context.key.clone();
        if let Some(known) = self.entries.get(&key)
            && known.amount != attempt.amount()
        {
            self.conflicts.push(key);
            return Err(CallError::IdempotencyConflict("another amount".to_owned()));
        }
        if !self.entries.contains_key(&key) {
            let state = self.decide(submission, now);
            let charge = matches!(submission.request, Request::Charge(_));
            let id = format!("{}_{}", if charge { "ch" } else { "re" }, self.entries.len() + 1);
            self.entries.insert(key.clone(), Entry { id, amount: attempt.amount(), charge, state });
        }
        self.told(&key, now).ok_or_else(|| CallError::Unknown("no entry".to_owned()))
    }

    /// What the provider says of a key.
    fn told(&mut self, key: &str, now: Instant) -> Option<Outcome> {
        let entry = self.entries.get_mut(key)?;
        if let State::Pending(at, well) = entry.state
            && at <= now
        {
            entry.state = if well { State::Moved } else { State::Declined(DeclineKind::Soft) };
        }
        let provider_ref = entry.id.clone();
        Some(match &entry.state {
            State::Moved => Outcome::Succeeded(Settled {
                provider_ref,
                amount: entry.amount,
                raw_status: "succeeded".to_owned(),
            }),
            State::Declined(kind) => Outcome::Declined(Decline {
                kind: *kind,
                code: "declined".to_owned(),
                provider_ref: Some(provider_ref),
            }),
            State::Asks => Outcome::RequiresAction {
                provider_ref,
                url: "https://bank.example/confirm".to_owned(),
                expires_at: None,
            },
            State::Pending(..) => Outcome::Pending { provider_ref },
            State::Cancelled => Outcome::Cancelled { provider_ref: Some(provider_ref) },
        })
    }
}

impl StandIn for Ledger {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            idempotency: Some(Idempotency {
                window_s: 24 * 60 * 60,
                header: Some("Idempotency-Key".to_owned()),
                replays_errors: true,
                rejects_mismatch: true,
            }),
            lookup: Some(Lookup { by_reference: true, lag_s: 0 }),
            cancel: true,
            refund: true,
            list_since: true,
            max_in_flight_s: 60,
        }
    }

    fn submit(&mut self, submission: &Submission, now: Instant) -> Report<Outcome> {
        self.submissions += 1;
        if self.is_down(now) {
            self.refused_while_down += 1;
            // Half of the time nobody answers the door, half of the time somebody says no.
            return if self.random.happens(500) {
                Report {
                    result: Err(CallError::Unknown("no connection".to_owned())),
                    evidence: Evidence::default(),
                }
            } else {
                let error = CallError::NotExecuted("too busy".to_owned());
                Report { result: Err(error), evidence: Evidence { refused: true, ..seen(Some(429)) } }
            };
        }
        if !self.calm && self.random.happens(10) {
            self.lost += 1;
            return Report {
                result: Err(CallError::Unknown("lost on its way".to_owned())),
                evidence: seen(None),
            };
        }
        let result = self.execute(submission, now);
        if !self.calm && self.random.happens(15) {
            self.lost += 1;
            let error = CallError::Unknown("the answer was lost".to_owned());
            return Report { result: Err(error), evidence: seen(None) };
        }
        Report { result, evidence: seen(Some(200)) }
    }

    fn look_up(&mut self, submission: &Submission, now: Instant) -> Answer {
        if self.is_down(now) || (!self.calm && self.random.happens(20)) {
            return Answer::Silence;
        }
        self.told(&submission.context.key, now).map_or(Answer::Absent, Answer::Known)
    }

    fn cancel(&mut self, submission: &Submission, now: Instant) -> Answer {
        if self.is_down(now) {
            return Answer::Silence;
        }
        if let Some(entry) = self.entries.get_mut(&submission.context.key)
            && matches!(entry.state, State::Asks | State::Pending(..))
        {
            entry.state = State::Cancelled;
        }
        self.told(&submission.context.key, now).map_or(Answer::Absent, Answer::Known)
    }

    /// Knows most ids most of the time.
    fn ask_vies(&mut self, _: &Question, _: Instant) -> ViesAnswer {
        let (status, answer) = match self.random.below(10) {
            0 | 1 => (VatStatus::Unavailable, ViesAnswer::Unavailable),
            2 => (VatStatus::Invalid, ViesAnswer::Invalid),
            _ => (VatStatus::Valid, ViesAnswer::Valid(Confirmation::default())),
        };
        *self.vies.entry(status).or_default() += 1;
        answer
    }
}

fn seen(status: Option<u16>) -> Evidence {
    let exchange = Exchange {
        method: "POST".to_owned(),
        url: "https://provider.example/charges".to_owned(),
        status,
        sent: 300,
        received: if status.is_some() { 200 } else { 0 },
        ..Exchange::default()
    };
    Evidence { bytes_out: 300, refused: false, exchanges: vec![exchange] }
}
