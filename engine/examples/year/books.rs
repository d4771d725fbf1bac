//! Our books against themselves and against the provider's ledger.

use crate::ledger::{Ledger, State};
use crate::shop::Business;
use chrono::TimeDelta;
use domain::payment::refund::DisputeState;
use domain::payment::state::{AttemptState, Purpose};
use engine::rehearsal::Rehearsal;
use engine::store::attempts::Attempt;
use engine::{store, verify};
use std::collections::BTreeMap;

/// No attempt is open for longer: four days until a slow bank answers, and what an outage adds.
const LONGEST_WAY: TimeDelta = TimeDelta::days(9);

/// What does not hold of what changed today.
pub fn verify_day(run: &Rehearsal<Ledger>, businesses: &[Business]) -> Vec<String> {
    let since = run.now() - TimeDelta::days(1);
    let found = businesses
        .iter()
        .flat_map(|business| verify::changed_since(run.engine(), &business.id, since).unwrap());
    found.map(|finding| finding.to_string()).collect()
}

/// What does not hold of everything.
pub fn verify(run: &Rehearsal<Ledger>, businesses: &[Business]) -> Vec<String> {
    let found = businesses.iter().flat_map(|business| verify::business(run.engine(), &business.id).unwrap());
    found.map(|finding| finding.to_string()).collect()
}

fn attempts(run: &Rehearsal<Ledger>, business: &Business) -> Vec<Attempt> {
    let all = run.engine().db.read(|conn| {
        let mut all = Vec::new();
        for customer in store::customers::all(conn, &business.id)? {
            all.extend(store::attempts::of_customer(conn, &business.id, &customer.id)?);
        }
        Ok(all)
    });
    all.unwrap()
}

/// Every movement of money is known on both sides, with the same amount, and none twice.
pub fn compare(run: &Rehearsal<Ledger>, businesses: &[Business]) -> Vec<String> {
    let mut wrong =
        run.provider.conflicts.iter().map(|key| format!("the key {key} was reused")).collect::<Vec<_>>();
    let mut ours = BTreeMap::new();
    for business in businesses {
        for attempt in attempts(run, business) {
            let stale = run.now() - attempt.created_at > LONGEST_WAY;
            if attempt.state.is_open() && attempt.review_since.is_none() && stale {
                wrong.push(format!("{} is still {}", attempt.id, attempt.state));
            }
            let moved = matches!(attempt.state, AttemptState::Succeeded | AttemptState::Reversed);
            ours.insert(attempt.idempotency_key.clone(), (moved, attempt.amount(), attempt));
        }
    }
    for (key, entry) in &run.provider.entries {
        let Some((moved, amount, attempt)) = ours.get(key) else {
            wrong.push(format!("{} was made under a key that we do not know", entry.id));
            continue;
        };
        if *moved != (entry.state == State::Moved) || *amount != entry.amount {
            wrong.push(format!(
                "{} is {:?} over {} there, and {} is {} over {amount} here",
                entry.id, entry.state, entry.amount, attempt.id, attempt.state
            ));
        }
    }
    for (key, (moved, _, attempt)) in &ours {
        if *moved && !run.provider.entries.contains_key(key) {
            wrong.push(format!("{} is {}, and the provider knows nothing of it", attempt.id, attempt.state));
        }
    }
    wrong.extend(compare_sums(run, businesses));
    wrong
}

/// The account for money at the provider, currency by currency, to the last minor unit.
fn compare_sums(run: &Rehearsal<Ledger>, businesses: &[Business]) -> Vec<String> {
    let mut theirs = BTreeMap::<String, i64>::new();
    for entry in run.provider.entries.values().filter(|entry| entry.state == State::Moved) {
        let sign = if entry.charge { 1 } else { -1 };
        *theirs.entry(entry.amount.currency.code().to_owned()).or_default() += sign * entry.amount.minor;
    }
    let mut ours = BTreeMap::<String, i64>::new();
    for business in businesses {
        for attempt in
            attempts(run, business).iter().filter(|attempt| attempt.state == AttemptState::Reversed)
        {
            // A bank took it back: it is gone from our account, and the provider's ledger does not know.
            *ours.entry(attempt.currency.code().to_owned()).or_default() += disputed(run, business, attempt);
        }
        for (_, account, currency, amount) in
            run.engine().db.read(|conn| store::ledger::entries(conn, &business.id)).unwrap()
        {
            if account == "provider_clearing" {
                *ours.entry(currency).or_default() += amount;
            }
        }
    }
    let differs = |currency: &&String| theirs.get(*currency) != ours.get(*currency);
    let all = theirs.keys().filter(differs);
    all.map(|currency| {
        format!(
            "{currency}: {:?} at the provider, {:?} in our account",
            theirs.get(currency),
            ours.get(currency)
        )
    })
    .collect()
}

/// What a bank has taken back of a charge.
fn disputed(run: &Rehearsal<Ledger>, business: &Business, attempt: &Attempt) -> i64 {
    let found =
        run.engine().db.read(|conn| store::refunds::dispute_of(conn, &business.id, &attempt.id)).unwrap();
    found.filter(|dispute| dispute.state != DisputeState::Won).map_or(0, |dispute| dispute.amount)
}

pub fn print_summary(run: &Rehearsal<Ledger>, businesses: &[Business]) {
    let mut numbers = BTreeMap::<String, usize>::new();
    let mut add = |what: String| *numbers.entry(what).or_default() += 1;
    for business in businesses {
        run.engine()
            .db
            .read(|conn| {
                for customer in store::customers::all(conn, &business.id)? {
                    for invoice in store::invoices::list(conn, &business.id, &customer.id)? {
                        add(format!("invoices {}", invoice.status));
                    }
                    for sub in store::subscriptions::list(conn, &business.id, &customer.id)? {
                        add(format!("subscriptions {}", sub.status));
                    }
                }
                Ok(())
            })
            .unwrap();
        for attempt in attempts(run, business) {
            let what = if attempt.purpose == Purpose::Charge { "charges" } else { "refunds" };
            add(format!("{what} {}", attempt.state));
        }
    }
    let provider = &run.provider;
    println!(
        "{} submissions, {} lost, {} while down",
        provider.submissions, provider.lost, provider.refused_while_down
    );
    for (what, number) in numbers {
        println!("{number:7}  {what}");
    }
}
