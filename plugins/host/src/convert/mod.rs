//! Between the host's words and the contract's. What a component answers is read with suspicion: anything that cannot
//! be what it claims makes the answer unreadable, never a guess.

pub mod webhook;

use crate::account::Account;
use crate::bindings::exports::portico::payment::provider as wit;
use crate::bindings::portico::payment::types;
use chrono::DateTime;
use domain::Instant;
use domain::money::Money;
use domain::provider as host;

/// Longest reference of a provider.
const MAX_REF: usize = 255;
/// Longest code or status word kept.
const MAX_WORD: usize = 100;
/// Longest message kept.
const MAX_MESSAGE: usize = 300;
/// Longest URL a browser is sent to.
const MAX_URL: usize = 8 * 1024;

/// What an answer turned out to be, or why it cannot be read.
pub type Read<T> = Result<T, String>;

pub fn account(account: &Account) -> types::Account {
    types::Account { settings: account.visible() }
}

pub fn context(context: &host::CallContext) -> types::CallContext {
    types::CallContext {
        key: context.key.clone(),
        reference: context.reference.clone(),
        seq: context.seq,
        deadline_ms: context.deadline_ms,
    }
}

fn money(money: Money) -> types::Money {
    types::Money { minor: money.minor, currency: money.currency.code().to_owned() }
}

/// Money that a component names. None of it is negative: which way it moved is said elsewhere.
fn money_from(money: &types::Money) -> Read<Money> {
    let currency = money.currency.parse().map_err(|_| "the currency is unknown".to_owned())?;
    if money.minor < 0 {
        Err("an amount is negative".to_owned())
    } else {
        Ok(Money::new(money.minor, currency))
    }
}

pub fn charge(request: &host::ChargeRequest) -> wit::ChargeRequest {
    wit::ChargeRequest {
        amount: money(request.amount),
        method_ref: request.method_ref.clone(),
        customer_ref: request.customer_ref.clone(),
        description: request.description.clone(),
        off_session: request.off_session,
        return_url: request.return_url.clone(),
    }
}

pub fn refund(request: &host::RefundRequest) -> wit::RefundRequest {
    wit::RefundRequest { amount: money(request.amount), charge_ref: request.charge_ref.clone() }
}

pub fn setup(request: &host::SetupRequest) -> wit::SetupRequest {
    wit::SetupRequest {
        customer_ref: request.customer_ref.clone(),
        customer_id: request.customer_id.clone(),
        email: request.email.clone(),
        kind: request.kind.clone(),
        return_url: request.return_url.clone(),
        locale: request.locale.clone(),
    }
}

pub fn query(query: &host::LookupRequest) -> wit::LookupQuery {
    wit::LookupQuery {
        movement: match query.movement {
            host::Movement::Charge => wit::Movement::Charge,
            host::Movement::Refund => wit::Movement::Refund,
        },
        key: query.key.clone(),
        reference: query.reference.clone(),
        provider_ref: query.provider_ref.clone(),
        charge_ref: query.charge_ref.clone(),
        customer_ref: query.customer_ref.clone(),
        since: seconds(query.since),
    }
}

pub fn seconds(at: Instant) -> u64 {
    u64::try_from(at.and_utc().timestamp()).unwrap_or_default()
}

fn instant(seconds: u64) -> Read<Instant> {
    let at = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    at.map(|at| at.naive_utc()).ok_or_else(|| "a time is out of range".to_owned())
}

/// A reference of the provider: it is stored, compared and shown, so it must be printable ASCII.
pub fn reference(text: String) -> Read<String> {
    let good = (1..=MAX_REF).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if good {
        Ok(text)
    } else {
        Err("a reference is not printable ASCII of at most 255 characters".to_owned())
    }
}

fn references(text: Option<String>) -> Read<Option<String>> {
    text.map(reference).transpose()
}

/// Words of the provider for people: shortened, and without control characters.
fn plain(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(longest).collect()
}

fn url(text: String) -> Read<String> {
    if text.len() <= MAX_URL { Ok(text) } else { Err("a URL is too long".to_owned()) }
}

pub fn outcome(outcome: types::Outcome) -> Read<host::Outcome> {
    Ok(match outcome {
        types::Outcome::Succeeded(settled) => host::Outcome::Succeeded(host::Settled {
            provider_ref: reference(settled.provider_ref)?,
            amount: money_from(&settled.amount)?,
            raw_status: plain(&settled.raw_status, MAX_WORD),
        }),
        types::Outcome::Pending(provider_ref) => {
            host::Outcome::Pending { provider_ref: reference(provider_ref)? }
        }
        types::Outcome::RequiresAction(action) => host::Outcome::RequiresAction {
            provider_ref: reference(action.provider_ref)?,
            url: url(action.url)?,
            expires_at: action.expires_at.map(instant).transpose()?,
        },
        types::Outcome::Declined(decline) => host::Outcome::Declined(host::Decline {
            kind: decline_kind(decline.kind),
            code: plain(&decline.code, MAX_WORD),
            provider_ref: references(decline.provider_ref)?,
        }),
        types::Outcome::Cancelled(provider_ref) => {
            host::Outcome::Cancelled { provider_ref: references(provider_ref)? }
        }
    })
}

const fn decline_kind(kind: types::DeclineKind) -> host::DeclineKind {
    match kind {
        types::DeclineKind::Soft => host::DeclineKind::Soft,
        types::DeclineKind::Hard => host::DeclineKind::Hard,
        types::DeclineKind::AuthenticationRequired => host::DeclineKind::AuthenticationRequired,
        types::DeclineKind::ExpiredMethod => host::DeclineKind::ExpiredMethod,
        types::DeclineKind::InsufficientFunds => host::DeclineKind::InsufficientFunds,
        types::DeclineKind::Fraud => host::DeclineKind::Fraud,
        types::DeclineKind::Limit => host::DeclineKind::Limit,
    }
}

pub fn error(error: types::CallError) -> host::CallError {
    let words = |text: String| plain(&text, MAX_MESSAGE);
    match error {
        types::CallError::NotExecuted(text) => host::CallError::NotExecuted(words(text)),
        types::CallError::Unknown(text) => host::CallError::Unknown(words(text)),
        types::CallError::IdempotencyConflict(text) => host::CallError::IdempotencyConflict(words(text)),
        types::CallError::RateLimited(after) => host::CallError::RateLimited(after),
        types::CallError::Misconfigured(text) => host::CallError::Misconfigured(words(text)),
        types::CallError::Unsupported => host::CallError::Unsupported,
    }
}

pub fn found(found: wit::Found) -> Read<host::Found> {
    Ok(match found {
        wit::Found::Outcome(became) => host::Found::Outcome(outcome(became)?),
        wit::Found::NotFound => host::Found::NotFound,
    })
}

pub fn page(page: wit::Page) -> Read<host::Page> {
    let items = page.items.into_iter().map(listed).collect::<Read<_>>()?;
    Ok(host::Page { items, next: page.next })
}

fn listed(listed: wit::Listed) -> Read<host::Listed> {
    Ok(host::Listed {
        movement: match listed.movement {
            wit::Movement::Charge => host::Movement::Charge,
            wit::Movement::Refund => host::Movement::Refund,
        },
        provider_ref: reference(listed.provider_ref)?,
        key: listed.key.map(|key| plain(&key, MAX_REF)),
        reference: listed.reference.map(|reference| plain(&reference, MAX_REF)),
        created_at: instant(listed.created_at)?,
        outcome: outcome(listed.outcome)?,
    })
}

pub fn started(started: wit::SetupStarted) -> Read<host::SetupStarted> {
    Ok(host::SetupStarted { setup_ref: reference(started.setup_ref)?, url: url(started.url)? })
}

pub fn setup_state(state: wit::SetupState) -> Read<host::SetupState> {
    Ok(match state {
        wit::SetupState::Done(method) => host::SetupState::Done(new_method(method)?),
        wit::SetupState::Verifying => host::SetupState::Verifying,
        wit::SetupState::Open => host::SetupState::Open,
        wit::SetupState::Failed(why) => host::SetupState::Failed(plain(&why, MAX_MESSAGE)),
    })
}

fn new_method(method: wit::NewMethod) -> Read<host::NewMethod> {
    Ok(host::NewMethod {
        method_ref: reference(method.method_ref)?,
        customer_ref: references(method.customer_ref)?,
        kind: plain(&method.kind, MAX_WORD),
        brand: plain(&method.brand, MAX_WORD),
        last4: plain(&method.last4, 8),
        exp_month: method.exp_month.filter(|month| (1..=12).contains(month)),
        exp_year: method.exp_year.filter(|year| (2000..=2200).contains(year)),
        fingerprint: references(method.fingerprint)?,
    })
}

pub fn manifest(manifest: types::Manifest) -> Read<host::Manifest> {
    Ok(host::Manifest {
        name: manifest.name,
        version: manifest.version,
        display_name: manifest.display_name,
        capabilities: capabilities(manifest.capabilities),
        authorization: authorization(manifest.authorization),
        hosts: manifest.hosts,
        redirect_hosts: manifest.redirect_hosts,
        lookup_posts: manifest.lookup_posts,
        settings: manifest.settings.into_iter().map(setting_field).collect(),
        method_kinds: manifest.method_kinds,
        currencies: manifest
            .currencies
            .iter()
            .map(|code| code.parse::<domain::currency::Currency>().map(|currency| currency.to_string()))
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?,
    })
}

fn capabilities(given: types::Capabilities) -> host::Capabilities {
    host::Capabilities {
        idempotency: given.idempotency.map(|idempotency| host::Idempotency {
            window_s: idempotency.window_s,
            header: idempotency.header,
            replays_errors: idempotency.replays_errors,
            rejects_mismatch: idempotency.rejects_mismatch,
        }),
        lookup: given
            .lookup
            .map(|lookup| host::Lookup { by_reference: lookup.by_reference, lag_s: lookup.lag_s }),
        cancel: given.cancel,
        refund: given.refund,
        list_since: given.list_since,
        max_in_flight_s: given.max_in_flight_s,
    }
}

fn authorization(given: types::Authorization) -> host::Authorization {
    match given {
        types::Authorization::Headers => host::Authorization::Headers,
        types::Authorization::Basic(basic) => {
            host::Authorization::Basic { user: basic.user, password: basic.password }
        }
        types::Authorization::Oauth2ClientCredentials(oauth2) => {
            host::Authorization::OAuth2ClientCredentials {
                token_url: oauth2.token_url,
                client_id: oauth2.client_id,
                client_secret: oauth2.client_secret,
                scope: oauth2.scope,
            }
        }
    }
}

fn setting_field(field: types::SettingField) -> host::SettingField {
    host::SettingField {
        key: field.key,
        label: field.label,
        kind: setting_kind(field.kind),
        required: field.required,
        default: field.default,
    }
}

fn setting_kind(kind: types::SettingKind) -> host::SettingKind {
    match kind {
        types::SettingKind::Text => host::SettingKind::Text,
        types::SettingKind::Secret => host::SettingKind::Secret,
        types::SettingKind::Url => host::SettingKind::Url,
        types::SettingKind::Choice(choices) => host::SettingKind::Choice(
            choices
                .into_iter()
                .map(|choice| host::Choice { value: choice.value, label: choice.label })
                .collect(),
        ),
    }
}
