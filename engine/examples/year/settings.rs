//! What the businesses have decided. Of everything that changes money the first has what is set when nobody says
//! anything, the second something else, and the third what is left.

use engine::Engine;
use engine::clock::Clock;
use engine::db::testing::TestDb;
use engine::keys::Keys;
use engine::settings::{LiveSettings, Sources};
use engine::usecase::install;
use std::path::Path;
use std::sync::Arc;

/// The short names of the businesses.
pub const SLUGS: [&str; 3] = ["acme", "kyoto", "bern"];

/// It asks VIES, and gives money back for two weeks without asking why.
const ACME: &str = "
[tenant]
country = 'DE'
currency = 'EUR'
timezone = 'Europe/Berlin'
[seller]
vat_id = 'DE136695976'
[tax]
rate = '19'
behaviour = 'exclusive'
vies_url = 'https://vies.example'
[refunds]
self_service = { within_days = 14 }
";

/// It has lapsed periods paid, wants to be asked about refunds, and goes on collecting from who has left.
const KYOTO: &str = "
[tenant]
country = 'JP'
currency = 'JPY'
timezone = 'Asia/Tokyo'
[tax]
rate = '10'
behaviour = 'inclusive'
[portal]
trial_cancellation = 'immediate'
[billing]
catch_up = 'all'
trial_end_without_method = 'cancel'
lapsed = 'arrears'
reactivate_on_pending = true
[dunning]
unpaid_invoice = 'leave'
[ending]
open_invoices = 'keep_collecting'
unused_time = 'refund'
[changes]
upgrade = 'now_next_invoice'
downgrade = 'now_invoice'
lateral = 'reset'
granularity = 'day'
credit = 'refund'
[refunds]
self_service = 'request'
cancels = true
on_dispute = 'cancel'
paid_after_end = 'balance'
";

/// It lets go of what is unpaid, and keeps who does not pay on hold.
const BERN: &str = "
[tenant]
country = 'CH'
currency = 'EUR'
timezone = 'Europe/Zurich'
[tax]
rate = '8.1'
behaviour = 'inclusive'
[billing]
catch_up = 'skip_to_current'
trial_end_without_method = 'invoice'
[dunning]
steps = [
    { after_days = 0, mail = 'payment_failed' },
    { after_days = 2, retry = true, on_failure = 'hold' },
    { after_days = 9, retry = true, on_failure = 'stay_on_hold' },
]
unpaid_invoice = 'void_with_credit_note'
[ending]
unused_time = 'credit'
open_invoices = 'void'
[changes]
upgrade = 'reset'
downgrade = 'none'
lateral = 'now_next_invoice'
[refunds]
on_dispute = 'nothing'
paid_after_end = 'keep'
";

/// What all of them have.
const ALL: &str = "
[tenant]
mode = 'test'
locales = ['en', 'de']
default_locale = 'en'
[seller]
line1 = '1 Main Street'
city = 'Town'
[portal]
plan_changes = true
[billing]
smallest_charge = 50
[win_back]
coupon = 'TWENTY'
";

/// The settings file of a business.
fn file(slug: &str, own: &str) -> String {
    let named = format!(
        "[tenant]\nname = '{slug}'\nhosts = ['{slug}.example']\n[seller]\nlegal_name = '{slug} Ltd'\n\
         [mail]\nfrom_address = 'billing@{slug}.example'\n"
    );
    let mut all = toml::Table::new();
    for part in [ALL, &named, own] {
        for (section, keys) in part.parse::<toml::Table>().unwrap() {
            let into = all.entry(section).or_insert_with(|| toml::Table::new().into());
            into.as_table_mut().unwrap().extend(keys.as_table().unwrap().clone());
        }
    }
    all.to_string()
}

pub fn open_engine(db: &TestDb, clock: Clock, folder: &Path) -> Engine {
    let sources = SLUGS.iter().zip([ACME, KYOTO, BERN]).fold(Sources::default(), |sources, (slug, own)| {
        sources.with_tenant(slug, &format!("{slug}.toml"), &file(slug, own))
    });
    let live = LiveSettings::load(sources).unwrap_or_else(|error| panic!("{error}"));
    let keys = Keys::load_or_create(&folder.join("secret.key")).unwrap();
    let instance_id = install::identity(db, &clock, &keys).unwrap();
    let engine =
        Engine { db: (**db).clone(), clock, settings: Arc::new(live), keys: Arc::new(keys), instance_id };
    install::sync_tenants(&engine, &engine.settings.current()).unwrap();
    engine
}
