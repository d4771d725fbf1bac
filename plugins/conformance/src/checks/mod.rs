//! What a provider must and must not do.

mod dialogue;
mod faults;
mod keys;
mod schedules;
mod webhooks;

use crate::findings::{Findings, Verdict};
use crate::operation::Operation;
use crate::stage::Stage;
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};

/// Trials under way at once; most of them wait.
const AT_ONCE: usize = 16;

/// All checks, in the order of the report.
pub async fn all(stage: &Stage, findings: &mut Findings) {
    for operation in Operation::ALL {
        let requests = dialogue::check(stage, operation, findings).await;
        if let Some(requests) = requests {
            faults::check(stage, operation, requests, findings).await;
        }
    }
    dialogue::decline(stage, findings).await;
    keys::check(stage, findings).await;
    schedules::check(stage, findings).await;
    webhooks::check(stage, findings).await;
    let visited = stage.was_visited();
    let verdict = if visited { Verdict::failed("somebody knocked there") } else { Verdict::Passed };
    findings.add("network", "nobody is sent where a redirect points", verdict);
}

/// Runs trials side by side; their verdicts come in order.
async fn side_by_side<T>(trials: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    stream::iter(trials).buffered(AT_ONCE).collect().await
}

/// The verdict of a trial that the machine may have spoilt.
fn settled(verdict: std::io::Result<Verdict>) -> Verdict {
    verdict.unwrap_or_else(|error| Verdict::failed(format!("the kit itself: {error}")))
}
