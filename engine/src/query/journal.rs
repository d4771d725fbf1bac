//! What happened since a moment, in the order in which it happened, as an operator reads it: no ids, so that two runs
//! over the same data read alike.

use crate::db::Conn;
use crate::db::schema::{event, invoice, mail, payment_attempt, subscription};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, CreditNoteId, CustomerId, DunningId, InvoiceId, MethodId, SubscriptionId};
use crate::scope::Scope;
use crate::store;
use crate::store::events::Event;
use crate::store::mails::Mail;
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::Instant;
use domain::payment::state::{AttemptState, Purpose};
use std::collections::BTreeMap;
use std::fmt;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When, billing time.
    pub at: Instant,
    /// Whose it was: an address; empty where it was nobody's.
    pub customer: String,
    /// `subscription.renewed`, `mail.receipt` ...
    pub kind: String,
    /// What it was about: a price, an amount.
    pub about: String,
    /// Number of the document, where there is one.
    pub number: String,
    /// Why, where there is a why.
    pub reason: String,
}

impl Entry {
    /// What stays the same when other documents were numbered before this one.
    pub fn fact(&self) -> (Instant, &str, &str, &str) {
        (self.at, &self.customer, &self.kind, &self.about)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, customer, kind, about, number, reason } = self;
        write!(f, "{}  {customer:<28}  {kind:<28}", at.format("%Y-%m-%d %H:%M:%S"))?;
        [about, number, reason]
            .into_iter()
            .filter(|part| !part.is_empty())
            .try_for_each(|part| write!(f, "  {part}"))
    }
}

/// Everything recorded and mailed after `since` (billing time).
///
/// # Errors
/// When the database does not answer.
pub fn since(conn: &mut Conn, scope: &Scope, since: Instant) -> Result<Vec<Entry>> {
    let ahead = scope.now.billing - scope.now.wall;
    let events: Vec<Event> = event::table
        .filter(event::tenant_id.eq(scope.id()).and(event::created_at.gt(since)))
        .select(Event::as_select())
        .load(conn)?;
    let mails: Vec<Mail> = mail::table
        .filter(mail::tenant_id.eq(scope.id()).and(mail::created_at.gt(since - ahead)))
        .select(Mail::as_select())
        .load(conn)?;
    let mut journal = Vec::with_capacity(events.len() + mails.len());
    for event in &events {
        journal.push((event.created_at, minted(event.id.as_str()).to_owned(), told(conn, scope, event)?));
    }
    for mail in &mails {
        let entry = Entry {
            at: mail.created_at + ahead,
            customer: mail.to_address.clone(),
            kind: format!("mail.{}", mail.kind),
            about: String::new(),
            number: String::new(),
            reason: String::new(),
        };
        journal.push((entry.at, minted(mail.id.as_str()).to_owned(), entry));
    }
    journal.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    Ok(journal.into_iter().map(|(_, _, entry)| entry).collect())
}

/// The part of an id that sorts by time.
fn minted(id: &str) -> &str {
    id.rsplit_once('_').map_or(id, |(_, ulid)| ulid)
}

fn told(conn: &mut Conn, scope: &Scope, event: &Event) -> Result<Entry> {
    let subject = event.subject.as_str();
    let (prefix, _) = subject.split_once('_').unwrap_or_default();
    let (owner, about, number): (Option<CustomerId>, String, String) = match prefix {
        SubscriptionId::PREFIX => {
            let sub = store::subscriptions::get(conn, scope.id(), &subject.into())?;
            let (price, _) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
            (Some(sub.customer_id), price.code, String::new())
        }
        InvoiceId::PREFIX => {
            let invoice = store::invoices::get(conn, scope.id(), &subject.into())?;
            let total = invoice.total().to_string();
            (Some(invoice.customer_id), total, invoice.number.unwrap_or_default())
        }
        AttemptId::PREFIX => {
            let attempt = store::attempts::get(conn, scope.id(), &subject.into())?;
            let invoice = store::invoices::get(conn, scope.id(), &attempt.invoice_id)?;
            let amount = attempt.amount().to_string();
            (Some(attempt.customer_id), amount, invoice.number.unwrap_or_default())
        }
        CreditNoteId::PREFIX => {
            let note = store::credit_notes::get(conn, scope.id(), &subject.into())?;
            let total = note.total().to_string();
            (Some(note.customer_id), total, note.number)
        }
        DunningId::PREFIX => {
            let case = store::dunning::get(conn, scope.id(), &subject.into())?;
            let invoice = store::invoices::get(conn, scope.id(), &case.invoice_id)?;
            let total = invoice.total().to_string();
            (Some(case.customer_id), total, invoice.number.unwrap_or_default())
        }
        MethodId::PREFIX => {
            let method = store::methods::get(conn, scope.id(), &subject.into())?;
            (Some(method.customer_id), format!("{} {}", method.brand, method.last4), String::new())
        }
        CustomerId::PREFIX => (Some(subject.into()), String::new(), String::new()),
        _ => Default::default(),
    };
    let customer = match owner {
        Some(id) => store::customers::get(conn, scope.id(), &id)?.email,
        None => String::new(),
    };
    let (kind, reason) = (event.kind.to_string(), event.reason.clone().unwrap_or_default());
    Ok(Entry { at: event.created_at, customer, kind, about, number, reason })
}

/// What a business has come to since a moment, a line each: documents, money, mails; and how its subscriptions stand.
///
/// # Errors
/// When the database does not answer.
pub fn totals(conn: &mut Conn, scope: &Scope, since: Instant) -> Result<Vec<String>> {
    let wall = since - (scope.now.billing - scope.now.wall);
    let mut lines = Vec::new();
    let invoices: Vec<(String, i64)> = invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::created_at.gt(since)))
        .select((invoice::currency, invoice::total))
        .load(conn)?;
    lines.extend(sums("invoices", invoices)?);
    for (name, purpose, state) in [
        ("charges that succeeded", Purpose::Charge, AttemptState::Succeeded),
        ("charges that failed", Purpose::Charge, AttemptState::Failed),
        ("refunds", Purpose::Refund, AttemptState::Succeeded),
    ] {
        let attempts: Vec<(String, i64)> = payment_attempt::table
            .filter(payment_attempt::tenant_id.eq(scope.id()).and(payment_attempt::settled_at.gt(wall)))
            .filter(payment_attempt::purpose.eq(purpose.as_str()))
            .filter(payment_attempt::state.eq(state.as_str()))
            .select((payment_attempt::currency, payment_attempt::amount))
            .load(conn)?;
        lines.extend(sums(name, attempts)?);
    }
    let mails: Vec<(String, i64)> = mail::table
        .filter(mail::tenant_id.eq(scope.id()).and(mail::created_at.gt(wall)))
        .group_by(mail::kind)
        .order(mail::kind)
        .select((mail::kind, count_star()))
        .load(conn)?;
    lines.extend(mails.into_iter().map(|(kind, count)| format!("{count:7}  mails {kind}")));
    let standing: Vec<(String, i64)> = subscription::table
        .filter(subscription::tenant_id.eq(scope.id()))
        .group_by(subscription::status)
        .order(subscription::status)
        .select((subscription::status, count_star()))
        .load(conn)?;
    lines.extend(
        standing.into_iter().map(|(status, count)| format!("{count:7}  subscriptions then {status}")),
    );
    Ok(lines)
}

/// How many, and what they come to, by currency.
fn sums(name: &str, amounts: Vec<(String, i64)>) -> Result<Vec<String>> {
    let mut sums = BTreeMap::<String, (usize, i64)>::new();
    for (currency, amount) in amounts {
        let sum = sums.entry(currency).or_default();
        *sum = (sum.0 + 1, sum.1 + amount);
    }
    let line = |(currency, (count, minor)): (String, (usize, i64))| {
        let currency = currency.parse().map_err(Error::bug)?;
        Ok(format!("{count:7}  {name}  {}", domain::money::Money::new(minor, currency)))
    };
    sums.into_iter().map(line).collect()
}
