//! A business with many customers, each with a card and a subscription to the same price.

use anyhow::{Context, Result};
use chrono::{Datelike, TimeDelta};
use domain::period::{Interval, IntervalUnit};
use domain::provider::NewMethod;
use engine::clock::Clock;
use engine::db::{Db, DbOptions};
use engine::ids::{AccountId, CustomerId, TenantId};
use engine::keys::Keys;
use engine::settings::{LiveSettings, Secret, Sources};
use engine::store::events::Actor;
use engine::usecase::add_method::import;
use engine::usecase::catalog::{
    NewAccount, NewCustomer, NewPrice, NewProduct, add_account, add_customer, add_price, add_product,
};
use engine::usecase::edit_customer::{AddressEdit, save_address};
use engine::usecase::install;
use engine::usecase::subscribe::{NewSubscription, subscribe};
use engine::usecase::test_clock::set_clock;
use engine::{Engine, store};
use plugin_host::{Host, HostOptions, Limits};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use templates::Renderer;
use tokio::task::JoinSet;
use worker::Env;
use worker::mail::Mailer;
use worker::pdf::PdfRenderer;

/// The simulator's key.
pub const SECRET_KEY: &str = "sk_sim_load";
const PRICE: &str = "team-monthly";
const CARD: &str = "4242424242424242";
/// Customers brought in at once.
const CROWD: usize = 16;
/// Before the first customer: the longest month, and time to bring the others in.
const A_MONTH_AGO: TimeDelta = TimeDelta::days(33);

/// The business and what its worker works with.
pub struct Shop {
    /// Engine, provider, templates, fonts, mail folder.
    pub env: Env,
    /// The business.
    pub tenant: TenantId,
    account: AccountId,
    simulator_url: String,
    http: Client,
}

impl Shop {
    /// Opens a business on an empty database, as `portico` would, with the settings that come with it.
    pub async fn open(folder: &Path, database_url: &str, simulator_url: &str) -> Result<Self> {
        let sources = Sources::default()
            .with_environment(std::env::vars().filter(|(name, _)| name.starts_with("PORTICO__WORKER__")))
            .with_argument("data_dir", &folder.display().to_string(), "load")
            .with_argument("database.url", database_url, "load")
            .with_argument("mail.transport", "folder", "load")
            .with_tenant("acme", "acme.toml", crate::startup::TENANT);
        let live = LiveSettings::load(sources)?;
        let settings = live.current();
        let db = Db::open(
            database_url,
            DbOptions { connections: settings.installation.database.pool_size, synchronous_full: true },
        )?;
        db.migrate()?;
        let keys = Keys::load_or_create(&settings.installation.secret_path())?;
        let clock = Clock::default();
        let instance_id = install::identity(&db, &clock, &keys)?;
        let engine =
            Engine { db, clock: clock.clone(), settings: Arc::new(live), keys: Arc::new(keys), instance_id };
        install::sync_tenants(&engine, &settings)?;
        let tenant =
            engine.db.read(|conn| store::tenants::by_slug(conn, "acme"))?.context("the business")?.id;
        let account = stock(&engine, &tenant, simulator_url)?;
        let now = Arc::new(move || clock.now());
        let providers = Host::new(HostOptions { cache_dir: None, limits: Limits::default(), now })?;
        let (name, bytes) = Host::bundled()[0];
        providers.install(name, bytes).await?;
        let env = Env {
            engine,
            providers,
            renderer: Arc::new(Renderer::new(None)?),
            pdf: Arc::new(PdfRenderer::new(None)?),
            mailer: Arc::new(Mailer::open(&settings.installation)?),
            owner: store::jobs::owner().into(),
        };
        let http = Client::builder().no_proxy().build()?;
        Ok(Self { env, tenant, account, simulator_url: simulator_url.to_owned(), http })
    }

    /// Lets so many customers subscribe a month ago. Their first payments are due now.
    pub async fn fill(self: &Arc<Self>, customers: usize) -> Result<()> {
        let engine = &self.env.engine;
        set_clock(engine, &self.tenant, Some(engine.clock.now() - A_MONTH_AGO))?;
        let mut crowd = JoinSet::new();
        for first in 0..CROWD {
            let shop = Arc::clone(self);
            crowd.spawn(async move {
                for number in (first..customers).step_by(CROWD) {
                    shop.subscriber(number).await?;
                }
                Ok::<_, anyhow::Error>(())
            });
        }
        crowd.join_all().await.into_iter().collect()
    }

    /// Time passes: every subscription is due to be renewed.
    pub fn a_month_passes(&self) -> Result<()> {
        Ok(set_clock(&self.env.engine, &self.tenant, None)?)
    }

    async fn subscriber(self: &Arc<Self>, number: usize) -> Result<()> {
        let card = self.card().await?;
        let shop = Arc::clone(self);
        let joined = tokio::task::spawn_blocking(move || {
            let (engine, tenant) = (&shop.env.engine, &shop.tenant);
            let owner = customer(engine, tenant, number)?;
            import(engine, tenant, &owner, &shop.account, card)?;
            let new = NewSubscription {
                customer: owner,
                price_code: PRICE.to_owned(),
                quantity: 1,
                trial_days: None,
                method: None,
            };
            subscribe(engine, tenant, new, Actor::Operator)
        });
        joined.await??;
        Ok(())
    }

    async fn card(&self) -> Result<NewMethod> {
        let year = self.env.engine.clock.now().year() + 3;
        let request = self
            .http
            .post(format!("{}/v1/methods", self.simulator_url))
            .bearer_auth(SECRET_KEY)
            .json(&json!({ "number": CARD, "exp_month": 9, "exp_year": year }));
        let made: Value = request.send().await?.error_for_status()?.json().await?;
        let text = |key: &str| made[key].as_str().unwrap_or_default().to_owned();
        Ok(NewMethod {
            method_ref: text("id"),
            customer_ref: made["customer"].as_str().map(str::to_owned),
            kind: text("kind"),
            brand: text("brand"),
            last4: text("last4"),
            exp_month: Some(9),
            exp_year: u16::try_from(year).ok(),
            fingerprint: made["fingerprint"].as_str().map(str::to_owned),
        })
    }

    /// What each charge paid for, of those that took money by the simulator's ledger.
    pub async fn charges(&self) -> Result<Vec<String>> {
        let answer = self.http.get(format!("{}/_ledger", self.simulator_url)).send().await?;
        let ledger: Value = answer.error_for_status()?.json().await?;
        let charges = ledger["charges"].as_array().context("the ledger has charges")?;
        let taken = charges.iter().filter(|charge| charge["status"] == "succeeded");
        Ok(taken.map(|charge| charge["reference"].to_string()).collect())
    }
}

fn customer(engine: &Engine, tenant: &TenantId, number: usize) -> engine::Result<CustomerId> {
    let new = NewCustomer {
        email: format!("customer{number}@example.com"),
        name: format!("Customer {number}"),
        ..NewCustomer::default()
    };
    let id = add_customer(engine, tenant, new)?;
    let address = AddressEdit {
        name: format!("Customer {number}"),
        company: None,
        line1: "Ackerstraße 42".to_owned(),
        line2: None,
        postal_code: "10115".to_owned(),
        city: "Berlin".to_owned(),
        region: None,
        country: "DE".to_owned(),
        vat_id: None,
    };
    save_address(engine, tenant, &id, None, address)?;
    Ok(id)
}

fn stock(engine: &Engine, tenant: &TenantId, simulator_url: &str) -> Result<AccountId> {
    let product = NewProduct {
        code: "team".to_owned(),
        name: "Team".to_owned(),
        description: "Shared notebooks".to_owned(),
    };
    add_product(engine, tenant, product)?;
    let price = NewPrice {
        code: PRICE.to_owned(),
        product_code: "team".to_owned(),
        unit_amount: 4_900,
        currency: None,
        interval: Interval::new(IntervalUnit::Month, 1),
        trial_days: 0,
    };
    add_price(engine, tenant, price)?;
    let account = NewAccount {
        provider: "sandbox".to_owned(),
        name: "Simulator".to_owned(),
        settings: BTreeMap::from([("base_url".to_owned(), simulator_url.to_owned())]),
        secrets: BTreeMap::from([("secret_key".to_owned(), Secret::new(SECRET_KEY))]),
        grants: vec![simulator_url.to_owned()],
    };
    Ok(add_account(engine, tenant, account)?)
}
