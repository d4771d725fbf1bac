//! What the search through all orders of events has to find, and what it must not.

use super::world::World;
use super::{Model, Protocol, REMEMBERED_HOURS};
use domain::payment::protocol::ProviderClass::{self, A, B, C, D};
use domain::payment::state::AttemptState::{self, Error, Failed, Succeeded};

/// Proof that the interesting worlds were among those visited.
#[derive(Default)]
pub struct Explored {
    worlds: usize,
    paid_at_second_attempt: bool,
    freed_by_lookup: bool,
    paid_after_late_truth: bool,
}

impl Explored {
    pub fn note(&mut self, world: &World) {
        let states: Vec<AttemptState> = world.attempts.iter().map(|attempt| attempt.state).collect();
        self.worlds += 1;
        self.paid_at_second_attempt |= matches!(states[..], [Failed | Error, Succeeded]);
        self.freed_by_lookup |= states.first() == Some(&Error) && world.attempts[0].absent_since.is_some();
        self.paid_after_late_truth |= states.first() == Some(&Succeeded) && world.hour > REMEMBERED_HOURS;
    }
}

fn explored(model: &Model, class: ProviderClass) -> Explored {
    let attempts = model.most_attempts;
    let explored = model.explore();
    let explored = explored.unwrap_or_else(|steps| panic!("{class}: charged twice after {steps} steps"));
    println!("class {class}, {attempts} attempts: {} worlds, no double charge", explored.worlds);
    explored
}

/// How few steps lead to a double charge.
fn charges_twice(class: ProviderClass, protocol: Protocol) -> Option<usize> {
    let most_asked = if protocol == Protocol::AnyoneMayFindNothing { 2 } else { 1 };
    let steps = Model { most_asked, ..Model::new(class, protocol) }.explore().err();
    if let Some(steps) = steps {
        println!("class {class}, {protocol:?}: charged twice after {steps} steps");
    }
    steps
}

#[test]
fn no_order_of_events_charges_twice() {
    for class in [A, B, C, D] {
        let explored = explored(&Model::new(class, Protocol::AsItIs), class);
        assert!(explored.paid_at_second_attempt && explored.paid_after_late_truth, "{class}");
        assert_eq!(explored.freed_by_lookup, matches!(class, A | C), "{class}");
    }
}

#[test]
fn not_even_with_a_third_attempt_or_a_second_who_asks() {
    explored(&Model { most_attempts: 3, ..Model::new(C, Protocol::AsItIs) }, C);
    explored(&Model { most_asked: 2, ..Model::new(C, Protocol::AsItIs) }, C);
}

/// Designs of other products, and ours without one of its rules, each with the classes of providers that it breaks.
#[test]
fn the_model_finds_what_each_rule_prevents() {
    let broken: [(Protocol, &[ProviderClass]); 9] = [
        (Protocol::LostAnswerFreesTheInvoice, &[A, B, C, D]),
        (Protocol::DeathForgetsTheAttempt, &[A, B, C, D]),
        (Protocol::NotFoundFreesTheInvoice, &[A, C]),
        (Protocol::BlindResend, &[A, B, C, D]),
        (Protocol::SecondAttemptBesideAnOpenOne, &[A, B, C, D]),
        (Protocol::RefusedResendEndsTheAttempt, &[A, B]),
        // The key protects the others.
        (Protocol::SubmitsWithoutTheLease, &[C, D]),
        (Protocol::AnyoneMayFindNothing, &[A, C]),
        // A provider without keys that nobody asks is sent to once.
        (Protocol::RequestsLandForEver, &[A, B, C]),
    ];
    for (protocol, classes) in broken {
        for class in [A, B, C, D] {
            let twice = charges_twice(class, protocol).is_some();
            assert_eq!(twice, classes.contains(&class), "class {class}, {protocol:?}");
        }
    }
}
