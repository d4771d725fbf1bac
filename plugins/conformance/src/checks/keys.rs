//! The attempt's key: on every submission, and the same on each.

use super::settled;
use crate::findings::{Findings, Lie, Verdict};
use crate::operation::Operation;
use crate::service::{Seen, Service};
use crate::stage::Stage;

/// Two submissions of one attempt.
pub async fn check(stage: &Stage, findings: &mut Findings) {
    for operation in [Operation::Charge, Operation::Refund] {
        if !operation.is_scripted(&stage.scenario) {
            continue;
        }
        let name = format!("two sends of one {} carry one key", operation.name());
        let verdict = if stage.provider.manifest().capabilities.idempotency.is_some() {
            settled(twice(stage, operation).await)
        } else {
            Verdict::not_applicable("the service knows no keys, so nothing is sent twice")
        };
        findings.add("key", name, verdict);
    }
}

async fn twice(stage: &Stage, operation: Operation) -> std::io::Result<Verdict> {
    let service = stage.service(operation).await?;
    // What is answered is looked at elsewhere.
    let _ = stage.call(operation, &service).await;
    let first = service.seen();
    let _ = stage.call(operation, &service).await;
    let second = service.seen().split_off(first.len());
    Ok(match (first.is_empty(), keys(&first) == keys(&second)) {
        (true, _) => Verdict::not_applicable("it sends no requests"),
        (false, true) => once(&service),
        (false, false) => Verdict::lies(
            Lie::NewKeyOnEverySend,
            format!("first {}, then {}", written(&first), written(&second)),
        ),
    })
}

/// Money has moved once at most.
pub fn once(service: &Service) -> Verdict {
    let effects = service.effects();
    if effects <= 1 {
        return Verdict::Passed;
    }
    let seen = service.seen();
    let reason = format!("money moved {effects} times, by {}", written(&seen));
    let writes: Vec<&Seen> = seen.iter().filter(|request| !request.is_get).collect();
    if writes.iter().all(|request| request.key.is_none()) {
        Verdict::lies(Lie::NoKey, reason)
    } else {
        Verdict::lies(Lie::NewKeyOnEverySend, reason)
    }
}

fn keys(seen: &[Seen]) -> Vec<(&str, Option<&str>)> {
    let writes = seen.iter().filter(|request| !request.is_get);
    writes.map(|request| (request.line.as_str(), request.key.as_deref())).collect()
}

fn written(seen: &[Seen]) -> String {
    let writes = keys(seen).into_iter().map(|(line, key)| format!("{line} with {}", key.unwrap_or("no key")));
    writes.collect::<Vec<_>>().join(", ")
}
