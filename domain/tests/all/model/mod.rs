//! The charge protocol, checked in every order of events: two attempts on one invoice, processes that die at
//! any point, requests and answers that get lost or arrive late, declines, refusals, lagging lookups,
//! webhooks, keys that the provider forgets. Only the provider's own count of charges is asked.
//!
//! Time moves by the hour; the provider remembers keys for four. Assumed: no request takes effect after the
//! moment from which lookups are final.

mod world;

use self::world::{Attempt, Call, Known, Stage, World};
use crate::attempt::{created, declined, eur};

use crate::resolve::caps;
use chrono::TimeDelta;
use domain::Instant;
use domain::money::Money;
use domain::payment::protocol::ProviderClass::{self, A, B, C, D};
use domain::payment::protocol::{AttemptFacts, Windows, learn, may_submit, settle, windows};
use domain::payment::resolve::{Absent, Resolution, after_not_found, never_executed, resolve};
use domain::payment::state::AttemptState::{self, Cancelled, Created, Error, Failed, Submitted, Succeeded};
use domain::provider::{CallError, Capabilities, Evidence, Exchange, Outcome, Report, Settled};
use std::collections::HashSet;

const LAST_HOUR: u8 = 7;
const REMEMBERED_HOURS: u8 = 4;
const MOST_SUBMISSIONS: u32 = 2;
const MOST_ATTEMPTS: usize = 2;

/// The protocol as it is, or one way to break it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    AsItIs,
    NotFoundFreesTheInvoice,
    BlindResend,
    RefusedResendEndsTheAttempt,
    SecondAttemptBesideAnOpenOne,
}

struct Model {
    caps: Capabilities,
    protocol: Protocol,
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
        Self { caps, protocol, asked: eur(1190), common: created() }
    }

    /// Visits every world that can come about; how many there are, or a double charge.
    fn explore(&self) -> Result<Explored, World> {
        let start =
            World { hour: 0, attempts: vec![], calls: vec![], known: vec![None; MOST_ATTEMPTS], charges: 0 };
        let mut seen = HashSet::from([start.clone()]);
        let mut open = vec![start];
        let mut explored = Explored::default();
        while let Some(world) = open.pop() {
            if world.charges > 1 {
                return Err(world);
            }
            explored.note(&world);
            open.extend(self.next(&world).into_iter().filter(|next| seen.insert(next.clone())));
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
        let allowed = !blocked && !world.is_paid() && world.attempts.len() < MOST_ATTEMPTS;
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

    /// Calls end within the hour; lost requests are really lost once lookups are final.
    fn pass_an_hour(&self, world: &World) -> Option<World> {
        let hour = world.hour + 1;
        let may_pass = world.calls.iter().all(|call| {
            let cutoff = self.windows(&world.attempts[call.attempt]).unwrap().lookup_final_after;
            call.stage == Stage::Orphan && instant(hour) < cutoff
        });
        (may_pass && hour <= LAST_HOUR).then(|| World { hour, ..world.clone() })
    }

    /// Whatever worker comes by.
    fn look_after(&self, world: &World, attempt: usize) -> Vec<World> {
        let facts = self.facts(world, attempt);
        let blind = self.protocol == Protocol::BlindResend && facts.state.is_open() && facts.state != Created;
        match resolve(&facts, &self.caps, instant(world.hour)) {
            _ if blind => self.submitted(world, attempt),
            Resolution::SubmitFirst | Resolution::Resend => self.submitted(world, attempt),
            Resolution::CancelUnsent => vec![world.with(attempt, |row| row.state = Cancelled)],
            Resolution::Lookup => self.looked_up(world, attempt),
            _ => vec![],
        }
    }

    fn submitted(&self, world: &World, attempt: usize) -> Vec<World> {
        let blind = self.protocol == Protocol::BlindResend;
        let allowed = blind || may_submit(&self.facts(world, attempt), instant(world.hour));
        if !allowed || world.attempts[attempt].submissions >= MOST_SUBMISSIONS {
            return vec![];
        }
        let mut next = world.with(attempt, |row| {
            row.state = Submitted;
            row.submissions += 1;
            row.unproven += 1;
            row.first_submitted.get_or_insert(world.hour);
        });
        next.calls.push(Call { attempt, stage: Stage::Unsent });
        vec![next]
    }

    /// The provider finds what has lain there for long, and perhaps what has just arrived.
    fn looked_up(&self, world: &World, attempt: usize) -> Vec<World> {
        let known = world.known[attempt];
        let mut next: Vec<World> =
            known.map(|known| self.learned(world, attempt, known)).into_iter().collect();
        if known.is_none_or(|known| known.since == world.hour) {
            next.extend(self.not_found(world, attempt));
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
            Stage::Unsent => {
                next.push(staged(&gone, Stage::Awaited));
                // The connection fails; or the process dies.
                next.push(self.answered(&gone, call.attempt, lost(), Evidence::default()));
                next.push(gone);
            }
            Stage::Awaited => {
                for landed in self.landed(&gone, call.attempt) {
                    let known = landed.known[call.attempt].unwrap();
                    next.push(self.answered(&landed, call.attempt, Ok(self.outcome(known)), seen(Some(200))));
                    next.push(self.answered(&landed, call.attempt, lost(), seen(None)));
                }
                let refused = Err(CallError::NotExecuted("validation".into()));
                next.push(self.answered(&gone, call.attempt, refused, seen(Some(422))));
                // The worker gives up waiting; or it dies. The request is still on its way.
                next.push(staged(&self.answered(&gone, call.attempt, lost(), seen(None)), Stage::Orphan));
                next.push(staged(&gone, Stage::Orphan));
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

/// Proof that the interesting worlds were among those visited.
#[derive(Default)]
struct Explored {
    worlds: usize,
    paid_at_second_attempt: bool,
    freed_by_lookup: bool,
    paid_after_late_truth: bool,
}

impl Explored {
    fn note(&mut self, world: &World) {
        let states: Vec<AttemptState> = world.attempts.iter().map(|attempt| attempt.state).collect();
        self.worlds += 1;
        self.paid_at_second_attempt |= matches!(states[..], [Failed | Error, Succeeded]);
        self.freed_by_lookup |= states.first() == Some(&Error) && world.attempts[0].absent_since.is_some();
        self.paid_after_late_truth |= states.first() == Some(&Succeeded) && world.hour > REMEMBERED_HOURS;
    }
}

fn explored(class: ProviderClass) -> Explored {
    let Ok(explored) = Model::new(class, Protocol::AsItIs).explore() else {
        panic!("{class}: charged twice")
    };
    println!("class {class}: {} worlds, none with a double charge", explored.worlds);
    explored
}

fn charges_twice(class: ProviderClass, protocol: Protocol) -> bool {
    Model::new(class, protocol).explore().is_err()
}

#[test]
fn no_order_of_events_charges_twice() {
    for class in [A, B, C, D] {
        let explored = explored(class);
        assert!(explored.paid_at_second_attempt && explored.paid_after_late_truth, "{class}");
        assert_eq!(explored.freed_by_lookup, matches!(class, A | C), "{class}");
    }
}

#[test]
fn the_model_finds_what_each_rule_prevents() {
    assert!(charges_twice(A, Protocol::NotFoundFreesTheInvoice));
    assert!(charges_twice(C, Protocol::NotFoundFreesTheInvoice));
    assert!(charges_twice(A, Protocol::BlindResend), "past the provider's memory");
    assert!(charges_twice(C, Protocol::BlindResend));
    assert!(charges_twice(A, Protocol::RefusedResendEndsTheAttempt));
    assert!(charges_twice(B, Protocol::RefusedResendEndsTheAttempt));
    assert!(charges_twice(A, Protocol::SecondAttemptBesideAnOpenOne));
}
