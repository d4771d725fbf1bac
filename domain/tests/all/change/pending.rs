use super::*;
use domain::subscription::change::pending::{
    PendingChange, PendingOutcome, UndoRefusal, at_period_start, decide_undo,
};
use domain::subscription::state::SubscriptionStatus;

const END: &str = "2026-04-01";

fn downgrade() -> PendingChange {
    PendingChange { target: vec![offer(plan(500)).wanted()], apply_at: at(END) }
}

fn outcome(target: &[Offer], period_start: &str) -> PendingOutcome {
    at_period_start(&downgrade(), &[plan(1000)], in_plans().as_ref(), target, at(period_start))
}

#[test]
fn a_pending_change_applies_with_its_period() {
    let cheaper = [offer(plan(500))];
    assert_eq!(
        outcome(&cheaper, "2026-03-20"),
        PendingOutcome::Waits,
        "a period that begins before is another"
    );
    assert_eq!(outcome(&cheaper, END), PendingOutcome::Applies(vec![plan(500)]));
    assert_eq!(outcome(&cheaper, "2026-06-10"), PendingOutcome::Applies(vec![plan(500)]), "after a pause");
}

#[test]
fn what_is_sold_no_more_is_dropped_and_the_renewal_goes_on() {
    let archived = PendingOutcome::Dropped(ChangeRefusal::Archived("plan 500".into()));
    assert_eq!(outcome(&[Offer { archived: true, ..offer(plan(500)) }], END), archived);
    assert_eq!(outcome(&[], END), archived, "or is gone altogether");
    let dollars = Item { currency: "USD".parse().unwrap(), ..plan(500) };
    let refused = ChangeRefusal::OtherCurrency("plan 500".into());
    assert_eq!(outcome(&[offer(dollars)], END), PendingOutcome::Dropped(refused));
}

#[test]
fn a_pending_change_is_undone_until_its_period_begins() {
    let sub = subscribed(&[plan(1000)], "2026-03-01", END).sub;
    let undo = |sub: &SubscriptionFacts, now| decide_undo(sub, Some(&downgrade()), at(now));
    assert_eq!(undo(&sub, "2026-03-31 23:59"), Ok(()));
    assert_eq!(undo(&sub, END), Err(UndoRefusal::TooLate));
    let paused = SubscriptionFacts { status: SubscriptionStatus::Paused, ..sub.clone() };
    assert_eq!(undo(&paused, "2026-05-01"), Ok(()), "no period has begun yet");
    let ended = SubscriptionFacts { status: SubscriptionStatus::Cancelled, ..sub.clone() };
    assert_eq!(undo(&ended, "2026-03-20"), Err(UndoRefusal::TooLate));
    assert_eq!(decide_undo(&sub, None, at(END)), Err(UndoRefusal::NothingPending));
}
