//! Signs of life of workers: by them a clock that jumped, a copied folder and a restored backup are noticed.

use super::activate::standing;
use super::pause_money::pause_everything;
use crate::clock;
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::home::Home;
use crate::scope::Engine;
use crate::store;
use crate::store::events::Actor;
use crate::store::tenants::Installation;
use chrono::TimeDelta;
use domain::event::Why;
use domain::payment::brake::{Beat, Boot, has_jumped};
use std::path::PathBuf;

/// Gives a sign of life. A wall clock that has jumped since the last one stops the money of every business first.
///
/// # Errors
/// `Refused` with `not_at_home` when the data is not at home; `Unavailable` when the file in the data folder or the database cannot be written.
pub fn beat(engine: &Engine) -> Result<()> {
    beat_on(engine, clock::boot())
}

/// As [`beat`], on a machine that has run for so long.
///
/// # Errors
/// As [`beat`].
pub fn beat_on(engine: &Engine, boot: Option<Boot>) -> Result<()> {
    let dir = data_dir(engine);
    if let Some(away) = standing(engine)? {
        let message = format!("the data is not at home ({away}): see `portico activate --help`");
        return Err(Error::refused("not_at_home", message));
    }
    let now = Beat { at: engine.clock.now(), boot };
    let row = identity(engine)?;
    let here = Home::read(&dir)?.map(|home| last_beat(&home));
    let anywhere = row.beat_at.map(|at| Beat { at, boot: None });
    if here.iter().chain(&anywhere).any(|last| has_jumped(last, &now)) {
        pause_everything(engine, &Why::ClockJumped.into(), &Actor::Worker)?;
    }
    let at = now.at;
    let beat = engine.db.write(move |tx| {
        dialect::lock(tx, "installation", "start")?;
        let row = store::tenants::installation(tx)?.ok_or_else(|| Error::bug("no installation"))?;
        store::tenants::set_beat(tx, row.beat + 1, at)?;
        Ok(row.beat + 1)
    })?;
    Home::seen(&dir, &row, beat, now.at, now.boot.as_ref())?.write(&dir)
}

fn last_beat(home: &Home) -> Beat {
    let up = TimeDelta::seconds(home.up_s);
    Beat { at: home.at, boot: home.boot.clone().map(|id| Boot { id, up }) }
}

pub(super) fn identity(engine: &Engine) -> Result<Installation> {
    engine.db.read(store::tenants::installation)?.ok_or_else(|| Error::bug("no installation"))
}

pub(super) fn data_dir(engine: &Engine) -> PathBuf {
    engine.settings.current().installation.data_dir.clone()
}
