//! The worker is killed at every point of a renewal that a crash can hit. Another one finishes the work, and the
//! payment service has taken the money once. Named after the faults of docs/charging.md.

use chrono::TimeDelta;
use domain::event::EventKind;
use e2e::{World, cards};
use std::collections::BTreeSet;
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");
const ADA: &str = "ada@example.com";

/// Kills the worker at the first pass of `point` while it renews one subscription, then lets another one go on.
fn killed_at(point: &'static str) {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        world.jump("1 month");

        let mut worker = world.portico(BINARY, &["worker"], Some(&format!("{point}:1:kill")));
        let ended = worker.ended(Duration::from_secs(60)).await;
        assert_eq!(ended.to_string(), "signal: 9 (SIGKILL)", "{point} was not passed");

        // Leases run out and pauses end; then a worker that lives does the rest.
        for _ in 0..4 {
            world.wait(TimeDelta::minutes(5));
            world.settle().await;
        }
        let invoices = world.invoices(&ada);
        assert_eq!(invoices.len(), 2, "{point}: one invoice for the new period");
        let invoice = &invoices[1];
        assert_eq!((invoice.status.as_str(), invoice.amount_paid), ("paid", invoice.total), "{point}");
        assert_eq!(world.count_events(&invoice.id, EventKind::InvoicePaid), 1, "{point}");
        assert_eq!(world.status(&id), "active");
        let ledger = world.simulator.ledger().await;
        assert_eq!(ledger.taken().len(), 2, "{point}: one charge a period");
        let attempts = world.attempts(&ada);
        assert_eq!(attempts.len(), 2, "{point}: one attempt a period");
        assert!(attempts[1].submit_count <= 2 && ledger.submissions().len() <= 3, "{point}");
        let source = attempts[1].outcome_source.as_deref().unwrap_or_default();
        if NOT_YET_SENT.contains(&point) {
            assert_eq!((attempts[1].submit_count, source), (1, "response"), "{point}");
        }
        if SENT.contains(&point) {
            assert!(["lookup", "resend"].contains(&source), "{point}: {source}");
        }
        let mails = world.mails_to(ADA);
        let different: BTreeSet<_> = mails.iter().map(|mail| &mail.message_id).collect();
        let copies = usize::from(point == MAILED);
        assert_eq!(
            mails.len(),
            different.len() + copies,
            "{point}: the mail that was out goes out once more"
        );
        world.check_with_copies(copies).await;
    });
}

/// Killed here, the worker has sent nothing, and nobody has reason to think so.
const NOT_YET_SENT: [&str; 5] =
    ["t0.before_commit", "t0.after_commit", "t1.before_commit", "t1.after_commit", "t2.before_commit"];

/// Killed here, it has sent the charge, and does not know what became of it.
const SENT: [&str; 4] =
    ["call.after_write", "call.after_response", "call.after_plugin_return", "t3.before_commit"];

/// Killed here, a mail is out that nobody has noted.
const MAILED: &str = "mail.after_data";

macro_rules! killed_at {
    ($($name:ident = $point:literal),+ $(,)?) => {
        $(#[test] fn $name() { killed_at($point); })+
    };
}

killed_at! {
    a1_before_the_period_is_written = "t0.before_commit",
    after_the_period_is_written = "t0.after_commit",
    a1_before_the_attempt_is_written = "t1.before_commit",
    a2_after_the_attempt_is_written = "t1.after_commit",
    a2_before_the_submission_is_counted = "t2.before_commit",
    a3_after_the_submission_is_counted = "t2.after_commit",
    a3_before_the_provider_is_called = "call.before_connect",
    a4_while_the_provider_is_called = "call.after_write",
    a5_when_the_provider_has_answered = "call.after_response",
    a5_when_the_plugin_has_returned = "call.after_plugin_return",
    a5_before_the_outcome_is_written = "t3.before_commit",
    a8_after_the_outcome_is_written = "t3.after_commit",
    a7_when_the_mail_is_out = "mail.after_data",
}

#[test]
fn a_plan_with_a_typo_is_refused_at_the_start() {
    World::each(async |world| {
        for typo in ["t2.after_comit:1:kill", "t2.after_commit", "t2.after_commit:1:explode"] {
            let mut worker = world.portico(BINARY, &["worker"], Some(typo));
            let ended = worker.ended(Duration::from_secs(60)).await;
            assert_eq!(ended.code(), Some(1), "{typo}");
        }
    });
}
