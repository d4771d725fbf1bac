//! The charge protocol, checked in every order of events: two attempts on one invoice, any number of workers,
//! processes that die or sleep at any point, leases that run out under a living holder, requests and answers that get
//! lost or arrive late, declines, refusals, lagging lookups, webhooks, keys that the provider forgets. Only the
//! provider's own count of charges is asked.
//!
//! Time moves by the hour; the provider remembers keys for four. A lease is never waited for: the protocol has to hold
//! with the shortest one. Assumed (A1): no request takes effect after the moment from which lookups are final.

mod checked;
mod world;

use self::checked::Explored;
use self::world::{Attempt, Call, Known, Stage, World};
use crate::attempt::{created, declined, eur};

use crate::resolve::caps;
use chrono::TimeDelta;
use domain::Instant;
use domain::money::Money;
use domain::payment::protocol::ProviderClass;
use domain::payment::protocol::{AttemptFacts, Windows, learn, may_submit, settle, windows};
use domain::payment::resolve::{Absent, Resolution, after_not_found, never_executed, resolve};
use domain::payment::state::AttemptState::{Cancelled, Created, Error, Submitted};
use domain::provider::{CallError, Capabilities, Evidence, Exchange, Outcome, Report, Settled};
use std::collections::{HashSet, VecDeque};

const LAST_HOUR: u8 = 7;
const REMEMBERED_HOURS: u8 = 4;
const MOST_SUBMISSIONS: u32 = 2;

/// The protocol as it is, or one way to break it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    AsItIs,
    /// A lookup that finds nothing is taken for "not charged" at once.
    NotFoundFreesTheInvoice,
    /// The same key is sent again whatever the provider is and however late it is.
    BlindResend,
    /// A refused repetition is taken for a refusal of the first submission, too.
    RefusedResendEndsTheAttempt,
    /// No unique index over open attempts.
    SecondAttemptBesideAnOpenOne,
    /// Whoever waited in vain gives the invoice free.
    LostAnswerFreesTheInvoice,
    /// The attempt is written in the transaction that calls the provider, and gone with it.
    DeathForgetsTheAttempt,
    /// Decided with the lease, written down later without asking who has it by then.
    SubmitsWithoutTheLease,
    /// "Not found" counts from whoever asked, not only from the holder of the lease.
    AnyoneMayFindNothing,
    /// A1 does not hold: a request may take effect at any time.
    RequestsLandForEver,
}

struct Model {
    caps: Capabilities,
    protocol: Protocol,
    most_attempts: usize,
    /// Lookups of one attempt whose answers are not written down yet.
    most_asked: usize,
    asked: Money,
    /// What all attempts share.
    common: AttemptFacts,
}

fn instant(hour: u8) -> Instant {
    Instant::default() + TimeDelta::hours(i64::from(hour))
}

/// What the host saw of a request that was answered with this status, or not at all.
fn seen(status: Option<u16>) -> Evidence {
    let exchange = Exchange {
        method: "POST".into(),
        url: "https://p.example/charges".into(),
        status,
        sent: 1,
        ..Exchange::default()
    };
    Evidence { bytes_out: 1, refused: status == Some(422), exchanges: vec![exchange] }
}

impl Model {
    fn outcome(&self, known: Known) -> Outcome {
        if !known.charged {
            return declined();
        }
        let (provider_ref, raw_status) = ("ch_1".to_owned(), String::new());
        Outcome::Succeeded(Settled { provider_ref, amount: self.asked, raw_status })
    }

    fn new(class: ProviderClass, protocol: Protocol) -> Self {
        let mut caps = caps(class);
        if let Some(idempotency) = &mut caps.idempotency {
            idempotency.window_s = u64::from(REMEMBERED_HOURS) * 3_600;
        }
        Self { caps, protocol, most_attempts: 2, most_asked: 1, asked: eur(1190), common: created() }
    }

    /// Visits every world that can come about, nearest first; what there is, or how few steps lead to a double charge.
    fn explore(&self) -> Result<Explored, usize> {
        let known = vec![None; self.most_attempts];
        let start = World { hour: 0, attempts: vec![], calls: vec![], known, charges: 0 };
        let mut seen = HashSet::from([start.clone()]);
        let mut open = VecDeque::from([(0, start)]);
        let mut explored = Explored::default();
        while let Some((steps, world)) = open.pop_front() {
            if world.charges > 1 {
                return Err(steps);
            }
            explored.note(&world);
            let unseen = self.next(&world).into_iter().filter(|next| seen.insert(next.clone()));
            open.extend(unseen.map(|next| (steps + 1, next)));
        }
        Ok(explored)
    }

    fn next(&self, world: &World) -> Vec<World> {
        let mut next = Vec::new();
        next.extend(self.open_attempt(world));
        next.extend(self.pass_an_hour(world));
        for attempt in 0..world.attempts.len() {
            next.extend(self.look_after(world, attempt));
            // A webhook brings what the provider knows.
            next.extend(world.known[attempt].map(|known| self.learned(world, attempt, known)));
        }
        for call in 0..world.calls.len() {
            next.extend(self.move_call(world, call));
        }
        for world in &mut next {
            world.calls.sort_unstable();
        }
        next
    }

    fn facts(&self, world: &World, attempt: usize) -> AttemptFacts {
        let row = &world.attempts[attempt];
        AttemptFacts {
            state: row.state,
            document_open: !world.is_paid(),
            submit_count: row.submissions,
            unproven_submissions: row.unproven,
            windows: self.windows(row),
            absent_since: row.absent_since,
            ..self.common.clone()
        }
    }

    fn windows(&self, row: &Attempt) -> Option<Windows> {
        row.first_submitted.map(|hour| windows(&self.caps, instant(hour)))
    }

    fn open_attempt(&self, world: &World) -> Option<World> {
        let blocked = world.attempts.iter().any(|attempt| attempt.state.is_open())
            && self.protocol != Protocol::SecondAttemptBesideAnOpenOne;
        let allowed = !blocked && !world.is_paid() && world.attempts.len() < self.most_attempts;
        allowed.then(|| {
            let mut next = world.clone();
            let (submissions, unproven, first_submitted, absent_since) = (0, 0, None, None);
            next.attempts.push(Attempt {
                state: Created,
                submissions,
                unproven,
                first_submitted,
                absent_since,
            });
            next
        })
    }

    /// Submissions end within the hour; lost requests are really lost once lookups are final. Who has asked may sleep
    /// for long before writing the answer down.
    fn pass_an_hour(&self, world: &World) -> Option<World> {
        let hour = world.hour + 1;
        let may_pass = world.calls.iter().all(|call| {
            let cutoff =
                self.windows(&world.attempts[call.attempt]).map(|windows| windows.lookup_final_after);
            match call.stage {
                Stage::FoundNothing { .. } => true,
                Stage::Orphan => {
                    self.protocol == Protocol::RequestsLandForEver || Some(instant(hour)) < cutoff
                }
                Stage::Decided | Stage::Unsent | Stage::Awaited => false,
            }
        });
        (may_pass && hour <= LAST_HOUR).then(|| World { hour, ..world.clone() })
    }

    /// Whatever worker comes by.
    fn look_after(&self, world: &World, attempt: usize) -> Vec<World> {
        let facts = self.facts(world, attempt);
        let blind = self.protocol == Protocol::BlindResend && facts.state.is_open() && facts.state != Created;
        match resolve(&facts, &self.caps, instant(world.hour)) {
            _ if blind => self.submitted(world, attempt),
            Resolution::SubmitFirst if self.protocol == Protocol::SubmitsWithoutTheLease => {
                self.decided(world, attempt)
            }
            Resolution::SubmitFirst | Resolution::Resend => self.submitted(world, attempt),
            Resolution::CancelUnsent => vec![world.with(attempt, |row| row.state = Cancelled)],
            Resolution::Lookup => self.looked_up(world, attempt),
            _ => vec![],
        }
    }

    /// Two workers, whose leases ran out one after the other, mean to submit.
    fn decided(&self, world: &World, attempt: usize) -> Vec<World> {
        let decided = Call { attempt, stage: Stage::Decided };
        if world.calls.iter().filter(|call| **call == decided).count() == 2 {
            return vec![];
        }
        let mut next = world.clone();
        next.calls.push(decided);
        vec![next]
    }

    fn submitted(&self, world: &World, attempt: usize) -> Vec<World> {
        let facts = self.facts(world, attempt);
        let allowed = match self.protocol {
            Protocol::BlindResend => true,
            Protocol::SubmitsWithoutTheLease => facts.state.is_open() && facts.document_open,
            _ => may_submit(&facts, instant(world.hour)),
        };
        if !allowed || world.attempts[attempt].submissions >= MOST_SUBMISSIONS {
            return vec![];
        }
        let mut next = world.with(attempt, |row| {
            row.state = Submitted;
            row.submissions += 1;
            row.unproven += 1;
            row.first_submitted.get_or_insert(world.hour);
        });
        next.taken_from_others(attempt);
        next.calls.push(Call { attempt, stage: Stage::Unsent });
        vec![next]
    }

    /// The provider finds what has lain there for long, and perhaps what has just arrived. Who asks has the lease.
    fn looked_up(&self, world: &World, attempt: usize) -> Vec<World> {
        let known = world.known[attempt];
        let mut next: Vec<World> =
            known.map(|known| self.learned(world, attempt, known)).into_iter().collect();
        let asked = world.calls.iter().filter(|call| call.asks_about(attempt)).count();
        if known.is_none_or(|known| known.since == world.hour) && asked < self.most_asked {
            let mut silent = world.clone();
            silent.taken_from_others(attempt);
            silent.calls.push(Call { attempt, stage: Stage::FoundNothing { leased: true } });
            next.push(silent);
        }
        next
    }

    fn not_found(&self, world: &World, attempt: usize) -> Vec<World> {
        let facts = self.facts(world, attempt);
        match after_not_found(&facts, &self.caps, instant(world.hour)) {
            _ if self.protocol == Protocol::NotFoundFreesTheInvoice => {
                vec![world.written(attempt, never_executed(&facts))]
            }
            Absent::Resend => self.submitted(world, attempt),
            Absent::FreeSlot => vec![world.written(attempt, never_executed(&facts))],
            Absent::Wait { absent_since, .. } => {
                vec![world.with(attempt, |row| row.absent_since = absent_since)]
            }
        }
    }

    fn learned(&self, world: &World, attempt: usize, known: Known) -> World {
        world.written(attempt, learn(&self.facts(world, attempt), &self.outcome(known), self.asked))
    }

    fn answered(
        &self,
        world: &World,
        attempt: usize,
        result: Result<Outcome, CallError>,
        evidence: Evidence,
    ) -> World {
        let mut facts = self.facts(world, attempt);
        if self.protocol == Protocol::RefusedResendEndsTheAttempt {
            facts.unproven_submissions = 1;
        }
        world.written(attempt, settle(&facts, &Report { result, evidence }, self.asked))
    }

    /// The answer was lost, or there was none in time.
    fn unanswered(&self, world: &World, attempt: usize) -> World {
        if self.protocol == Protocol::LostAnswerFreesTheInvoice {
            return world.with(attempt, |row| row.state = Error);
        }
        self.answered(world, attempt, Err(CallError::Unknown("timeout".into())), seen(None))
    }

    /// The process that submitted has died; what it had written stays, unless its transaction was still open.
    fn forgotten(&self, world: &World, attempt: usize) -> World {
        match self.protocol {
            Protocol::DeathForgetsTheAttempt => world.with(attempt, |row| row.state = Error),
            _ => world.clone(),
        }
    }

    fn move_call(&self, world: &World, index: usize) -> Vec<World> {
        let call = world.calls[index];
        let mut gone = world.clone();
        gone.calls.remove(index);
        let staged = |world: &World, stage| {
            let mut next = world.clone();
            next.calls.push(Call { stage, ..call });
            next
        };
        let lost = || Err(CallError::Unknown("timeout".into()));
        let mut next = Vec::new();
        match call.stage {
            Stage::Decided => {
                next.extend(self.submitted(&gone, call.attempt));
                next.push(gone);
            }
            Stage::FoundNothing { leased } => {
                if leased || self.protocol == Protocol::AnyoneMayFindNothing {
                    next.extend(self.not_found(&gone, call.attempt));
                }
                next.push(gone);
            }
            Stage::Unsent => {
                next.push(staged(&gone, Stage::Awaited));
                // The connection fails; or the process dies.
                next.push(self.answered(&gone, call.attempt, lost(), Evidence::default()));
                next.push(self.forgotten(&gone, call.attempt));
            }
            Stage::Awaited => {
                for landed in self.landed(&gone, call.attempt) {
                    let known = landed.known[call.attempt].unwrap();
                    next.push(self.answered(&landed, call.attempt, Ok(self.outcome(known)), seen(Some(200))));
                    next.push(self.unanswered(&landed, call.attempt));
                }
                let refused = Err(CallError::NotExecuted("validation".into()));
                next.push(self.answered(&gone, call.attempt, refused, seen(Some(422))));
                // The worker gives up waiting; or it dies. The request is still on its way.
                next.push(staged(&self.unanswered(&gone, call.attempt), Stage::Orphan));
                next.push(staged(&self.forgotten(&gone, call.attempt), Stage::Orphan));
            }
            Stage::Orphan => {
                next.extend(self.landed(&gone, call.attempt));
                next.push(gone);
            }
        }
        next
    }

    /// A request reaches the provider, who charges or declines, unless it remembers the key.
    fn landed(&self, world: &World, attempt: usize) -> Vec<World> {
        let remembered = world.known[attempt].filter(|known| world.hour - known.since < REMEMBERED_HOURS);
        if self.caps.idempotency.is_some() && remembered.is_some() {
            return vec![world.clone()];
        }
        let effect = |charged| {
            let mut next = world.clone();
            next.known[attempt] = Some(Known { charged, since: world.hour });
            next.charges += u8::from(charged);
            next
        };
        vec![effect(true), effect(false)]
    }
}
