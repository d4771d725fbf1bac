use crate::at;
use domain::payment::refund::DisputePolicy::{self, Cancel, Hold, Nothing};
use domain::payment::refund::{
    AtDispute, ChargeFacts, NoOffer, Offer, RefundPolicy, RefundProgress, RefundRefusal, SelfService,
    SelfServiceFacts, Success, at_dispute, offer, on_dispute, plan_refunds, progress, refundable, succeeded,
};
use domain::payment::state::AttemptState;
use domain::subscription::state::SubscriptionStatus;
use proptest::prelude::*;

const WHOLE: ChargeFacts = ChargeFacts { taken: 1190, refunds: 0, disputed: 0 };

#[test]
fn what_was_given_back_or_is_disputed_cannot_be_given_back_again() {
    assert_eq!(refundable(&WHOLE), 1190);
    assert_eq!(refundable(&ChargeFacts { refunds: 190, disputed: 400, ..WHOLE }), 600);
    assert_eq!(
        refundable(&ChargeFacts { refunds: 190, disputed: 1190, ..WHOLE }),
        0,
        "never less than nothing"
    );
}

#[test]
fn refunds_come_from_the_latest_charges_first() {
    let charges = [WHOLE, ChargeFacts { refunds: 1000, ..WHOLE }];
    assert_eq!(plan_refunds(&charges, 150, false), Ok(vec![(1, 150)]));
    assert_eq!(plan_refunds(&charges, 200, false), Ok(vec![(1, 190), (0, 10)]));
    let more = Err(RefundRefusal::MoreThanRefundable { refundable: 1380 });
    assert_eq!(plan_refunds(&charges, 1381, false), more);
    assert_eq!(plan_refunds(&charges, 0, false), more);
}

#[test]
fn b10_nothing_is_refunded_while_a_charge_is_being_checked() {
    assert_eq!(plan_refunds(&[WHOLE], 1190, true), Err(RefundRefusal::ChargeOpen));
}

fn facts() -> SelfServiceFacts {
    SelfServiceFacts {
        charged_at: at("2026-03-01 12:00"),
        is_latest_charge: true,
        asked_in_period: false,
        charge_open: false,
        refundable: 1190,
    }
}

fn policy(self_service: SelfService) -> RefundPolicy {
    RefundPolicy { self_service, cancels: true }
}

#[test]
fn within_the_days_of_the_policy_customers_take_their_money_back_themselves() {
    let fortnight = policy(SelfService::WithinDays(14));
    let all = Ok(Offer::Refund { amount: 1190, cancels: true });
    assert_eq!(offer(&fortnight, &facts(), at("2026-03-15 12:00")), all);
    assert_eq!(offer(&fortnight, &facts(), at("2026-03-15 12:01")), Err(NoOffer::TooLate));
    let asks = policy(SelfService::Request);
    assert_eq!(offer(&asks, &facts(), at("2027-03-15")), Ok(Offer::Request));
    assert_eq!(offer(&RefundPolicy::default(), &facts(), at("2026-03-02")), Err(NoOffer::Off));
}

#[test]
fn only_the_latest_charge_once_per_period_and_only_what_is_there() {
    let refused = |facts| offer(&policy(SelfService::WithinDays(14)), &facts, at("2026-03-02")).unwrap_err();
    assert_eq!(refused(SelfServiceFacts { is_latest_charge: false, ..facts() }), NoOffer::NotLatest);
    assert_eq!(refused(SelfServiceFacts { asked_in_period: true, ..facts() }), NoOffer::AlreadyAsked);
    assert_eq!(refused(SelfServiceFacts { charge_open: true, ..facts() }), NoOffer::ChargeOpen);
    assert_eq!(refused(SelfServiceFacts { refundable: 0, ..facts() }), NoOffer::Nothing);
}

#[test]
fn a_refund_that_fails_waits_for_a_person_and_then_goes_to_the_balance() {
    for state in AttemptState::ALL.iter().copied() {
        let (unconfirmed, confirmed) = (progress(state, false), progress(state, true));
        match state {
            state if state.is_open() => {
                assert_eq!((unconfirmed, confirmed), (RefundProgress::Wait, RefundProgress::Wait), "{state}");
            }
            AttemptState::Succeeded => assert_eq!(confirmed, RefundProgress::PaidBack),
            _ => {
                let expected = (RefundProgress::AskAPerson, RefundProgress::ToBalance);
                assert_eq!((unconfirmed, confirmed), expected, "{state}");
            }
        }
    }
}

#[test]
fn a_refund_that_succeeds_after_all_is_weighed_against_what_was_decided_meanwhile() {
    assert_eq!(succeeded(false, false), Success::AsPromised);
    assert_eq!(succeeded(true, false), Success::OutOfBalance);
    assert_eq!(succeeded(false, true), Success::MaybeTwice);
}

#[test]
fn at_a_dispute_no_refund_leaves_and_what_is_on_its_way_is_looked_at() {
    for state in AttemptState::ALL.iter().copied() {
        let expected = match state {
            AttemptState::Created => AtDispute::Withdraw,
            state if state.is_open() => AtDispute::AskAPerson,
            _ => AtDispute::Nothing,
        };
        assert_eq!(at_dispute(state), expected, "{state}");
    }
}

#[test]
fn a_dispute_does_what_the_policy_says_to_a_subscription_that_runs() {
    use SubscriptionStatus::{Active, Cancelled, OnHold, PastDue};
    let does = |policy: DisputePolicy| [Active, PastDue, OnHold, Cancelled].map(|s| on_dispute(policy, s));
    assert_eq!(does(Hold), [Hold, Hold, Nothing, Nothing]);
    assert_eq!(does(Cancel), [Cancel, Cancel, Cancel, Nothing]);
    assert_eq!(does(Nothing), [Nothing; 4]);
}

proptest! {
    #[test]
    fn b9_all_refunds_together_are_never_more_than_was_taken(
        taken in prop::collection::vec(1..100_000_i64, 1..4),
        amounts in prop::collection::vec(1..100_000_i64, 1..8),
    ) {
        let mut charges: Vec<_> = taken.iter().map(|&taken| ChargeFacts { taken, refunds: 0, disputed: 0 }).collect();
        for amount in amounts {
            let Ok(plan) = plan_refunds(&charges, amount, false) else { continue };
            prop_assert_eq!(plan.iter().map(|(_, part)| part).sum::<i64>(), amount);
            for (position, part) in plan {
                charges[position].refunds += part;
            }
        }
        prop_assert!(charges.iter().all(|charge| charge.refunds <= charge.taken));
    }
}
