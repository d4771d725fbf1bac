//! A payment method is set up on the provider's own page: begin, come back, complete. Also import, by which an
//! operator brings one along that the provider knows already.

use super::dun;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{AccountId, CustomerId, MethodId, SetupId, SubscriptionId, TenantId};
use crate::job::Job;
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::Actor;
use crate::store::methods::{MethodStatus, PaymentMethod, PaymentSetup, SetupStatus};
use chrono::TimeDelta;
use domain::event::EventKind;
use domain::provider::{NewMethod, SetupState};

/// Setups a customer may begin in a day (card testing).
const SETUPS_PER_DAY: i64 = 5;

/// Why a setup came to nothing: the customer came back before the end.
const NOT_FINISHED: &str = "not_finished";

/// Seconds before the provider is asked again about a setup that was not finished.
const ASK_AGAIN_S: i64 = 5;

/// Writes down that a customer begins to add a method. The provider is called afterwards, outside.
///
/// # Errors
/// `Refused` with `no_provider` or `too_many_tries`.
pub fn begin(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    kind: &str,
    subscription: Option<SubscriptionId>,
) -> Result<PaymentSetup> {
    let (owner, kind) = (owner.clone(), kind.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        if let Some(id) = &subscription {
            store::subscriptions::of_customer(tx, scope.id(), &owner, id)?;
        }
        let a_day_ago = scope.now.wall - TimeDelta::days(1);
        if store::methods::setups_since(tx, scope.id(), &owner, a_day_ago)? >= SETUPS_PER_DAY {
            return Err(Error::refused("too_many_tries", "too many tries today"));
        }
        let accounts = store::methods::accounts(tx, scope.id())?;
        let account = accounts
            .into_iter()
            .next()
            .ok_or_else(|| Error::refused("no_provider", "this business has no payment provider"))?;
        let setup = PaymentSetup {
            id: SetupId::mint(),
            tenant_id: scope.id().clone(),
            customer_id: owner,
            provider_account_id: account.id,
            kind,
            state: SetupStatus::Created,
            provider_ref: None,
            subscription_id: subscription,
            payment_method_id: None,
            failure: None,
            created_at: scope.now.wall,
            updated_at: scope.now.wall,
        };
        store::methods::insert_setup(tx, &setup)?;
        Ok(setup)
    })
}

/// The provider has a page for it: the customer is sent there.
pub fn opened(engine: &Engine, tenant_id: &TenantId, id: &SetupId, setup_ref: &str) -> Result<()> {
    let (id, setup_ref) = (id.clone(), setup_ref.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let mut setup = store::methods::setup(tx, scope.id(), &id)?;
        setup.provider_ref = Some(setup_ref);
        save(tx, scope, &mut setup, SetupStatus::Open)
    })
}

/// The customer came back from the provider's page. What the browser says about it is not believed: the worker
/// asks the provider.
pub fn returned(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &SetupId,
) -> Result<PaymentSetup> {
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        let mut setup = store::methods::setup(tx, scope.id(), &id)?;
        if setup.customer_id != owner {
            return Err(Error::NotFound);
        }
        // Who came back too early may have finished since. A page that looks again by itself does not ask again.
        let early = setup.state == SetupStatus::Failed && setup.failure.as_deref() == Some(NOT_FINISHED);
        let asks_again = early && scope.now.wall - setup.updated_at >= TimeDelta::seconds(ASK_AGAIN_S);
        if setup.state == SetupStatus::Open || asks_again {
            setup.failure = None;
            save(tx, scope, &mut setup, SetupStatus::Checking)?;
            let job = Job::CompleteSetup { tenant_id: scope.id().clone(), setup_id: id.clone() };
            store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)?;
        }
        Ok(setup)
    })
}

/// Takes in how a setup stands at the provider. A new method becomes the default, or that of the subscription
/// it was added for, and open dunning cases are tried again at once.
pub fn complete(engine: &Engine, tenant_id: &TenantId, id: &SetupId, found: SetupState) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::methods::setup(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let mut setup = store::methods::setup(tx, scope.id(), &id)?;
        if !matches!(setup.state, SetupStatus::Checking | SetupStatus::Verifying | SetupStatus::Open) {
            return Ok(());
        }
        match found {
            SetupState::Verifying => save(tx, scope, &mut setup, SetupStatus::Verifying),
            SetupState::Open => {
                setup.failure = Some(NOT_FINISHED.to_owned());
                save(tx, scope, &mut setup, SetupStatus::Failed)
            }
            SetupState::Failed(why) => {
                setup.failure = Some(why);
                save(tx, scope, &mut setup, SetupStatus::Failed)
            }
            SetupState::Done(new) => {
                let method = keep(tx, scope, &owner, &setup.provider_account_id, new)?;
                setup.payment_method_id = Some(method.id.clone());
                let for_subscription = setup.subscription_id.clone();
                save(tx, scope, &mut setup, SetupStatus::Done)?;
                put_to_use(tx, scope, &owner, &method, for_subscription.clone())?;
                tell(tx, scope, &owner, &method)?;
                dun::method_chosen(tx, scope, &owner, for_subscription.as_ref())
            }
        }
    })
}

/// The provider says that a setup moved on: the worker asks it how that stands. False where no setup of the account
/// goes by that reference.
pub(super) fn moved_on(
    tx: &mut Conn,
    scope: &Scope,
    account: &AccountId,
    provider_ref: &str,
) -> Result<bool> {
    let Some(found) = store::methods::setup_by_ref(tx, scope.id(), account, provider_ref)? else {
        return Ok(false);
    };
    scope.lock(tx, &found.customer_id)?;
    let mut setup = store::methods::setup(tx, scope.id(), &found.id)?;
    let early = setup.state == SetupStatus::Failed && setup.failure.as_deref() == Some(NOT_FINISHED);
    if setup.state == SetupStatus::Open || early {
        setup.failure = None;
        save(tx, scope, &mut setup, SetupStatus::Checking)?;
    }
    if matches!(setup.state, SetupStatus::Checking | SetupStatus::Verifying) {
        let job = Job::CompleteSetup { tenant_id: scope.id().clone(), setup_id: setup.id };
        store::jobs::enqueue(tx, &job, scope.now.wall, scope.now.wall)?;
    }
    Ok(true)
}

/// Brings along a method that the provider knows already, and makes it the customer's default. As with any newly
/// chosen method, open dunning cases are tried again at once.
pub fn import(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    account: &AccountId,
    new: NewMethod,
) -> Result<MethodId> {
    let (owner, account) = (owner.clone(), account.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        store::customers::get(tx, scope.id(), &owner)?;
        store::methods::account(tx, scope.id(), &account)?;
        let method = keep(tx, scope, &owner, &account, new)?;
        put_to_use(tx, scope, &owner, &method, None)?;
        dun::method_chosen(tx, scope, &owner, None)?;
        Ok(method.id)
    })
}

/// Setups that wait for an answer of the provider for longer than a request takes.
pub fn find_unfinished(engine: &Engine, tenant_id: &TenantId) -> Result<Vec<SetupId>> {
    engine.read(tenant_id, |conn, scope| {
        let before = scope.now.wall - TimeDelta::minutes(1);
        let waiting = store::methods::unfinished_setups(conn, scope.id(), before)?;
        Ok(waiting.into_iter().map(|setup| setup.id).collect())
    })
}

fn save(tx: &mut Conn, scope: &Scope, setup: &mut PaymentSetup, state: SetupStatus) -> Result<()> {
    setup.state = state;
    setup.updated_at = scope.now.wall;
    store::methods::update_setup(tx, scope.id(), setup)
}

/// Saves a method, or brings back the one that the provider knows by the same reference.
fn keep(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    account: &AccountId,
    new: NewMethod,
) -> Result<PaymentMethod> {
    let actor = Actor::Customer(owner.to_string());
    if let Some(mut known) = store::methods::by_ref(tx, scope.id(), account, &new.method_ref)? {
        if &known.customer_id != owner {
            return Err(Error::bug("a payment method of another customer came back from a setup"));
        }
        let was_there = known.status == MethodStatus::Active;
        known.status = MethodStatus::Active;
        known.updated_at = scope.now.wall;
        store::methods::update(tx, scope.id(), &known)?;
        if !was_there {
            super::use_method::event(tx, scope, &known, EventKind::PaymentMethodAdded, &actor)?;
        }
        return Ok(known);
    }
    let method = PaymentMethod {
        id: MethodId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: owner.clone(),
        provider_account_id: account.clone(),
        provider_ref: new.method_ref,
        provider_customer_ref: new.customer_ref,
        kind: new.kind,
        brand: new.brand,
        last4: new.last4,
        exp_month: new.exp_month.map(i32::from),
        exp_year: new.exp_year.map(i32::from),
        fingerprint: new.fingerprint,
        status: MethodStatus::Active,
        created_at: scope.now.wall,
        updated_at: scope.now.wall,
    };
    store::methods::insert(tx, &method)?;
    super::use_method::event(tx, scope, &method, EventKind::PaymentMethodAdded, &actor)?;
    Ok(method)
}

fn put_to_use(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    method: &PaymentMethod,
    for_subscription: Option<SubscriptionId>,
) -> Result<()> {
    match for_subscription {
        Some(id) => super::use_method::bind(tx, scope, owner, &id, method),
        None => super::use_method::make_default(tx, scope, owner, method),
    }
}

fn tell(tx: &mut Conn, scope: &Scope, owner: &CustomerId, method: &PaymentMethod) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), owner)?;
    let facts =
        MailFacts { method_id: Some(method.id.clone()), date: Some(scope.today()), ..MailFacts::default() };
    let dedupe_key = format!("{}:added", method.id);
    mail::queue(tx, scope, NewMail { to: &customer, kind: MailKind::PaymentMethodAdded, dedupe_key, facts })
}
