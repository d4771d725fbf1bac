//! Three businesses on one server: Acme in test mode, Zeta beside it, Live with live money.

use crate::browser::Browser;
use chrono::TimeDelta;
use domain::period::{Interval, IntervalUnit};
use domain::provider::NewMethod;
use engine::clock::{Clock, ManualClock};
use engine::db::testing::TestDb;
use engine::ids::{CustomerId, SubscriptionId, TenantId};
use engine::job::{Job, Queue};
use engine::keys::Keys;
use engine::settings::{LiveSettings, Sources};
use engine::store;
use engine::store::events::Actor;
use engine::store::jobs::{self, ClaimedJob};
use engine::usecase::catalog::{self, NewAccount, NewCustomer, NewPrice, NewProduct};
use engine::usecase::subscribe::{NewSubscription, subscribe};
use engine::usecase::{add_method, install, sign_in};
use engine::{Engine, Scope};
use futures::executor::block_on;
use plugin_host::{Host, HostOptions, Limits};
use server::{App, Running};
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use templates::Renderer;

/// Hosts as browsers name them.
pub const ACME: &str = "127.0.0.1";
pub const ZETA: &str = "localhost";
pub const LIVE: &str = "live.example";

const SELLER: &str = "[seller]\nlegal_name = \"Live GmbH\"\nline1 = \"Weg 1\"\ncity = \"Berlin\"\n";

/// A server with its data.
pub struct World {
    pub engine: Engine,
    pub clock: ManualClock,
    pub port: u16,
    pub acme: TenantId,
    running: Option<Running>,
    folder: tempfile::TempDir,
}

impl World {
    /// Runs a story on each database there is.
    pub fn each(story: impl Fn(&World)) {
        TestDb::each(|db| story(&World::on(db, "", true)));
    }

    /// Runs a story on SQLite, with more lines in Acme's file.
    pub fn with(acme: &str, story: impl Fn(&World)) {
        let db = TestDb::sqlite().unwrap();
        story(&World::on(&db, acme, true));
    }

    /// Runs a story as behind a proxy that speaks https.
    pub fn behind_tls(story: impl Fn(&World)) {
        let db = TestDb::sqlite().unwrap();
        story(&World::on(&db, "", false));
    }

    fn on(db: &TestDb, acme: &str, plain: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let public = if plain { format!("http://{ACME}:{port}") } else { "https://pay.example".to_owned() };
        fs::create_dir(folder.path().join("tenants")).unwrap();
        let file = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        file(
            "default.toml",
            format!(
                "[http]\npublic_url = \"{public}\"\ninstallation_host = \"office.example\"\n[mail]\ntransport = \"folder\"\n"
            ),
        );
        file("tenants/acme.toml", format!("{}{acme}", tenant("Acme", ACME, "test")));
        file("tenants/zeta.toml", tenant("Zeta", ZETA, "test"));
        file("tenants/live.toml", format!("{}{SELLER}", tenant("Live", LIVE, "live")));

        let clock = ManualClock::at("2026-11-21T08:00:00".parse().unwrap());
        let keys = Keys::load_or_create(&folder.path().join("secret.key")).unwrap();
        let sources = Sources::new(Some(folder.path())).with_environment([]);
        let settings = LiveSettings::load(sources).unwrap();
        let instance_id = install::identity(db, &Clock::from(clock.clone()), &keys).unwrap();
        let engine = Engine {
            db: (**db).clone(),
            clock: clock.clone().into(),
            settings: Arc::new(settings),
            keys: Arc::new(keys),
            instance_id,
        };
        install::sync_tenants(&engine, &engine.settings.current()).unwrap();
        let app = app(&engine);
        let running = server::start(app, listener, Some(1)).unwrap();
        let acme = tenant_id(&engine, "acme");
        Self { engine, clock, port, acme, running: Some(running), folder }
    }

    /// A fresh browser at Acme.
    pub fn browser(&self) -> Browser {
        Browser::new(self.port, ACME)
    }

    pub fn tenant(&self, slug: &str) -> TenantId {
        tenant_id(&self.engine, slug)
    }

    /// A customer of Acme.
    pub fn customer(&self, email: &str) -> CustomerId {
        self.customer_of(&self.acme, email)
    }

    pub fn customer_of(&self, tenant: &TenantId, email: &str) -> CustomerId {
        let new = NewCustomer {
            email: email.to_owned(),
            name: email.split('@').next().unwrap().to_owned(),
            ..NewCustomer::default()
        };
        catalog::add_customer(&self.engine, tenant, new).unwrap()
    }

    /// A browser in which a customer of Acme has signed in.
    pub fn signed_in(&self, customer: &CustomerId) -> Browser {
        let mut browser = self.browser();
        let link = sign_in::invite(&self.engine, &self.acme, customer).unwrap();
        let path = &link[link.find("/r/").unwrap()..];
        assert_eq!(browser.get(path).status, 200);
        assert_eq!(browser.post(path, &[]).location(), "/");
        assert_eq!(browser.get("/").status, 200);
        browser
    }

    /// A product of Acme at 19.00 a month plus tax, with its price's code `monthly`, or `free`.
    pub fn product(&self, name: &str, code: &str, unit_amount: i64) {
        let product =
            NewProduct { code: format!("{code}-product"), name: name.to_owned(), description: String::new() };
        catalog::add_product(&self.engine, &self.acme, product).unwrap();
        let price = NewPrice {
            code: code.to_owned(),
            product_code: format!("{code}-product"),
            unit_amount,
            currency: None,
            interval: Interval::new(IntervalUnit::Month, 1),
            trial_days: 0,
        };
        catalog::add_price(&self.engine, &self.acme, price).unwrap();
    }

    pub fn subscribe(&self, customer: &CustomerId, code: &str, trial_days: u32) -> SubscriptionId {
        let new = NewSubscription {
            customer: customer.clone(),
            price_code: code.to_owned(),
            quantity: 1,
            trial_days: Some(trial_days),
            method: None,
        };
        subscribe(&self.engine, &self.acme, new, Actor::Operator).unwrap()
    }

    /// A card of a customer of Acme.
    pub fn card(&self, customer: &CustomerId) {
        let account = NewAccount {
            provider: "nobody".to_owned(),
            name: "Main".to_owned(),
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            grants: Vec::new(),
        };
        let account = catalog::add_account(&self.engine, &self.acme, account).unwrap();
        let card = NewMethod { method_ref: format!("card_{customer}"), ..new_card() };
        add_method::import(&self.engine, &self.acme, customer, &account, card).unwrap();
    }

    /// Moves all clocks on.
    pub fn wait(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Reads rows of Acme.
    pub fn read<T>(&self, view: impl FnOnce(&mut engine::db::Conn, &Scope) -> engine::Result<T>) -> T {
        self.engine.read(&self.acme, view).unwrap()
    }

    pub fn subscription(&self, id: &SubscriptionId) -> store::subscriptions::Subscription {
        self.read(|conn, scope| store::subscriptions::get(conn, scope.id(), id))
    }

    /// Writes the mails of links that were asked for, as the worker does.
    fn mail_links(&self) {
        let (db, now) = (&self.engine.db, self.engine.clock.now());
        let lease = TimeDelta::minutes(1);
        for ClaimedJob { claim, job, .. } in
            jobs::claim(db, Queue::Outbound, "worker", 1_000, lease, now).unwrap()
        {
            if let Job::MailLink { tenant_id, token_id } = &job {
                sign_in::mail_link(&self.engine, tenant_id, token_id).unwrap();
            }
            db.write(move |tx| jobs::complete(tx, &claim, now)).unwrap();
        }
    }

    /// Mails that wait to be sent, oldest first.
    pub fn mails(&self) -> Vec<store::mails::Mail> {
        self.mail_links();
        self.read(|conn, scope| {
            let later = scope.now.wall + TimeDelta::days(1);
            let due = store::mails::due(conn, scope.id(), later, 1_000)?;
            due.iter().map(|id| store::mails::get(conn, scope.id(), id)).collect()
        })
    }

    /// Path and code of the newest sign-in mail to an address.
    pub fn sign_in_mail(&self, email: &str) -> (String, String) {
        let mut mails = self.mails();
        mails.retain(|mail| mail.to_address == email && mail.kind == "sign_in");
        mails.sort_by(|a, b| a.id.cmp(&b.id));
        let id = mails.pop().expect("a sign-in mail").token_id.unwrap();
        let keys = &self.engine.keys;
        (format!("/auth/{}", keys.mail_token(id.as_str())), keys.six_digit_code(id.as_str()))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            block_on(running.stop()).unwrap();
        }
        assert!(self.folder.path().exists());
    }
}

fn new_card() -> NewMethod {
    NewMethod {
        method_ref: String::new(),
        customer_ref: None,
        kind: "card".to_owned(),
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        exp_month: Some(12),
        exp_year: Some(2031),
        fingerprint: None,
    }
}

fn tenant(name: &str, host: &str, mode: &str) -> String {
    format!(
        "[tenant]\nname = \"{name}\"\nhosts = [\"{host}\"]\nmode = \"{mode}\"\ncountry = \"DE\"\ncurrency = \"EUR\"\n\
         timezone = \"Europe/Berlin\"\n[tax]\nrate = \"19\"\n[contact]\nname = \"Alex Weber\"\n"
    )
}

fn tenant_id(engine: &Engine, slug: &str) -> TenantId {
    let found = engine.db.read(|conn| store::tenants::by_slug(conn, slug)).unwrap();
    found.expect(slug).id
}

/// The portal of an engine.
pub fn app(engine: &Engine) -> Arc<App> {
    let mailbox = Some("http://127.0.0.1:8025".to_owned());
    Arc::new(App::new(engine.clone(), renderer(), providers(), mailbox))
}

fn renderer() -> Arc<Renderer> {
    static RENDERER: OnceLock<Arc<Renderer>> = OnceLock::new();
    RENDERER.get_or_init(|| Arc::new(Renderer::new(None).unwrap())).clone()
}

fn providers() -> Host {
    static HOST: OnceLock<Host> = OnceLock::new();
    let options = || HostOptions {
        cache_dir: None,
        limits: Limits::default(),
        now: Arc::new(|| Clock::default().now()),
    };
    HOST.get_or_init(|| Host::new(options()).unwrap()).clone()
}
