//! Bills as pages show them: lines with their reasons, taxes, and what is left to charge.

use crate::view;
use domain::invoice::formula::LineFormula;
use domain::money::Money;
use domain::tax::{TaxBehaviour, TaxRate};
use engine::query::paying::Paying;
use engine::query::payment::Payment;
use engine::store::invoices::InvoiceLine;
use engine::usecase::bill::{PeriodBill, ToCome, tax_groups};
use engine::{Error, Result, Scope};
use templates::page::{Bill, ContainedTax, Line, SettledBy, Why};

/// A bill that is still to come, and what of it the customer's balance or a later invoice will settle.
pub(crate) fn to_come(scope: &Scope, to_come: &ToCome) -> Bill {
    quoted(scope, &to_come.bill)
        .settled_from_balance(to_come.opening.applied)
        .settled_by(SettledBy::CarriedForward, to_come.opening.carried)
}

/// What lines that are nobody's invoice yet come to.
pub(crate) fn quoted(scope: &Scope, bill: &PeriodBill) -> Bill {
    let money = |minor| Money::new(minor, bill.currency);
    let computed = bill.lines.iter().zip(&bill.assembled.lines);
    let lines = computed.map(|(line, computed)| {
        let taxed = Taxed {
            behaviour: line.input.behaviour,
            rate: line.input.tax_rate,
            net: money(computed.net),
            tax: money(computed.tax),
        };
        Line {
            description: line.description.clone(),
            period: line.service.map(|service| view::period(scope, service.start, service.end)),
            amount: taxed.net,
            why: Some(why(line.formula.clone(), &taxed)),
        }
    });
    Bill::new(lines.collect(), &bill.assembled.by_rate, tax_name(scope), money(bill.assembled.total))
}

/// What an invoice has billed, and what of it the customer's balance or a later invoice settles.
pub(crate) fn billed(scope: &Scope, payment: &Payment) -> Result<Bill> {
    let invoice = &payment.invoice;
    let line = |row: &InvoiceLine| {
        let money = |minor| Money::new(minor, invoice.currency);
        let rate = TaxRate(u32::try_from(row.tax_rate).map_err(Error::bug)?);
        let taxed = Taxed { behaviour: row.tax_behaviour, rate, net: money(row.net), tax: money(row.tax) };
        let formula = row.formula.as_deref().map(serde_json::from_str).transpose().map_err(Error::bug)?;
        Ok(Line {
            description: row.description.clone(),
            period: row.service_start.zip(row.service_end).map(|(from, to)| view::period(scope, from, to)),
            amount: taxed.net,
            why: formula.map(|formula| why(formula, &taxed)),
        })
    };
    let lines = payment.lines.iter().map(line).collect::<Result<_>>()?;
    let bill = Bill::new(lines, &tax_groups(&payment.lines), tax_name(scope), invoice.total());
    Ok(bill
        .settled_from_balance(invoice.credit_applied)
        .settled_by(SettledBy::CarriedForward, invoice.carried_forward))
}

/// What is charged when an invoice is paid: what is still unpaid of it, or, where that begins a new period, its bill.
pub(crate) fn to_pay(scope: &Scope, paying: &Paying) -> Result<Bill> {
    if let Some(restart) = paying.restart() {
        return Ok(to_come(scope, restart));
    }
    let invoice = &paying.payment.invoice;
    Ok(billed(scope, &paying.payment)?
        .settled_by(SettledBy::CreditNote, invoice.amount_credited)
        .settled_by(SettledBy::Charged, invoice.amount_paid))
}

/// How a line is taxed.
struct Taxed {
    behaviour: TaxBehaviour,
    rate: TaxRate,
    net: Money,
    tax: Money,
}

fn why(formula: LineFormula, taxed: &Taxed) -> Why {
    let Taxed { behaviour, rate, net, tax } = taxed;
    let is_contained = *behaviour == TaxBehaviour::Inclusive && rate.0 > 0;
    let contained = is_contained.then(|| ContainedTax {
        rate: rate.to_string(),
        gross: Money::new(net.minor + tax.minor, net.currency),
        tax: *tax,
        net: *net,
    });
    Why { formula, currency: net.currency, contained }
}

/// What the business calls its tax, when that is not each language's own word.
fn tax_name(scope: &Scope) -> Option<&str> {
    scope.settings.tax.name.as_ref().map(|name| name.as_str())
}
