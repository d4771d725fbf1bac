//! Attempts, their postings, and what the invoice says was paid.

use super::pages::Extent;
use super::{Finding, FindingKind, pages};
use crate::db::Conn;
use crate::db::schema::{ledger_entry, ledger_txn, payment_attempt};
use crate::error::Result;
use crate::scope::Scope;
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::events::Event;
use crate::store::invoices::Invoice;
use diesel::prelude::*;
use domain::event::EventKind;
use domain::invoice::state::InvoiceStatus;
use domain::ledger::{Account, TxnKind};
use domain::payment::state::{AttemptState, Purpose};

pub(super) fn check(conn: &mut Conn, scope: &Scope, extent: Extent) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    pages::invoices(conn, scope, extent, |conn, invoice| {
        let attempts = attempts(conn, scope, &invoice)?;
        let moved = moved(conn, scope, &invoice)?;
        for attempt in &attempts {
            let posting = wrong_posting(conn, scope, attempt, &moved)?;
            let wrong = posting.into_iter().chain(wrong_course(attempt));
            findings.extend(wrong.map(|(kind, text)| Finding::new(kind, &attempt.id, text)));
        }
        findings.extend(refunded_too_much(&attempts, &moved));
        findings.extend(wrongly_open(&invoice, &attempts));
        findings.extend(wrongly_paid(&invoice, &moved));
        Ok(())
    })?;
    Ok(findings)
}

/// Charges and refunds.
fn attempts(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Vec<Attempt>> {
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(scope.id()).and(payment_attempt::invoice_id.eq(&invoice.id)))
        .order(payment_attempt::id)
        .select(Attempt::as_select())
        .load(conn)?)
}

/// Money that came or went through the provider for an invoice; what came is positive.
#[derive(Queryable)]
struct Moved {
    kind: String,
    attempt: Option<String>,
    currency: String,
    amount: i64,
}

fn moved(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Vec<Moved>> {
    Ok(ledger_entry::table
        .inner_join(ledger_txn::table.on(ledger_txn::id.eq(ledger_entry::txn_id)))
        .filter(ledger_txn::tenant_id.eq(scope.id()).and(ledger_txn::invoice_id.eq(&invoice.id)))
        .filter(ledger_entry::account.eq(Account::ProviderClearing.as_str()))
        .select((ledger_txn::kind, ledger_txn::attempt_id, ledger_entry::currency, ledger_entry::amount))
        .load(conn)?)
}

fn of_attempt<'a>(moved: &'a [Moved], attempt: &Attempt, kind: TxnKind) -> Vec<&'a Moved> {
    let mine = |m: &&Moved| m.attempt.as_deref() == Some(attempt.id.as_str()) && m.kind == kind.as_str();
    moved.iter().filter(mine).collect()
}

/// One posting for each attempt that moved money, none for others. An amount that differs from what was asked for
/// is what the provider took, and a person was called.
fn wrong_posting(
    conn: &mut Conn,
    scope: &Scope,
    attempt: &Attempt,
    moved: &[Moved],
) -> Result<Option<(FindingKind, String)>> {
    let (posting, kind, sign) = match attempt.purpose {
        Purpose::Charge => (TxnKind::Capture, FindingKind::Capture, 1),
        Purpose::Refund => (TxnKind::Refund, FindingKind::Refund, -1),
    };
    let has_moved = matches!(attempt.state, AttemptState::Succeeded | AttemptState::Reversed);
    let text = match (has_moved, of_attempt(moved, attempt, posting).as_slice()) {
        (false, []) => return Ok(None),
        (false, _) => format!("it is {}, and a {posting} was posted for it", attempt.state),
        (true, []) => format!("it is {}, and no {posting} was posted for it", attempt.state),
        (true, [one]) => {
            let asked = (attempt.amount * sign, attempt.currency.code());
            if (one.amount, one.currency.as_str()) == asked || was_called(conn, scope, attempt)? {
                return Ok(None);
            }
            format!("{} {} was posted for {}", one.amount * sign, one.currency, attempt.amount())
        }
        (true, many) => format!("it was posted {} times", many.len()),
    };
    Ok(Some((kind, text)))
}

/// Whether a person was asked to look, who may have done so since.
fn was_called(conn: &mut Conn, scope: &Scope, attempt: &Attempt) -> Result<bool> {
    let asks =
        |event: &Event| matches!(event.kind, EventKind::PaymentNeedsReview | EventKind::RefundNeedsReview);
    Ok(store::events::of(conn, scope.id(), attempt.id.as_str())?.iter().any(asks))
}

/// While an attempt is open somebody looks at it again; and nothing is sent once its key protects it no more. A key
/// that was closed early says so by a window without length.
fn wrong_course(attempt: &Attempt) -> Option<(FindingKind, String)> {
    if attempt.state.is_open() && attempt.next_check_at.is_none() {
        return Some((FindingKind::Stuck, format!("it is {}, and nobody will look at it", attempt.state)));
    }
    let window = attempt.first_submitted_at.zip(attempt.resend_until).filter(|(first, until)| first < until);
    let late = window.zip(attempt.last_submitted_at).is_some_and(|((_, until), last)| last > until);
    late.then(|| (FindingKind::Resent, "it was sent again after its key had run out".to_owned()))
}

fn refunded_too_much(attempts: &[Attempt], moved: &[Moved]) -> Vec<Finding> {
    let counts = |a: &Attempt| {
        a.purpose == Purpose::Refund && (a.state.is_open() || a.state == AttemptState::Succeeded)
    };
    let refunds = |charge: &Attempt| -> i128 {
        let of = attempts.iter().filter(|a| counts(a) && a.refund_of.as_ref() == Some(&charge.id));
        of.map(|refund| i128::from(refund.amount)).sum()
    };
    let wrong = |charge: &Attempt| {
        let taken: i128 =
            of_attempt(moved, charge, TxnKind::Capture).iter().map(|m| i128::from(m.amount)).sum();
        let back = refunds(charge);
        let text = || format!("{back} goes back of {taken} {} taken", charge.currency);
        (back > taken).then(|| Finding::new(FindingKind::Refund, &charge.id, text()))
    };
    attempts.iter().filter(|attempt| attempt.purpose == Purpose::Charge).filter_map(wrong).collect()
}

fn wrongly_open(invoice: &Invoice, attempts: &[Attempt]) -> Option<Finding> {
    let open = attempts.iter().filter(|a| a.purpose == Purpose::Charge && a.state.is_open()).count();
    let text = match (open, invoice.status) {
        (0, _) => return None,
        (_, InvoiceStatus::Void) => "a charge is under way for an invoice that was withdrawn".to_owned(),
        (1, _) => return None,
        _ => format!("{open} charges are under way at once"),
    };
    Some(Finding::new(FindingKind::OpenAttempt, &invoice.id, text))
}

/// What an invoice says was paid is what charges brought in its currency, less what banks took back.
fn wrongly_paid(invoice: &Invoice, moved: &[Moved]) -> Option<Finding> {
    let kinds = [TxnKind::Capture, TxnKind::DisputeOpened, TxnKind::DisputeWon];
    let pays = |m: &&Moved| {
        kinds.iter().any(|kind| m.kind == kind.as_str()) && m.currency == invoice.currency.code()
    };
    let taken: i128 = moved.iter().filter(pays).map(|m| i128::from(m.amount)).sum();
    let text = || format!("it says {} was paid, the postings say {taken}", invoice.amount_paid);
    (taken != i128::from(invoice.amount_paid))
        .then(|| Finding::new(FindingKind::AmountPaid, &invoice.id, text()))
}
