//! Each fault at each request of each call: what the component may conclude from it, and how the matter ends once the
//! service is well again.

use super::dialogue::words;
use super::{settled, side_by_side};
use crate::findings::{Findings, Lie, Verdict};
use crate::operation::{Heard, Operation, Told, money};
use crate::scenario::Becomes;
use crate::service::Service;
use crate::stage::Stage;
use crate::trick::{Act, Effect, Meaning, TRICKS, Trick};
use domain::provider::{CallError, Found, Outcome, SetupState};
use futures::FutureExt;

/// A fault at one request of a call.
struct Trial<'a> {
    stage: &'a Stage,
    operation: Operation,
    at: usize,
    trick: Trick,
}

/// Tries every fault at the first request where money moves or is asked about, and the basic ones elsewhere.
pub async fn check(stage: &Stage, operation: Operation, requests: usize, findings: &mut Findings) {
    let thorough = operation.moves_money() || operation == Operation::LookUp;
    let trials: Vec<Trial<'_>> = (0..requests)
        .flat_map(|at| TRICKS.iter().map(move |trick| (at, *trick)))
        .filter(|(at, trick)| (thorough && *at == 0) || trick.is_basic())
        .map(|(at, trick)| Trial { stage, operation, at, trick })
        .collect();
    let verdicts = side_by_side(trials.iter().map(|trial| trial.run().boxed()).collect()).await;
    for (trial, verdict) in trials.iter().zip(verdicts) {
        findings.add(operation.name(), trial.name(), settled(verdict));
    }
}

impl Trial<'_> {
    fn name(&self) -> String {
        match self.at {
            0 => self.trick.name.to_owned(),
            at => format!("{} (request {})", self.trick.name, at + 1),
        }
    }

    async fn run(&self) -> std::io::Result<Verdict> {
        let service = self.stage.service(self.operation).await?;
        service.fail_at(self.at, self.trick);
        let told = self.stage.call(self.operation, &service).await;
        // What comes late has come.
        service.quiet().await;
        let verdict = self.conclusion(&told, &service);
        if verdict != Verdict::Passed || !self.operation.moves_money() || self.stage.scenario.is_made_up {
            return Ok(verdict);
        }
        service.recover();
        Ok(self.ending(&service).await)
    }

    /// What the component made of the fault.
    fn conclusion(&self, told: &Told, service: &Service) -> Verdict {
        let seen = service.seen();
        let Some(faulty) = seen.get(self.at) else {
            return Verdict::not_applicable("the request was not sent");
        };
        if self.trick.meaning() == Meaning::Different && !faulty.names_amount {
            return Verdict::not_applicable("the answer to this request names no amount");
        }
        // What was asked again after the fault may have been answered well.
        let asked_again = seen.len() > self.at + 1;
        match told {
            Ok(Heard::Became(outcome)) => self.outcome(outcome, asked_again),
            Ok(Heard::Found(Found::Outcome(outcome))) => self.outcome(outcome, asked_again),
            Ok(Heard::Found(Found::NotFound)) if self.trick.act == Act::Status(404) => Verdict::Passed,
            Ok(Heard::Found(Found::NotFound)) => Verdict::lies(
                Lie::AbsenceForSilence,
                "it says that the service does not know what the service was not able to say",
            ),
            Ok(heard) if asked_again || self.is_answer(heard) => Verdict::Passed,
            Ok(_) => Verdict::failed(format!("it says {}", words(told))),
            Err(CallError::NotExecuted(why)) if service.effects() > 0 && self.operation.moves_money() => {
                Verdict::failed(format!("it says that nothing happened ({why}), and the money has moved"))
            }
            Err(_) => Verdict::Passed,
        }
    }

    fn outcome(&self, outcome: &Outcome, asked_again: bool) -> Verdict {
        let asked = money(self.operation.movement(&self.stage.scenario));
        match (self.trick.meaning(), outcome) {
            // What it was told afterwards may be the truth again.
            (Meaning::Different, Outcome::Succeeded(settled)) if asked_again || settled.amount != asked => {
                Verdict::Passed
            }
            (Meaning::Different, Outcome::Succeeded(_)) => Verdict::lies(
                Lie::WrongAmountEchoed,
                "the service took something else, and it reports what was asked for",
            ),
            (Meaning::Different, other) => Verdict::failed(format!("it says {other:?}")),
            (_, Outcome::Succeeded(settled)) if asked_again && settled.amount == asked => Verdict::Passed,
            (_, Outcome::Succeeded(_)) => {
                Verdict::lies(Lie::SuccessFromNothing, "it says that money moved, which nobody told it")
            }
            (Meaning::Refused, Outcome::Declined(_)) => {
                Verdict::failed("it takes a refused request for the bank's refusal")
            }
            (_, Outcome::Declined(_)) => Verdict::lies(
                Lie::DeclineForSilence,
                "it says that the bank refused, and the money may have moved",
            ),
            (_, other) => Verdict::failed(format!("it says {other:?}, and nobody told it")),
        }
    }

    /// Whether the faulty answer says what the component heard.
    fn is_answer(&self, heard: &Heard) -> bool {
        let status_is_enough = matches!(
            self.trick.act,
            Act::Body(_) | Act::Html | Act::Deep | Act::Cut | Act::Bytes | Act::Status(202 | 204 | 404)
        );
        match heard {
            Heard::Detached => status_is_enough,
            Heard::Setup(SetupState::Failed(_)) => self.trick.act == Act::Status(404),
            Heard::Setup(SetupState::Open | SetupState::Verifying) => true,
            _ => false,
        }
    }

    /// How it ends: found or repeated, the money has moved once.
    async fn ending(&self, service: &Service) -> Verdict {
        let (stage, movement) = (self.stage, self.operation.movement(&self.stage.scenario));
        if movement.becomes != Becomes::Succeeded || self.trick.meaning() == Meaning::Different {
            return Verdict::Passed;
        }
        let question = self.operation.question();
        let can = &stage.provider.manifest().capabilities;
        if can.lookup.as_ref().is_some_and(|lookup| lookup.by_reference)
            && question.is_scripted(&stage.scenario)
        {
            let told = stage.call(question, service).await;
            let verdict = self.found(&told, service.effects() > 0);
            if verdict != Verdict::Passed {
                return verdict;
            }
        }
        if can.idempotency.is_some() {
            let again = stage.call(self.operation, service).await;
            let stuck = self.trick.effect == Effect::Stored;
            if !stuck && !matches!(&again, Ok(Heard::Became(Outcome::Succeeded(_)))) {
                return Verdict::failed(format!("sent again with the same key, it says {}", words(&again)));
            }
            if stuck && again.is_ok() {
                return Verdict::lies(Lie::SuccessFromNothing, "the service repeats its 500");
            }
        }
        super::keys::once(service)
    }

    fn found(&self, told: &Told, moved: bool) -> Verdict {
        match (moved, told) {
            (true, Ok(Heard::Found(Found::Outcome(Outcome::Succeeded(_)))))
            | (false, Ok(Heard::Found(Found::NotFound))) => Verdict::Passed,
            (true, Ok(Heard::Found(Found::NotFound))) => {
                Verdict::lies(Lie::AbsenceForSilence, "the service has it, and the look-up does not find it")
            }
            (false, Ok(Heard::Found(Found::Outcome(Outcome::Succeeded(_))))) => {
                Verdict::lies(Lie::SuccessFromNothing, "the look-up finds what the service does not have")
            }
            (_, told) => Verdict::failed(format!("asked afterwards, it says {}", words(told))),
        }
    }
}
