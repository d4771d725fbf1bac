//! What every use case runs in: one business, its settings, and the two times.

use crate::clock::Clock;
use crate::db::{Conn, Db, dialect};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, SubscriptionId, TenantId};
use crate::keys::Keys;
use crate::settings::{LiveSettings, Settings, TenantSettings};
use crate::store;
use crate::store::subscriptions::Subscription;
use crate::store::tenants::Tenant;
use chrono::{NaiveDate, TimeDelta};
use domain::Instant;
use domain::event::Why;
use std::sync::Arc;

/// The shell around all use cases. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// The running settings.
    pub settings: Arc<LiveSettings>,
    /// Keys derived from the installation's secret.
    pub keys: Arc<Keys>,
    /// Identity of the installation, part of every idempotency key.
    pub instance_id: Arc<str>,
}

/// The two times of a use case. They differ for test businesses only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// For sessions, links, leases, jobs and windows of providers.
    pub wall: Instant,
    /// For periods, dunning and due dates.
    pub billing: Instant,
}

/// One business at one moment, loaded inside the transaction that uses it.
#[derive(Clone)]
pub struct Scope {
    /// The business.
    pub tenant: Tenant,
    /// Its settings.
    pub settings: Arc<TenantSettings>,
    /// Settings of the installation.
    pub installation: Arc<Settings>,
    /// The moment.
    pub now: Now,
    /// Keys derived from the installation's secret.
    pub keys: Arc<Keys>,
    /// Identity of the installation.
    pub instance_id: Arc<str>,
}

impl Engine {
    /// Runs `work` for a business in one transaction that may write.
    pub fn write<T, F>(&self, tenant_id: &TenantId, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &Scope) -> Result<T> + Send + 'static,
    {
        let engine = self.clone();
        let tenant_id = tenant_id.clone();
        self.db.write(move |tx| {
            let scope = engine.scope(tx, &tenant_id)?;
            work(tx, &scope)
        })
    }

    /// Runs `work` for a business on a consistent view of the data.
    pub fn read<T>(
        &self,
        tenant_id: &TenantId,
        work: impl FnOnce(&mut Conn, &Scope) -> Result<T>,
    ) -> Result<T> {
        self.db.read(|conn| {
            let scope = self.scope(conn, tenant_id)?;
            work(conn, &scope)
        })
    }

    fn scope(&self, conn: &mut Conn, tenant_id: &TenantId) -> Result<Scope> {
        let tenant = store::tenants::get(conn, tenant_id)?;
        let installation = self.settings.current();
        let settings = installation
            .tenant(&tenant.slug)
            .cloned()
            .ok_or_else(|| Error::Unavailable(format!("business {} has no settings file", tenant.slug)))?;
        let wall = self.clock.now();
        let now = Now { wall, billing: wall + TimeDelta::microseconds(tenant.clock_offset_us) };
        let (keys, instance_id) = (self.keys.clone(), self.instance_id.clone());
        Ok(Scope { tenant, settings, installation, now, keys, instance_id })
    }
}

impl Scope {
    /// The business's id.
    pub fn id(&self) -> &TenantId {
        &self.tenant.id
    }

    /// Whether none of the business's money moves: nothing is charged and nothing given back until an operator says so.
    pub fn money_is_paused(&self) -> bool {
        self.tenant.money_paused_since.is_some()
    }

    /// Whether nobody knows what time it is, so that nothing is due either.
    pub fn clock_is_doubted(&self) -> bool {
        self.tenant.money_paused_why.as_deref() == Some(Why::ClockJumped.as_str())
    }

    /// Waits until nobody else changes this customer's billing. First thing in every use case that does.
    pub fn lock(&self, tx: &mut Conn, customer: &CustomerId) -> Result<()> {
        dialect::lock(tx, self.id().as_str(), customer.as_str())
    }

    /// A subscription that nobody else changes until this transaction ends.
    pub fn locked_subscription(&self, tx: &mut Conn, id: &SubscriptionId) -> Result<Subscription> {
        let owner = store::subscriptions::get(tx, self.id(), id)?.customer_id;
        self.lock(tx, &owner)?;
        store::subscriptions::get(tx, self.id(), id)
    }

    /// Where the business's portal answers, without a slash at the end.
    pub fn portal_url(&self) -> String {
        self.installation.portal_url(&self.settings)
    }

    /// The civil date of a moment in the business's zone, as documents print it.
    pub fn date_of(&self, at: Instant) -> NaiveDate {
        at.and_utc().with_timezone(&self.settings.identity.timezone).date_naive()
    }

    /// Today in the business's zone.
    pub fn today(&self) -> NaiveDate {
        self.date_of(self.now.billing)
    }
}
