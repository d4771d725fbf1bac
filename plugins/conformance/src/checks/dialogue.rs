//! What goes well must go well: a kit that refuses everything would prove nothing.

use super::settled;
use crate::findings::{Findings, Lie, Verdict};
use crate::operation::{Heard, Operation, Told, money};
use crate::scenario::{Becomes, Movement};
use crate::service::{Seen, Service};
use crate::stage::Stage;
use domain::provider::{CallError, Found, Outcome, SetupState};
use plugin_host::SUCCESS_WITHOUT_ASKING;

const NAME: &str = "goes well by the scenario";

/// Makes the call once and says how many requests it took; none where there is nothing to break.
pub async fn check(stage: &Stage, operation: Operation, findings: &mut Findings) -> Option<usize> {
    let promised = operation.is_promised(stage.provider.manifest());
    let group = operation.name();
    if !operation.is_scripted(&stage.scenario) {
        let verdict = match (promised, stage.scenario.is_made_up) {
            (false, _) => Verdict::not_applicable("the manifest does not promise it"),
            (true, true) => Verdict::not_applicable("no scenario says how it goes"),
            (true, false) => Verdict::failed("the manifest promises it, and the scenario does not show it"),
        };
        findings.add(group, NAME, verdict);
        // Whatever the service is asked, the first request can go wrong.
        return (operation == Operation::Charge).then_some(1);
    }
    let (verdict, requests) = match stage.service(operation).await {
        Ok(service) => {
            let told = stage.call(operation, &service).await;
            (judge(stage, operation, &told, &service), service.seen().len())
        }
        Err(error) => (settled(Err(error)), 0),
    };
    let went_well = verdict == Verdict::Passed;
    findings.add(group, NAME, verdict);
    if went_well && !promised {
        findings.add(group, "is promised by the manifest", Verdict::failed("it works, and is not promised"));
    }
    if requests == 0 {
        let reason = if went_well { "it sends no requests" } else { "no request came" };
        findings.add(group, "faults of the service", Verdict::not_applicable(reason));
    }
    (requests > 0).then_some(requests)
}

/// The bank's refusal is a decline, and nothing else.
pub async fn decline(stage: &Stage, findings: &mut Findings) {
    let Some(dialogue) = &stage.scenario.decline else {
        let verdict = Verdict::not_applicable("the scenario shows none");
        return findings.add("decline", "a refusal by the bank is a decline", verdict);
    };
    let mut script = Operation::Charge.script(&stage.scenario, stage.provider.manifest());
    script.always.clone_from(&dialogue.exchanges);
    let verdict = match stage.serving(script).await {
        Ok(service) => match stage.call(Operation::Charge, &service).await {
            Ok(Heard::Became(Outcome::Declined(_))) => Verdict::Passed,
            told => Verdict::failed(format!("it says {}", words(&told))),
        },
        Err(error) => settled(Err(error)),
    };
    findings.add("decline", "a refusal by the bank is a decline", verdict);
}

fn judge(stage: &Stage, operation: Operation, told: &Told, service: &Service) -> Verdict {
    let movement = operation.movement(&stage.scenario);
    let verdict = match (operation, told) {
        (Operation::Charge | Operation::Refund, Ok(Heard::Became(outcome))) => became(movement, outcome),
        (Operation::Charge | Operation::Refund, Err(CallError::NotExecuted(why)))
            if why == SUCCESS_WITHOUT_ASKING =>
        {
            Verdict::lies(Lie::SuccessWithoutRequest, "it claims success, and no request reached the service")
        }
        (Operation::LookUp | Operation::RefundLookUp, Ok(Heard::Found(Found::Outcome(outcome)))) => {
            became(movement, outcome)
        }
        (Operation::Cancel, Ok(Heard::Became(Outcome::Cancelled { .. })))
        | (Operation::BeginSetup, Ok(Heard::Started))
        | (Operation::CompleteSetup, Ok(Heard::Setup(SetupState::Done(_))))
        | (Operation::Detach, Ok(Heard::Detached)) => Verdict::Passed,
        (Operation::ListSince, Ok(Heard::Listed(items))) => listed(stage, *items),
        _ => Verdict::failed(format!("it says {}; requests: {}", words(told), lines(&service.seen()))),
    };
    if operation.moves_money() && verdict == Verdict::Passed { keyed(&service.seen()) } else { verdict }
}

fn became(movement: &Movement, outcome: &Outcome) -> Verdict {
    let (expected, provider_ref) = match (movement.becomes, outcome) {
        (Becomes::Succeeded, Outcome::Succeeded(settled)) => {
            (settled.amount == money(movement), Some(&settled.provider_ref))
        }
        (Becomes::Pending, Outcome::Pending { provider_ref }) => (true, Some(provider_ref)),
        _ => (false, None),
    };
    if expected && provider_ref == Some(&movement.provider_ref) {
        Verdict::Passed
    } else {
        Verdict::failed(format!("it says {outcome:?}"))
    }
}

/// Where requests were sent, the key was among them.
fn keyed(seen: &[Seen]) -> Verdict {
    if seen.is_empty() || seen.iter().any(|request| !request.is_get && request.key.is_some()) {
        return Verdict::Passed;
    }
    Verdict::lies(Lie::NoKey, format!("money moved by {}, and none carries the key", lines(seen)))
}

fn listed(stage: &Stage, items: usize) -> Verdict {
    let expected = stage.scenario.list_since.as_ref().map_or(0, |listing| listing.items);
    if items == expected {
        Verdict::Passed
    } else {
        Verdict::failed(format!("it lists {items} of {expected}"))
    }
}

/// The requests, in their order.
pub fn lines(seen: &[Seen]) -> String {
    let lines: Vec<&str> = seen.iter().map(|request| request.line.as_str()).collect();
    if lines.is_empty() { "none".to_owned() } else { lines.join(", ") }
}

/// What was told, in words.
pub fn words(told: &Told) -> String {
    match told {
        Ok(heard) => format!("{heard:?}"),
        Err(error) => format!("{:?}", error.to_string()),
    }
}
