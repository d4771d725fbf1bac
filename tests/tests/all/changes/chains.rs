//! Changes that follow each other, and changes that begin a period.

use super::{ADA, BY_THE_DAY, ada_on_basic, customer, on_plan, stock_plans, switch, taken};
use domain::period::{Anchor, Interval, IntervalUnit};
use domain::subscription::cancel::CancelTiming;
use e2e::{World, WorldOptions, cards};
use engine::store;
use engine::usecase::cancel::{CancelRequest, cancel};
use engine::usecase::change::{Confirmation, confirm};
use engine::usecase::uncancel::uncancel;
use std::collections::BTreeMap;

/// Regression scenario 4: upgrade, upgrade, downgrade, cancel at end, uncancel, renew.
#[test]
fn up_up_down_cancelled_and_revoked_the_books_agree_with_a_table_made_by_hand() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        world.advance("10 days").await;
        switch(world, &ada, &id, "pro").await;
        world.advance("10 days").await;
        switch(world, &ada, &id, "max").await;
        switch(world, &ada, &id, "basic").await;
        let request = CancelRequest {
            subscription: id.clone(),
            timing: CancelTiming::AtPeriodEnd,
            reason: None,
            comment: None,
            shown: None,
        };
        cancel(&world.engine, &world.acme, &ada.id, request).unwrap();
        uncancel(&world.engine, &world.acme, &customer(&ada), &id).unwrap();
        world.advance("10 days").await;
        assert!(on_plan(world, &id, "max"), "the cancellation has dropped the downgrade");

        // Net, tax of 19 %, total.
        let by_hand = [
            (500, 95, 595),
            // 1333 for 20 of 30 days of 2000, less 333 for 20 of 30 days of 500.
            (1_000, 190, 1_190),
            // 1667 for 10 of 30 days of 5000, less 667 for 10 of the 20 days that 1333 have paid for.
            (1_000, 190, 1_190),
            (5_000, 950, 5_950),
        ];
        let invoices = world.invoices(&ada);
        let written: Vec<_> = invoices.iter().map(|i| (i.subtotal, i.tax, i.total)).collect();
        assert_eq!(written, by_hand);
        assert_eq!(taken(world).await, by_hand.map(|(_, _, total)| total));
        let mut accounts = BTreeMap::<String, i64>::new();
        for (_, account, _, amount) in
            world.engine.db.read(|conn| store::ledger::entries(conn, &world.acme)).unwrap()
        {
            *accounts.entry(account).or_default() += amount;
        }
        accounts.retain(|_, sum| *sum != 0);
        let expected = [("provider_clearing", 8_925), ("revenue", -7_500), ("tax_payable", -1_425)];
        assert_eq!(accounts, BTreeMap::from(expected.map(|(name, sum)| (name.to_owned(), sum))));
        world.check().await;
    });
}

#[test]
fn a_downgrade_now_gives_back_what_is_left_and_never_gives_that_back_again() {
    let options = WorldOptions {
        settings: "[portal]\nplan_changes = true\n[changes]\ngranularity = \"day\"\ndowngrade = \"now_invoice\"\n",
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        stock_plans(world, 0);
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "max");
        world.advance("10 days").await;
        let quoted = switch(world, &ada, &id, "basic").await;
        // 3333 for 20 of 30 days of 5000, less 333 for 20 of 30 days of 500, and 19 %.
        assert_eq!((quoted.quote.settlement.due, quoted.quote.settlement.credit), (0, 3_570));
        assert!(on_plan(world, &id, "basic"));
        assert_eq!(world.balance(&ada), 3_570);
        let first = world.invoices(&ada).remove(0);
        assert_eq!(world.credit_notes(&first.id).iter().map(|note| note.net).collect::<Vec<_>>(), [3_333]);

        world.advance("10 days").await;
        let quoted = switch(world, &ada, &id, "pro").await;
        assert_eq!(quoted.quote.lines.subtotal, 667 - 167, "of the small plan's 333, and of nothing else");
        assert_eq!((quoted.quote.settlement.from_balance, world.balance(&ada)), (595, 2_975));
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [5_950], "the balance pays");
        world.check().await;
    });
}

/// Regression scenario 5: cancel in trial under both settings, with a plan change pending.
#[test]
fn a_trial_that_changed_its_plan_and_is_cancelled_costs_nothing_under_both_settings() {
    for (setting, status) in [("immediate", "cancelled"), ("trial_end", "trialing")] {
        World::each_with(&BY_THE_DAY, async |world| {
            let edit = format!("plan_changes = true\ntrial_cancellation = \"{setting}\"");
            world.reconfigure(&[("plan_changes = true", &edit)]);
            stock_plans(world, 14);
            let ada = world.customer(ADA);
            world.card(&ada, cards::GOOD).await;
            let id = world.try_out(&ada, "basic", 14);
            world.advance("3 days").await;
            switch(world, &ada, &id, "pro").await;
            assert!(on_plan(world, &id, "pro") && world.status(&id) == "trialing");
            let request = CancelRequest {
                subscription: id.clone(),
                timing: CancelTiming::Now,
                reason: None,
                comment: None,
                shown: None,
            };
            cancel(&world.engine, &world.acme, &ada.id, request).unwrap();
            assert_eq!(world.status(&id), status);
            world.advance("2 months").await;
            assert_eq!(world.status(&id), "cancelled");
            assert!(world.invoices(&ada).is_empty() && taken(world).await.is_empty());
            world.check().await;
        });
    }
}

#[test]
fn at_another_interval_a_period_begins_with_the_change_once_that_is_paid() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        world.advance("10 days").await;
        let quoted = super::quote(world, &ada, &id, "team-yearly");
        let (at, due) = (quoted.quote.change.at, quoted.quote.settlement.due);
        let answer = confirm(&world.engine, &world.acme, &customer(&ada), &quoted.ticket).unwrap();
        assert!(matches!(answer, Confirmation::Paying(_)));
        assert_ne!(world.subscription(&id).current_period_start, at, "not before it is paid");
        world.settle().await;

        let sub = world.subscription(&id);
        let year = Interval { unit: IntervalUnit::Year, count: 1 };
        let end = Anchor::at(at, sub.billing_tz.parse().unwrap()).boundary(year, 1);
        assert_eq!((sub.current_period_start, sub.current_period_end), (at, end));
        assert_eq!(taken(world).await, [5_831, due]);
        world.advance("1 year").await;
        assert_eq!(taken(world).await, [5_831, due, 58_310]);
        world.check().await;
    });
}
