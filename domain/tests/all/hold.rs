use crate::at;
use crate::due::running;
use chrono::TimeDelta;
use domain::subscription::due::SubscriptionFacts;
use domain::subscription::hold::Lapsed::{Arrears, Restart};
use domain::subscription::hold::{
    AfterPayment, HoldFacts, HoldReason, Lapsed, Means, OpenInvoice, PaymentNews, PaymentStanding,
    Reactivation, ReactivationRefusal, after_payment, decide_reactivation,
};
use domain::subscription::state::SubscriptionStatus::{Active, OnHold};
use proptest::prelude::*;

/// On hold since the payment for 15 February to 15 March failed; it has a method again.
fn on_hold() -> SubscriptionFacts {
    SubscriptionFacts { status: OnHold, ..running() }
}

fn unpaid_until(period_end: &str) -> OpenInvoice {
    OpenInvoice { period_end: Some(at(period_end)) }
}

fn owing(open_invoices: &[OpenInvoice]) -> HoldFacts {
    HoldFacts {
        reason: HoldReason::PaymentFailed,
        open_invoices: open_invoices.to_vec(),
        attempt_open: false,
    }
}

fn back(hold: &HoldFacts, lapsed: Lapsed, now: &str) -> Reactivation {
    decide_reactivation(&on_hold(), hold, lapsed, at(now)).unwrap()
}

#[test]
fn while_the_unpaid_period_runs_its_open_invoice_is_charged_and_no_other_written() {
    for lapsed in [Restart, Arrears] {
        let hold = owing(&[unpaid_until("2026-03-15")]);
        assert_eq!(back(&hold, lapsed, "2026-03-14 23:59"), Reactivation::Charge(vec![0]));
    }
}

#[test]
fn all_that_is_owed_is_charged() {
    let hold = owing(&[unpaid_until("2026-02-15"), unpaid_until("2026-03-15")]);
    assert_eq!(back(&hold, Restart, "2026-03-01"), Reactivation::Charge(vec![0, 1]));
}

#[test]
fn once_the_unpaid_period_is_over_a_new_one_starts_now_and_the_stale_invoice_is_credited() {
    let extra = OpenInvoice { period_end: None };
    let hold = owing(&[unpaid_until("2026-03-15"), extra]);
    let Reactivation::NewPeriod { credit, charge, period_index, schedule, period } =
        back(&hold, Restart, "2026-04-20 10:00")
    else {
        panic!("a new period");
    };
    assert_eq!((credit, charge), (vec![0], vec![1]), "what bills no period is not stale");
    assert_eq!(period_index, 2, "indexes only grow");
    assert_eq!((period.start, period.end), (at("2026-04-20 10:00"), at("2026-05-20 10:00")));
    assert_eq!(schedule.period(period_index + 1).start, period.end);
}

#[test]
fn arrears_are_paid_first_and_one_more_period_at_most() {
    let hold = owing(&[unpaid_until("2026-03-15")]);
    let arrears = |then_open| Reactivation::Arrears { charge: vec![0], then_open };
    assert_eq!(back(&hold, Arrears, "2026-03-15"), arrears(2), "from the end of the old one");
    assert_eq!(back(&hold, Arrears, "2026-08-20"), arrears(7), "the period that runs, not those between");
    assert!(
        matches!(back(&owing(&[]), Arrears, "2026-08-20"), Reactivation::NewPeriod { .. }),
        "nothing to pay first"
    );
}

#[test]
fn a_trial_that_ended_without_a_method_begins_its_first_period_with_a_new_invoice() {
    let waiting = SubscriptionFacts { period_index: 0, trial_end: Some(at("2026-03-15")), ..on_hold() };
    let hold = HoldFacts { reason: HoldReason::TrialNoMethod, ..owing(&[]) };
    for now in ["2026-03-16", "2026-05-16"] {
        let Ok(Reactivation::NewPeriod { credit, charge, period_index, period, .. }) =
            decide_reactivation(&waiting, &hold, Restart, at(now))
        else {
            panic!("a new period");
        };
        assert_eq!((credit.len(), charge.len(), period_index, period.start), (0, 0, 0, at(now)));
    }
}

#[test]
fn with_nothing_owed_it_goes_on() {
    assert_eq!(back(&owing(&[]), Restart, "2026-03-01"), Reactivation::GoOn);
}

#[test]
fn two_payments_never_meet() {
    let hold = HoldFacts { attempt_open: true, ..owing(&[unpaid_until("2026-03-15")]) };
    let refused = |sub, hold| decide_reactivation(&sub, hold, Restart, at("2026-03-01")).unwrap_err();
    assert_eq!(refused(on_hold(), &hold), ReactivationRefusal::AttemptOpen);
    let hold = owing(&[]);
    assert_eq!(
        refused(SubscriptionFacts { status: Active, ..on_hold() }, &hold),
        ReactivationRefusal::NotOnHold
    );
    assert_eq!(
        refused(SubscriptionFacts { has_method: false, ..on_hold() }, &hold),
        ReactivationRefusal::NoMethod
    );
    let leaving = SubscriptionFacts { cancel_at: Some(at("2026-03-01")), ..on_hold() };
    assert_eq!(refused(leaving, &hold), ReactivationRefusal::Ending);
}

const PAID: PaymentNews = PaymentNews {
    of_this_subscription: true,
    standing: PaymentStanding::Succeeded,
    means: Means::Charge,
    lapsed: false,
    other_dues: 0,
};

#[test]
fn success_brings_it_back_and_failure_does_not() {
    let failed = PaymentNews { standing: PaymentStanding::Failed, ..PAID };
    for optimistic in [false, true] {
        assert_eq!(after_payment(&PAID, optimistic), AfterPayment::Reactivate { optimistic: false });
        assert_eq!(after_payment(&failed, optimistic), AfterPayment::Stay { processing: false });
    }
}

#[test]
fn a_bank_debit_on_its_way_keeps_it_on_hold_unless_the_business_trusts_it() {
    let pending = PaymentNews { standing: PaymentStanding::Pending, ..PAID };
    assert_eq!(after_payment(&pending, false), AfterPayment::Stay { processing: true });
    assert_eq!(after_payment(&pending, true), AfterPayment::Reactivate { optimistic: true });
}

#[test]
fn a_payment_of_another_invoice_does_not_bring_it_back() {
    let other = PaymentNews { of_this_subscription: false, ..PAID };
    let part = PaymentNews { other_dues: 1, ..PAID };
    for news in [other, part] {
        assert_eq!(after_payment(&news, true), AfterPayment::Stay { processing: false });
    }
}

fn any_invoices() -> impl Strategy<Value = Vec<OpenInvoice>> {
    let invoice = prop::option::of(-200..100_i64).prop_map(|days| OpenInvoice {
        period_end: days.map(|days| at("2026-03-15") + TimeDelta::days(days)),
    });
    prop::collection::vec(invoice, 0..4)
}

proptest! {
    /// No invoice is both charged and taken back or forgotten, at most one period opens, it has a new index, it runs
    /// now, and only what is over is taken back.
    #[test]
    fn nobody_pays_twice_for_coming_back(
        open_invoices in any_invoices(), lapsed in prop::sample::select(Lapsed::ALL), days in -20..400_i64,
    ) {
        let now = at("2026-03-15") + TimeDelta::days(days);
        let (sub, hold) = (on_hold(), owing(&open_invoices));
        let all: Vec<usize> = (0..open_invoices.len()).collect();
        match decide_reactivation(&sub, &hold, lapsed, now).unwrap() {
            Reactivation::GoOn => prop_assert!(all.is_empty() && now < sub.current_period_end),
            Reactivation::Charge(charge) => prop_assert!(charge == all && now < sub.current_period_end),
            Reactivation::Arrears { charge, then_open } => {
                prop_assert_eq!(charge, all);
                let period = sub.schedule.period(then_open);
                prop_assert!(then_open > sub.period_index && period.start <= now && now < period.end);
            }
            Reactivation::NewPeriod { credit, charge, period_index, period, .. } => {
                prop_assert!(credit.iter().all(|i| open_invoices[*i].period_end.is_some_and(|end| end <= now)));
                let mut touched = [credit, charge].concat();
                touched.sort_unstable();
                prop_assert_eq!(touched, all);
                prop_assert!(period_index > sub.period_index && period.start == now && now < period.end);
            }
        }
    }
}

#[test]
fn what_was_served_and_taken_back_by_a_bank_is_owed_whatever_the_setting() {
    let hold = HoldFacts { reason: HoldReason::Disputed, ..owing(&[unpaid_until("2026-03-15")]) };
    for lapsed in [Restart, Arrears] {
        assert_eq!(
            back(&hold, lapsed, "2026-04-20"),
            Reactivation::Arrears { charge: vec![0], then_open: 3 }
        );
    }
}

#[test]
fn where_coming_back_costs_a_new_period_only_a_charge_brings_it() {
    let back = AfterPayment::Reactivate { optimistic: false };
    let stays = AfterPayment::Stay { processing: false };
    for (means, after_lapse) in [(Means::Charge, back), (Means::Balance, stays), (Means::Business, stays)] {
        assert_eq!(after_payment(&PaymentNews { means, ..PAID }, false), back, "the period runs");
        assert_eq!(after_payment(&PaymentNews { means, lapsed: true, ..PAID }, false), after_lapse);
    }
    assert!(Means::Charge.is_money() && Means::Balance.is_money() && !Means::Business.is_money());
}
