//! Writes the invoice of a period: the one place where a subscription becomes an amount. The portal's "next
//! invoice" and the renewal both call it, so they cannot differ.

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, LineId};
use crate::mail::locale_of;
use crate::scope::Scope;
use crate::store;
use crate::store::catalog::{Price, Product};
use crate::store::customers::{BillingAddress, Customer};
use crate::store::documents::DocumentKind;
use crate::store::events::{Actor, NewEvent};
use crate::store::invoices::{Invoice, InvoiceLine};
use crate::store::ledger::{Entry, LedgerAccount, TxnKind};
use crate::store::subscriptions::Subscription;
use chrono::TimeDelta;
use domain::invoice::assemble::{Assembled, LineInput, TaxGroup, assemble};
use domain::invoice::number::Pattern;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::money::Money;
use domain::payment::key::period_ref;
use domain::period::Period;
use domain::tax::TaxRate;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A seller or buyer as printed on a document, frozen when it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Person or legal name.
    pub name: String,
    /// Company, on the buyer's side.
    pub company: Option<String>,
    /// Street, addition, postal code and city, region.
    pub address: Vec<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// VAT identification number.
    pub vat_id: Option<String>,
    /// Entry in a register, on the seller's side.
    pub registration: Option<String>,
    /// For questions.
    pub email: Option<String>,
    /// Web site, on the seller's side.
    pub website: Option<String>,
}

/// What one period of a subscription costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodBill {
    /// The line's words.
    pub description: String,
    /// What goes in.
    pub input: LineInput,
    /// What comes out.
    pub assembled: Assembled,
}

/// Computes what one period of a subscription costs under the business's settings.
pub fn price_period(scope: &Scope, price: &Price, product: &Product, quantity: i64) -> Result<PeriodBill> {
    let input = LineInput {
        quantity,
        unit_amount: price.unit_amount,
        discount: 0,
        tax_rate: scope.settings.tax.rate,
        behaviour: price.tax_behaviour,
    };
    let assembled = assemble(std::slice::from_ref(&input)).map_err(Error::bug)?;
    Ok(PeriodBill { description: product.name.clone(), input, assembled })
}

/// Writes, numbers and posts the invoice of a period. Taking the number is the last write but the event, so
/// that the series is held as briefly as possible. A second invoice for the same period is a conflict.
pub fn invoice_period(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    period: Period,
    reason: BillingReason,
    actor: &Actor,
) -> Result<Invoice> {
    let (price, product) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    let customer = store::customers::get(tx, scope.id(), &sub.customer_id)?;
    let address =
        store::customers::addresses(tx, scope.id(), &customer.id)?.into_iter().find(|a| a.is_default);
    let bill = price_period(scope, &price, &product, sub.quantity)?;
    let id = InvoiceId::mint();
    let due_days = i64::from(scope.settings.invoice.due_days);
    let mut invoice = Invoice {
        id: id.clone(),
        tenant_id: scope.id().clone(),
        customer_id: customer.id.clone(),
        subscription_id: Some(sub.id.clone()),
        series_id: None,
        seq: None,
        number: None,
        status: InvoiceStatus::Open,
        reason,
        period_index: Some(sub.period_index),
        period_start: Some(period.start),
        period_end: Some(period.end),
        issue_date: Some(scope.today()),
        due_at: Some(scope.now.billing + TimeDelta::days(due_days)),
        currency: price.currency,
        subtotal: bill.assembled.subtotal,
        discount: bill.assembled.discount,
        tax: bill.assembled.tax,
        total: bill.assembled.total,
        credit_applied: 0,
        amount_paid: 0,
        amount_credited: 0,
        natural_ref: period_ref(&scope.instance_id, sub.id.as_str(), sub.period_index),
        seller: to_json(&seller(scope))?,
        buyer: to_json(&buyer(&customer, address.as_ref()))?,
        locale: locale_of(&customer, scope),
        paid_at: None,
        created_at: scope.now.billing,
        updated_at: scope.now.wall,
        prev_hash: None,
        hash: None,
        tax_decision: None,
        carried_forward: 0,
        disputed_since: None,
    };
    if invoice.total == 0 {
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(scope.now.billing);
    }
    number(tx, scope, &mut invoice)?;
    let line = line_of(&invoice, &price, &bill, period);
    store::invoices::insert(tx, &invoice, &[line])?;
    post(tx, scope, &invoice, TxnKind::Invoice, &opening_entries(&invoice))?;
    if invoice.status == InvoiceStatus::Paid {
        super::document::request(tx, scope, &id, DocumentKind::InvoicePaid)?;
    }
    let payload = json!({ "number": invoice.number, "total": invoice.total, "currency": invoice.currency,
        "subscription": sub.id, "period_index": sub.period_index, "reason": reason });
    let event = NewEvent { subject: id.as_str(), kind: "invoice.opened", actor, reason: None, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)?;
    Ok(invoice)
}

fn number(tx: &mut Conn, scope: &Scope, invoice: &mut Invoice) -> Result<()> {
    let settings = &scope.settings.invoice;
    let pattern = Pattern::parse(settings.pattern.as_str(), settings.reset).map_err(Error::bug)?;
    let date = scope.today();
    let (series, seq) =
        store::invoices::take_number(tx, scope.id(), "invoice", &pattern.scope_key(date), date)?;
    invoice.number = Some(pattern.render(date, seq, &settings.prefix));
    invoice.series_id = Some(series);
    invoice.seq = Some(seq);
    Ok(())
}

fn line_of(invoice: &Invoice, price: &Price, bill: &PeriodBill, period: Period) -> InvoiceLine {
    let computed = &bill.assembled.lines[0];
    InvoiceLine {
        id: LineId::mint(),
        tenant_id: invoice.tenant_id.clone(),
        invoice_id: invoice.id.clone(),
        position: 0,
        price_id: Some(price.id.clone()),
        description: bill.description.clone(),
        quantity: bill.input.quantity,
        unit_amount: bill.input.unit_amount,
        amount: computed.amount,
        discount: computed.discount,
        tax_rate: i64::from(bill.input.tax_rate.0),
        tax_behaviour: bill.input.behaviour,
        net: computed.net,
        tax: computed.tax,
        service_start: Some(period.start),
        service_end: Some(period.end),
        formula: None,
        reverses_line_id: None,
    }
}

/// Takes back the posting of an invoice that is withdrawn.
pub(crate) fn post_void(tx: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<()> {
    let entries = opening_entries(invoice)
        .map(|e| Entry { amount: Money::new(-e.amount.minor, e.amount.currency), ..e });
    post(tx, scope, invoice, TxnKind::Void, &entries)
}

/// Receivable against revenue and tax.
fn opening_entries(invoice: &Invoice) -> [Entry; 3] {
    let money = |minor| Money::new(minor, invoice.currency);
    [
        Entry { account: LedgerAccount::Receivable, amount: money(invoice.total) },
        Entry { account: LedgerAccount::Revenue, amount: money(invoice.tax - invoice.total) },
        Entry { account: LedgerAccount::TaxPayable, amount: money(-invoice.tax) },
    ]
}

fn post(tx: &mut Conn, scope: &Scope, invoice: &Invoice, kind: TxnKind, entries: &[Entry]) -> Result<()> {
    let about = (&invoice.id, None);
    store::ledger::post(tx, scope.id(), kind, &invoice.customer_id, about, entries, scope.now.billing)
}
/// Taxable amount and tax per rate of an invoice's lines, in the order of the lines.
pub fn tax_groups(lines: &[InvoiceLine]) -> Vec<TaxGroup> {
    let mut groups: Vec<TaxGroup> = Vec::new();
    for line in lines {
        let rate = TaxRate(u32::try_from(line.tax_rate).unwrap_or(0));
        match groups.iter_mut().find(|group| group.rate == rate) {
            Some(group) => {
                group.taxable += line.net;
                group.tax += line.tax;
            }
            None => groups.push(TaxGroup { rate, taxable: line.net, tax: line.tax }),
        }
    }
    groups
}

fn seller(scope: &Scope) -> Party {
    let (identity, seller) = (&scope.settings.identity, &scope.settings.seller);
    let text = |line: &Option<crate::settings::values::Line>| line.as_ref().map(ToString::to_string);
    let city =
        [text(&seller.postal_code), text(&seller.city)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let address = [text(&seller.line1), text(&seller.line2), Some(city), text(&seller.region)];
    Party {
        name: text(&seller.legal_name).unwrap_or_else(|| identity.name.to_string()),
        company: None,
        address: address.into_iter().flatten().filter(|line| !line.is_empty()).collect(),
        country: seller.country.as_ref().unwrap_or(&identity.country).to_string(),
        vat_id: text(&seller.vat_id),
        registration: text(&seller.registration),
        email: seller.email.as_ref().map(ToString::to_string),
        website: seller.website.as_ref().map(ToString::to_string),
    }
}

fn buyer(customer: &Customer, address: Option<&BillingAddress>) -> Party {
    let Some(address) = address else {
        return Party {
            name: customer.name.clone(),
            company: customer.company.clone(),
            vat_id: customer.vat_id.clone(),
            email: Some(customer.email.clone()),
            ..Party::default()
        };
    };
    let city = format!("{} {}", address.postal_code, address.city);
    let lines = [Some(address.line1.clone()), address.line2.clone(), Some(city), address.region.clone()];
    Party {
        name: address.name.clone(),
        company: address.company.clone().or_else(|| customer.company.clone()),
        address: lines.into_iter().flatten().collect(),
        country: address.country.clone(),
        vat_id: customer.vat_id.clone(),
        registration: None,
        email: Some(customer.email.clone()),
        website: None,
    }
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::bug)
}
