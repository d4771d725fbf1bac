//! Faults in random order, as the charge protocol meets them: submissions and questions until the matter is clear. The
//! service's books decide.

use super::dialogue::words;
use super::keys::once;
use super::{settled, side_by_side};
use crate::findings::{Findings, Lie, Verdict};
use crate::operation::{Heard, Operation, Told};
use crate::scenario::Becomes;
use crate::service::Service;
use crate::stage::Stage;
use crate::trick::{Meaning, TRICKS, Trick};
use domain::provider::{Found, Outcome};
use futures::FutureExt;

/// Schedules of one run.
const SCHEDULES: u64 = 200;
/// Faults of one schedule.
const STEPS: u64 = 5;
const NAME: &str = "200 random schedules move the money once";

/// Tries the charge under schedules. Where the service knows no keys, nothing is sent twice.
pub async fn check(stage: &Stage, findings: &mut Findings) {
    let charge = &stage.scenario.charge;
    if !Operation::Charge.is_scripted(&stage.scenario) {
        return findings.add(
            "schedules",
            NAME,
            Verdict::not_applicable("no scenario says how a charge goes"),
        );
    }
    if charge.becomes != Becomes::Succeeded || charge.exchanges.is_empty() {
        return findings.add("schedules", NAME, Verdict::not_applicable("no request moves money"));
    }
    let verdicts = side_by_side((1..=SCHEDULES).map(|seed| run(stage, seed).boxed()).collect()).await;
    let worst = (1..).zip(verdicts.into_iter().map(settled)).find(|(_, verdict)| *verdict != Verdict::Passed);
    let verdict = match worst {
        None => Verdict::Passed,
        Some((seed, Verdict::Failed { lie, reason })) => {
            Verdict::Failed { lie, reason: format!("schedule {seed}: {reason}") }
        }
        Some((_, verdict)) => verdict,
    };
    findings.add("schedules", NAME, verdict);
}

async fn run(stage: &Stage, seed: u64) -> std::io::Result<Verdict> {
    let can = &stage.provider.manifest().capabilities;
    let (resends, asks) = (can.idempotency.is_some(), Operation::LookUp.is_scripted(&stage.scenario));
    let service = stage.service(Operation::Charge).await?;
    let mut dice = Dice(seed);
    let tricks: Vec<Trick> = TRICKS
        .iter()
        .filter(|trick| !trick.is_slow() && trick.meaning() != Meaning::Different)
        .copied()
        .collect();
    for step in 0..=dice.below(STEPS) {
        let submits = step == 0 || (resends && (!asks || dice.below(2) == 0));
        let operation = if submits { Operation::Charge } else { Operation::LookUp };
        if !submits && !asks {
            break;
        }
        let trick = tricks[usize::try_from(dice.below(tricks.len() as u64)).unwrap_or_default()];
        service.fail_at(0, trick);
        let told = stage.call(operation, &service).await;
        service.quiet().await;
        if let Some(verdict) = contradiction(&told, &service) {
            return Ok(verdict);
        }
    }
    service.recover();
    if asks {
        let told = stage.call(Operation::LookUp, &service).await;
        if let Some(verdict) = contradiction(&told, &service) {
            return Ok(verdict);
        }
    }
    if resends {
        let told = stage.call(Operation::Charge, &service).await;
        if let Some(verdict) = contradiction(&told, &service) {
            return Ok(verdict);
        }
    }
    Ok(once(&service))
}

/// What was told against the service's books.
fn contradiction(told: &Told, service: &Service) -> Option<Verdict> {
    let moved = service.effects() > 0;
    let outcome = match told {
        Ok(Heard::Became(outcome)) => Some(outcome),
        Ok(Heard::Found(Found::Outcome(outcome))) => Some(outcome),
        _ => None,
    };
    match outcome {
        Some(Outcome::Succeeded(_)) if moved => None,
        Some(Outcome::Succeeded(_)) => {
            Some(Verdict::lies(Lie::SuccessFromNothing, "it says that money moved, and none has"))
        }
        Some(Outcome::Declined(_)) => {
            Some(Verdict::lies(Lie::DeclineForSilence, "it says that the bank refused, which it did not"))
        }
        Some(_) => Some(Verdict::failed(format!("it says {}", words(told)))),
        None => None,
    }
}

/// Numbers that look random and are the same in each run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1);
        let mut x = self.0;
        x ^= x >> 29;
        x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x ^= x >> 32;
        x % limit
    }
}
