//! A whole Portico for one story: database, simulator, mail folder, portal, worker.

use crate::parts::{parts, run};
use crate::simulator::Simulator;
use chrono::{SubsecRound, Utc};
use domain::period::{Interval, IntervalUnit};
use engine::Engine;
use engine::clock::{Clock, ManualClock};
use engine::db::testing::TestDb;
use engine::ids::TenantId;
use engine::keys::Keys;
use engine::settings::{LiveSettings, Secret, Sources};
use engine::store;
use engine::usecase::catalog::{NewAccount, NewPrice, NewProduct, add_account, add_price, add_product};
use engine::usecase::install;
use engine::verify;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use worker::Env;
use worker::mail::Mailer;

/// The simulator's key for every business.
const SECRET_KEY: &str = "sk_sim_story";

/// What the simulator signs webhooks to a business with.
pub(crate) fn webhook_secret(slug: &str) -> String {
    format!("whsec_{slug}")
}

/// What is different about a story's business.
#[derive(Debug, Clone, Default)]
pub struct WorldOptions {
    /// More lines for the settings file of `acme`, in TOML.
    pub settings: &'static str,
    /// More environment, such as `("PORTICO__SECURITY__CODE_TRIES", "3")`.
    pub environment: &'static [(&'static str, &'static str)],
}

/// Everything a story needs. The business `acme` answers on 127.0.0.1, `umbra` on localhost.
pub struct World {
    /// Use cases and stores, for what a story cannot see from outside.
    pub engine: Engine,
    /// What the worker works with.
    pub env: Env,
    /// The business that the story is about.
    pub acme: TenantId,
    /// Somebody else's business, stocked alike.
    pub umbra: TenantId,
    /// The payment service and its ledger.
    pub simulator: Simulator,
    /// Wall time, which stands still until the story moves it.
    pub wall: ManualClock,
    port: u16,
    portal: Option<server::Running>,
    folder: TempDir,
    db: TestDb,
}

impl World {
    /// Tells a story on every database there is.
    ///
    /// # Panics
    /// When the story fails, or PostgreSQL is required and missing.
    pub fn each(story: impl AsyncFn(&World)) {
        Self::each_with(&WorldOptions::default(), story);
    }

    /// As [`World::each`], with something different.
    ///
    /// # Panics
    /// As [`World::each`].
    pub fn each_with(options: &WorldOptions, story: impl AsyncFn(&World)) {
        // Made here: the runtime cannot wait for itself.
        parts();
        for db in TestDb::all() {
            run(async {
                let world = World::open(db, options).await;
                story(&world).await;
                world.verify();
                world.close().await;
            });
        }
    }

    async fn open(db: TestDb, options: &WorldOptions) -> Self {
        let folder = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let simulator = Simulator::open(SECRET_KEY).await;
        write_config(folder.path(), options);
        let sources = sources(folder.path(), port, db.url(), options.environment);
        let wall = ManualClock::at(Utc::now().naive_utc().trunc_subsecs(6));
        let engine = open_engine(&db, sources, Clock::from(wall.clone()));
        let env = environment(&engine);
        let [acme, umbra] = ["acme", "umbra"].map(|slug| stock(&engine, slug, &simulator.url()));
        let app = server::App::new(engine.clone(), env.renderer.clone(), env.providers.clone(), None);
        let portal = server::start(Arc::new(app), listener, Some(2)).unwrap();
        Self { engine, env, acme, umbra, simulator, wall, port, portal: Some(portal), folder, db }
    }

    async fn close(mut self) {
        if let Some(portal) = self.portal.take() {
            portal.stop().await.unwrap();
        }
        self.simulator.close().await;
    }

    /// Whatever the story was about, the books of both businesses are in order.
    fn verify(&self) {
        for tenant in [&self.acme, &self.umbra] {
            let found = verify::business(&self.engine, tenant).unwrap();
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert!(found.is_empty(), "the books do not hold:\n{}", found.join("\n"));
        }
    }

    /// Where the portal of `acme` answers.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the portal of `umbra` answers.
    pub fn umbra_url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// An operator edits the settings file of `acme`: replaces each text by another. In force at once.
    pub fn reconfigure(&self, edits: &[(&str, &str)]) {
        let file = self.config_dir().join("tenants/acme.toml");
        let before = std::fs::read_to_string(&file).unwrap();
        let after = edits.iter().fold(before, |text, (old, new)| text.replace(old, new));
        std::fs::write(file, after).unwrap();
        self.engine.settings.reload().unwrap();
        install::sync_tenants(&self.engine, &self.engine.settings.current()).unwrap();
    }

    /// Another worker beside the first, with a name of its own.
    pub fn another_worker(&self) -> Env {
        Env { owner: store::jobs::owner().into(), ..self.env.clone() }
    }

    /// True on SQLite.
    pub fn is_sqlite(&self) -> bool {
        self.engine.db.is_sqlite()
    }

    pub(crate) fn mail_folder(&self) -> PathBuf {
        self.engine.settings.current().installation.mail_folder()
    }

    /// The folder with its settings files.
    pub fn config_dir(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// The data folder.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What another process needs in its environment to be part of this world.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        environment_of(self.folder.path(), self.port, self.db.url())
    }
}

/// Settings files as an operator would write them, so that other processes read the same.
fn write_config(folder: &Path, options: &WorldOptions) {
    let tenants = folder.join("config/tenants");
    std::fs::create_dir_all(&tenants).unwrap();
    std::fs::write(tenants.join("acme.toml"), tenant("Acme", "127.0.0.1", options.settings)).unwrap();
    std::fs::write(tenants.join("umbra.toml"), tenant("Umbra", "localhost", "")).unwrap();
}

/// A business in test mode: prices without VAT, of which there are 19 %; days of Berlin.
fn tenant(name: &str, host: &str, more: &str) -> String {
    format!(
        r#"
[tenant]
name = "{name}"
hosts = ["{host}"]
mode = "test"
country = "DE"
currency = "EUR"
timezone = "Europe/Berlin"
locales = ["en", "de"]
default_locale = "en"
[seller]
legal_name = "{name} GmbH"
line1 = "Lindenstraße 1"
postal_code = "10969"
city = "Berlin"
vat_id = "DE123456789"
[tax]
rate = "19"
behaviour = "exclusive"
[mail]
from_address = "billing@{host_word}.example"
{more}
"#,
        host_word = name.to_lowercase(),
    )
}

fn environment_of(folder: &Path, port: u16, database: &str) -> Vec<(String, String)> {
    [
        ("PORTICO__DATA_DIR", folder.join("data").display().to_string()),
        ("PORTICO__DATABASE__URL", database.to_owned()),
        ("PORTICO__HTTP__PUBLIC_URL", format!("http://127.0.0.1:{port}")),
        ("PORTICO__MAIL__TRANSPORT", "folder".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn sources(folder: &Path, port: u16, database: &str, more: &[(&str, &str)]) -> Sources {
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let environment = environment_of(folder, port, database);
    Sources::new(Some(&folder.join("config"))).with_environment(environment.into_iter().chain(more))
}

fn open_engine(db: &TestDb, sources: Sources, clock: Clock) -> Engine {
    let live = LiveSettings::load(sources).unwrap_or_else(|error| panic!("{error}"));
    let settings = live.current();
    std::fs::create_dir_all(&settings.installation.data_dir).unwrap();
    let keys = Keys::load_or_create(&settings.installation.secret_path()).unwrap();
    let instance_id = install::identity(db, &clock, &keys).unwrap();
    let engine =
        Engine { db: (**db).clone(), clock, settings: Arc::new(live), keys: Arc::new(keys), instance_id };
    install::sync_tenants(&engine, &settings).unwrap();
    engine
}

fn environment(engine: &Engine) -> Env {
    let parts = parts();
    Env {
        engine: engine.clone(),
        providers: parts.providers.clone(),
        renderer: parts.renderer.clone(),
        pdf: parts.pdf.clone(),
        mailer: Arc::new(Mailer::open(&engine.settings.current().installation).unwrap()),
        owner: store::jobs::owner().into(),
    }
}

/// Gives a business its product, its prices and its account with the simulator.
fn stock(engine: &Engine, slug: &str, simulator_url: &str) -> TenantId {
    let tenant = engine.db.read(|conn| store::tenants::by_slug(conn, slug)).unwrap().unwrap();
    let product = NewProduct {
        code: "team".to_owned(),
        name: "Team".to_owned(),
        description: "Shared notebooks".to_owned(),
    };
    add_product(engine, &tenant.id, product).unwrap();
    for (code, unit_amount, unit) in
        [("team-monthly", 4_900, IntervalUnit::Month), ("team-yearly", 49_000, IntervalUnit::Year)]
    {
        let price = NewPrice {
            code: code.to_owned(),
            product_code: "team".to_owned(),
            unit_amount,
            currency: None,
            interval: Interval { unit, count: 1 },
            trial_days: 0,
        };
        add_price(engine, &tenant.id, price).unwrap();
    }
    let account = NewAccount {
        provider: "sandbox".to_owned(),
        name: "Simulator".to_owned(),
        settings: BTreeMap::from([("base_url".to_owned(), simulator_url.to_owned())]),
        secrets: BTreeMap::from([
            ("secret_key".to_owned(), Secret::new(SECRET_KEY)),
            ("webhook_secret".to_owned(), Secret::new(webhook_secret(slug))),
        ]),
        grants: vec![simulator_url.to_owned()],
    };
    add_account(engine, &tenant.id, account).unwrap();
    tenant.id
}
