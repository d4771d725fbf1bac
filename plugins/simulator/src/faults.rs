//! The fault dials: a script of rules for single requests, and a mode for the service as a whole. Both live in
//! memory and are back to normal after a restart.

use crate::cards::ChargeOutcome;
use domain::provider::DeclineKind;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Which requests a rule is for. What is left out matches everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Match {
    /// Path, or its beginning when it ends in `*`.
    path: Option<String>,
    /// HTTP method.
    method: Option<String>,
    key_prefix: Option<String>,
    payment_method: Option<String>,
    reference: Option<String>,
}

/// What rules look at in a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traits<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) payment_method: Option<&'a str>,
    pub(crate) reference: Option<&'a str>,
}

impl Match {
    fn fits(&self, request: Traits<'_>) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        let path = self.path.as_deref().is_none_or(|wanted| match wanted.strip_suffix('*') {
            Some(beginning) => request.path.starts_with(beginning),
            None => request.path == wanted,
        });
        let key = self
            .key_prefix
            .as_deref()
            .is_none_or(|prefix| request.key.is_some_and(|key| key.starts_with(prefix)));
        path && key
            && same(&self.method, Some(request.method))
            && same(&self.payment_method, request.payment_method)
            && same(&self.reference, request.reference)
    }
}

/// On which side of the effect a fault strikes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// The request has no effect.
    #[default]
    Before,
    /// The request has its effect; only the answer suffers.
    AfterEffect,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trick {
    /// The charge succeeds, whatever the card.
    Ok,
    /// The charge is declined, whatever the card.
    Decline(DeclineKind),
    /// The charge waits for the customer.
    RequiresAction,
    /// The charge waits for the bank.
    Pending,
    /// This status is answered.
    Http(u16),
    /// This status is answered and kept under the key, so that repeats get it too.
    StoredHttp(u16),
    /// The connection is reset.
    Reset,
    /// No answer ever comes.
    Blackhole,
    /// The effect comes so many milliseconds later, even if the caller has gone by then.
    DelayEffect(u64),
    /// The answer drips at so many bytes a second.
    Slow(u64),
    /// The answer is a 200 that is no JSON.
    Garbage,
    /// The answer is a 200 of so many bytes.
    Huge(u64),
    /// One minor unit more than asked for is taken.
    WrongAmount,
    /// Another currency than asked for is taken.
    WrongCurrency,
}

/// A rule as it is posted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(default, rename = "match")]
    pattern: Match,
    /// The first matching request it strikes, from 1.
    #[serde(default)]
    nth: Option<u32>,
    /// How many it strikes from there on: one with `nth`, otherwise all.
    #[serde(default)]
    times: Option<u32>,
    #[serde(default)]
    when: When,
    #[serde(rename = "do")]
    trick: Trick,
}

impl Rule {
    /// Whether the `seen`th matching request is one to strike.
    fn strikes(&self, seen: u32) -> bool {
        let first = self.nth.unwrap_or(1);
        let times = self.times.or(self.nth.map(|_| 1));
        seen >= first && times.is_none_or(|times| seen - first < times)
    }
}

/// The rules in force, in the order they were posted.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Script {
    rules: Vec<Counted>,
}

#[derive(Debug, Serialize)]
struct Counted {
    #[serde(flatten)]
    rule: Rule,
    seen: u32,
}

impl Script {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.rules.push(Counted { rule, seen: 0 });
    }

    /// The first rule that strikes this request; every rule that matches counts it.
    pub(crate) fn strike(&mut self, request: Traits<'_>) -> Fault {
        let mut fault = Fault::default();
        for Counted { rule, seen } in &mut self.rules {
            if rule.pattern.fits(request) {
                *seen += 1;
                if fault.trick.is_none() && rule.strikes(*seen) {
                    fault = Fault { trick: Some(rule.trick), when: rule.when };
                }
            }
        }
        fault
    }
}

/// What the script does to one request; usually nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fault {
    pub(crate) trick: Option<Trick>,
    when: When,
}

impl Fault {
    /// Whether the request has its effect.
    pub(crate) fn has_effect(&self) -> bool {
        let spoils = matches!(
            self.trick,
            Some(
                Trick::Http(_)
                    | Trick::StoredHttp(_)
                    | Trick::Reset
                    | Trick::Blackhole
                    | Trick::Garbage
                    | Trick::Huge(_)
            )
        );
        !spoils || self.when == When::AfterEffect
    }

    /// The outcome of a charge, if the script decides it.
    pub(crate) fn outcome(&self) -> Option<ChargeOutcome> {
        match self.trick? {
            Trick::Ok | Trick::WrongAmount | Trick::WrongCurrency => Some(ChargeOutcome::Succeeded),
            Trick::Decline(kind) => Some(ChargeOutcome::Declined(kind)),
            Trick::RequiresAction => Some(ChargeOutcome::RequiresAction),
            Trick::Pending => Some(ChargeOutcome::Pending),
            _ => None,
        }
    }

    /// How long the effect waits.
    pub(crate) fn delay(&self) -> Option<Duration> {
        match self.trick? {
            Trick::DelayEffect(milliseconds) => Some(Duration::from_millis(milliseconds)),
            _ => None,
        }
    }

    /// The status that reaches the caller instead of `status`.
    pub(crate) fn sent(&self, status: u16) -> Option<u16> {
        match self.trick {
            Some(Trick::Http(scripted)) => Some(scripted),
            Some(Trick::Reset | Trick::Blackhole) => None,
            Some(Trick::Garbage | Trick::Huge(_)) => Some(200),
            _ => Some(status),
        }
    }
}

/// How the service as a whole treats keys and questions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mode {
    /// Keys are honoured.
    pub(crate) idempotency: bool,
    /// Charges and refunds can be looked up and listed.
    pub(crate) lookup: bool,
    /// Seconds for which a key is remembered after its first use.
    pub(crate) window_s: u64,
    /// Declines, and statuses scripted as `stored_http`, are remembered under their key; otherwise only
    /// successes are.
    pub(crate) replay_errors: bool,
    /// Seconds for which a new charge stays invisible to questions by key or reference and to lists.
    pub(crate) lookup_lag_s: u64,
}

impl Default for Mode {
    fn default() -> Self {
        Self { idempotency: true, lookup: true, window_s: 86_400, replay_errors: true, lookup_lag_s: 0 }
    }
}
