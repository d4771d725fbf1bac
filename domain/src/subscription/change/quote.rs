//! Quotes: what a change costs, shown before and charged after.
//!
//! A customer is shown a [`Quote`] and carries its [`Ticket`]; the engine signs [`Ticket::canonical_bytes`]. To
//! confirm, the quote is computed again for the same instant from what holds by then. If anything that was shown
//! comes out otherwise, nothing is charged and the new quote is shown.

use super::behaviour::{ChangeCredit, ChangePolicy};
use super::decide::{Change, ChangeError, ChangeFacts, Effect, decide_change};
use super::prorate::{ChangeLine, ChangeLineKind};
use super::target::{Offer, Wanted};
use crate::Instant;
use crate::currency::Currency;
use crate::invoice::assemble::{Assembled, LineInput, assemble};
use crate::money::{Money, MoneyError};
use crate::subscription::item::{Item, PeriodAmount, period_amounts};
use chrono::TimeDelta;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long a quote is valid.
pub const QUOTE_MINUTES: i64 = 15;

/// What a change costs. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Id of the subscription.
    pub subscription: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The change.
    pub change: Change,
    /// The change's lines with tax, in their order.
    pub lines: Assembled,
    /// How they are settled.
    pub settlement: Settlement,
    /// What the next renewal then costs: every item for a whole period, in the order of the change's items.
    pub renewal: Assembled,
    /// From this instant on it has to be computed anew.
    pub expires_at: Instant,
}

/// How the lines of a change are settled; all zero when nothing is billed before the next invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Paid from the customer's credit; negative where an amount carried forward is added.
    pub from_balance: i64,
    /// To be charged now.
    pub due: i64,
    /// Given back on credit notes, beyond what the change costs.
    pub credit: i64,
    /// How much of that may go back to where it came from; the rest stays in the balance.
    pub refund: i64,
}

/// Computes the quote for a change at `at`.
pub fn quote(
    facts: &ChangeFacts,
    target: &[Offer],
    policy: &ChangePolicy,
    at: Instant,
) -> Result<Quote, ChangeError> {
    let change = decide_change(facts, target, policy, at)?;
    let lines = assemble(&change.lines.iter().map(ChangeLine::input).collect::<Vec<_>>())?;
    let invoiced_now = matches!(change.effect, Effect::OncePaid | Effect::NewPeriodOncePaid { .. });
    let settlement = match invoiced_now {
        true => settle(lines.total, facts.balance, change.lines.iter().any(is_charge), policy.credit),
        false => Settlement::default(),
    };
    Ok(Quote {
        subscription: facts.subscription.clone(),
        currency: change.items.first().map_or(target[0].item.currency, |item| item.currency),
        renewal: renewal(facts, &change)?,
        lines,
        settlement,
        expires_at: at + TimeDelta::minutes(QUOTE_MINUTES),
        change,
    })
}

fn is_charge(line: &ChangeLine) -> bool {
    line.kind == ChangeLineKind::Charge
}

/// As [`balance::open`](crate::balance::open) will settle it: a balance that owes what was carried forward adds that to
/// the next invoice, which a change that gives more back than it costs has, too, if it charges anything. What is given
/// back is in the balance by then.
fn settle(total: i64, balance: i64, charges: bool, wish: ChangeCredit) -> Settlement {
    let credit = total.min(0).saturating_neg();
    let from_balance = if total > 0 {
        balance.min(total)
    } else if total < 0 && charges {
        balance.saturating_add(credit).min(0)
    } else {
        0
    };
    let refund = match wish {
        ChangeCredit::Balance => 0,
        // What the balance owes, it keeps.
        ChangeCredit::Refund => credit.saturating_add(balance.min(0)).max(0),
    };
    Settlement { from_balance, due: total.max(0).saturating_sub(from_balance), credit, refund }
}

/// What the period after this change costs, or after the one that it begins.
fn renewal(facts: &ChangeFacts, change: &Change) -> Result<Assembled, MoneyError> {
    let begins_a_period = matches!(change.effect, Effect::NewPeriodOncePaid { .. });
    let amounts = period_amounts(&change.items, &facts.coupons_after(usize::from(begins_a_period)))?;
    assemble(&change.items.iter().zip(amounts).map(|(item, full)| whole(item, full)).collect::<Vec<_>>())
}

fn whole(item: &Item, full: PeriodAmount) -> LineInput {
    LineInput {
        quantity: item.quantity,
        unit_amount: item.unit_in_advance(),
        discount: full.discount,
        tax_rate: item.tax_rate,
        behaviour: item.tax_behaviour,
    }
}

impl Quote {
    /// What the customer carries from the quote to its confirmation.
    pub fn ticket(&self) -> Ticket {
        Ticket {
            subscription: self.subscription.clone(),
            at: self.change.at,
            expires_at: self.expires_at,
            target: self.change.items.iter().map(wanted).collect(),
            due: Money::new(self.settlement.due, self.currency),
            shown: self.shown(),
        }
    }

    /// A digest of all that is shown.
    fn shown(&self) -> String {
        let mut bytes = Canonical::default();
        bytes.text(self.change.behaviour.as_str()).text(self.currency.code());
        match &self.change.effect {
            Effect::AtOnce => bytes.text("at_once"),
            Effect::OncePaid => bytes.text("once_paid"),
            Effect::NewPeriodOncePaid { period, .. } => bytes.text("new_period").instant(period.end),
            Effect::InTrial { trial_end } => bytes.text("in_trial").instant(*trial_end),
            Effect::Later(apply_at) => bytes.text("later").instant(*apply_at),
        };
        bytes.number(self.change.lines.len() as u64).number(self.change.offsets.len() as u64);
        for line in self.change.lines.iter().chain(&self.change.offsets) {
            bytes.text(line.kind.as_str()).text(&line.price).signed(line.quantity);
            bytes.signed(line.amount).signed(line.discount).instant(line.start).instant(line.end);
            bytes.text(line.reverses.as_deref().unwrap_or_default());
        }
        for document in [&self.lines, &self.renewal] {
            bytes.number(document.lines.len() as u64);
            for line in &document.lines {
                bytes.signed(line.net).signed(line.tax).signed(line.gross);
            }
            bytes
                .signed(document.subtotal)
                .signed(document.discount)
                .signed(document.tax)
                .signed(document.total);
        }
        let Settlement { from_balance, due, credit, refund } = self.settlement;
        bytes.signed(from_balance).signed(due).signed(credit).signed(refund);
        HEXLOWER.encode(&Sha256::digest(&bytes.0))
    }
}

fn wanted(item: &Item) -> Wanted {
    Wanted { role: item.role, price: item.price.clone(), quantity: item.quantity }
}

/// What a customer carries from a quote to its confirmation. Worth nothing without the engine's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Id of the subscription.
    pub subscription: String,
    /// The instant the quote was computed for.
    pub at: Instant,
    /// From this instant on it has to be computed anew.
    pub expires_at: Instant,
    /// What to change to.
    pub target: Vec<Wanted>,
    /// To be charged.
    pub due: Money,
    /// SHA-256 of all that was shown, in lower-case hex.
    pub shown: String,
}

impl Ticket {
    /// The ticket as bytes to be signed: every field, each with its length, so that two tickets never read alike.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut bytes = Canonical::default();
        bytes.text("portico change quote 1").text(&self.subscription);
        bytes.instant(self.at).instant(self.expires_at).number(self.target.len() as u64);
        for Wanted { role, price, quantity } in &self.target {
            bytes.text(role.as_str()).text(price).signed(*quantity);
        }
        bytes.signed(self.due.minor).text(self.due.currency.code()).text(&self.shown);
        bytes.0
    }
}

/// Bytes that read one way only: numbers in eight bytes, texts with their length before them.
#[derive(Default)]
struct Canonical(Vec<u8>);

impl Canonical {
    fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64).0.extend_from_slice(text.as_bytes());
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    fn signed(&mut self, number: i64) -> &mut Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    fn instant(&mut self, instant: Instant) -> &mut Self {
        self.signed(instant.and_utc().timestamp_micros())
    }
}

/// Why a quote is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    /// It has expired, or something that was shown has changed.
    #[error("the quote no longer holds")]
    QuoteStale {
        /// What holds now.
        now: Box<Quote>,
    },
    /// The ticket is for something else.
    #[error("the quote is for another change")]
    OtherChange,
    /// The change is not possible any more.
    #[error(transparent)]
    Change(#[from] ChangeError),
}

/// Checks a ticket whose signature holds, and answers with the quote to carry out: exactly what was shown, as of the
/// instant at which it was.
pub fn confirm(
    ticket: &Ticket,
    facts: &ChangeFacts,
    target: &[Offer],
    policy: &ChangePolicy,
    now: Instant,
) -> Result<Quote, ConfirmError> {
    if ticket.subscription != facts.subscription
        || ticket.target != target.iter().map(Offer::wanted).collect::<Vec<_>>()
    {
        return Err(ConfirmError::OtherChange);
    }
    let fresh = quote(facts, target, policy, now)?;
    match quote(facts, target, policy, ticket.at) {
        Ok(shown) if now < ticket.expires_at && shown.ticket() == *ticket => Ok(shown),
        _ => Err(ConfirmError::QuoteStale { now: Box::new(fresh) }),
    }
}
