//! Customers change their plan in the portal: they see what it costs, agree, and are charged exactly that.

use super::changes::{BY_THE_DAY, ada_on_basic, on_plan, price, stock_plans, taken};
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::period::{Interval, IntervalUnit};
use domain::subscription::item::ItemRole;
use e2e::{Browser, Page, World, WorldOptions, cards};
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::usecase::catalog::{NewPrice, NewProduct, add_price, add_product, offer_in};
use engine::usecase::credit::{CreditRequest, credit};

const ADA: &str = "ada@example.com";

/// Why 29 of 30 days of the plan for 20 euros cost what they do.
const REASON: &str = "29 of 30 days, at €20.00 for the whole: €19.33";

fn path(id: &SubscriptionId) -> String {
    format!("/subscriptions/{id}/change")
}

/// Chooses a plan and ends on the page that says what it costs.
async fn choose(world: &World, browser: &mut Browser, id: &SubscriptionId, plan: &str) -> Page {
    browser.open(&format!("{}?plan={}&quantity=1", path(id), price(world, plan))).await
}

/// Ada on the plan for 20 euros, at the portal.
async fn ada_on_pro(world: &World) -> (Browser, SubscriptionId) {
    stock_plans(world, 0);
    let ada = world.customer(ADA);
    world.card(&ada, cards::GOOD).await;
    let id = world.subscribe(&ada, "pro");
    world.settle().await;
    (world.signed_in(&ada).await, id)
}

#[test]
fn an_upgrade_is_charged_as_it_was_shown_and_explained() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        world.advance("1 day").await;
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/subscriptions/{id}")).await;
        assert!(page.links("main a").contains(&path(&id)), "{}", page.text());
        let choices = browser.open(&path(&id)).await.text();
        for words in ["basic Current plan", "pro Upgrade", "max Upgrade", "€50.00 every 30 days"] {
            assert!(choices.contains(words), "{words}: {choices}");
        }

        let review = choose(world, &mut browser, &id, "pro").await;
        let shown = review.text();
        assert_eq!(review.all("main .amount"), ["€17.26"]);
        for words in ["takes effect as soon as it is paid", REASON, "€23.80 every 30 days", "4242"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert_eq!(taken(world).await, [595], "looking costs nothing");

        let progress = browser.submit("/change", &[]).await;
        assert!(progress.url.path().ends_with("/pay") && !progress.header("refresh").is_empty());
        assert!(on_plan(world, &id, "basic"), "not before it is paid");
        world.settle().await;
        let done = browser.open(progress.url.as_str()).await.text();
        assert!(done.contains("You are on pro") && done.contains("€17.26"), "{done}");
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [595, 1_726]);
        let invoice = world.newest_invoice(&ada).id;
        let payment = browser.open(&format!("/billing/{invoice}")).await.text();
        assert!(payment.contains(REASON), "the invoice says why, too: {payment}");
        world.advance("29 days").await;
        assert_eq!(taken(world).await, [595, 1_726, 2_380], "and the renewal costs what was said");
        world.check().await;
    });
}

#[test]
fn what_no_longer_holds_is_shown_anew_and_nothing_is_charged() {
    World::each_with(&BY_THE_DAY, async |world| {
        // Not so late that a quarter of an hour later is another day.
        world.begin_at("2027-03-10 10:00");
        let (ada, id) = ada_on_basic(world).await;
        world.advance("1 day").await;
        let mut browser = world.signed_in(&ada).await;
        choose(world, &mut browser, &id, "pro").await;
        let request = CreditRequest {
            invoice: world.newest_invoice(&ada).id,
            what: Request::Amount(100),
            reason: CreditReason::Goodwill,
            comment: None,
            settlement: Settlement::Balance,
        };
        credit(&world.engine, &world.acme, request, Actor::Operator).unwrap();
        let stale = browser.submit("/change", &[]).await;
        assert_eq!(stale.status, 409);
        let words = stale.text();
        assert!(words.contains("The amount has changed from €17.26 to €17.05"), "{words}");
        assert!(words.contains("Paid from your credit-€1.00"), "{words}");
        assert!(words.contains("Earlier credits have left -€4.16 of that"), "84 cents went back: {words}");

        world.wait(chrono::TimeDelta::minutes(16));
        let expired = browser.submit("/change", &[]).await;
        assert_eq!(expired.status, 409);
        assert!(expired.text().contains("Something has changed since you opened that page"));
        assert!(on_plan(world, &id, "basic") && taken(world).await == [595], "nothing has happened");

        browser.submit("/change", &[]).await;
        world.settle().await;
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [595, 1_705]);
        world.check().await;
    });
}

#[test]
fn a_downgrade_is_announced_everywhere_and_can_be_undone() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (mut browser, id) = ada_on_pro(world).await;
        let review = choose(world, &mut browser, &id, "basic").await;
        assert_eq!(review.all("main .amount"), ["€0.00"]);
        assert!(review.text().contains("You keep pro until then"), "{}", review.text());
        let page = browser.submit("/change", &[]).await;
        assert_eq!(page.url.path(), format!("/subscriptions/{id}"));
        assert!(page.text().contains("Changes to basic on") && page.has_form("/change/undo"));
        let home = browser.open("/").await;
        assert!(home.text().contains("From then on €5.00 every 30 days"), "{}", home.text());

        let page = browser.submit("/change/undo", &[]).await;
        assert!(page.text().contains("pro goes on as it is"), "{}", page.text());
        assert!(!page.has_form("/change/undo"));
        let late = browser.forge(&format!("{}/undo", path(&id)), &[]).await;
        assert_eq!(late.status, 303, "there is nothing left to undo, which is no fault");
        world.advance("30 days").await;
        assert!(on_plan(world, &id, "pro"));
        assert_eq!(taken(world).await, [2_380, 2_380]);
        world.check().await;
    });
}

#[test]
fn a_declined_change_changes_nothing_and_shows_the_way_to_another_method() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        let card = world.methods(&ada).remove(0).id;
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 day").await;
        let mut browser = world.signed_in(&ada).await;
        choose(world, &mut browser, &id, "pro").await;
        let progress = browser.submit("/change", &[]).await;
        world.settle().await;
        let failed = browser.open(progress.url.as_str()).await;
        assert!(failed.text().contains("You are still on basic"), "{}", failed.text());
        let ways = failed.links("main a.btn");
        assert_eq!(ways, [format!("/subscriptions/{id}/payment-method"), path(&id)]);
        assert!(on_plan(world, &id, "basic") && world.status(&id) == "active");
        world.check().await;
    });
}

#[test]
fn a_bank_that_asks_is_answered_before_anything_changes() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (ada, id) = ada_on_basic(world).await;
        let card = world.methods(&ada).remove(0).id;
        world.card_becomes(&ada, &card, cards::ALWAYS_ASKS).await;
        world.advance("1 day").await;
        let mut browser = world.signed_in(&ada).await;
        choose(world, &mut browser, &id, "pro").await;
        let progress = browser.submit("/change", &[]).await;
        world.settle().await;
        let page = browser.open(progress.url.as_str()).await;
        assert!(on_plan(world, &id, "basic"));
        browser.open(&page.links("main a.btn--primary").remove(0)).await;
        let back = browser.submit("", &[("do", "approve")]).await;
        world.settle().await;
        let done = browser.open(back.url.as_str()).await.text();
        assert!(done.contains("You are on pro"), "{done}");
        assert_eq!(taken(world).await, [595, 1_726]);
        world.check().await;
    });
}

#[test]
fn what_cannot_be_chosen_is_said_beside_the_choices() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (mut browser, id) = ada_on_pro(world).await;
        let pro = price(world, "pro");
        for (choice, words) in [
            (format!("plan={pro}&quantity=1"), "It is like that already"),
            (format!("plan={pro}&quantity=11"), "This many cannot be had"),
            (format!("plan={pro}&quantity=many"), "This many cannot be had"),
            (format!("plan={}&quantity=1", price(world, "team-monthly")), "This is no longer offered"),
        ] {
            let page = browser.open(&format!("{}?{choice}", path(&id))).await;
            assert_eq!(page.status, 422, "{choice}");
            assert!(page.text().contains(words), "{choice}: {}", page.text());
        }
        let unknown = format!("{}?plan=price_00000000000000000000000000", path(&id));
        assert_eq!(browser.look("GET", &unknown).await.status, 404);

        let more = browser.open(&format!("{}?plan={pro}&quantity=3", path(&id))).await;
        assert!(more.text().contains("Change to 3 × pro"), "{}", more.text());
        browser.submit("/change", &[]).await;
        world.settle().await;
        assert_eq!(world.subscription(&id).quantity, 3);
        world.check().await;
    });
}

#[test]
fn switched_off_it_is_gone_and_refused() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (mut browser, id) = ada_on_pro(world).await;
        choose(world, &mut browser, &id, "basic").await;
        browser.submit("/change", &[]).await;
        world.reconfigure(&[("plan_changes = true", "plan_changes = false")]);
        let page = browser.open(&format!("/subscriptions/{id}")).await;
        assert!(page.text().contains("Changes to basic on"), "what was agreed to still comes");
        assert!(!page.links("main a").contains(&path(&id)) && !page.has_form("/change/undo"));
        assert_eq!(browser.look("GET", &path(&id)).await.status, 403);
        for (address, fields) in
            [(path(&id), vec![("ticket", "x"), ("amount", "0")]), (format!("{}/undo", path(&id)), vec![])]
        {
            assert_eq!(browser.forge(&address, &fields).await.status, 403, "{address}");
        }
        world.advance("30 days").await;
        assert!(on_plan(world, &id, "basic"));
        world.check().await;
    });
}

#[test]
fn nobody_changes_what_belongs_to_somebody_else() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (mut browser, id) = ada_on_pro(world).await;
        let review = choose(world, &mut browser, &id, "max").await;
        let ticket = review.value("ticket");
        let eve = world.customer("eve@example.com");
        let mut hers = world.signed_in(&eve).await;
        hers.open("/profile").await;
        let choice = format!("{}?plan={}", path(&id), price(world, "max"));
        for address in [path(&id), choice] {
            assert_eq!(hers.look("GET", &address).await.status, 404, "{address}");
        }
        let agreed = [("ticket", ticket.as_str()), ("amount", "0")];
        assert_eq!(hers.forge(&path(&id), &agreed).await.status, 404);
        assert_eq!(hers.forge(&format!("{}/undo", path(&id)), &[]).await.status, 404);
        assert!(on_plan(world, &id, "pro") && taken(world).await == [2_380]);
        world.check().await;
    });
}

#[test]
fn an_add_on_is_added_and_never_taken_for_a_plan() {
    World::each_with(&BY_THE_DAY, async |world| {
        let (mut browser, id) = ada_on_pro(world).await;
        stock_support(world);
        let (pro, support) = (price(world, "pro"), price(world, "support"));
        let choices = browser.open(&path(&id)).await;
        assert!(choices.text().contains("Support: how many €3.00 every 30 days each"), "{}", choices.text());
        let plans = choices.all("fieldset .choice b");
        assert_eq!(plans, ["basic", "pro", "max"]);
        let as_plan = browser.open(&format!("{}?plan={support}", path(&id))).await;
        assert_eq!(as_plan.status, 422);

        let two = format!("{}?plan={pro}&quantity=1&addon_{support}=2", path(&id));
        let review = browser.open(&two).await;
        assert!(review.text().contains("Change to pro and 2 × Support"), "{}", review.text());
        assert_eq!(review.all("main .amount"), ["€7.14"]);
        browser.submit("/change", &[]).await;
        world.settle().await;
        assert_eq!(taken(world).await, [2_380, 714]);
        let page = browser.open(&format!("/subscriptions/{id}")).await.text();
        assert!(page.contains("Add-ons2 × Support"), "{page}");

        let none = format!("{}?plan={pro}&quantity=1&addon_{support}=0", path(&id));
        browser.open(&none).await;
        browser.submit("/change", &[]).await;
        world.advance("30 days").await;
        assert_eq!(taken(world).await, [2_380, 714, 2_380], "less comes with the next period");
        world.check().await;
    });
}

/// Support at 3 euros beside the plans.
fn stock_support(world: &World) {
    let new = NewProduct { code: "support".into(), name: "Support".into(), description: String::new() };
    add_product(&world.engine, &world.acme, new).unwrap();
    offer_in(&world.engine, &world.acme, "support", "plans", ItemRole::Addon).unwrap();
    let price = NewPrice {
        code: "support".into(),
        product_code: "support".into(),
        unit_amount: 300,
        currency: None,
        interval: Interval { unit: IntervalUnit::Day, count: 30 },
        trial_days: 0,
    };
    add_price(&world.engine, &world.acme, price).unwrap();
}

/// What costs less is billed at once, and what it gives back goes back to the card.
const REFUNDED: WorldOptions = WorldOptions {
    settings: "[portal]\nplan_changes = true\n[changes]\ngranularity = \"day\"\n\
               downgrade = \"now_invoice\"\ncredit = \"refund\"\n",
    environment: &[],
};

#[test]
fn what_a_downgrade_gives_back_is_refunded_as_it_was_shown() {
    World::each_with(&REFUNDED, async |world| {
        let (mut browser, id) = ada_on_pro(world).await;
        world.advance("10 days").await;
        let review = choose(world, &mut browser, &id, "basic").await.text();
        assert!(review.contains("Refunded the way you paid€11.90"), "{review}");
        browser.submit("/change", &[]).await;
        world.settle().await;
        assert!(on_plan(world, &id, "basic"));
        let refunds: Vec<i64> =
            world.simulator.ledger().await.refunds.iter().map(|back| back.amount).collect();
        assert_eq!((refunds, taken(world).await), (vec![1_190], vec![2_380]), "20 of 30 days of 15 euros");
        world.advance("20 days").await;
        assert_eq!(taken(world).await, [2_380, 595], "and nothing is left in the balance");
        world.check().await;
    });
}
