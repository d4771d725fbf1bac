//! Whether this machine and folder are the home of the data, and making them so.

use super::heartbeat;
use crate::clock;
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::home::{self, Home};
use crate::scope::Engine;
use crate::store;
use domain::Instant;
use domain::payment::home::{Away, Door, away};

/// Why the data is away from home; none when it is at home, or has none yet.
///
/// # Errors
/// `Unavailable` when the data folder cannot be read.
pub fn standing(engine: &Engine) -> Result<Option<Away>> {
    let dir = heartbeat::data_dir(engine);
    // The file first: meanwhile the count may go on, and the other way round it would be behind.
    let file = Home::read(&dir)?;
    let row = heartbeat::identity(engine)?;
    let here = home::place(&dir)?;
    let door = file.map(|file| Door {
        is_here: file.place == here,
        is_ours: file.instance == row.instance_id,
        beat: file.beat,
    });
    Ok(away(row.beat, door.as_ref()))
}

/// When the data was last alive, wall time: what happened later is not in it.
pub fn last_alive(engine: &Engine) -> Result<Instant> {
    let row = heartbeat::identity(engine)?;
    Ok(row.beat_at.unwrap_or(row.created_at))
}

/// Gives new data its home, if it has none: the first program that opens it.
pub fn settle_in(engine: &Engine) -> Result<()> {
    if heartbeat::identity(engine)?.beat == 0 { claim(engine, true) } else { Ok(()) }
}

/// Makes this machine and folder the home of the data.
///
/// # Errors
/// `Unavailable` when the file in the data folder cannot be written.
pub fn activate(engine: &Engine) -> Result<()> {
    claim(engine, false)
}

fn claim(engine: &Engine, only_new: bool) -> Result<()> {
    let (dir, now, boot) = (heartbeat::data_dir(engine), engine.clock.now(), clock::boot());
    let seen = Home::read(&dir)?.map_or(0, |home| home.beat);
    engine.db.write(move |tx| {
        dialect::lock(tx, "installation", "start")?;
        let row = store::tenants::installation(tx)?.ok_or_else(|| Error::bug("no installation"))?;
        if only_new && row.beat > 0 {
            return Ok(());
        }
        let beat = if only_new { 1 } else { row.beat.max(seen) + 1 };
        store::tenants::set_beat(tx, beat, now)?;
        // Within the transaction: who starts beside us waits for it, and finds the file.
        Home::seen(&dir, &row, beat, now, boot.as_ref())?.write(&dir)
    })
}
