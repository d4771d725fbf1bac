//! A business for tests: a product, customers, and a provider whose answers the test decides.

use crate::clock::{Clock, ManualClock};
use crate::db::testing::TestDb;
use crate::ids::{AttemptId, CustomerId, InvoiceId, MethodId, SubscriptionId, TenantId};
use crate::keys::Keys;
use crate::query::paying::paying;
use crate::settings::{LiveSettings, Sources};
use crate::store;
use crate::store::events::Actor;
use crate::usecase::benefit::{self, NewBenefit};
use crate::usecase::catalog::{self, NewAccount, NewCustomer, NewPrice, NewProduct};
use crate::usecase::charge::{self, Step, Submission};
use crate::usecase::pay::{Intent, Wanted, pay};
use crate::usecase::subscribe::{NewSubscription, subscribe};
use crate::usecase::{add_method, install};
use crate::{Engine, Result};
use domain::entitlement::BenefitKind;
use domain::period::{Interval, IntervalUnit};
use domain::provider::{
    CallError, Capabilities, Decline, DeclineKind, Evidence, Exchange, Idempotency, NewMethod, Outcome,
    Report, Settled,
};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

/// Noon in Berlin.
const START: &str = "2026-11-02T11:00:00";

/// The only product of a business.
const PRODUCT: &str = "pro";

/// The only price of a business.
const PRICE: &str = "pro-monthly";

/// An installation with two businesses as like each other as can be, on a clock that stands still.
pub struct TestShop {
    /// Moves wall time.
    pub clock: ManualClock,
    /// The business that a test is about.
    pub acme: Business,
    /// Somebody else's.
    pub other: Business,
    _folder: tempfile::TempDir,
}

/// A business that sells "Pro" for 29.00 EUR a month.
pub struct Business {
    /// Everything that use cases need.
    pub engine: Engine,
    /// Its id.
    pub id: TenantId,
}

fn must<T, E: Display>(result: std::result::Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("the test business cannot do this: {error}"))
}

impl TestShop {
    /// Runs a test on every database there is.
    ///
    /// # Panics
    /// As the test does, and when a shop cannot be opened.
    pub fn each(test: impl Fn(&Self)) {
        Self::each_with("", test);
    }

    /// As [`TestShop::each`], with more lines (TOML) in the settings file of `acme`.
    ///
    /// # Panics
    /// As [`TestShop::each`].
    pub fn each_with(settings: &str, test: impl Fn(&Self)) {
        TestDb::each(|db| test(&Self::open(db, settings)));
    }

    fn open(db: &TestDb, settings: &str) -> Self {
        let acme = file("Acme", "acme") + settings;
        let sources = Sources::default().with_tenant("acme", "acme.toml", &acme).with_tenant(
            "other",
            "other.toml",
            &file("Other", "other"),
        );
        let live = must(LiveSettings::load(sources));
        let folder = must(tempfile::tempdir());
        let keys = must(Keys::load_or_create(&folder.path().join("secret.key")));
        let clock = ManualClock::at(must(START.parse()));
        let wall = Clock::from(clock.clone());
        let instance_id = must(install::identity(db, &wall, &keys));
        let engine = Engine {
            db: (**db).clone(),
            clock: wall,
            settings: Arc::new(live),
            keys: Arc::new(keys),
            instance_id,
        };
        must(install::sync_tenants(&engine, &engine.settings.current()));
        let business = |slug: &str| {
            let found = must(engine.db.read(|conn| store::tenants::by_slug(conn, slug)));
            let tenant = found.unwrap_or_else(|| panic!("no business {slug}"));
            Business::stocked(&engine, &tenant.id)
        };
        let (acme, other) = (business("acme"), business("other"));
        Self { clock, acme, other, _folder: folder }
    }
}

/// Pays an invoice as who reads the amount on its page and presses the button.
///
/// # Errors
/// As [`pay`].
pub fn press_pay(
    engine: &Engine,
    tenant: &TenantId,
    owner: &CustomerId,
    invoice: &InvoiceId,
    method: &MethodId,
) -> Result<Intent> {
    let shown = engine.read(tenant, |conn, scope| paying(conn, scope, owner, invoice)?.amount())?;
    let wanted = Wanted { invoice: invoice.clone(), method: method.clone(), amount: shown.minor };
    pay(engine, tenant, owner, wanted)
}

impl Business {
    /// A business of an installation, with its product, its price and a provider account from now on.
    ///
    /// # Panics
    /// When it has them already.
    pub fn stocked(engine: &Engine, id: &TenantId) -> Self {
        must(stock(engine, id));
        Self { engine: engine.clone(), id: id.clone() }
    }

    /// From now on "Pro" gives a license key for so many devices.
    pub fn license(&self, devices: u32) {
        let new = NewBenefit {
            product: PRODUCT.to_owned(),
            code: "desktop".to_owned(),
            name: "Desktop app".to_owned(),
            kind: BenefitKind::LicenseKey,
            devices: Some(devices),
        };
        must(benefit::add(&self.engine, &self.id, new));
    }

    /// A new customer.
    pub fn customer(&self, email: &str) -> CustomerId {
        let new =
            NewCustomer { email: email.to_owned(), name: "Mina Okafor".to_owned(), ..NewCustomer::default() };
        must(catalog::add_customer(&self.engine, &self.id, new))
    }

    /// A saved card, which becomes the default. It expires with 2030.
    pub fn card(&self, owner: &CustomerId, last4: &str) -> MethodId {
        let read = self.engine.read(&self.id, |conn, scope| store::methods::accounts(conn, scope.id()));
        let card = NewMethod {
            method_ref: format!("card_{owner}_{last4}"),
            customer_ref: None,
            kind: "card".to_owned(),
            brand: "visa".to_owned(),
            last4: last4.to_owned(),
            exp_month: Some(12),
            exp_year: Some(2030),
            fingerprint: None,
        };
        must(add_method::import(&self.engine, &self.id, owner, &must(read)[0].id, card))
    }

    /// A new subscription and its first invoice.
    pub fn subscribe(&self, owner: &CustomerId) -> (SubscriptionId, InvoiceId) {
        let new = NewSubscription {
            customer: owner.clone(),
            price_code: PRICE.to_owned(),
            quantity: 1,
            trial_days: None,
            method: None,
        };
        let id = must(subscribe(&self.engine, &self.id, new, Actor::Operator));
        (id, self.newest_invoice(owner))
    }

    /// The invoice written last.
    pub fn newest_invoice(&self, owner: &CustomerId) -> InvoiceId {
        let read = self.engine.read(&self.id, |conn, scope| store::invoices::list(conn, scope.id(), owner));
        must(read)[0].id.clone()
    }

    /// The provider takes the money.
    pub fn succeed(&self, attempt: &AttemptId) {
        self.succeeds(&self.submit(attempt));
    }

    /// The provider takes the money of a charge that left the house.
    pub fn succeeds(&self, submission: &Submission) {
        let attempt = &submission.attempt;
        let settled = Settled {
            provider_ref: format!("ch_{}", attempt.id),
            amount: attempt.amount(),
            raw_status: "succeeded".to_owned(),
        };
        self.hears(submission, Ok(Outcome::Succeeded(settled)));
    }

    /// The provider refuses.
    pub fn decline(&self, attempt: &AttemptId, kind: DeclineKind) {
        let decline = Decline { kind, code: "refused".to_owned(), provider_ref: None };
        self.answer(attempt, Outcome::Declined(decline));
    }

    /// A charge is submitted, and the provider answers.
    pub fn answer(&self, attempt: &AttemptId, outcome: Outcome) {
        self.hears(&self.submit(attempt), Ok(outcome));
    }

    /// A charge or a refund leaves the house.
    ///
    /// # Panics
    /// When it is not to be sent.
    pub fn submit(&self, attempt: &AttemptId) -> Submission {
        let step = must(charge::begin(&self.engine, &self.id, attempt, &capabilities(), "test"));
        let Step::Submit(submission) = step else { panic!("it is not to be submitted: {step:?}") };
        *submission
    }

    /// The provider answers, or its component says why it did not.
    pub fn hears(&self, submission: &Submission, result: std::result::Result<Outcome, CallError>) {
        let report = Report { result, evidence: answered() };
        must(charge::submitted(&self.engine, &self.id, submission, report));
    }
}

/// The settings file of a business: test mode, prices that contain 19 % VAT, days of Berlin.
fn file(name: &str, slug: &str) -> String {
    format!(
        "[tenant]\nname = \"{name}\"\nhosts = [\"{slug}.example\"]\nmode = \"test\"\ncountry = \"DE\"\n\
         currency = \"EUR\"\ntimezone = \"Europe/Berlin\"\nlocales = [\"en\", \"de\"]\ndefault_locale = \"en\"\n\
         [tax]\nrate = \"19\"\nbehaviour = \"inclusive\"\n[mail]\nfrom_address = \"billing@{slug}.example\"\n"
    )
}

fn stock(engine: &Engine, id: &TenantId) -> Result<()> {
    let product =
        NewProduct { code: PRODUCT.to_owned(), name: "Pro".to_owned(), description: "Everything".to_owned() };
    catalog::add_product(engine, id, product)?;
    let price = NewPrice {
        code: PRICE.to_owned(),
        product_code: PRODUCT.to_owned(),
        unit_amount: 2_900,
        currency: None,
        interval: Interval::new(IntervalUnit::Month, 1),
        trial_days: 0,
    };
    catalog::add_price(engine, id, price)?;
    let account = NewAccount {
        provider: "pretended".to_owned(),
        name: "main".to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
        grants: Vec::new(),
    };
    catalog::add_account(engine, id, account)?;
    Ok(())
}

/// One request left and was answered.
fn answered() -> Evidence {
    let exchange = Exchange {
        method: "POST".to_owned(),
        url: "https://pretended.example/charges".to_owned(),
        status: Some(200),
        sent: 100,
        received: 100,
        ..Exchange::default()
    };
    Evidence { bytes_out: exchange.sent, refused: false, exchanges: vec![exchange] }
}

/// A provider that honours keys.
fn capabilities() -> Capabilities {
    Capabilities {
        idempotency: Some(Idempotency {
            window_s: 86_400,
            header: None,
            replays_errors: true,
            rejects_mismatch: true,
        }),
        lookup: None,
        cancel: true,
        refund: true,
        list_since: false,
        max_in_flight_s: 60,
    }
}
