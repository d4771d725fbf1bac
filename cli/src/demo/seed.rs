//! Fills the demo's business by living through eighteen months of it: the test clock starts in the past, and
//! every subscription, charge and invoice comes about as it would in life.

use super::business;
use chrono::{Datelike, Months, NaiveDateTime, TimeDelta};
use domain::subscription::cancel::{CancelReason, CancelTiming};
use engine::ids::{CustomerId, SubscriptionId};
use engine::job::Queue;
use engine::store::events::Actor;
use engine::store::tenants::Tenant;
use engine::usecase::add_method::import;
use engine::usecase::cancel::{CancelRequest, cancel};
use engine::usecase::catalog::{NewCustomer, add_customer};
use engine::usecase::edit_customer::{AddressEdit, save_address};
use engine::usecase::subscribe::{NewSubscription, subscribe};
use engine::usecase::test_clock::{advance_clock_to, set_clock};
use engine::{Engine, store};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};

/// Customers of the demo and what each shows.
pub const STORIES: [(&str, &str); 6] = [
    ("amara@example.com", "active, pays by card"),
    ("tomas@example.com", "on trial"),
    ("lena@example.com", "cancellation scheduled"),
    ("diego@example.com", "past due after a declined card"),
    ("yuki@example.com", "on hold after failed payments"),
    ("harriet@example.com", "eighteen months of paid invoices"),
];

/// A card that pays.
const GOOD_CARD: &str = "4242424242424242";
/// A card that can be saved and is declined when charged.
const DECLINED_CARD: &str = "4000000000000341";
/// Another one, without enough money.
const EMPTY_CARD: &str = "4000000000009995";

/// What seeding needs done before the clock moves on; documents and mails follow once the demo runs.
const MONEY: &[Queue] = &[Queue::Billing, Queue::Payments];

/// Whether the business has not been filled yet. Half-filled data is refused.
pub fn is_needed(engine: &Engine, tenant: &Tenant, dir: &Path) -> anyhow::Result<bool> {
    let customers = engine.db.read(|conn| store::customers::all(conn, &tenant.id))?.len();
    if !marker(dir).exists() && customers > 0 {
        anyhow::bail!(
            "the demo's data is incomplete: its first start was interrupted. Start over with --fresh"
        );
    }
    Ok(customers == 0)
}

/// Notes that the business is filled.
pub fn mark_done(dir: &Path) -> io::Result<()> {
    std::fs::write(marker(dir), "")
}

/// Marks a new folder as the demo's own.
pub fn claim_folder(dir: &Path) -> io::Result<()> {
    std::fs::write(dir.join("portico-demo"), "This folder belongs to `portico demo`.\n")
}

/// Whether a folder is the demo's own (or empty).
pub fn is_ours(dir: &Path) -> bool {
    let is_empty = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
    is_empty || dir.join("portico-demo").exists()
}

fn marker(dir: &Path) -> PathBuf {
    dir.join("seeded")
}

/// Fills the business.
pub async fn seed(
    engine: &Engine,
    env: &worker::Env,
    tenant: &Tenant,
    simulator_url: &str,
    say: impl Fn(&str),
) -> anyhow::Result<()> {
    let now = engine.clock.now();
    let world =
        World { engine, env, tenant, simulator_url: simulator_url.to_owned(), http: reqwest::Client::new() };
    business::set_up(engine, tenant, simulator_url)?;

    set_clock(engine, &tenant.id, Some(before(now, 18, 3)))?;
    say("living through eighteen months of business");
    let harriet =
        world.customer("harriet@example.com", "Harriet Lindqvist", Some("Lindqvist & Daughters")).await?;
    world.card(&harriet, GOOD_CARD).await?;
    world.subscribe(&harriet, "team-monthly", None)?;

    world.live_until(before(now, 1, 12)).await?;
    let yuki = world.customer("yuki@example.com", "Yuki Tanaka", None).await?;
    let yuki_card = world.card(&yuki, GOOD_CARD).await?;
    world.subscribe(&yuki, "archive-monthly", None)?;
    world.live_until(before(now, 1, 2)).await?;
    world.swap_card(&yuki_card, EMPTY_CARD).await?;
    let diego = world.customer("diego@example.com", "Diego Fernández", None).await?;
    let diego_card = world.card(&diego, GOOD_CARD).await?;
    world.subscribe(&diego, "team-monthly", None)?;
    world.live_until(before(now, 0, 20)).await?;
    world.swap_card(&diego_card, DECLINED_CARD).await?;
    let amara = world.customer("amara@example.com", "Amara Okafor", Some("Okafor Design")).await?;
    world.card(&amara, GOOD_CARD).await?;
    world.subscribe(&amara, "team-monthly", None)?;
    world.subscribe(&amara, "archive-yearly", None)?;

    world.live_until(before(now, 0, 10)).await?;
    let lena = world.customer("lena@example.com", "Lena Vogel", None).await?;
    world.card(&lena, GOOD_CARD).await?;
    let leaving = world.subscribe(&lena, "team-monthly", None)?;
    world.live_until(before(now, 0, 4)).await?;
    let tomas = world.customer("tomas@example.com", "Tomás Novák", None).await?;
    world.card(&tomas, GOOD_CARD).await?;
    world.subscribe(&tomas, "team-monthly", Some(14))?;

    world.live_until(before(now, 0, 1)).await?;
    let request = CancelRequest {
        subscription: leaving,
        timing: CancelTiming::AtPeriodEnd,
        reason: Some(CancelReason::Unused),
        comment: None,
        shown: None,
    };
    cancel(engine, &tenant.id, &lena, request)?;
    world.live_until(engine.clock.now()).await?;
    set_clock(engine, &tenant.id, None)?;
    say("the business has its customers, charged through the simulator");
    Ok(())
}

/// So many months and days before.
fn before(now: NaiveDateTime, months: u32, days: i64) -> NaiveDateTime {
    now.checked_sub_months(Months::new(months)).unwrap_or(now) - TimeDelta::days(days)
}

struct World<'a> {
    engine: &'a Engine,
    env: &'a worker::Env,
    tenant: &'a Tenant,
    simulator_url: String,
    http: reqwest::Client,
}

impl World<'_> {
    async fn customer(&self, email: &str, name: &str, company: Option<&str>) -> anyhow::Result<CustomerId> {
        let new = NewCustomer {
            email: email.to_owned(),
            name: name.to_owned(),
            company: company.map(str::to_owned),
            ..NewCustomer::default()
        };
        let id = add_customer(self.engine, &self.tenant.id, new)?;
        let address = AddressEdit {
            name: name.to_owned(),
            company: company.map(str::to_owned),
            line1: "Ackerstraße 42".to_owned(),
            line2: None,
            postal_code: "10115".to_owned(),
            city: "Berlin".to_owned(),
            region: None,
            country: "DE".to_owned(),
            vat_id: None,
        };
        save_address(self.engine, &self.tenant.id, &id, None, address)?;
        Ok(id)
    }

    /// Saves a card at the simulator and takes it over; answers with what the simulator calls it.
    async fn card(&self, owner: &CustomerId, number: &str) -> anyhow::Result<String> {
        let year = self.engine.clock.now().year() + 3;
        let body = json!({ "number": number, "exp_month": 9, "exp_year": year });
        let made = self.post("/v1/methods", &body).await?;
        let new = simulator::saved_method(&made);
        let method_ref = new.method_ref.clone();
        let account = self.engine.db.read(|conn| store::methods::accounts(conn, &self.tenant.id))?.remove(0);
        import(self.engine, &self.tenant.id, owner, &account.id, new)?;
        Ok(method_ref)
    }

    /// The bank changes its mind about a card.
    async fn swap_card(&self, method: &str, number: &str) -> anyhow::Result<()> {
        self.post(&format!("/_methods/{method}"), &json!({ "number": number })).await.map(drop)
    }

    fn subscribe(
        &self,
        owner: &CustomerId,
        price: &str,
        trial_days: Option<u32>,
    ) -> anyhow::Result<SubscriptionId> {
        let new = NewSubscription {
            customer: owner.clone(),
            price_code: price.to_owned(),
            quantity: 1,
            trial_days,
            method: None,
        };
        Ok(subscribe(self.engine, &self.tenant.id, new, Actor::Operator)?)
    }

    /// Lets time pass, doing all that falls due on the way.
    async fn live_until(&self, target: NaiveDateTime) -> anyhow::Result<()> {
        worker::drain(self.env, MONEY).await?;
        advance_clock_to(self.engine, &self.tenant.id, target)?;
        worker::drain_clocks(self.env, MONEY).await?;
        Ok(())
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let answer = self
            .http
            .post(format!("{}{path}", self.simulator_url))
            .bearer_auth(business::SECRET_KEY)
            .json(body)
            .send()
            .await?
            .error_for_status()?;
        Ok(answer.json().await?)
    }
}
