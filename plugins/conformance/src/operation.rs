//! The calls of the contract as the kit makes them, and what came of one.

use crate::scenario::{Exchange, Movement, Scenario};
use crate::service::Script;
use chrono::DateTime;
use domain::Instant;
use domain::currency::Currency;
use domain::money::Money;
use domain::provider::{
    Authorization, CallContext, CallError, ChargeRequest, Found, LookupRequest, Manifest, Movement as Way,
    Outcome, RefundRequest, Report, SetupRequest, SetupState,
};
use plugin_host::{Account, Provider};

/// When everything happens: 15 January 2027.
pub const NOW: i64 = 1_800_000_000;
/// Where browsers return.
pub const RETURN_URL: &str = "https://portal.example/return";

/// A call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Charge,
    LookUp,
    Refund,
    RefundLookUp,
    Cancel,
    BeginSetup,
    CompleteSetup,
    Detach,
    ListSince,
}

/// What a component said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Became(Outcome),
    Found(Found),
    Started,
    Setup(SetupState),
    Detached,
    Listed(usize),
}

/// The answer to a call.
pub type Told = Result<Heard, CallError>;

impl Operation {
    pub const ALL: [Self; 9] = [
        Self::Charge,
        Self::LookUp,
        Self::Refund,
        Self::RefundLookUp,
        Self::Cancel,
        Self::BeginSetup,
        Self::CompleteSetup,
        Self::Detach,
        Self::ListSince,
    ];

    /// As the report names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::LookUp => "look-up",
            Self::Refund => "refund",
            Self::RefundLookUp => "refund look-up",
            Self::Cancel => "cancel",
            Self::BeginSetup => "begin-setup",
            Self::CompleteSetup => "complete-setup",
            Self::Detach => "detach",
            Self::ListSince => "list-since",
        }
    }

    /// Whether the manifest says that the provider can do this.
    pub fn is_promised(self, manifest: &Manifest) -> bool {
        let can = &manifest.capabilities;
        match self {
            Self::Charge => true,
            Self::LookUp => can.lookup.is_some(),
            Self::Refund => can.refund,
            Self::RefundLookUp => can.refund && can.lookup.is_some(),
            Self::Cancel => can.cancel,
            Self::ListSince => can.list_since,
            Self::BeginSetup | Self::CompleteSetup | Self::Detach => !manifest.method_kinds.is_empty(),
        }
    }

    /// Money moves by it.
    pub const fn moves_money(self) -> bool {
        matches!(self, Self::Charge | Self::Refund)
    }

    /// It asks what became of money.
    pub const fn asks(self) -> bool {
        matches!(self, Self::LookUp | Self::RefundLookUp)
    }

    /// The movement that this call makes or asks about.
    pub fn movement(self, scenario: &Scenario) -> &Movement {
        match (self, &scenario.refund) {
            (Self::Refund | Self::RefundLookUp, Some(refund)) => refund,
            _ => &scenario.charge,
        }
    }

    /// The call that asks what became of this one.
    pub const fn question(self) -> Self {
        match self {
            Self::Refund => Self::RefundLookUp,
            _ => Self::LookUp,
        }
    }

    /// Whether the scenario says how this goes.
    pub fn is_scripted(self, scenario: &Scenario) -> bool {
        match self {
            Self::Charge => !scenario.is_made_up,
            Self::LookUp => scenario.look_up.is_some(),
            Self::Refund => scenario.refund.is_some(),
            Self::RefundLookUp => scenario.refund_look_up.is_some() && scenario.refund.is_some(),
            Self::Cancel => scenario.cancel.is_some(),
            Self::BeginSetup => scenario.begin_setup.is_some(),
            Self::CompleteSetup => scenario.complete_setup.is_some(),
            Self::Detach => scenario.detach.is_some(),
            Self::ListSince => scenario.list_since.is_some(),
        }
    }

    fn exchanges(self, scenario: &Scenario) -> Vec<Exchange> {
        let named = |named: &Option<crate::scenario::Named>| named.as_ref().map(|n| n.exchanges.clone());
        let found = match self {
            Self::Charge | Self::LookUp | Self::Refund | Self::RefundLookUp => {
                Some(self.movement(scenario).exchanges.clone())
            }
            Self::Cancel => named(&scenario.cancel),
            Self::BeginSetup => named(&scenario.begin_setup),
            Self::CompleteSetup => named(&scenario.complete_setup),
            Self::Detach => named(&scenario.detach),
            Self::ListSince => scenario.list_since.as_ref().map(|listing| listing.exchanges.clone()),
        };
        found.unwrap_or_default()
    }

    /// What the service knows to say to this call, and to the question about it.
    pub fn script(self, scenario: &Scenario, manifest: &Manifest) -> Script {
        let question = match self {
            Self::Charge | Self::LookUp => scenario.look_up.clone(),
            Self::Refund | Self::RefundLookUp => scenario.refund_look_up.clone(),
            _ => None,
        };
        let (after, before) = question.map(|asked| (asked.found, asked.absent)).unwrap_or_default();
        let idempotency = manifest.capabilities.idempotency.as_ref();
        let token_path = match &manifest.authorization {
            Authorization::OAuth2ClientCredentials { token_url, .. } => Some(token_url.clone()),
            _ => None,
        };
        let movement = self.movement(scenario);
        Script {
            always: self.exchanges(scenario),
            after,
            before,
            token_path,
            key_header: idempotency.and_then(|idempotency| idempotency.header.clone()),
            key: movement.key.clone(),
            remembers: idempotency.is_some(),
            other_amount: amounts(movement),
            other_currency: currencies(movement.currency),
        }
    }

    /// Makes the call.
    pub async fn call(self, provider: &Provider, account: &Account, scenario: &Scenario) -> Told {
        let movement = self.movement(scenario);
        let context = context(&movement.key, &movement.reference);
        let name = |named: &Option<crate::scenario::Named>| {
            named.as_ref().map_or_else(|| "conformance".to_owned(), |named| named.of.clone())
        };
        match self {
            Self::Charge => {
                heard(provider.charge(account, &context, &charge(movement, account)).await, Heard::Became)
            }
            Self::Refund => heard(provider.refund(account, &context, &refund(movement)).await, Heard::Became),
            Self::LookUp | Self::RefundLookUp => {
                heard(provider.lookup(account, &query(self, movement)).await, Heard::Found)
            }
            Self::Cancel => {
                heard(provider.cancel(account, &context, &name(&scenario.cancel)).await, Heard::Became)
            }
            Self::BeginSetup => {
                let request = setup(provider.manifest(), scenario);
                heard(provider.begin_setup(account, &context, &request).await, |_| Heard::Started)
            }
            Self::CompleteSetup => {
                let setup = name(&scenario.complete_setup);
                heard(provider.complete_setup(account, &setup).await, Heard::Setup)
            }
            Self::Detach => {
                heard(provider.detach(account, &context, &name(&scenario.detach)).await, |()| Heard::Detached)
            }
            Self::ListSince => {
                let page = provider.list_since(account, at(NOW - 86_400), None).await;
                heard(page, |page| Heard::Listed(page.items.len()))
            }
        }
    }
}

fn heard<T>(report: Report<T>, hear: impl FnOnce(T) -> Heard) -> Told {
    report.result.map(hear)
}

fn context(key: &str, reference: &str) -> CallContext {
    CallContext { key: key.to_owned(), reference: reference.to_owned(), seq: 1, deadline_ms: 45_000 }
}

fn charge(movement: &Movement, account: &Account) -> ChargeRequest {
    let service = account.grants.first().map(String::as_str).unwrap_or_default();
    ChargeRequest {
        amount: money(movement),
        method_ref: movement.of.clone(),
        customer_ref: movement.customer.clone(),
        description: movement.description.replace("{{base_url}}", service),
        off_session: true,
        return_url: RETURN_URL.to_owned(),
    }
}

fn refund(movement: &Movement) -> RefundRequest {
    RefundRequest { amount: money(movement), charge_ref: movement.of.clone() }
}

fn query(operation: Operation, movement: &Movement) -> LookupRequest {
    let is_refund = operation == Operation::RefundLookUp;
    LookupRequest {
        movement: if is_refund { Way::Refund } else { Way::Charge },
        key: movement.key.clone(),
        reference: movement.reference.clone(),
        provider_ref: None,
        charge_ref: is_refund.then(|| movement.of.clone()),
        customer_ref: movement.customer.clone(),
        since: at(NOW - 60),
    }
}

fn setup(manifest: &Manifest, scenario: &Scenario) -> SetupRequest {
    let named = scenario.begin_setup.as_ref().map(|named| named.of.clone());
    SetupRequest {
        customer_ref: None,
        customer_id: "cus_1".to_owned(),
        email: "mira@example.com".to_owned(),
        kind: named.or_else(|| manifest.method_kinds.first().cloned()).unwrap_or_default(),
        return_url: RETURN_URL.to_owned(),
        locale: "en".to_owned(),
    }
}

/// The money that a movement asks for.
pub fn money(movement: &Movement) -> Money {
    Money::new(movement.amount, movement.currency)
}

/// A moment.
pub fn at(seconds: i64) -> Instant {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc()
}

/// How services write the amount, decimal or in minor units, and one unit more.
fn amounts(movement: &Movement) -> Vec<(String, String)> {
    let digits = usize::from(movement.currency.exponent());
    let decimal = |minor: i64| {
        let padded = format!("{minor:0>width$}", width = digits + 1);
        let (whole, part) = padded.split_at(padded.len() - digits);
        format!("{whole}.{part}")
    };
    let (asked, other) = (movement.amount, movement.amount + 1);
    vec![(decimal(asked), decimal(other)), (asked.to_string(), other.to_string())]
}

fn currencies(currency: Currency) -> Vec<(String, String)> {
    let other = if currency.code() == "USD" { "EUR" } else { "USD" };
    let quoted = |code: &str| format!("\"{code}\"");
    let pair = |from: &str, to: &str| (quoted(from), quoted(to));
    vec![pair(currency.code(), other), pair(&currency.code().to_lowercase(), &other.to_lowercase())]
}
