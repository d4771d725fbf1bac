//! Credits an invoice: writes, numbers, chains and posts a credit note, and sends its money where it goes.

use super::bill::{self, chain, series};
use super::goes_on::{Settled, subscription_goes_on};
use super::pay_from_balance::pay_from_balance;
use super::refund::{self, Charge};
use super::{document, dun, record};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CreditLineId, CreditNoteId, InvoiceId, LineId, TenantId};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::credit_notes::{CreditNote, CreditNoteLine};
use crate::store::events::Actor;
use crate::store::invoices::{Invoice, InvoiceLine};
use domain::dunning::CaseOutcome;
use domain::event::{EventKind, Reason};
use domain::invoice::assemble::{LineInput, assemble};
use domain::invoice::credit_note::{
    self, BilledLine, CreditError, CreditReason, Request, Settlement, Split, Taxed,
};
use domain::invoice::number::SeriesKind;
use domain::invoice::state::InvoiceStatus;
use domain::ledger;
use domain::money::Money;
use domain::subscription::hold::Means;
use domain::tax::TaxRate;
use std::collections::BTreeMap;

/// Longest comment that a credit note prints, in characters.
pub const COMMENT_CHARS: usize = 500;

/// What to credit.
#[derive(Debug, Clone)]
pub struct CreditRequest {
    /// Of which invoice.
    pub invoice: InvoiceId,
    /// All, an amount, or of single lines.
    pub what: Request,
    /// Why.
    pub reason: CreditReason,
    /// Why, in words that the credit note prints.
    pub comment: Option<String>,
    /// Where what was paid is to go. What is unpaid is always set off first.
    pub settlement: Settlement,
}

/// Credits an invoice, wholly or in part. Refunds are sent by the worker.
///
/// # Errors
/// `Refused` with `not_creditable`, `payment_open`, `nothing_left`, `too_much`, `bad_line`, `only_whole` or
/// `comment_too_long`.
pub fn credit(
    engine: &Engine,
    tenant_id: &TenantId,
    request: CreditRequest,
    actor: Actor,
) -> Result<CreditNote> {
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &request.invoice)?.customer_id;
        scope.lock(tx, &owner)?;
        let note = issue(tx, scope, request, &actor)?;
        pay_from_balance(tx, scope, &owner, note.currency, &actor)?;
        Ok(note)
    })
}

/// As [`credit`], in the caller's transaction, which has locked the customer and decides what the balance pays first.
pub(crate) fn issue(
    tx: &mut Conn,
    scope: &Scope,
    request: CreditRequest,
    actor: &Actor,
) -> Result<CreditNote> {
    issue_up_to(tx, scope, request, i64::MAX, actor)
}

/// As [`issue`], with refunds of so many minor units at most. What was wished beyond goes into the balance.
pub(crate) fn issue_up_to(
    tx: &mut Conn,
    scope: &Scope,
    request: CreditRequest,
    most: i64,
    actor: &Actor,
) -> Result<CreditNote> {
    let (note, invoice) = write_down(tx, scope, request, most, actor)?;
    if note.to_offset > 0 && invoice.status == InvoiceStatus::Paid {
        dun::close(tx, scope, &invoice.id, CaseOutcome::Recovered)?;
        let let_go = Settled { invoice: &invoice, means: Means::Business };
        subscription_goes_on(tx, scope, let_go, actor)?;
    }
    Ok(note)
}

/// Takes an invoice back whole, in the caller's transaction, which decides about its subscription and its case. What
/// was paid of it goes to the balance. One of which nothing is left is taken back already.
pub(crate) fn take_back(
    tx: &mut Conn,
    scope: &Scope,
    id: &InvoiceId,
    reason: CreditReason,
    actor: &Actor,
) -> Result<()> {
    let invoice = id.clone();
    let (what, settlement) = (Request::Whole, Settlement::Balance);
    let request = CreditRequest { invoice, what, reason, comment: None, settlement };
    match write_down(tx, scope, request, i64::MAX, actor) {
        Err(Error::Refused { code: "nothing_left", .. }) => Ok(()),
        written => written.map(drop),
    }
}

/// What a request comes to.
struct Computed {
    lines: Vec<InvoiceLine>,
    amounts: credit_note::CreditNote,
    charges: Vec<Charge>,
    split: Split,
}

/// Where the money of a request would go, with refunds of so many minor units at most. Nothing is written.
pub(crate) fn preview(conn: &mut Conn, scope: &Scope, request: &CreditRequest, most: i64) -> Result<Split> {
    let invoice = store::invoices::get(conn, scope.id(), &request.invoice)?;
    compute(conn, scope, &invoice, request, most).map(|computed| computed.split)
}

fn compute(
    conn: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    request: &CreditRequest,
    most: i64,
) -> Result<Computed> {
    check(conn, scope, invoice, request.comment.as_deref())?;
    let lines = store::invoices::lines(conn, scope.id(), &invoice.id)?;
    let amounts =
        credit_note::credit(&billed(conn, scope, &lines, &request.what)?, &request.what).map_err(refusal)?;
    let charges = refund::charges(conn, scope, &invoice.id)?;
    let (due, refundable) = (invoice.due()?.minor, refund::refundable(&charges).min(most));
    let split = credit_note::settle(amounts.total, request.settlement, due, refundable);
    Ok(Computed { lines, amounts, charges, split })
}

/// Writes the credit note and all that follows for the invoice. Answers with the invoice as it stands then.
fn write_down(
    tx: &mut Conn,
    scope: &Scope,
    request: CreditRequest,
    most: i64,
    actor: &Actor,
) -> Result<(CreditNote, Invoice)> {
    let mut invoice = store::invoices::get(tx, scope.id(), &request.invoice)?;
    let computed = compute(tx, scope, &invoice, &request, most)?;
    let (split, charges) = (computed.split, &computed.charges);
    let reason = request.reason;
    let note = write(tx, scope, &invoice, request, &computed)?;
    let posting = ledger::credit_note(note.currency, note.net, note.tax, &split).map_err(Error::bug)?;
    set_off(tx, scope, &mut invoice, split.offset, actor)?;
    store::ledger::post_credit_note(tx, scope.id(), &note, &posting)?;
    record::credit_note(
        tx,
        scope,
        &note,
        EventKind::CreditNoteIssued,
        actor,
        Some(&Reason::Credited(reason)),
    )?;
    refund::plan(tx, scope, &invoice, &note, charges, actor)?;
    document::request_credit_note(tx, scope, &note)?;
    tell(tx, scope, &note)?;
    Ok((note, invoice))
}

fn check(conn: &mut Conn, scope: &Scope, invoice: &Invoice, comment: Option<&str>) -> Result<()> {
    if matches!(invoice.status, InvoiceStatus::Draft | InvoiceStatus::Void) {
        return Err(Error::refused("not_creditable", "this invoice cannot be credited"));
    }
    if store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_some() {
        return Err(Error::refused("payment_open", "a payment of this invoice is still being checked"));
    }
    if comment.is_some_and(|comment| comment.chars().count() > COMMENT_CHARS) {
        return Err(Error::refused("comment_too_long", "the comment is too long"));
    }
    Ok(())
}

/// Whether a credit note over lines was refused since their invoice is worth less than they bill: it gave back a part of
/// another. Nothing was written.
pub(crate) fn is_worth_less(refused: &Error) -> bool {
    matches!(refused, Error::Refused { code: "too_much" | "only_whole", .. })
}

fn refusal(error: CreditError) -> Error {
    let code = match error {
        CreditError::NothingLeft => "nothing_left",
        CreditError::MoreThanLeft { .. } => "too_much",
        CreditError::Line(_) => "bad_line",
        CreditError::OnlyWhole => "only_whole",
        CreditError::Money(error) => return Error::bug(error),
    };
    Error::refused(code, error.to_string())
}

/// The lines with what was given back of them before: by credit notes, and by lines of later invoices or that
/// wait for one, as changes of plan make them. What the same invoice gives back counts for single lines only: else it
/// goes back with them.
fn billed(conn: &mut Conn, scope: &Scope, lines: &[InvoiceLine], what: &Request) -> Result<Vec<BilledLine>> {
    let Some(first) = lines.first() else { return Ok(Vec::new()) };
    let ids: Vec<LineId> = lines.iter().map(|line| line.id.clone()).collect();
    let mut credited = BTreeMap::<LineId, Taxed>::new();
    let mut add = |line: LineId, net: i64, tax: i64| {
        let sum = credited.entry(line).or_default();
        *sum = Taxed { net: sum.net + net, tax: sum.tax + tax };
    };
    for line in store::credit_notes::lines_of_invoice(conn, scope.id(), &first.invoice_id)? {
        add(line.invoice_line_id, line.net, line.tax);
    }
    for (id, line) in store::reversals::billed(conn, scope.id(), &ids)? {
        if line.invoice_id == first.invoice_id && !matches!(what, Request::Lines(_)) {
            continue;
        }
        add(id.clone(), -line.net, -line.tax);
        // A credit note that took it back has made it undone.
        for (part, _) in store::billed::credited(conn, scope.id(), &line.id)? {
            add(id.clone(), part.net, part.tax);
        }
    }
    for (id, line) in store::reversals::waiting(conn, scope.id(), &ids)? {
        let input = LineInput {
            quantity: line.quantity,
            unit_amount: line.unit_amount,
            discount: line.discount,
            tax_rate: rate(line.tax_rate)?,
            behaviour: line.tax_behaviour,
        };
        let sum = assemble(&[input]).map_err(Error::bug)?;
        add(id, sum.tax - sum.total, -sum.tax);
    }
    let billed = |line: &InvoiceLine| {
        Ok(BilledLine {
            rate: rate(line.tax_rate)?,
            billed: Taxed { net: line.net, tax: line.tax },
            credited: credited.get(&line.id).copied().unwrap_or_default(),
        })
    };
    lines.iter().map(billed).collect()
}

fn rate(millionths: i64) -> Result<TaxRate> {
    u32::try_from(millionths).map(TaxRate).map_err(Error::bug)
}

/// Numbers and chains the credit note, and inserts it.
fn write(
    tx: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    request: CreditRequest,
    computed: &Computed,
) -> Result<CreditNote> {
    let Computed { lines, amounts, split, .. } = computed;
    let taken = series::take(tx, scope, SeriesKind::CreditNote, &invoice.customer_id)?;
    let mut note = CreditNote {
        id: CreditNoteId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: invoice.customer_id.clone(),
        invoice_id: invoice.id.clone(),
        series_id: taken.place.series.clone(),
        seq: taken.place.seq,
        number: taken.number,
        reason: request.reason.into(),
        comment: request.comment,
        issue_date: taken.issued,
        currency: invoice.currency,
        net: amounts.net,
        tax: amounts.tax,
        total: amounts.total,
        to_offset: split.offset,
        to_balance: split.balance,
        to_refund: split.refund,
        seller: invoice.seller.clone(),
        buyer: invoice.buyer.clone(),
        locale: invoice.locale.clone(),
        prev_hash: taken.place.last_hash.clone(),
        hash: String::new(),
        created_at: scope.now.billing,
    };
    let rows: Vec<CreditNoteLine> =
        (0..).zip(&amounts.lines).map(|(position, line)| row(&note, lines, position, line)).collect();
    note.hash = series::link(tx, scope, &taken.place, &chain::of_credit_note(&note, &rows)?)?;
    store::credit_notes::insert(tx, &note, &rows)?;
    Ok(note)
}

fn row(
    note: &CreditNote,
    lines: &[InvoiceLine],
    position: i32,
    credited: &credit_note::CreditedLine,
) -> CreditNoteLine {
    let line = &lines[credited.line];
    CreditNoteLine {
        id: CreditLineId::mint(),
        tenant_id: note.tenant_id.clone(),
        credit_note_id: note.id.clone(),
        invoice_line_id: line.id.clone(),
        position,
        description: line.description.clone(),
        tax_rate: line.tax_rate,
        net: credited.amount.net,
        tax: credited.amount.tax,
    }
}

/// Takes what was unpaid off the invoice. With nothing left to pay it is paid.
fn set_off(tx: &mut Conn, scope: &Scope, invoice: &mut Invoice, amount: i64, actor: &Actor) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    if invoice.status == InvoiceStatus::Uncollectible {
        // It stands in `bad_debt`, and a credit note knows `receivable` only.
        let taken_back = ledger::written_off(Money::new(-amount, invoice.currency)).map_err(Error::bug)?;
        bill::post(tx, scope, invoice, &taken_back)?;
    }
    invoice.amount_credited += amount;
    let before = invoice.status;
    if invoice.due()?.minor <= 0 {
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(scope.now.billing);
    }
    invoice.updated_at = scope.now.wall;
    store::invoices::update(tx, scope.id(), invoice)?;
    record::invoice(tx, scope, invoice, before, actor, None)
}

fn tell(tx: &mut Conn, scope: &Scope, note: &CreditNote) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &note.customer_id)?;
    let facts = MailFacts {
        amount: Some(note.total()),
        date: Some(note.issue_date),
        invoice_id: Some(note.invoice_id.clone()),
        credit_note_id: Some(note.id.clone()),
        ..MailFacts::default()
    };
    let (kind, dedupe_key) = (MailKind::CreditNote, format!("{}:credit_note", note.id));
    mail::queue(tx, scope, NewMail { to: &customer, kind, dedupe_key, facts })
}
