//! The job table: asking for work, claiming it, answering for it. All times are wall time by our clock.
//!
//! ```text
//! enqueue -> ready -> claim -> claimed -> complete -> done        (ready again when it was asked for meanwhile)
//!              ^                  |-----> release  -> ready later
//!              '------------------'-----> release_orphans: the lease ran out; the third time -> dead
//! ```
//! A dead job keeps its key, so that what kills processes is not started again before `prune` forgets it.

use chrono::TimeDelta;
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};
use diesel::upsert::excluded;
use domain::Instant;

use crate::db::schema::job;
use crate::db::{Conn, Db, dialect};
use crate::ids::JobId;
use crate::job::{Job, Queue};
use crate::{Error, Result, both};

#[cfg(test)]
mod tests;

/// Claims that may end without an answer before a job is put aside.
const MAX_CRASHES: i32 = 3;

domain::words! {
    /// Where a job stands.
    JobState {
        /// Waits until it is due.
        Ready = "ready",
        /// A worker has it.
        Claimed = "claimed",
        /// Finished.
        Done = "done",
        /// Put aside: it took its worker down too often, or its payload cannot be read.
        Dead = "dead",
    }
}

/// Names one claim of one job. An answer under an older claim changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The job's row.
    pub id: JobId,
    /// Counts the claims of this row.
    pub number: i32,
}

/// A job in the hands of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// What to answer with: [`complete`] it in the handler's last transaction.
    pub claim: Claim,
    /// What to do.
    pub job: Job,
    /// Runs that failed since it was asked for.
    pub failures: i32,
}

/// The columns of a new job. A macro, since the type of the tuple has no name one would want to write.
macro_rules! new_row {
    ($job:expr, $due_at:expr, $now:expr) => {
        (
            job::id.eq(JobId::mint()),
            job::queue.eq($job.queue().as_str()),
            job::kind.eq($job.kind()),
            job::payload.eq(serde_json::to_string($job).map_err(Error::bug)?),
            job::dedupe_key.eq($job.dedupe_key()),
            job::due_at.eq($due_at),
            job::state.eq(JobState::Ready.as_str()),
            (job::claims.eq(0), job::attempts.eq(0), job::crash_count.eq(0)),
            job::created_at.eq($now),
        )
    };
}

/// Asks for `job` unless it waits or runs already: a sweep does not shorten the pause after a failure.
///
/// # Errors
/// When the database fails.
pub fn enqueue_missing(tx: &mut Conn, job: &Job, due_at: Instant, now: Instant) -> Result<()> {
    let row = new_row!(job, due_at, now);
    both!(tx, |conn| diesel::insert_into(job::table)
        .values(row)
        .on_conflict(job::dedupe_key)
        .do_nothing()
        .execute(conn))?;
    Ok(())
}

/// Asks for `job` at `due_at`. Asking for what waits already moves it to the earlier time; asking for what is
/// running makes it run again at `due_at`.
///
/// # Errors
/// When the database fails.
pub fn enqueue(tx: &mut Conn, job: &Job, due_at: Instant, now: Instant) -> Result<()> {
    let row = new_row!(job, due_at, now);
    let ready = || job::state.eq(JobState::Ready.as_str());
    let claimed = || job::state.eq(JobState::Claimed.as_str());
    let sooner = job::again_at.is_null().or(job::again_at.gt(excluded(job::due_at).nullable()));
    both!(tx, |conn| diesel::insert_into(job::table)
        .values(row)
        .on_conflict(job::dedupe_key)
        .do_update()
        .set((
            job::due_at.eq(case_when(
                ready().and(job::due_at.gt(excluded(job::due_at))),
                excluded(job::due_at)
            )
            .otherwise(job::due_at)),
            job::again_at
                .eq(case_when(claimed().and(sooner), excluded(job::due_at).nullable())
                    .otherwise(job::again_at)),
        ))
        .execute(conn))?;
    Ok(())
}

/// A new name for the claims of a process that starts: leases of an earlier start are never mistaken for its own.
pub fn owner() -> String {
    format!("{}-{}", std::process::id(), ulid::Ulid::generate().to_string().to_ascii_lowercase())
}

/// Takes up to `limit` due jobs of `queue` for `owner` until `now + lease`. An empty poll only reads.
///
/// # Errors
/// When the database fails.
pub fn claim(
    db: &Db,
    queue: Queue,
    owner: &str,
    limit: i64,
    lease: TimeDelta,
    now: Instant,
) -> Result<Vec<ClaimedJob>> {
    if !db.read(|tx| anything_due(tx, queue, now))? {
        return Ok(Vec::new());
    }
    let owner = owner.to_owned();
    db.write(move |tx| {
        let mut ids = dialect::due_jobs(tx, queue, now, false, limit)?;
        // A job that outlived a worker may be what ended it. One at a time: the innocent are soon told apart,
        // and never counted as accomplices three times.
        if (ids.len() as i64) < limit && !holds_suspect(tx, &owner)? {
            ids.extend(dialect::due_jobs(tx, queue, now, true, 1)?);
        }
        let mut claimed = Vec::with_capacity(ids.len());
        for id in ids {
            claimed.extend(take(tx, &id, &owner, now + lease, now)?);
        }
        Ok(claimed)
    })
}

fn anything_due(tx: &mut Conn, queue: Queue, now: Instant) -> Result<bool> {
    let due = job::table.filter(
        job::queue.eq(queue.as_str()).and(job::state.eq(JobState::Ready.as_str())).and(job::due_at.le(now)),
    );
    Ok(diesel::select(diesel::dsl::exists(due)).get_result(tx)?)
}

fn holds_suspect(tx: &mut Conn, owner: &str) -> Result<bool> {
    let held = job::table.filter(
        job::state.eq(JobState::Claimed.as_str()).and(job::lease_owner.eq(owner)).and(job::crash_count.gt(0)),
    );
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(tx)?)
}

fn take(tx: &mut Conn, id: &str, owner: &str, until: Instant, now: Instant) -> Result<Option<ClaimedJob>> {
    let row = diesel::update(job::table.filter(job::id.eq(id).and(job::state.eq(JobState::Ready.as_str()))))
        .set((
            job::state.eq(JobState::Claimed.as_str()),
            job::claims.eq(job::claims + 1),
            job::lease_owner.eq(owner),
            job::lease_until.eq(until),
        ))
        .returning((job::id, job::claims, job::payload, job::attempts))
        .get_result::<(JobId, i32, String, i32)>(tx)
        .optional()?;
    let Some((id, number, payload, failures)) = row else {
        return Ok(None);
    };
    match serde_json::from_str(&payload) {
        Ok(job) => Ok(Some(ClaimedJob { claim: Claim { id, number }, job, failures })),
        Err(error) => {
            tracing::error!(job = %id, %error, "a job cannot be read and is put aside");
            bury(tx, &id, "the payload cannot be read", now)?;
            Ok(None)
        }
    }
}

fn bury(tx: &mut Conn, id: &JobId, reason: &str, now: Instant) -> Result<()> {
    diesel::update(job::table.find(id))
        .set((
            job::state.eq(JobState::Dead.as_str()),
            job::done_at.eq(now),
            job::last_error.eq(reason),
            job::again_at.eq(None::<Instant>),
            (job::lease_owner.eq(None::<String>), job::lease_until.eq(None::<Instant>)),
        ))
        .execute(tx)?;
    Ok(())
}

/// The row of `claim`, unless somebody else has it by now.
macro_rules! held {
    ($claim:expr) => {
        job::table.filter(
            job::id
                .eq($claim.id.clone())
                .and(job::claims.eq($claim.number))
                .and(job::state.eq(JobState::Claimed.as_str())),
        )
    };
}

/// Finishes the job; when it was asked for while it ran, it waits again instead. Nothing under an older claim.
///
/// # Errors
/// When the database fails.
pub fn complete(tx: &mut Conn, claim: &Claim, now: Instant) -> Result<()> {
    let finished = || job::again_at.is_null();
    let word = |state: JobState| state.as_str().into_sql::<Text>();
    diesel::update(held!(claim))
        .set((
            job::state.eq(case_when(finished(), word(JobState::Done)).otherwise(word(JobState::Ready))),
            job::dedupe_key.eq(case_when(job::again_at.is_not_null(), job::dedupe_key)),
            job::done_at.eq(case_when(finished(), now.into_sql::<Timestamp>().nullable())),
            job::due_at.eq(case_when(job::again_at.is_not_null(), job::again_at.assume_not_null())
                .otherwise(job::due_at)),
            job::again_at.eq(None::<Instant>),
            (job::attempts.eq(0), job::crash_count.eq(0), job::last_error.eq(None::<String>)),
            (job::lease_owner.eq(None::<String>), job::lease_until.eq(None::<Instant>)),
        ))
        .execute(tx)?;
    Ok(())
}

/// Gives a failed job back until `due_at`, or until it is asked for earlier. `error` is kept for the operator:
/// no secrets, no personal data.
///
/// # Errors
/// When the database fails.
pub fn release(tx: &mut Conn, claim: &Claim, due_at: Instant, error: &str) -> Result<()> {
    let sooner = job::again_at.lt(due_at);
    diesel::update(held!(claim))
        .set((
            job::state.eq(JobState::Ready.as_str()),
            job::due_at
                .eq(case_when(sooner, job::again_at.assume_not_null())
                    .otherwise(due_at.into_sql::<Timestamp>())),
            job::again_at.eq(None::<Instant>),
            (job::attempts.eq(job::attempts + 1), job::crash_count.eq(0), job::last_error.eq(error)),
            (job::lease_owner.eq(None::<String>), job::lease_until.eq(None::<Instant>)),
        ))
        .execute(tx)?;
    Ok(())
}

/// Keeps everything `owner` has until `until`.
///
/// # Errors
/// When the database fails.
pub fn extend(db: &Db, owner: &str, until: Instant) -> Result<()> {
    let owner = owner.to_owned();
    if !db.read(|tx| holds_anything(tx, &owner))? {
        return Ok(());
    }
    db.write(move |tx| {
        let mine = job::state.eq(JobState::Claimed.as_str()).and(job::lease_owner.eq(owner));
        diesel::update(job::table.filter(mine)).set(job::lease_until.eq(until)).execute(tx)?;
        Ok(())
    })
}

fn holds_anything(tx: &mut Conn, owner: &str) -> Result<bool> {
    let held = job::state.eq(JobState::Claimed.as_str()).and(job::lease_owner.eq(owner));
    Ok(diesel::select(diesel::dsl::exists(job::table.filter(held))).get_result(tx)?)
}

/// Gives back what `owner` still has when it stops in order: due at once, and no crash.
///
/// # Errors
/// When the database fails.
pub fn hand_back(tx: &mut Conn, owner: &str) -> Result<()> {
    let held = job::state.eq(JobState::Claimed.as_str()).and(job::lease_owner.eq(owner));
    diesel::update(job::table.filter(held))
        .set((
            job::state.eq(JobState::Ready.as_str()),
            job::again_at.eq(None::<Instant>),
            (job::lease_owner.eq(None::<String>), job::lease_until.eq(None::<Instant>)),
        ))
        .execute(tx)?;
    Ok(())
}

/// What became of jobs whose worker is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orphans {
    /// Due again at once.
    pub returned: usize,
    /// Put aside: for the third time.
    pub dead: usize,
}

/// Takes jobs back whose lease has run out. Their workers died, or stand still and will be fenced off.
///
/// # Errors
/// When the database fails.
pub fn release_orphans(db: &Db, now: Instant) -> Result<Orphans> {
    let any = db.read(|tx| {
        let orphans = job::state.eq(JobState::Claimed.as_str()).and(job::lease_until.lt(now));
        Ok(diesel::select(diesel::dsl::exists(job::table.filter(orphans))).get_result::<bool>(tx)?)
    })?;
    if any { db.write(move |tx| release_lapsed(tx, now)) } else { Ok(Orphans { returned: 0, dead: 0 }) }
}

fn release_lapsed(tx: &mut Conn, now: Instant) -> Result<Orphans> {
    let lapsed = || job::state.eq(JobState::Claimed.as_str()).and(job::lease_until.lt(now));
    let free = || (job::lease_owner.eq(None::<String>), job::lease_until.eq(None::<Instant>));
    let dead = diesel::update(job::table.filter(lapsed().and(job::crash_count.ge(MAX_CRASHES - 1))))
        .set((
            job::state.eq(JobState::Dead.as_str()),
            job::crash_count.eq(job::crash_count + 1),
            job::last_error.eq("its worker ended without an answer, again and again"),
            job::done_at.eq(now),
            job::again_at.eq(None::<Instant>),
            free(),
        ))
        .execute(tx)?;
    let returned = diesel::update(job::table.filter(lapsed()))
        .set((
            job::state.eq(JobState::Ready.as_str()),
            job::crash_count.eq(job::crash_count + 1),
            job::due_at.eq(now),
            job::again_at.eq(None::<Instant>),
            free(),
        ))
        .execute(tx)?;
    Ok(Orphans { returned, dead })
}

/// Forgets jobs that were done or put aside before `before`, and answers how many. Sweeps ask again for what a
/// dead one left undone.
///
/// # Errors
/// When the database fails.
pub fn prune(tx: &mut Conn, before: Instant) -> Result<usize> {
    Ok(diesel::delete(job::table.filter(job::done_at.lt(before))).execute(tx)?)
}

/// How many jobs stand where, for `doctor` and `/health`: queue, state, number. What is not there is zero.
///
/// # Errors
/// When the database fails.
pub fn counts(tx: &mut Conn) -> Result<Vec<(Queue, JobState, i64)>> {
    let rows = job::table
        .group_by((job::queue, job::state))
        .select((job::queue, job::state, diesel::dsl::count_star()))
        .order((job::queue, job::state))
        .load::<(String, String, i64)>(tx)?;
    rows.into_iter()
        .map(|(queue, state, number)| {
            Ok((queue.parse().map_err(Error::bug)?, state.parse().map_err(Error::bug)?, number))
        })
        .collect()
}

/// Forgets every job. Sweeps ask again for what is due.
///
/// # Errors
/// When the database fails.
pub fn forget_all(tx: &mut Conn) -> Result<()> {
    diesel::delete(job::table).execute(tx)?;
    Ok(())
}
