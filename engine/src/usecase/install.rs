//! Start-up: the installation's identity, and businesses as their files describe them.

use crate::clock::Clock;
use crate::db::{Conn, Db, dialect};
use crate::error::{Error, Result};
use crate::ids::TenantId;
use crate::keys::{Keys, random_token};
use crate::scope::Engine;
use crate::settings::{Settings, TenantSettings};
use crate::store;
use crate::store::tenants::{Installation, Tenant, TenantMode};
use domain::Instant;
use std::sync::Arc;

/// Answers with the installation's identity and makes one at the first start.
///
/// # Errors
/// `Refused` with `wrong_key` when the data was sealed with another secret.
pub fn identity(db: &Db, clock: &Clock, keys: &Keys) -> Result<Arc<str>> {
    let (now, fingerprint) = (clock.now(), keys.fingerprint());
    let instance_id = random_token()?.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    let row = db.write(move |tx| {
        alone(tx)?;
        if let Some(found) = store::tenants::installation(tx)? {
            return Ok(found);
        }
        let row = Installation {
            id: "this".into(),
            instance_id,
            key_fingerprint: fingerprint,
            created_at: now,
            beat: 0,
            beat_at: None,
        };
        store::tenants::insert_installation(tx, row.clone())?;
        Ok(row)
    })?;
    if row.key_fingerprint != keys.fingerprint() {
        let message = "the secret key is not the one this data was sealed with";
        return Err(Error::refused("wrong_key", message));
    }
    Ok(row.instance_id.into())
}

/// Creates or updates the row of every business that has a settings file. Rows without a file stay.
pub fn sync_tenants(engine: &Engine, settings: &Settings) -> Result<()> {
    let files: Vec<Arc<TenantSettings>> = settings.tenants().cloned().collect();
    let now = engine.clock.now();
    engine.db.write(move |tx| {
        alone(tx)?;
        files.iter().try_for_each(|file| sync(tx, file, now))
    })
}

/// Processes that start at the same moment do this one after another.
fn alone(tx: &mut Conn) -> Result<()> {
    dialect::lock(tx, "installation", "start")
}

fn sync(tx: &mut Conn, file: &TenantSettings, now: Instant) -> Result<()> {
    let mode = match file.identity.mode {
        crate::settings::words::Mode::Live => TenantMode::Live,
        crate::settings::words::Mode::Test => TenantMode::Test,
    };
    let found = store::tenants::by_slug(tx, &file.slug)?;
    if let Some(known) = &found
        && known.mode != mode
    {
        let message = format!("{}: a business cannot change between live and test mode", file.slug);
        return Err(Error::refused("mode_changed", message));
    }
    let is_new = found.is_none();
    let base = found.unwrap_or_else(|| Tenant {
        id: TenantId::mint(),
        slug: file.slug.clone(),
        name: String::new(),
        mode,
        country: String::new(),
        currency: String::new(),
        timezone: String::new(),
        clock_offset_us: 0,
        clock_target: None,
        created_at: now,
        updated_at: now,
        money_paused_since: None,
        money_paused_why: None,
    });
    let row = Tenant {
        name: file.identity.name.to_string(),
        country: file.identity.country.to_string(),
        currency: file.identity.currency.code().to_owned(),
        timezone: file.identity.timezone.name().to_owned(),
        updated_at: now,
        ..base
    };
    match is_new {
        true => store::tenants::insert(tx, &row)?,
        false => store::tenants::describe(tx, &row)?,
    }
    let hosts: Vec<String> = file.identity.hosts.iter().map(ToString::to_string).collect();
    store::tenants::replace_hosts(tx, &row.id, &hosts)
}
