//! The demo's business: what it is, what it sells, and its account with the simulator.

use domain::period::{Interval, IntervalUnit};
use domain::subscription::item::ItemRole;
use engine::settings::Secret;
use engine::store::tenants::Tenant;
use engine::usecase::catalog::{
    NewAccount, NewPrice, NewProduct, PriceTerms, add_account, add_collection, add_price_on, add_product,
    offer_in,
};
use engine::{Engine, Result, store};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Short name of the business.
pub const SLUG: &str = "fieldnote";

/// The key that the demo's simulator accepts.
pub const SECRET_KEY: &str = "sk_sim_demo";

/// What the demo's simulator signs its webhooks with.
pub const WEBHOOK_SECRET: &str = "whsec_sim_demo";

/// The provider that talks to the simulator.
pub const PROVIDER: &str = "sandbox";

/// The business's settings file.
pub const SETTINGS: &str = include_str!("fieldnote.toml");

/// The installation's settings, for the demo itself and for `portico worker` and the tools beside it.
pub fn installation(data_dir: &str, portal: SocketAddr) -> String {
    format!(
        "# Written at every start of `portico demo`.\ndata_dir = {data_dir:?}\n\n[http]\nbind = \"{portal}\"\n\
         public_url = \"http://127.0.0.1:{}\"\n\n[mail]\ntransport = \"folder\"\n",
        portal.port()
    )
}

/// Products, each with monthly and yearly price in cents.
const CATALOGUE: [(&str, &str, &str, i64, i64); 4] = [
    ("solo", "Fieldnote Solo", "One person, one notebook.", 1_900, 19_000),
    ("team", "Fieldnote Team", "Shared notebooks for a whole team.", 4_900, 49_000),
    ("studio", "Fieldnote Studio", "Unlimited history and single sign-on.", 9_900, 99_000),
    ("archive", "Archive Storage", "Everything you ever wrote, kept safe.", 1_200, 12_000),
];

/// The plans among which customers may change, from small to big.
const PLANS: [&str; 3] = ["solo", "team", "studio"];

/// Adds products, prices and the account with the simulator.
pub fn set_up(engine: &Engine, tenant: &Tenant, simulator_url: &str) -> Result<()> {
    add_collection(engine, &tenant.id, "plans", "Fieldnote")?;
    for (code, name, description, monthly, yearly) in CATALOGUE {
        let product =
            NewProduct { code: code.to_owned(), name: name.to_owned(), description: description.to_owned() };
        add_product(engine, &tenant.id, product)?;
        let rank = PLANS.into_iter().zip(1..).find(|(plan, _)| *plan == code).map(|(_, rank)| rank);
        if rank.is_some() {
            offer_in(engine, &tenant.id, code, "plans", ItemRole::Plan)?;
        }
        for (suffix, unit_amount, unit) in
            [("monthly", monthly, IntervalUnit::Month), ("yearly", yearly, IntervalUnit::Year)]
        {
            let price = NewPrice {
                code: format!("{code}-{suffix}"),
                product_code: code.to_owned(),
                unit_amount,
                currency: None,
                interval: Interval { unit, count: 1 },
                trial_days: 0,
            };
            let terms = PriceTerms { rank: rank.unwrap_or_default(), ..PriceTerms::default() };
            add_price_on(engine, &tenant.id, price, terms)?;
        }
    }
    add_account(engine, &tenant.id, account(simulator_url))?;
    Ok(())
}

/// The account with the simulator.
pub fn account(simulator_url: &str) -> NewAccount {
    NewAccount {
        provider: PROVIDER.to_owned(),
        name: "Simulator".to_owned(),
        settings: settings(simulator_url),
        secrets: BTreeMap::from([
            ("secret_key".to_owned(), Secret::new(SECRET_KEY)),
            ("webhook_secret".to_owned(), Secret::new(WEBHOOK_SECRET)),
        ]),
        grants: vec![simulator_url.to_owned()],
    }
}

/// The simulator may listen elsewhere than at the last start.
pub fn point_account_at(engine: &Engine, tenant: &Tenant, simulator_url: &str) -> anyhow::Result<()> {
    let accounts = engine.db.read(|conn| store::methods::accounts(conn, &tenant.id))?;
    let settings = serde_json::to_string(&settings(simulator_url))?;
    let grants = serde_json::to_string(&[simulator_url])?;
    let id = tenant.id.clone();
    engine.db.write(move |tx| {
        accounts.iter().filter(|account| account.provider == PROVIDER).try_for_each(|account| {
            store::methods::update_account_settings(tx, &id, &account.id, &settings, &grants)
        })
    })?;
    Ok(())
}

/// Where the simulator posts what it tells the business's account; nowhere where somebody removed that.
pub fn webhook_url(engine: &Engine, tenant: &Tenant) -> Result<Option<String>> {
    let accounts = engine.db.read(|conn| store::methods::accounts(conn, &tenant.id))?;
    let account = accounts.into_iter().find(|account| account.provider == PROVIDER);
    let settings = engine.settings.current();
    let portal = settings.tenant(&tenant.slug);
    Ok(portal.zip(account).map(|(portal, account)| settings.webhook_url(portal, &account.id)))
}

fn settings(simulator_url: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("base_url".to_owned(), simulator_url.to_owned())])
}
