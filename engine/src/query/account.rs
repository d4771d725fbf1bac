//! A customer's payment methods, setups and devices, as the portal lists them.

use super::portal::next_bill;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AccountId, CustomerId, MethodId, SessionId, SetupId};
use crate::scope::Scope;
use crate::store;
use crate::store::access::PortalSession;
use crate::store::methods::{MethodStatus, PaymentMethod, PaymentSetup};
use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use domain::Instant;

/// Days before its end from which a card is said to expire soon.
const SOON_DAYS: u64 = 30;

/// A listed payment method and what depends on it.
#[derive(Debug, Clone)]
pub struct MethodUse {
    /// The method.
    pub method: PaymentMethod,
    /// Charged for subscriptions without a method of their own.
    pub is_default: bool,
    /// Whether it can be charged.
    pub expiry: Expiry,
    /// Live subscriptions that are charged to it, oldest first.
    pub subscriptions: Vec<Charged>,
}

/// A live subscription that is charged to a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// What is bought.
    pub product: String,
    /// The day of its next renewal; none when it ends or stands still.
    pub renews_on: Option<NaiveDate>,
}

/// How long a payment method can still be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Long enough, or there is no end.
    Far,
    /// It ends before the next renewal that is charged to it, or within 30 days.
    Soon,
    /// It has ended.
    Past,
}

impl Expiry {
    /// Judges the last day on which a method can be charged.
    fn judge(last_day: Option<NaiveDate>, today: NaiveDate, next_renewal: Option<NaiveDate>) -> Self {
        let Some(last_day) = last_day else {
            return Self::Far;
        };
        let soon = today.checked_add_days(Days::new(SOON_DAYS)).unwrap_or(today);
        if last_day < today {
            Self::Past
        } else if last_day < soon || next_renewal.is_some_and(|renewal| last_day < renewal) {
            Self::Soon
        } else {
            Self::Far
        }
    }
}

/// A customer's listed payment methods, the default first, then oldest first.
pub fn methods(conn: &mut Conn, scope: &Scope, owner: &CustomerId) -> Result<Vec<MethodUse>> {
    let default = store::customers::get(conn, scope.id(), owner)?.default_payment_method_id;
    let charged = charged(conn, scope, owner, default.as_ref())?;
    let listed = store::methods::active(conn, scope.id(), owner)?;
    let mut uses: Vec<MethodUse> = listed
        .into_iter()
        .map(|method| {
            let mine = charged.iter().filter(|(id, _)| id == &method.id);
            let subscriptions: Vec<Charged> = mine.map(|(_, charged)| charged.clone()).collect();
            let next = subscriptions.iter().filter_map(|charged| charged.renews_on).min();
            MethodUse {
                is_default: default.as_ref() == Some(&method.id),
                expiry: Expiry::judge(last_day(&method), scope.today(), next),
                subscriptions,
                method,
            }
        })
        .collect();
    uses.sort_by_key(|used| !used.is_default);
    Ok(uses)
}

/// Live subscriptions with the method each is charged to.
fn charged(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    default: Option<&MethodId>,
) -> Result<Vec<(MethodId, Charged)>> {
    let mut charged = Vec::new();
    for sub in store::subscriptions::list(conn, scope.id(), owner)? {
        let Some(method) = sub.payment_method_id.as_ref().or(default).cloned() else {
            continue;
        };
        if sub.has_ended() {
            continue;
        }
        let (_, product) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
        let renews_on = next_bill(conn, scope, &sub)?.map(|next| scope.date_of(next.at));
        charged.push((method, Charged { product: product.name, renews_on }));
    }
    Ok(charged)
}

/// Cards work until the end of the month printed on them.
fn last_day(method: &PaymentMethod) -> Option<NaiveDate> {
    let (year, month) = method.exp_year.zip(method.exp_month)?;
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, 1)?.pred_opt()
}

/// One listed payment method of a customer.
pub fn method(conn: &mut Conn, scope: &Scope, owner: &CustomerId, id: &MethodId) -> Result<PaymentMethod> {
    let found = store::methods::get(conn, scope.id(), id)?;
    if &found.customer_id == owner && found.status == MethodStatus::Active {
        Ok(found)
    } else {
        Err(Error::NotFound)
    }
}

/// A finished or waiting setup of a customer.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How it stands.
    pub setup: PaymentSetup,
    /// The method that came of it.
    pub method: Option<PaymentMethod>,
    /// That method is the customer's default.
    pub is_default: bool,
}

impl Setup {
    /// The method was saved before this setup began.
    pub fn was_known(&self) -> bool {
        self.method.as_ref().is_some_and(|method| method.created_at < self.setup.created_at)
    }
}

/// One setup of a customer.
pub fn setup(conn: &mut Conn, scope: &Scope, owner: &CustomerId, id: &SetupId) -> Result<Setup> {
    let setup = store::methods::setup(conn, scope.id(), id)?;
    if &setup.customer_id != owner {
        return Err(Error::NotFound);
    }
    let made = setup.payment_method_id.as_ref();
    let method = made.map(|id| store::methods::get(conn, scope.id(), id)).transpose()?;
    let default = store::customers::get(conn, scope.id(), owner)?.default_payment_method_id;
    Ok(Setup {
        is_default: method.as_ref().is_some_and(|method| default.as_ref() == Some(&method.id)),
        method,
        setup,
    })
}

/// What an account's provider calls the customer, when it has met them before.
pub fn provider_customer(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    account: &AccountId,
) -> Result<Option<String>> {
    let ever = store::methods::all(conn, scope.id(), owner)?;
    let mut here = ever.into_iter().rev().filter(|method| &method.provider_account_id == account);
    Ok(here.find_map(|method| method.provider_customer_ref))
}

/// A place where a customer is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The session.
    pub id: SessionId,
    /// Browser and system, or empty.
    pub name: String,
    /// When it signed in, in the business's zone.
    pub since: NaiveDateTime,
}

/// Where a customer is signed in now, the given session first, then newest first. Wall time, as sessions have it.
pub fn devices(conn: &mut Conn, scope: &Scope, owner: &CustomerId, mine: &SessionId) -> Result<Vec<Device>> {
    let security = &scope.installation.installation.security;
    let idle = TimeDelta::minutes(i64::from(security.session_idle_minutes));
    let is_fresh = |session: &PortalSession| scope.now.wall - session.last_seen_at < idle;
    let mut sessions = store::access::sessions(conn, scope.id(), owner, scope.now.wall)?;
    sessions.retain(is_fresh);
    sessions.sort_by_key(|session| &session.id != mine);
    let device = |session: PortalSession| Device {
        since: local(scope, session.created_at),
        name: session.user_agent,
        id: session.id,
    };
    Ok(sessions.into_iter().map(device).collect())
}

fn local(scope: &Scope, at: Instant) -> NaiveDateTime {
    at.and_utc().with_timezone(&scope.settings.identity.timezone).naive_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_card_expires_soon_thirty_days_before_its_end_or_before_what_it_has_to_pay() {
        let judge = |today, renewal: Option<&str>| {
            Expiry::judge(Some(day("2026-11-30")), day(today), renewal.map(day))
        };
        assert_eq!(judge("2026-10-31", None), Expiry::Far);
        assert_eq!(judge("2026-11-01", None), Expiry::Soon);
        assert_eq!(judge("2026-09-01", Some("2026-12-01")), Expiry::Soon);
        assert_eq!(judge("2026-09-01", Some("2026-11-30")), Expiry::Far);
        assert_eq!(judge("2026-11-30", None), Expiry::Soon);
        assert_eq!(judge("2026-12-01", None), Expiry::Past);
    }

    #[test]
    fn what_has_no_end_never_expires() {
        assert_eq!(Expiry::judge(None, day("2026-11-30"), Some(day("2040-01-01"))), Expiry::Far);
    }
}
