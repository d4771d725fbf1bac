//! Who answers for the payment provider.

use crate::db::Conn;
use crate::error::Result;
use crate::ids::MethodId;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::usecase::charge::{Answer, Request, Submission};
use crate::usecase::vat_check::Question;
use domain::Instant;
use domain::provider::{
    Capabilities, Decline, DeclineKind, Evidence, Exchange, Idempotency, Lookup, Outcome, Report, Settled,
};
use domain::tax::vies::ViesAnswer;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Takes the provider's place. It moves no money: it only says what a provider would.
pub trait StandIn {
    /// What it can promise.
    fn capabilities(&self) -> Capabilities;
    /// Its answer to a charge or refund, at a moment of wall time.
    fn submit(&mut self, submission: &Submission, now: Instant) -> Report<Outcome>;
    /// Its answer to the question what became of an attempt.
    fn look_up(&mut self, submission: &Submission, now: Instant) -> Answer;
    /// Its answer to a wish to cancel an attempt.
    fn cancel(&mut self, submission: &Submission, now: Instant) -> Answer;
    /// What VIES says of a VAT id. Unless somebody plays it, nobody is asked, and what is known stays.
    fn ask_vies(&mut self, _question: &Question, _now: Instant) -> ViesAnswer {
        ViesAnswer::Unavailable
    }
}

/// What a forecast assumes: payment methods go on as they did. One whose last charge was refused for good is refused
/// again, an expired one too; every other charge succeeds, but for a share that is drawn by a seed.
#[derive(Debug, Clone, Default)]
pub struct Forecaster {
    refused: BTreeMap<MethodId, DeclineKind>,
    /// First moment at which a method no longer works.
    expiries: BTreeMap<MethodId, Instant>,
    /// Charges in a hundred that are declined for want of money, and the seed that draws them.
    drawn: Option<(u32, u64)>,
}

impl Forecaster {
    /// Learns how the methods of a business behaved last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn learn(&mut self, conn: &mut Conn, scope: &Scope) -> Result<()> {
        for (method, kind) in store::attempts::last_refusals(conn, scope.id())? {
            if let Ok(kind) = kind.parse::<DeclineKind>()
                && !kind.retryable()
            {
                self.refused.insert(method, kind);
            }
        }
        self.expiries.extend(store::methods::expiries(conn, scope.id())?);
        Ok(())
    }

    /// Declines `percent` charges in a hundred, drawn by `seed` and by what is charged.
    #[must_use]
    pub fn declining(self, percent: u32, seed: u64) -> Self {
        Self { drawn: Some((percent, seed)), ..self }
    }

    /// How many methods it takes to be refused, whatever is charged to them.
    pub fn refused_methods(&self) -> usize {
        self.refused.len()
    }

    fn decline(&self, attempt: &Attempt, now: Instant) -> Option<DeclineKind> {
        let method = &attempt.payment_method_id;
        let expired = self.expiries.get(method).is_some_and(|at| *at <= now);
        let refused = self.refused.get(method).copied();
        let drawn = self.drawn.is_some_and(|(percent, seed)| draw(seed, attempt) < percent);
        refused
            .or(expired.then_some(DeclineKind::ExpiredMethod))
            .or(drawn.then_some(DeclineKind::InsufficientFunds))
    }
}

/// A number below 100 that only depends on the seed and on what is charged for the how-many-eth time.
fn draw(seed: u64, attempt: &Attempt) -> u32 {
    let digest = Sha256::digest(format!("{seed}|{}|{}", attempt.natural_ref, attempt.seq).as_bytes());
    u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]) % 100
}

impl StandIn for Forecaster {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            idempotency: Some(Idempotency {
                window_s: 24 * 60 * 60,
                header: None,
                replays_errors: true,
                rejects_mismatch: true,
            }),
            lookup: Some(Lookup { by_reference: true, lag_s: 0 }),
            cancel: true,
            refund: true,
            list_since: false,
            max_in_flight_s: 60,
        }
    }

    fn submit(&mut self, submission: &Submission, now: Instant) -> Report<Outcome> {
        let attempt = &submission.attempt;
        let refused = match submission.request {
            Request::Charge(_) => self.decline(attempt, now),
            Request::Refund(_) => None,
        };
        let outcome = match refused {
            Some(kind) => {
                Outcome::Declined(Decline { kind, code: "forecast".to_owned(), provider_ref: None })
            }
            None => succeeded(attempt),
        };
        Report { result: Ok(outcome), evidence: answered() }
    }

    /// What was under way when the copy was taken comes to a good end, unless its customer would have to act.
    fn look_up(&mut self, submission: &Submission, _: Instant) -> Answer {
        let attempt = &submission.attempt;
        Answer::Known(match (&attempt.action_url, &attempt.provider_ref) {
            (Some(url), Some(provider_ref)) => Outcome::RequiresAction {
                provider_ref: provider_ref.clone(),
                url: url.clone(),
                expires_at: attempt.action_expires_at,
            },
            _ => succeeded(attempt),
        })
    }

    fn cancel(&mut self, submission: &Submission, _: Instant) -> Answer {
        Answer::Known(Outcome::Cancelled { provider_ref: submission.attempt.provider_ref.clone() })
    }
}

fn succeeded(attempt: &Attempt) -> Outcome {
    let provider_ref = attempt.provider_ref.clone().unwrap_or_else(|| format!("forecast_{}", attempt.id));
    Outcome::Succeeded(Settled { provider_ref, amount: attempt.amount(), raw_status: "succeeded".to_owned() })
}

/// What a host would have seen of a call that was answered.
fn answered() -> Evidence {
    let exchange = Exchange {
        method: "POST".to_owned(),
        url: "forecast".to_owned(),
        status: Some(200),
        sent: 1,
        received: 1,
        ..Exchange::default()
    };
    Evidence { bytes_out: 1, refused: false, exchanges: vec![exchange] }
}
