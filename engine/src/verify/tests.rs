//! A small business whose books are in order, and every way to falsify them: each is found and named.

use super::{FindingKind, business, findings};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, CustomerId, InvoiceId};
use crate::store::events::Actor;
use crate::testing::{Business, TestShop};
use crate::usecase::credit::{CreditRequest, credit};
use crate::usecase::{advance, collect};
use FindingKind::*;
use chrono::TimeDelta;
use diesel::prelude::*;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::provider::DeclineKind;
use std::collections::BTreeSet;
use std::sync::mpsc;

/// Two months of a business.
struct Books {
    mina: CustomerId,
    /// Paid with a card.
    paid: InvoiceId,
    /// Refused a month later; dunning has begun.
    refused: InvoiceId,
    bo: CustomerId,
    /// Never paid: there is no card.
    unpaid: InvoiceId,
    ada: CustomerId,
    /// Paid, then credited to the balance, which paid the next month.
    credited: InvoiceId,
}

fn months(shop: &TestShop) -> Books {
    let acme = &shop.acme;
    acme.license(1);
    let [mina, bo, ada, cleo] =
        ["mina", "bo", "ada", "cleo"].map(|name| acme.customer(&format!("{name}@example.com")));
    for owner in [&mina, &ada, &cleo] {
        acme.card(owner, "4242");
    }
    let (minas, paid) = acme.subscribe(&mina);
    let (_, unpaid) = acme.subscribe(&bo);
    let (adas, credited) = acme.subscribe(&ada);
    let (_, refunded) = acme.subscribe(&cleo);
    for invoice in [&paid, &credited, &refunded] {
        acme.succeed(&charge(acme, invoice));
    }
    give_back(acme, &credited, Request::Whole, Settlement::Balance);
    give_back(acme, &refunded, Request::Amount(1_000), Settlement::Refund);
    shop.clock.advance(TimeDelta::days(30));
    for sub in [&adas, &minas] {
        advance::advance(&acme.engine, &acme.id, sub).unwrap();
    }
    let refused = acme.newest_invoice(&mina);
    acme.decline(&charge(acme, &refused), DeclineKind::InsufficientFunds);
    Books { mina, paid, refused, bo, unpaid, ada, credited }
}

fn charge(acme: &Business, invoice: &InvoiceId) -> AttemptId {
    collect::collect(&acme.engine, &acme.id, invoice).unwrap().unwrap()
}

fn give_back(acme: &Business, invoice: &InvoiceId, what: Request, settlement: Settlement) {
    let request = CreditRequest {
        invoice: invoice.clone(),
        what,
        reason: CreditReason::Goodwill,
        comment: None,
        settlement,
    };
    credit(&acme.engine, &acme.id, request, Actor::Operator).unwrap();
}

/// What is found after somebody has run these statements; they leave no trace.
fn found_after(acme: &Business, statements: &[String]) -> BTreeSet<FindingKind> {
    let (tell, told) = mpsc::channel();
    let statements = statements.to_vec();
    let undone: Result<()> = acme.engine.write(&acme.id, move |tx, scope| {
        for statement in statements {
            let rows = diesel::sql_query(&statement).execute(tx)?;
            assert!(rows > 0, "falsifies nothing: {statement}");
        }
        tell.send(findings(tx, scope)?).unwrap();
        Err(Error::refused("undone", "nobody keeps this"))
    });
    assert!(matches!(undone, Err(Error::Refused { code: "undone", .. })), "{undone:?}");
    told.recv().unwrap().into_iter().map(|finding| finding.kind).collect()
}

#[test]
fn books_in_order_have_no_findings() {
    TestShop::each(|shop| {
        months(shop);
        for tenant in [&shop.acme, &shop.other] {
            assert_eq!(business(&tenant.engine, &tenant.id).unwrap(), []);
        }
    });
}

#[test]
fn every_falsification_is_found_and_named() {
    TestShop::each(|shop| {
        let books = months(shop);
        let mut named = BTreeSet::new();
        for (what, statements, kinds) in
            documents(&books).into_iter().chain(money(&books)).chain(course(&books))
        {
            let expected: BTreeSet<FindingKind> = kinds.iter().copied().collect();
            assert_eq!(found_after(&shop.acme, &statements), expected, "{what}");
            named.extend(expected);
        }
        assert_eq!(business(&shop.acme.engine, &shop.acme.id).unwrap(), [], "what was undone left a trace");
        let all: BTreeSet<FindingKind> = FindingKind::ALL.iter().copied().collect();
        assert_eq!(named, all, "a kind that no falsification shows");
    });
}

/// What is falsified, how, and what is found.
type Falsified = (&'static str, Vec<String>, &'static [FindingKind]);

fn documents(books: &Books) -> Vec<Falsified> {
    let Books { paid, refused, unpaid, credited, .. } = books;
    let line = |change: &str| vec![format!("UPDATE invoice_line SET {change} WHERE invoice_id = '{paid}'")];
    let invoice = |id: &InvoiceId, change: &str| format!("UPDATE invoice SET {change} WHERE id = '{id}'");
    let place = |id: &InvoiceId, seq: i64| invoice(id, &format!("seq = {seq}"));
    vec![
        ("an amount", line("amount = amount + 1"), &[Formula, Amounts, Chain]),
        ("a formula", line("formula = replace(formula, '2900', '2800')"), &[Formula, Chain]),
        ("a tax rate", line("tax_rate = 70000"), &[Amounts, Chain]),
        ("a description", line("description = 'Consulting'"), &[Chain]),
        ("a buyer", vec![invoice(paid, "buyer = replace(buyer, 'Mina', 'Nina')")], &[Chain]),
        (
            "the reasons for a tax",
            vec![invoice(
                paid,
                "tax_decision = replace(tax_decision, '\"exempt\":false', '\"exempt\":true')",
            )],
            &[TaxEvidence, Chain],
        ),
        ("a gap", vec![invoice(refused, "seq = seq + 1")], &[Series, Chain]),
        (
            "two in each other's place",
            vec![place(unpaid, -1), place(credited, 2), place(unpaid, 3)],
            &[Chain],
        ),
        ("a document that is gone", removed(unpaid), &[Series, Chain]),
        (
            "a date before the one before it",
            vec![invoice(refused, "issue_date = '2026-10-01'")],
            &[Series, Chain],
        ),
        ("more given back than was billed", given_back(paid, refused), &[Amounts, Chain, Credit]),
        (
            "a credit of what was withdrawn",
            withdrawn_after_a_credit(unpaid, refused),
            &[Amounts, Chain, Credit, Account],
        ),
        ("a second credit", credited_again(credited), &[Series, Chain, Account, Credit]),
    ]
}

/// Takes out an unpaid invoice with everything that refers to it.
fn removed(invoice: &InvoiceId) -> Vec<String> {
    vec![
        format!("DELETE FROM invoice_line WHERE invoice_id = '{invoice}'"),
        format!(
            "DELETE FROM ledger_entry WHERE txn_id IN (SELECT id FROM ledger_txn WHERE invoice_id = '{invoice}')"
        ),
        format!("DELETE FROM ledger_txn WHERE invoice_id = '{invoice}'"),
        format!("DELETE FROM invoice WHERE id = '{invoice}'"),
    ]
}

/// Adds a line to an invoice that gives back more than another one billed.
fn given_back(billed: &InvoiceId, on: &InvoiceId) -> Vec<String> {
    vec![format!(
        "INSERT INTO invoice_line (id, tenant_id, invoice_id, position, description, quantity, unit_amount, amount, \
         discount, tax_rate, tax_behaviour, net, tax, reverses_line_id) SELECT 'lin_back', tenant_id, '{on}', 1, \
         description, 1, -3000, -3000, 0, tax_rate, tax_behaviour, -2521, -479, id FROM invoice_line \
         WHERE invoice_id = '{billed}'"
    )]
}

/// As [`given_back`], and withdraws what it was billed by.
fn withdrawn_after_a_credit(billed: &InvoiceId, on: &InvoiceId) -> Vec<String> {
    let withdrawn = format!("UPDATE invoice SET status = 'void' WHERE id = '{billed}'");
    given_back(billed, on).into_iter().chain([withdrawn]).collect()
}

/// Writes an invoice's credit note once more.
fn credited_again(invoice: &InvoiceId) -> Vec<String> {
    let note = format!("credit_note WHERE invoice_id = '{invoice}'");
    vec![
        format!(
            "INSERT INTO credit_note (id, tenant_id, customer_id, invoice_id, series_id, seq, number, reason, \
             issue_date, currency, net, tax, total, to_offset, to_balance, to_refund, seller, buyer, locale, \
             prev_hash, hash, created_at) SELECT 'crn_again', tenant_id, customer_id, invoice_id, series_id, 3, \
             'AGAIN', reason, issue_date, currency, net, tax, total, to_offset, to_balance, to_refund, seller, \
             buyer, locale, prev_hash, hash, created_at FROM {note}"
        ),
        format!(
            "INSERT INTO credit_note_line (id, tenant_id, credit_note_id, invoice_line_id, position, description, \
             tax_rate, net, tax) SELECT 'crl_again', tenant_id, 'crn_again', invoice_line_id, position, description, \
             tax_rate, net, tax FROM credit_note_line WHERE credit_note_id = (SELECT id FROM {note} AND seq < 3)"
        ),
    ]
}

fn money(books: &Books) -> Vec<Falsified> {
    let Books { mina, paid, refused, bo, unpaid, ada, .. } = books;
    let txn =
        |kind: &str| format!("(SELECT id FROM ledger_txn WHERE invoice_id = '{paid}' AND kind = '{kind}')");
    let attempt = |id: &InvoiceId, change: &str| {
        format!("UPDATE payment_attempt SET {change} WHERE invoice_id = '{id}'")
    };
    let invoice = |id: &InvoiceId, change: &str| format!("UPDATE invoice SET {change} WHERE id = '{id}'");
    vec![
        (
            "paid with something due",
            vec![invoice(unpaid, "status = 'paid', paid_at = created_at")],
            &[Standing],
        ),
        ("open with nothing due", vec![invoice(paid, "status = 'open'")], &[Standing]),
        (
            "an unbalanced posting",
            vec![format!(
                "UPDATE ledger_entry SET amount = amount - 1 WHERE account = 'revenue' AND txn_id IN {}",
                txn("invoice")
            )],
            &[Unbalanced],
        ),
        (
            "a missing capture",
            vec![
                format!("DELETE FROM ledger_entry WHERE txn_id IN {}", txn("capture")),
                format!("DELETE FROM ledger_txn WHERE id IN {}", txn("capture")),
            ],
            &[Account, Capture, AmountPaid],
        ),
        (
            "a balance that is somebody else's",
            vec![format!(
                "UPDATE ledger_entry SET customer_id = '{bo}' WHERE customer_id = '{ada}' \
                 AND account = 'customer_balance' AND amount > 0"
            )],
            &[Account],
        ),
        (
            "a balance that leaves open what it could pay",
            vec![format!(
                "UPDATE ledger_entry SET customer_id = '{bo}' WHERE customer_id = '{ada}' \
                 AND account = 'customer_balance' AND amount < 0"
            )],
            &[Account, Standing],
        ),
        (
            "more paid than came",
            vec![invoice(paid, "amount_paid = amount_paid + 100")],
            &[Account, AmountPaid],
        ),
        (
            "more given back than was taken",
            vec!["UPDATE payment_attempt SET amount = 5000 WHERE purpose = 'refund'".to_owned()],
            &[Refund],
        ),
        ("an attempt that nobody looks at", vec![attempt(refused, "state = 'submitted'")], &[Stuck]),
        (
            "a charge of what was withdrawn",
            vec![
                attempt(refused, "state = 'submitted', next_check_at = created_at"),
                invoice(refused, "status = 'void'"),
            ],
            &[Account, OpenAttempt, Dunning],
        ),
        (
            "a key that had run out",
            vec![attempt(paid, "last_submitted_at = '2027-06-01 00:00:00'")],
            &[Resent],
        ),
        (
            "another customer's card",
            vec![format!(
                "UPDATE customer SET default_payment_method_id = (SELECT default_payment_method_id FROM customer \
                 WHERE id = '{ada}') WHERE id = '{mina}'"
            )],
            &[Owner],
        ),
    ]
}

fn course(books: &Books) -> Vec<Falsified> {
    let Books { mina, paid, unpaid, ada, credited, .. } = books;
    let device = |label: &str| {
        format!(
            "INSERT INTO license_activation (id, tenant_id, license_key_id, label, created_at) SELECT 'act_{label}', \
             tenant_id, id, '{label}', created_at FROM license_key WHERE customer_id = '{ada}'"
        )
    };
    vec![
        (
            "a payment that nobody here knows",
            vec![format!(
                "INSERT INTO inbound_event (id, tenant_id, provider_account_id, event_id, kind, object_ref, claim, state, \
                 next_try_at, alarmed_at, received_at) SELECT 'inb_lost', tenant_id, provider_account_id, 'evt_lost', \
                 'settled', 'ch_lost', '{{}}', 'waiting', created_at, created_at, created_at FROM payment_attempt \
                 WHERE invoice_id = '{paid}'"
            )],
            &[Unmatched],
        ),
        (
            "periods out of order",
            vec![format!("UPDATE invoice SET period_index = 2 WHERE id = '{credited}'")],
            &[Period],
        ),
        (
            "an end without a date",
            vec![format!("UPDATE subscription SET status = 'cancelled' WHERE customer_id = '{mina}'")],
            &[Ended],
        ),
        (
            "a charge after the end",
            vec![
                format!(
                    "UPDATE subscription SET status = 'cancelled', ended_at = created_at, next_due_at = NULL \
                     WHERE customer_id = '{mina}'"
                ),
                format!(
                    "UPDATE event SET kind = 'subscription.cancelled' WHERE seq = 1 AND subject = \
                     (SELECT id FROM subscription WHERE customer_id = '{mina}')"
                ),
            ],
            &[Ended, License],
        ),
        (
            "a renewal that never comes",
            vec![format!("UPDATE subscription SET next_due_at = NULL WHERE customer_id = '{ada}'")],
            &[Forgotten],
        ),
        (
            "a case closed by half",
            vec!["UPDATE dunning_case SET closed_at = started_at".to_owned()],
            &[Dunning],
        ),
        (
            "a case that nobody looks at",
            vec!["UPDATE dunning_case SET next_at = NULL WHERE outcome IS NULL".to_owned()],
            &[Dunning],
        ),
        ("a lost event", vec![format!("DELETE FROM event WHERE subject = '{paid}' AND seq = 1")], &[Event]),
        (
            "the only event of its subject",
            vec![format!("DELETE FROM event WHERE subject = '{unpaid}'")],
            &[Event],
        ),
        (
            "a key that outlives its subscription",
            vec![format!(
                "UPDATE subscription SET status = 'cancelled', ended_at = current_period_end, next_due_at = NULL \
                 WHERE customer_id = '{ada}'"
            )],
            &[License],
        ),
        ("usage that nothing bills", used_of_nothing(mina), &[Usage]),
        ("a device too many", vec![device("one"), device("two")], &[License]),
        (
            "another customer's key",
            vec![format!("UPDATE license_key SET customer_id = '{mina}' WHERE customer_id = '{ada}'")],
            &[Owner],
        ),
        ("a mail sent as another", vec!["UPDATE mail SET message_id = 'same@example'".to_owned()], &[Mail]),
    ]
}

/// Takes in what was used on a meter by which nothing is billed.
fn used_of_nothing(owner: &CustomerId) -> Vec<String> {
    vec![
        format!(
            "INSERT INTO meter (id, tenant_id, code, name, aggregation, created_at) SELECT 'mtr_calls', tenant_id, \
             'calls', 'Calls', 'sum', created_at FROM customer WHERE id = '{owner}'"
        ),
        format!(
            "INSERT INTO usage_event (id, tenant_id, subscription_id, meter_id, event_key, value, occurred_at, \
             received_at) SELECT 'use_call', tenant_id, id, 'mtr_calls', 'one', '1', current_period_start, \
             current_period_start FROM subscription WHERE customer_id = '{owner}'"
        ),
    ]
}
