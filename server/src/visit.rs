//! A request to a business's portal, with everything known about it before its handler runs.
//!
//! `middleware::visit` loads it once; handlers take [`Visit`] for pages that anybody may see and [`SignedIn`] for
//! those of a customer. [`SignedIn`] also holds that the part of the portal is switched on.

use crate::app::App;
use crate::blocking::blocking;
use crate::cookies::Jar;
use crate::failure::Failure;
use crate::form_token::FormToken;
use crate::sections;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{NaiveDate, TimeDelta};
use domain::Instant;
use engine::db::Conn;
use engine::ids::{CustomerId, TenantId};
use engine::settings::{Settings, TenantSettings};
use engine::store::access::PortalSession;
use engine::store::customers::Customer;
use engine::store::tenants::Tenant;
use engine::{Engine, Scope};
use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use templates::Lang;
use templates::flash::Flash;
use templates::page::Section;

/// A request to a portal.
#[derive(Clone)]
pub(crate) struct Visit(Rc<Facts>);

/// What is known about a request.
pub(crate) struct Facts {
    /// The app.
    pub app: web::Data<App>,
    /// The business.
    pub tenant: Tenant,
    /// Its settings.
    pub settings: Arc<TenantSettings>,
    /// All settings, as they stood when the request came.
    pub installation: Arc<Settings>,
    /// Who is here.
    pub who: Who,
    /// Language of the answer.
    pub lang: Lang,
    /// Path and query.
    pub path: String,
    /// The part of the portal that the path belongs to.
    pub section: Option<Section>,
    /// Tells this browser from others before anybody is signed in.
    pub nonce: String,
    /// The browser does not have the nonce yet.
    pub nonce_is_new: bool,
    /// What forms of this browser carry.
    pub form_token: FormToken,
    /// Network the request came from, for limits.
    pub network: String,
    /// `User-Agent`.
    pub user_agent: String,
    /// A notice that waits for a page.
    pub flash: Option<Flash>,
    /// Browsers come without TLS.
    pub plain: bool,
    /// Wall time when the request came.
    pub wall: Instant,
}

/// Who sent a request.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// Somebody without a session.
    Nobody,
    /// Somebody whose session is over.
    Ended,
    /// A customer.
    Customer(Box<(PortalSession, Customer)>),
}

impl Visit {
    pub(crate) fn new(facts: Facts) -> Self {
        Self(Rc::new(facts))
    }

    /// The visit of a request, once `middleware::visit` has seen it.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// The customer, when one is signed in.
    pub(crate) fn customer(&self) -> Option<&Customer> {
        match &self.who {
            Who::Customer(both) => Some(&both.1),
            Who::Nobody | Who::Ended => None,
        }
    }

    /// The civil date of a moment in the business's zone.
    pub(crate) fn date_of(&self, at: Instant) -> NaiveDate {
        let zone = self.settings.identity.timezone;
        at.and_utc().with_timezone(&zone).date_naive()
    }

    /// Today by the business's clock.
    pub(crate) fn today(&self) -> NaiveDate {
        self.date_of(self.wall + TimeDelta::microseconds(self.tenant.clock_offset_us))
    }

    /// A value that only we can have put into a cookie.
    pub(crate) fn unseal<T: serde::de::DeserializeOwned>(
        &self,
        request: &HttpRequest,
        jar: Jar,
    ) -> Option<T> {
        jar.open(&self.app.engine.keys, &self.tenant.id, &jar.read(request, self.plain)?)
    }

    /// Runs a use case aside.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Engine, &TenantId) -> engine::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let (engine, tenant) = (self.app.engine.clone(), self.tenant.id.clone());
        blocking(move || act(&engine, &tenant)).await
    }
}

impl Deref for Visit {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl FromRequest for Visit {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or(Failure::NoTenant))
    }
}

/// A request of a signed-in customer to a part of the portal that is switched on. Anybody else is sent to sign in.
#[derive(Clone)]
pub(crate) struct SignedIn {
    visit: Visit,
    /// The customer.
    pub customer: Customer,
    /// Their session.
    pub session: PortalSession,
}

impl SignedIn {
    fn of(visit: Visit) -> Result<Self, Failure> {
        let (session, customer) = match &visit.who {
            Who::Customer(both) => (**both).clone(),
            Who::Nobody => return Err(Failure::SignIn { ended: false }),
            Who::Ended => return Err(Failure::SignIn { ended: true }),
        };
        let me = Self { visit, customer, session };
        match me.visit.section {
            Some(section) => me.needs(section).map(|()| me),
            None => Ok(me),
        }
    }

    /// Asks for a new sign-in when the last one is too long ago for what cannot be undone.
    pub(crate) fn proved_lately(&self) -> Result<(), Failure> {
        let minutes = self.installation.installation.security.step_up_minutes;
        if self.app.engine.clock.now() - self.session.created_at > TimeDelta::minutes(i64::from(minutes)) {
            return Err(Failure::SignIn { ended: true });
        }
        Ok(())
    }

    /// Refuses with 403 where the business has switched a part off.
    pub(crate) fn needs(&self, section: Section) -> Result<(), Failure> {
        if sections::is_on(&self.settings, section) { Ok(()) } else { Err(Failure::SectionOff) }
    }

    /// Runs a use case of this customer aside.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Engine, &TenantId, &CustomerId) -> engine::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let owner = self.customer.id.clone();
        self.act(move |engine, tenant| act(engine, tenant, &owner)).await
    }

    /// Reads what a page shows, on one consistent view of the data, aside.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        view: impl FnOnce(&mut Conn, &Scope, &CustomerId) -> engine::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.run(move |engine, tenant, owner| engine.read(tenant, |conn, scope| view(conn, scope, owner)))
            .await
    }
}

impl Deref for SignedIn {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequest for SignedIn {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Visit::of(request).ok_or(Failure::NoTenant).and_then(Self::of))
    }
}
