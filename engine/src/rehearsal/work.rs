//! One job after the other, in the order in which they were asked for: the same rows give the same run.

use super::{Rehearsal, StandIn};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, TenantId};
use crate::job::{Job, Queue, backoff};
use crate::store;
use crate::store::jobs::{Claim, ClaimedJob};
use crate::store::mails::MailState;
use crate::usecase::bring_up::bring_up_to_now;
use crate::usecase::charge::{self, Step};
use crate::usecase::sweep::sweep_tenant;
use crate::usecase::{add_method, collect, reconcile, vat_check};
use chrono::TimeDelta;
use domain::provider::SetupState;

/// Name in leases.
const OWNER: &str = "rehearsal";

/// Jobs of one queue that are taken at once.
const BATCH: i64 = 10_000;

/// Rounds of work at one instant after which it is a mistake of ours that there is still more.
const ROUNDS: usize = 200;

/// A job that was run: its claim, and why it failed, if it did, with the failures so far.
type Answer = (Claim, Option<(i32, String)>);

impl<P: StandIn> Rehearsal<P> {
    /// Does all that is due now, until nothing is left.
    pub(super) fn work(&mut self) -> Result<()> {
        for _ in 0..ROUNDS {
            let mut more = false;
            for tenant in &self.tenants {
                more |= sweep_tenant(&self.engine, tenant)?;
            }
            self.run_jobs()?;
            if !more {
                return Ok(());
            }
        }
        Err(Error::bug("there is no end to what is due at one instant"))
    }

    fn run_jobs(&mut self) -> Result<()> {
        for _ in 0..ROUNDS {
            let jobs = self.claim()?;
            if jobs.is_empty() {
                return Ok(());
            }
            self.run_all(jobs)?;
        }
        Err(Error::bug("there is no end to the work of one instant"))
    }

    fn claim(&self) -> Result<Vec<ClaimedJob>> {
        let mut claimed = Vec::new();
        for &queue in Queue::ALL {
            let (db, lease, now) = (&self.engine.db, TimeDelta::hours(1), self.now());
            claimed.extend(store::jobs::claim(db, queue, OWNER, BATCH, lease, now)?);
        }
        Ok(claimed)
    }

    /// Runs jobs and answers for them together.
    fn run_all(&mut self, jobs: Vec<ClaimedJob>) -> Result<()> {
        let mut answers: Vec<Answer> = Vec::with_capacity(jobs.len());
        let mut handed_over = Vec::new();
        for ClaimedJob { claim, job, failures } in jobs {
            let (kind, subject) = (job.kind(), job.dedupe_key());
            let done = match job {
                Job::SendMail { .. } | Job::RenderDocument { .. } => {
                    handed_over.push(job);
                    Ok(())
                }
                other => self.run(other, failures),
            };
            let failed = done.err().map(|error| error.to_string());
            if let Some(why) = &failed {
                tracing::debug!(kind, why, "a rehearsed job failed");
                self.failures.push(format!("{} {subject}: {why}", self.now()));
            }
            answers.push((claim, failed.map(|why| (failures, why))));
        }
        self.hand_over(handed_over)?;
        let now = self.now();
        self.engine.db.write(move |tx| {
            answers.iter().try_for_each(|(claim, failed)| match failed {
                None => store::jobs::complete(tx, claim, now),
                Some((failures, why)) => store::jobs::release(tx, claim, now + backoff(failures + 1), why),
            })
        })
    }

    fn run(&mut self, job: Job, failures: i32) -> Result<()> {
        match job {
            Job::Advance { tenant_id, subscription_id } => {
                bring_up_to_now(&self.engine, &tenant_id, &subscription_id, failures)
            }
            Job::Collect { tenant_id, invoice_id } => {
                match collect::collect(&self.engine, &tenant_id, &invoice_id)? {
                    Some(attempt) => self.drive(&tenant_id, &attempt),
                    None => Ok(()),
                }
            }
            Job::Resolve { tenant_id, attempt_id } => self.drive(&tenant_id, &attempt_id),
            // Only its customer, on the provider's page, could finish it.
            Job::CompleteSetup { tenant_id, setup_id } => {
                add_method::complete(&self.engine, &tenant_id, &setup_id, SetupState::Open)
            }
            Job::CheckVat { tenant_id, customer_id } => {
                let Some(asked) = vat_check::question(&self.engine, &tenant_id, &customer_id)? else {
                    return Ok(());
                };
                let answer = self.provider.ask_vies(&asked, self.clock.now());
                vat_check::learn(&self.engine, &tenant_id, &customer_id, asked.vat_id, answer)
            }
            // Who plays the provider keeps no list.
            Job::Reconcile { tenant_id, account_id } => {
                reconcile::put_off(&self.engine, &tenant_id, &account_id, TimeDelta::days(1))
            }
            // Nobody is let in and nobody has to forget anything.
            Job::MailLink { .. }
            | Job::DetachMethod { .. }
            | Job::SendMail { .. }
            | Job::FetchBack { .. }
            | Job::RenderDocument { .. } => Ok(()),
        }
    }

    /// As the worker drives an attempt, with the stand-in in the provider's place.
    fn drive(&mut self, tenant_id: &TenantId, id: &AttemptId) -> Result<()> {
        let caps = self.provider.capabilities();
        let now = self.now();
        let mut step = charge::begin(&self.engine, tenant_id, id, &caps, OWNER)?;
        loop {
            let (answer, asked) = match step {
                Step::Done => return Ok(()),
                Step::Submit(submission) => {
                    let report = self.provider.submit(&submission, now);
                    charge::submitted(&self.engine, tenant_id, &submission, report)?;
                    return Ok(());
                }
                Step::LookUp(submission) => (self.provider.look_up(&submission, now), submission.attempt),
                Step::Cancel(submission) => (self.provider.cancel(&submission, now), submission.attempt),
            };
            step = charge::looked_up(&self.engine, tenant_id, &asked, answer, &caps, OWNER)?;
        }
    }

    /// Mails count as sent and documents as written, without a byte of them.
    fn hand_over(&self, jobs: Vec<Job>) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        let now = self.now();
        self.engine.db.write(move |tx| {
            for job in &jobs {
                match job {
                    Job::SendMail { tenant_id, mail_id } => {
                        let mut mail = store::mails::get(tx, tenant_id, mail_id)?;
                        if mail.state == MailState::Queued {
                            (mail.state, mail.sent_at) = (MailState::Sent, Some(now));
                            store::mails::update(tx, tenant_id, &mail)?;
                        }
                    }
                    Job::RenderDocument { tenant_id, document_id } => {
                        store::documents::finish(tx, tenant_id, document_id, &[], "", now)?;
                    }
                    _ => {}
                }
            }
            Ok(())
        })
    }
}
