//! The state machines, as tables. A changed table shows here, in the diff of the change.

use domain::invoice::state::{self as invoice, BillingReason, InvoiceStatus};
use domain::payment::state::{self as attempt, AttemptState, AttemptTrigger};
use domain::subscription::state::{self as subscription, SubscriptionStatus};
use std::fmt::Display;

/// One line a state: `from -> to to`.
fn table<S: Copy + Display>(all: &[S], may: impl Fn(S, S) -> bool) -> String {
    let line = |from: &S| {
        let next = all.iter().filter(|to| may(*from, **to)).map(ToString::to_string).collect::<Vec<_>>();
        format!("{from:15} -> {}", next.join(" ")).trim_end().to_owned()
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn assert_table(actual: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(actual.lines().collect::<Vec<_>>(), expected, "\n{actual}");
}

#[test]
fn subscriptions() {
    assert_table(
        &table(SubscriptionStatus::ALL, subscription::may),
        "
        incomplete      -> active cancelled expired
        trialing        -> active on_hold cancelled error
        active          -> past_due on_hold paused cancelled error
        past_due        -> active on_hold cancelled error
        on_hold         -> active cancelled
        paused          -> active cancelled
        cancelled       ->
        expired         ->
        error           -> trialing active past_due on_hold cancelled
        ",
    );
}

#[test]
fn invoices() {
    assert_table(
        &table(InvoiceStatus::ALL, invoice::may),
        "
        draft           -> open
        open            -> paid void uncollectible
        paid            -> open
        void            ->
        uncollectible   -> paid
        ",
    );
}

#[test]
fn attempts() {
    assert_table(
        &table(AttemptState::ALL, attempt::may),
        "
        created         -> submitted requires_action pending succeeded failed error cancelled
        submitted       -> unknown requires_action pending succeeded failed error cancelled
        unknown         -> submitted requires_action pending succeeded failed error cancelled
        requires_action -> pending succeeded failed error cancelled
        pending         -> requires_action succeeded failed error cancelled
        succeeded       -> reversed
        failed          -> succeeded
        error           -> succeeded
        cancelled       -> succeeded
        reversed        ->
        ",
    );
}

#[test]
fn any_live_subscription_can_be_cancelled_and_no_ended_one_comes_back() {
    for status in SubscriptionStatus::ALL {
        assert_eq!(subscription::may(*status, SubscriptionStatus::Cancelled), status.is_live(), "{status}");
        assert!(
            status.is_live() || !SubscriptionStatus::ALL.iter().any(|to| subscription::may(*status, *to))
        );
        assert!(status.is_live() || !status.renews());
    }
}

#[test]
fn every_status_of_a_subscription_can_be_reached() {
    for status in SubscriptionStatus::ALL {
        let reached = SubscriptionStatus::ALL.iter().any(|from| subscription::may(*from, *status));
        assert!(reached || subscription::INITIAL.contains(status), "{status}");
    }
}

#[test]
fn every_open_attempt_can_end_in_every_way_and_success_is_believed_late() {
    use AttemptState::{Cancelled, Error, Failed, Reversed, Succeeded};
    for state in AttemptState::ALL {
        assert_eq!(attempt::may(*state, Succeeded), !matches!(state, Succeeded | Reversed), "{state}");
        for end in [Failed, Error, Cancelled] {
            assert_eq!(attempt::may(*state, end), state.is_open(), "{state} -> {end}");
        }
    }
}

#[test]
fn a_customer_paying_by_hand_is_not_automatic() {
    let automatic: Vec<_> = AttemptTrigger::ALL.iter().filter(|trigger| trigger.is_automatic()).collect();
    assert_eq!(automatic, [&AttemptTrigger::Cycle, &AttemptTrigger::Dunning, &AttemptTrigger::MethodUpdate]);
}

#[test]
fn one_invoice_a_period_for_these_reasons() {
    let reasons: Vec<_> = BillingReason::ALL.iter().filter(|reason| reason.bills_period()).collect();
    assert_eq!(reasons, [&BillingReason::Create, &BillingReason::Cycle, &BillingReason::TrialEnd]);
}

#[test]
fn an_invoice_is_withdrawn_only_while_no_money_has_or_may_come() {
    assert!(invoice::may_void(InvoiceStatus::Open, 0, false));
    assert!(!invoice::may_void(InvoiceStatus::Open, 1, false));
    assert!(!invoice::may_void(InvoiceStatus::Open, 0, true));
    assert!(!invoice::may_void(InvoiceStatus::Paid, 0, false));
}

#[test]
fn what_is_due_is_the_total_less_all_that_came() {
    assert_eq!(invoice::amount_due(1190, 90, 100, 500).unwrap(), 500);
    assert_eq!(invoice::amount_due(1190, 0, 1191, 0).unwrap(), -1, "overpaid");
    assert!(invoice::amount_due(i64::MAX, -1, 0, 0).is_err());
}

#[test]
fn stored_words_read_back() {
    for status in SubscriptionStatus::ALL {
        assert_eq!(status.as_str().parse(), Ok(*status));
    }
    let unknown = "canceled".parse::<SubscriptionStatus>().unwrap_err();
    assert!(unknown.to_string().starts_with("\"canceled\" is none of: incomplete, trialing, "), "{unknown}");
}
