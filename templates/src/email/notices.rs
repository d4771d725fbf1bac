//! Mails that tell what became of an order, a wish or a bill.

use super::Mail;
use super::compose::{Composed, simple, text};
use super::letter::Say;
use crate::i18n::Arg;
use crate::page::{FailureReason, Method};
use chrono::NaiveDate;
use domain::money::Money;

/// The first payment of a subscription failed; it has not begun.
#[derive(Debug, Clone)]
pub struct FirstPaymentFailed {
    /// Product name.
    pub product: String,
    /// What is open.
    pub amount: Money,
    /// What was charged, and why it was refused; absent when there was nothing to charge.
    pub refused: Option<(Method, FailureReason)>,
    /// How many hours after the order it lapses.
    pub kept_hours: i64,
    /// Link to pay.
    pub pay_url: String,
}

/// The first payment did not come in time; the subscription will not begin.
#[derive(Debug, Clone)]
pub struct FirstPaymentExpired {
    /// Product name.
    pub product: String,
    /// Link to the portal.
    pub portal_url: String,
}

/// A change that was planned will not come.
#[derive(Debug, Clone)]
pub struct ChangeDropped {
    /// Name of the product that goes on.
    pub product: String,
    /// Link to the subscription.
    pub portal_url: String,
}

/// Something was billed once.
#[derive(Debug, Clone)]
pub struct InvoiceIssued {
    /// Number of the invoice.
    pub number: String,
    /// What it is for, in the words of its first line.
    pub product: String,
    /// What it is over.
    pub total: Money,
    /// What is to be paid; absent when the balance paid all of it.
    pub due: Option<Due>,
    /// Link to the invoice, or to paying it.
    pub url: String,
}

/// What is to be paid, and until when.
#[derive(Debug, Clone)]
pub struct Due {
    /// How much.
    pub amount: Money,
    /// Last day.
    pub by: NaiveDate,
}

/// The business said no to a refund that was asked for.
#[derive(Debug, Clone)]
pub struct RefundDeclined {
    /// Number of the invoice.
    pub invoice: String,
    /// Link to the invoice.
    pub portal_url: String,
}

impl Mail for FirstPaymentFailed {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![
            ("product", text(&self.product)),
            ("amount", Arg::Money(self.amount)),
            ("hours", Arg::Count(self.kept_hours)),
        ];
        let name = match &self.refused {
            Some((method, reason)) => {
                args.push(("method", Arg::Method(method.clone())));
                args.push(("reason", Arg::Text(say.text(reason.message(), &[])?)));
                "first-payment-failed"
            }
            None => "first-payment-due",
        };
        let mut letter = simple(say, name, &args, "email-button-pay", &self.pay_url)?;
        letter.paragraphs.push(say.text("email-first-payment-kept", &args)?);
        Ok(letter)
    }
}

impl Mail for FirstPaymentExpired {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("product", text(&self.product))];
        simple(say, "first-payment-expired", &args, "email-button-portal", &self.portal_url)
    }
}

impl Mail for ChangeDropped {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("product", text(&self.product))];
        simple(say, "change-dropped", &args, "email-button-manage", &self.portal_url)
    }
}

impl Mail for InvoiceIssued {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![("number", text(&self.number)), ("product", text(&self.product))];
        args.push(("amount", Arg::Money(self.total)));
        let Some(Due { amount, by }) = &self.due else {
            let mut letter = simple(say, "invoice-issued", &args, "email-button-portal", &self.url)?;
            letter.paragraphs.push(say.text("email-invoice-issued-paid", &args)?);
            return Ok(letter);
        };
        let mut letter = simple(say, "invoice-issued", &args, "email-button-pay-invoice", &self.url)?;
        let due = [("amount", Arg::Money(*amount)), ("date", Arg::Date(*by))];
        letter.paragraphs.push(say.text("email-invoice-issued-pay-by", &due)?);
        Ok(letter)
    }
}

impl Mail for RefundDeclined {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("invoice", text(&self.invoice))];
        simple(say, "refund-declined", &args, "email-button-portal", &self.portal_url)
    }
}
