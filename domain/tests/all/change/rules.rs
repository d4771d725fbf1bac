//! Which way a change goes, when it takes effect, and when it is refused.

use super::*;
use domain::catalog::QuantityError;
use domain::subscription::change::behaviour::ChangeBehaviour::{self, *};
use domain::subscription::change::decide::Effect;
use domain::subscription::change::direction::Direction::{self, *};
use domain::subscription::change::direction::classify;
use domain::subscription::change::target::check_target;
use domain::subscription::state::SubscriptionStatus;

const START: &str = "2026-03-01";
const END: &str = "2026-04-01";
const MIDDLE: &str = "2026-03-12";

fn usual() -> ChangeFacts {
    subscribed(&[plan(1000)], START, END)
}

fn direction(from: &[Item], to: &[Item]) -> Direction {
    classify(from, to).unwrap().direction
}

#[test]
fn prices_and_quantities_say_which_way_a_change_goes() {
    let usage = |unit_amount| Item { kind: ProductKind::Usage, ..plan(unit_amount) };
    let table: [(&[Item], &[Item], Direction); 12] = [
        (&[plan(1000)], &[plan(2000)], Upgrade),
        (&[plan(1000)], &[times(2, plan(1000))], Upgrade),
        (&[plan(1000)], &[plan(1000), addon(100)], Upgrade),
        (&[times(9, plan(1000))], &[times(9, plan(1001))], Upgrade),
        (&[yearly(plan(20_000))], &[plan(10_000)], Upgrade), // dearer per year
        (&[plan(1000)], &[yearly(plan(10_000))], Downgrade), // cheaper per year
        (&[plan(1000)], &[Item { price: "other".into(), ..plan(1000) }], Lateral),
        (&[usage(3)], &[usage(5)], Lateral), // nothing is paid in advance
        // One way and the other: the whole cost decides.
        (&[times(9, plan(1000))], &[times(1, plan(2000))], Downgrade),
        (&[times(1, plan(2000))], &[times(9, plan(1000))], Upgrade),
        (&[plan(1000), addon(100)], &[plan(2000)], Upgrade),
        (&[times(2, plan(1000))], &[times(1, plan(2000))], Lateral),
    ];
    for (from, to, expected) in table {
        assert_eq!(direction(from, to), expected, "{from:?} to {to:?}");
        let back = match expected {
            Upgrade => Downgrade,
            Downgrade => Upgrade,
            Lateral => Lateral,
        };
        assert_eq!(direction(to, from), back, "and back");
    }
}

#[test]
fn by_default_more_comes_now_and_less_at_the_end_of_the_period() {
    let policy = ChangePolicy::default();
    let kinds = [
        (vec![plan(2000)], NowInvoice),
        (vec![times(2, plan(1000))], NowInvoice),
        (vec![plan(500)], AtPeriodEnd),
        (vec![Item { price: "other".into(), ..plan(1000) }], AtPeriodEnd),
        (vec![yearly(plan(10_000))], NowInvoice), // although cheaper: another interval
    ];
    for (to, expected) in kinds {
        assert_eq!(change(&usual(), &to, &policy, MIDDLE).behaviour, expected, "{to:?}");
    }
}

fn upgrade_by(behaviour: ChangeBehaviour) -> Change {
    change(&usual(), &[plan(2000)], &ChangePolicy { upgrade: behaviour, ..ChangePolicy::default() }, MIDDLE)
}

#[test]
fn each_behaviour_has_its_moment_and_its_lines() {
    let table = [
        (NowInvoice, Effect::OncePaid, vec![-645, 1290]),
        (NowNextInvoice, Effect::AtOnce, vec![-645, 1290]),
        (AtPeriodEnd, Effect::Later(at(END)), vec![]),
        (None, Effect::AtOnce, vec![]),
    ];
    for (behaviour, effect, lines) in table {
        let change = upgrade_by(behaviour);
        assert_eq!((&change.effect, amounts(&change)), (&effect, lines), "{behaviour}");
    }
}

/// The period that a change begins, and its index.
fn new_period(change: &Change) -> (Period, i64) {
    match &change.effect {
        Effect::NewPeriodOncePaid { schedule, period } => (*period, schedule.anchor_index),
        other => panic!("no new period: {other:?}"),
    }
}

#[test]
fn a_reset_charges_a_full_period_from_now_and_forfeits_the_old_one() {
    let mut facts = usual();
    let reset = upgrade_by(Reset);
    assert_eq!(amounts(&reset), [2000]);
    let (period, index) = new_period(&reset);
    assert_eq!((period.start, period.end, index), (at(MIDDLE), at("2026-04-12"), 2));

    carry_out(&mut facts, &reset);
    facts.period_start = period.start;
    facts.sub.current_period_end = period.end;
    let later = change(&facts, &[plan(4000)], &all_now(), "2026-03-28");
    assert_eq!(amounts(&later), [-968, 1935], "15 of 31 days; the old period comes to nothing");
}

#[test]
fn another_interval_credits_the_rest_and_charges_a_full_period_from_now() {
    let change = change(&usual(), &[yearly(plan(10_000))], &ChangePolicy::default(), MIDDLE);
    assert_eq!(amounts(&change), [-645, 10_000]);
    let (period, index) = new_period(&change);
    assert_eq!((period.start, period.end, index), (at(MIDDLE), at("2027-03-12"), 2));
}

#[test]
fn what_does_not_change_is_left_alone() {
    let facts = subscribed(&[plan(1000), addon(310)], START, END);
    let more = change(&facts, &[plan(1000), times(2, addon(310)), addon(50)], &all_now(), MIDDLE);
    assert_eq!(amounts(&more), [-200, 400, 32]);
    let prices: Vec<_> = more.lines.iter().map(|line| line.price.as_str()).collect();
    assert_eq!(prices, ["addon 310", "addon 310", "addon 50"]);
    let without = change(&facts, &[plan(1000)], &all_now(), MIDDLE);
    assert_eq!(amounts(&without), [-200], "an add-on that goes is credited");
}

#[test]
fn what_came_unbilled_is_credited_from_what_was_billed_before() {
    let mut facts = usual();
    let quietly = ChangePolicy { upgrade: None, ..all_now() };
    let unbilled = change(&facts, &[plan(2000)], &quietly, "2026-03-02");
    carry_out(&mut facts, &unbilled);
    let then = change(&facts, &[plan(4000)], &all_now(), MIDDLE);
    assert_eq!(amounts(&then), [-645, 2581], "the first plan is what was paid for");
}

#[test]
fn usage_is_billed_when_it_has_been_counted() {
    let usage = Item { kind: ProductKind::Usage, ..addon(3) };
    assert!(change(&usual(), &[plan(1000), usage], &all_now(), MIDDLE).lines.is_empty());
}

#[test]
fn a_credit_is_taxed_as_what_it_gives_back() {
    let mut facts = usual();
    facts.spans[0].tax_rate = TaxRate(190_000);
    let change = change(&facts, &[Item { tax_rate: TaxRate(160_000), ..plan(2000) }], &all_now(), MIDDLE);
    let rates: Vec<_> = change.lines.iter().map(|line| line.tax_rate.0).collect();
    assert_eq!(rates, [190_000, 160_000]);
}

#[test]
fn a_trial_takes_the_length_of_the_new_plan_from_its_start() {
    let trial_of = |trial_days, on| {
        let target = [Offer { trial_days, ..offer(plan(2000)) }];
        decide_change(&trying(&[plan(1000)]), &target, &ChangePolicy::default(), at(on)).unwrap()
    };
    let longer = trial_of(30, "2026-03-05");
    assert_eq!(longer.effect, Effect::InTrial { trial_end: at("2026-03-31") });
    assert!(longer.lines.is_empty(), "nothing is prorated");

    for (trial_days, on) in [(3, "2026-03-05"), (4, "2026-03-05"), (0, START)] {
        let over = trial_of(trial_days, on);
        assert_eq!(amounts(&over), [2000], "{trial_days} days are over: the first period begins");
        assert_eq!(new_period(&over).0.start, at(on));
        assert_eq!(new_period(&over).1, 0, "the first");
    }
}

#[test]
fn more_seats_in_a_trial_leave_its_end_alone() {
    let mut facts = trying(&[plan(1000)]);
    facts.sub.current_period_end = at("2026-05-01"); // the business has extended it
    let change = change(&facts, &[times(3, plan(1000))], &ChangePolicy::default(), MIDDLE);
    assert_eq!(change.effect, Effect::InTrial { trial_end: at("2026-05-01") });
}

#[test]
fn some_subscriptions_do_not_change() {
    use SubscriptionStatus::*;
    let in_status = |status| {
        let facts = usual();
        ChangeFacts { sub: SubscriptionFacts { status, ..facts.sub }, ..facts }
    };
    let refused = |facts: &ChangeFacts| refusal(facts, &[offer(plan(2000))], MIDDLE);
    for (status, expected) in [
        (Incomplete, ChangeRefusal::NotRunning),
        (Paused, ChangeRefusal::NotRunning),
        (Error, ChangeRefusal::NotRunning),
        (OnHold, ChangeRefusal::OnHold),
        (Cancelled, ChangeRefusal::Ended),
        (Expired, ChangeRefusal::Ended),
    ] {
        assert_eq!(refused(&in_status(status)), expected, "{status}");
    }
    for status in [Active, PastDue] {
        assert!(decide_change(&in_status(status), &[offer(plan(2000))], &all_now(), at(MIDDLE)).is_ok());
    }
    let mut leaving = usual();
    leaving.sub.cancel_at = Some(at(END));
    assert_eq!(refused(&leaving), ChangeRefusal::Cancelling);
    assert_eq!(refused(&ChangeFacts { attempt_open: true, ..usual() }), ChangeRefusal::AttemptOpen);
}

#[test]
fn a_change_falls_into_the_period_that_runs() {
    for outside in ["2026-02-28 23:59", END] {
        assert_eq!(refusal(&usual(), &[offer(plan(2000))], outside), ChangeRefusal::BetweenPeriods);
    }
    assert!(decide_change(&usual(), &[offer(plan(2000))], &all_now(), at(START)).is_ok());
}

#[test]
fn some_targets_are_refused() {
    use ChangeRefusal as R;
    let here = offer(plan(1000));
    let new = || offer(plan(2000));
    let item = |change: fn(&mut Item)| {
        let mut offer = new();
        change(&mut offer.item);
        offer
    };
    let hosting = Some(Membership { collection: "hosting".into(), rank: 1 });
    let too_many = QuantityError::TooMany { quantity: 101, max: 100 };
    let table = [
        (vec![here.clone()], R::SameTarget),
        (vec![], R::NotOnePlan),
        (vec![here.clone(), new()], R::NotOnePlan),
        (vec![offer(addon(10))], R::NotOnePlan),
        (vec![here.clone(), offer(addon(10)), offer(addon(10))], R::Twice("addon 10".into())),
        (vec![item(|new| new.kind = ProductKind::OneTime)], R::SoldOnce("plan 2000".into())),
        (vec![item(|new| new.currency = "USD".parse().unwrap())], R::OtherCurrency("plan 2000".into())),
        (vec![here.clone(), offer(yearly(addon(10)))], R::OtherInterval("addon 10 yearly".into())),
        (vec![Offer { membership: hosting, ..new() }], R::OtherCollection("plan 2000".into())),
        (vec![Offer { membership: Option::None, ..new() }], R::OtherCollection("plan 2000".into())),
        (vec![Offer { sold_as: ItemRole::Addon, ..new() }], R::OtherRole("plan 2000".into())),
        (vec![Offer { archived: true, ..new() }], R::Archived("plan 2000".into())),
        (vec![item(|new| new.quantity = 101)], R::Quantity { price: "plan 2000".into(), why: too_many }),
    ];
    for (target, expected) in table {
        assert_eq!(refusal(&usual(), &target, MIDDLE), expected);
    }
}

#[test]
fn a_plan_outside_any_collection_still_changes_its_quantity_and_interval() {
    let offered = |item| [Offer { membership: Option::None, ..offer(item) }];
    for item in [times(3, plan(1000)), yearly(plan(1000))] {
        assert_eq!(check_target(&usual().items, Option::None, &offered(item)), Ok(()));
    }
}

#[test]
fn what_one_has_may_be_archived_or_out_of_todays_bounds() {
    let bounds = QuantityBounds { min: 5, max: Some(9) };
    let kept = Offer { archived: true, bounds, ..offer(plan(1000)) };
    assert_eq!(check_target(&usual().items, in_plans().as_ref(), &[kept.clone(), offer(addon(10))]), Ok(()));
    let more = Offer { item: times(2, plan(1000)), ..kept };
    let refused = check_target(&usual().items, in_plans().as_ref(), &[more]).unwrap_err();
    assert_eq!(refused.code(), "quantity", "but a new quantity keeps today's");
}
