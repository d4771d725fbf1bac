//! A job's life, on both databases.

use super::*;
use crate::clock::ManualClock;
use crate::db::testing::TestDb;

const LEASE: TimeDelta = TimeDelta::seconds(15);

fn clock() -> ManualClock {
    ManualClock::at("2026-11-21T07:40:00".parse().expect("instant"))
}

fn collect(invoice: &str) -> Job {
    Job::Collect { tenant_id: "biz_1".into(), invoice_id: invoice.into() }
}

fn ask(db: &Db, job: Job, due_at: Instant, now: Instant) {
    db.write(move |tx| enqueue(tx, &job, due_at, now)).expect("enqueued");
}

fn take_all(db: &Db, owner: &str, now: Instant) -> Vec<ClaimedJob> {
    claim(db, Queue::Payments, owner, 10, LEASE, now).expect("claimed")
}

fn take_one(db: &Db, owner: &str, now: Instant) -> ClaimedJob {
    let mut claimed = take_all(db, owner, now);
    assert_eq!(claimed.len(), 1, "one job is due: {claimed:?}");
    claimed.remove(0)
}

fn finish(db: &Db, job: &ClaimedJob, now: Instant) {
    let claim = job.claim.clone();
    db.write(move |tx| complete(tx, &claim, now)).expect("completed");
}

fn standing(db: &Db) -> Vec<(Queue, JobState, i64)> {
    db.read(counts).expect("counts")
}

#[test]
fn a_job_is_done_once_at_its_time_and_can_be_asked_for_again() {
    TestDb::each(|db| {
        let clock = clock();
        ask(db, collect("inv_1"), clock.now() + TimeDelta::hours(1), clock.now());
        assert_eq!(take_all(db, "a", clock.now()), []);

        clock.advance(TimeDelta::hours(1));
        let claimed = take_one(db, "a", clock.now());
        assert_eq!((&claimed.job, claimed.failures), (&collect("inv_1"), 0));
        assert_eq!(take_all(db, "b", clock.now()), [], "nobody else gets it");

        finish(db, &claimed, clock.now());
        assert_eq!(standing(db), [(Queue::Payments, JobState::Done, 1)]);
        ask(db, collect("inv_1"), clock.now(), clock.now());
        assert_eq!(take_one(db, "b", clock.now()).job, collect("inv_1"));
    });
}

#[test]
fn asking_twice_is_asking_once_and_the_earlier_time_holds() {
    TestDb::each(|db| {
        let clock = clock();
        let soon = clock.now() + TimeDelta::minutes(1);
        ask(db, collect("inv_1"), soon + TimeDelta::days(3), clock.now());
        ask(db, collect("inv_1"), soon, clock.now());
        ask(db, collect("inv_1"), soon + TimeDelta::days(1), clock.now());
        clock.set(soon);
        take_one(db, "a", clock.now());
    });
}

#[test]
fn a_job_asked_for_while_it_runs_runs_again() {
    TestDb::each(|db| {
        let clock = clock();
        ask(db, collect("inv_1"), clock.now(), clock.now());
        let claimed = take_one(db, "a", clock.now());
        let later = clock.now() + TimeDelta::minutes(5);
        ask(db, collect("inv_1"), later + TimeDelta::days(1), clock.now());
        ask(db, collect("inv_1"), later, clock.now());
        assert_eq!(take_all(db, "b", clock.now()), [], "not while it runs");

        finish(db, &claimed, clock.now());
        finish(db, &claimed, clock.now());
        assert_eq!(take_all(db, "b", clock.now()), [], "not before its time");
        clock.set(later);
        let again = take_one(db, "b", clock.now());
        finish(db, &again, clock.now());
        assert_eq!(standing(db), [(Queue::Payments, JobState::Done, 1)]);
    });
}

#[test]
fn a_failed_job_waits_counts_and_is_hurried_by_asking() {
    TestDb::each(|db| {
        let clock = clock();
        ask(db, collect("inv_1"), clock.now(), clock.now());
        let first = take_one(db, "a", clock.now()).claim;
        let retry = clock.now() + TimeDelta::minutes(10);
        db.write(move |tx| release(tx, &first, retry, "the provider does not answer")).expect("released");
        assert_eq!(take_all(db, "a", clock.now()), []);

        ask(db, collect("inv_1"), clock.now(), clock.now());
        let second = take_one(db, "a", clock.now());
        assert_eq!(second.failures, 1);
        let (claim, now) = (second.claim, clock.now());
        ask(db, collect("inv_1"), now, now);
        db.write(move |tx| release(tx, &claim, retry, "again")).expect("released");
        assert_eq!(take_one(db, "a", now).failures, 2, "asked for meanwhile, so it does not wait");
    });
}

#[test]
fn a_lease_that_ran_out_goes_to_another_and_the_late_answer_changes_nothing() {
    TestDb::each(|db| {
        let clock = clock();
        ask(db, collect("inv_1"), clock.now(), clock.now());
        let late = take_one(db, "a", clock.now());
        clock.advance(LEASE);
        extend(db, "a", clock.now() + LEASE).expect("extended");
        clock.advance(LEASE);
        let none = Orphans { returned: 0, dead: 0 };
        assert_eq!(release_orphans(db, clock.now()).expect("orphans"), none, "the lease was extended");
        clock.advance(TimeDelta::microseconds(1));
        assert_eq!(release_orphans(db, clock.now()).expect("orphans"), Orphans { returned: 1, ..none });

        let taken_over = take_one(db, "b", clock.now());
        finish(db, &late, clock.now());
        assert_eq!(standing(db), [(Queue::Payments, JobState::Claimed, 1)]);
        finish(db, &taken_over, clock.now());
        assert_eq!(standing(db), [(Queue::Payments, JobState::Done, 1)]);
    });
}

#[test]
fn a_job_that_ends_three_workers_is_put_aside_and_its_neighbours_are_not() {
    TestDb::each(|db| {
        let clock = clock();
        for invoice in ["inv_poison", "inv_1", "inv_2", "inv_3"] {
            ask(db, collect(invoice), clock.now(), clock.now());
        }
        let mut finished = Vec::new();
        for process in 0..20 {
            let claimed = take_all(db, &format!("process {process}"), clock.now());
            if claimed.iter().all(|job| job.job != collect("inv_poison")) {
                for job in &claimed {
                    finish(db, job, clock.now());
                    finished.push(job.job.clone());
                }
            }
            clock.advance(LEASE + TimeDelta::seconds(1));
            release_orphans(db, clock.now()).expect("orphans");
        }
        finished.sort_by_key(Job::dedupe_key);
        assert_eq!(finished, [collect("inv_1"), collect("inv_2"), collect("inv_3")]);
        ask(db, collect("inv_poison"), clock.now(), clock.now());
        assert_eq!(take_all(db, "last", clock.now()), [], "the dead stay dead");

        clock.advance(TimeDelta::hours(1));
        let now = clock.now();
        assert_eq!(db.write(move |tx| prune(tx, now)).expect("pruned"), 4);
        ask(db, collect("inv_poison"), clock.now(), clock.now());
        take_one(db, "last", clock.now());
    });
}

#[test]
fn a_worker_that_stops_in_order_gives_its_jobs_back_without_a_mark() {
    TestDb::each(|db| {
        let clock = clock();
        for process in 0..5 {
            ask(db, collect("inv_1"), clock.now(), clock.now());
            take_one(db, &format!("process {process}"), clock.now());
            db.write(move |tx| hand_back(tx, &format!("process {process}"))).expect("handed back");
        }
        assert_eq!(take_one(db, "last", clock.now()).failures, 0);
    });
}

#[test]
fn many_workers_share_the_work_without_taking_any_twice() {
    TestDb::each(|db| {
        let now = clock().now();
        for invoice in 0..60 {
            ask(db, collect(&format!("inv_{invoice}")), now, now);
        }
        let mut taken: Vec<String> = std::thread::scope(|threads| {
            let workers: Vec<_> = (0..6)
                .map(|worker| {
                    threads.spawn(move || {
                        let owner = format!("worker {worker}");
                        let batches = (0..20).map(|_| claim(db, Queue::Payments, &owner, 3, LEASE, now));
                        batches
                            .flat_map(|batch| batch.expect("claimed"))
                            .map(|job| job.job.dedupe_key())
                            .collect()
                    })
                })
                .collect();
            workers
                .into_iter()
                .flat_map(|worker: std::thread::ScopedJoinHandle<Vec<_>>| worker.join().expect("joined"))
                .collect()
        });
        assert_eq!(taken.len(), 60);
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), 60);
    });
}

#[test]
fn work_of_a_newer_program_is_left_to_it_and_broken_work_is_put_aside() {
    TestDb::each(|db| {
        let now = clock().now();
        ask(db, collect("inv_newer"), now, now);
        ask(db, collect("inv_broken"), now, now);
        db.write(|tx| {
            let keyed = |key: &'static str| job::table.filter(job::dedupe_key.eq(key));
            diesel::update(keyed("collect/biz_1/inv_newer")).set(job::kind.eq("levitate")).execute(tx)?;
            Ok(diesel::update(keyed("collect/biz_1/inv_broken")).set(job::payload.eq("{}")).execute(tx)?)
        })
        .expect("rows changed");
        assert_eq!(take_all(db, "a", now), []);
        let standing = standing(db);
        assert_eq!(standing, [(Queue::Payments, JobState::Dead, 1), (Queue::Payments, JobState::Ready, 1)]);
    });
}
