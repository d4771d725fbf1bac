//! Tries a component on the calls that were recorded: it must ask for the same, and make the same of the answers.

use engine::ids::CallId;
use engine::query::provider_calls::{RecordedCall, recorded_calls};
use engine::store::provider_calls::Which;
use engine::store::tenants::Tenant;
use engine::{Engine, store};
use plugin_host::{Provider, Tape};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Differences that are told one by one.
const TOLD: usize = 50;

/// What came of running recorded calls again.
#[derive(Debug, Default)]
pub struct Tried {
    /// How many came to the same, and how many did not, by function.
    functions: BTreeMap<String, [usize; 2]>,
    /// What differs, a line each.
    differences: Vec<String>,
    /// Recordings that do not open, or are of a form that is not known here.
    unreadable: usize,
}

impl Tried {
    /// Whether every call that could be run came to the same.
    pub fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// What there is to say, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .functions
            .iter()
            .map(|(function, [same, differ])| match differ {
                0 => format!("{function}: {same} the same"),
                _ => format!("{function}: {same} the same, {differ} differ"),
            })
            .collect();
        lines.extend(self.differences.iter().take(TOLD).map(|line| format!("  {line}")));
        if let Some(more @ 1..) = self.differences.len().checked_sub(TOLD) {
            lines.push(format!("  and {more} more"));
        }
        if self.unreadable > 0 {
            lines.push(format!("{} cannot be read", self.unreadable));
        }
        if lines.is_empty() {
            lines.push("No calls are recorded.".to_owned());
        }
        lines
    }

    async fn add(&mut self, slug: &str, call: &RecordedCall, provider: &Provider) {
        let Some(tape) = call.tape.as_ref().and_then(|tape| Tape::from_text(tape.expose()).ok()) else {
            self.unreadable += 1;
            return;
        };
        let difference = provider.replay(&tape).await;
        let [same, differ] = self.functions.entry(call.function.clone()).or_default();
        match difference {
            None => *same += 1,
            Some(difference) => {
                *differ += 1;
                let attempt = call.attempt_id.as_ref().map_or("-", |id| id.as_str());
                let (id, function) = (&call.id, &call.function);
                self.differences.push(format!("{slug}  {id}  {attempt}  {function}: {difference}"));
            }
        }
    }
}

/// Runs recorded calls of these businesses again. `find` names the component for a provider; calls of one that it does not
/// know are left out.
pub async fn try_on_past(
    engine: &Engine,
    tenants: &[Tenant],
    which: &Which,
    find: impl Fn(&str) -> Option<Arc<Provider>>,
) -> anyhow::Result<Tried> {
    let mut tried = Tried::default();
    for tenant in tenants {
        let mut after: Option<CallId> = None;
        loop {
            let calls = recorded_calls(engine, &tenant.id, which, after.as_ref())?;
            let Some(last) = calls.last() else { break };
            after = Some(last.id.clone());
            for call in &calls {
                if let Some(provider) = find(&call.provider) {
                    tried.add(&tenant.slug, call, &provider).await;
                }
            }
        }
    }
    Ok(tried)
}

/// Tries a component that is to be installed on every recorded call of its provider.
pub async fn try_candidate(engine: &Engine, provider: &Arc<Provider>) -> anyhow::Result<Tried> {
    let tenants = engine.db.read(store::tenants::all)?;
    let which = Which { provider: Some(provider.manifest().name.clone()), ..Which::default() };
    try_on_past(engine, &tenants, &which, |_| Some(provider.clone())).await
}
