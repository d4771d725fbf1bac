//! What each mail says.

use super::letter::{Badge, Labelled, Link, Say};
use super::{
    AuthenticationRequired, CancellationScheduled, Cancelled, CreditNote, FinalNotice, Letter, Mail,
    MethodAdded, NextCharge, OnHold, PaymentFailed, PaymentReminder, Reactivated, Receipt, SignIn,
    Uncancelled,
};
use crate::TemplateError;
use crate::i18n::Arg;
use crate::page::FailureReason;
use chrono::NaiveDate;

pub(super) type Composed = Result<Letter, TemplateError>;

pub(super) fn text(text: &str) -> Arg {
    Arg::Text(text.to_owned())
}

/// The usual mail: subject, heading, one paragraph, one button, and why it was sent.
pub(super) fn simple(say: &Say<'_>, name: &str, args: &[(&str, Arg)], button: &str, url: &str) -> Composed {
    let subject = say.text(&format!("email-{name}-subject"), args)?;
    let body = say.text(&format!("email-{name}-body"), args)?;
    Ok(Letter {
        heading: subject.clone(),
        preheader: body.clone(),
        subject,
        paragraphs: vec![body],
        button: Some(Link { label: say.text(button, args)?, url: url.to_owned() }),
        small: vec![say.text("email-why", &[])?],
        ..Letter::default()
    })
}

impl FailureReason {
    /// Message id of its words, for "... because {reason}".
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Declined => "reason-declined",
            Self::ExpiredCard => "reason-expired_card",
            Self::InsufficientFunds => "reason-insufficient_funds",
            Self::AuthenticationRequired => "reason-authentication_required",
            Self::ProcessingError => "reason-processing_error",
            Self::Other => "reason-other",
        }
    }
}

impl Mail for SignIn {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let minutes = [("minutes", Arg::Count(i64::from(self.valid_minutes)))];
        let subject = say.text("email-sign-in-subject", &[])?;
        let asked = [
            ("date", Arg::Date(self.requested_at.date())),
            ("time", text(&self.requested_at.format("%H:%M UTC").to_string())),
            ("device", text(&self.device)),
        ];
        let asked_by =
            if self.device.is_empty() { "email-sign-in-requested" } else { "email-sign-in-requested-from" };
        Ok(Letter {
            heading: subject.clone(),
            subject,
            preheader: say.text("email-sign-in-preheader", &minutes)?,
            paragraphs: vec![say.text("email-sign-in-body", &minutes)?],
            button: Some(Link { label: say.text("email-sign-in-button", &[])?, url: self.url.clone() }),
            show_url: true,
            code: Some(Labelled { label: say.text("email-sign-in-code", &[])?, value: self.code.clone() }),
            small: vec![say.text(asked_by, &asked)?, say.text("email-sign-in-not-you", &[])?],
            ..Letter::default()
        })
    }
}

impl Mail for Receipt {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [
            ("amount", Arg::Money(self.amount)),
            ("date", Arg::Date(self.paid_on)),
            ("method", Arg::Method(self.method.clone())),
        ];
        let mut links = Vec::new();
        let documents = [("email-receipt-invoice", &self.invoice), ("email-receipt-receipt", &self.receipt)];
        for (message, document) in documents {
            if let Some(document) = document {
                let label = say.text(message, &[("number", text(&document.number))])?;
                links.push(Link { label, url: document.url.clone() });
            }
        }
        let mut small = Vec::new();
        if let Some(NextCharge { amount, on }) = &self.next_payment {
            small.push(
                say.text("email-receipt-next", &[("amount", Arg::Money(*amount)), ("date", Arg::Date(*on))])?,
            );
        }
        small.push(say.text("email-why", &[])?);
        Ok(Letter {
            subject: say.text("email-receipt-subject", &args)?,
            preheader: say.text("email-receipt-preheader", &args)?,
            eyebrow: Some(say.text("email-receipt-eyebrow", &[])?),
            heading: say.text("email-receipt-heading", &args)?,
            big: true,
            badge: Some(Badge {
                label: say.text("status-paid", &[])?,
                text: say.text("email-receipt-paid", &args)?,
            }),
            rows: say.rows(&self.bill)?,
            button: Some(Link { label: say.text("email-button-manage", &[])?, url: self.portal_url.clone() }),
            links,
            small,
            ..Letter::default()
        })
    }
}

impl Mail for PaymentFailed {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![("product", text(&self.product)), ("amount", Arg::Money(self.amount))];
        let name = match &self.refused {
            Some((method, reason)) => {
                args.push(("method", Arg::Method(method.clone())));
                args.push(("reason", Arg::Text(say.text(reason.message(), &[])?)));
                "payment-failed"
            }
            None if self.keeps => "payment-impossible",
            None => "payment-overdue",
        };
        let mut letter = simple(say, name, &args, "email-button-pay", &self.pay_url)?;
        letter.paragraphs.push(what_now(say, args, self.next_try, self.keeps)?);
        Ok(letter)
    }
}

/// When it is tried again, and what the customer can do.
fn what_now(
    say: &Say<'_>,
    mut args: Vec<(&str, Arg)>,
    next_try: Option<NaiveDate>,
    keeps: bool,
) -> Result<String, TemplateError> {
    args.extend(next_try.map(|day| ("date", Arg::Date(day))));
    let message = match (next_try, keeps) {
        (Some(_), true) => "email-payment-failed-next-try",
        (Some(_), false) => "email-payment-overdue-next-try",
        (None, true) => "email-payment-failed-no-try",
        (None, false) => "email-payment-overdue-no-try",
    };
    say.text(message, &args)
}

impl Mail for PaymentReminder {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = vec![("product", text(&self.product)), ("amount", Arg::Money(self.amount))];
        let mut letter = simple(say, "payment-reminder", &args, "email-button-pay", &self.pay_url)?;
        letter.paragraphs.push(what_now(say, args, self.next_try, self.keeps)?);
        Ok(letter)
    }
}

impl Mail for FinalNotice {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![("product", text(&self.product)), ("amount", Arg::Money(self.amount))];
        let name = if self.keeps { "final-notice" } else { "final-notice-one-off" };
        let mut letter = simple(say, name, &args, "email-button-pay", &self.pay_url)?;
        letter.paragraphs.push(match self.pay_by {
            Some(day) => {
                args.push(("date", Arg::Date(day)));
                say.text(&format!("email-{name}-pay-by"), &args)?
            }
            None => say.text("email-final-notice-over", &args)?,
        });
        Ok(letter)
    }
}

impl Mail for OnHold {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![("product", text(&self.product))];
        match self.amount {
            Some(amount) => {
                args.push(("amount", Arg::Money(amount)));
                simple(say, "on-hold", &args, "email-button-reactivate", &self.pay_url)
            }
            None => simple(say, "on-hold-trial", &args, "email-button-add-method", &self.pay_url),
        }
    }
}

impl Mail for CancellationScheduled {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("product", text(&self.product)), ("date", Arg::Date(self.ends_on))];
        simple(say, "cancellation-scheduled", &args, "email-button-keep", &self.portal_url)
    }
}

impl Mail for Cancelled {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![("product", text(&self.product)), ("date", Arg::Date(self.ended_on))];
        args.extend(self.owed.map(|owed| ("amount", Arg::Money(owed))));
        let name = match self.owed {
            _ if self.trial_without_method => "cancelled-trial",
            Some(_) if self.still_charged => "cancelled-collected",
            Some(_) => "cancelled-owed",
            None => "cancelled",
        };
        let mut letter = simple(say, name, &args, "email-button-portal", &self.portal_url)?;
        let Some(back) = &self.given_back else { return Ok(letter) };
        for (message, amount) in [
            ("email-cancelled-refund", back.refund()),
            ("email-cancelled-balance", back.balance()),
            ("email-cancelled-offset", back.offset()),
        ] {
            if let Some(amount) = amount {
                letter.paragraphs.push(say.text(message, &[("amount", Arg::Money(amount))])?);
            }
        }
        Ok(letter)
    }
}

impl Mail for Uncancelled {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let mut args = vec![("product", text(&self.product))];
        let name = match &self.renewal {
            Some(NextCharge { amount, on }) => {
                args.extend([("date", Arg::Date(*on)), ("amount", Arg::Money(*amount))]);
                "uncancelled"
            }
            None => "uncancelled-on-hold",
        };
        simple(say, name, &args, "email-button-manage", &self.portal_url)
    }
}

impl Mail for CreditNote {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [
            ("number", text(&self.number)),
            ("invoice", text(&self.invoice)),
            ("amount", Arg::Money(self.total)),
        ];
        let mut letter = simple(say, "credit-note", &args, "email-button-portal", &self.portal_url)?;
        let parts =
            [("email-credit-note-offset", self.to_offset), ("email-credit-note-balance", self.to_balance)];
        for (message, amount) in parts {
            if let Some(amount) = amount {
                letter.paragraphs.push(say.text(message, &[("amount", Arg::Money(amount))])?);
            }
        }
        if let Some((amount, method)) = &self.refund {
            let mut args = vec![("amount", Arg::Money(*amount))];
            let message = match method {
                Some(method) => {
                    args.push(("method", Arg::Method(method.clone())));
                    "email-credit-note-refund-to"
                }
                None => "email-credit-note-refund",
            };
            letter.paragraphs.push(say.text(message, &args)?);
        }
        Ok(letter)
    }
}

impl Mail for MethodAdded {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("method", Arg::Method(self.method.clone()))];
        let mut letter = simple(say, "method-added", &args, "email-button-methods", &self.portal_url)?;
        if self.is_default {
            letter.paragraphs.push(say.text("email-method-added-default", &args)?);
        }
        letter.small.push(say.text("email-not-you", &[])?);
        Ok(letter)
    }
}

impl Mail for Reactivated {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("product", text(&self.product))];
        let mut letter = simple(say, "reactivated", &args, "email-button-manage", &self.portal_url)?;
        if let Some(amount) = self.amount {
            letter.paragraphs.push(say.text("email-reactivated-paid", &[("amount", Arg::Money(amount))])?);
        }
        if let Some(NextCharge { amount, on }) = &self.next_payment {
            let next = [("amount", Arg::Money(*amount)), ("date", Arg::Date(*on))];
            letter.paragraphs.push(say.text("email-next-payment", &next)?);
        }
        Ok(letter)
    }
}

impl Mail for AuthenticationRequired {
    fn letter(&self, say: &Say<'_>) -> Composed {
        let args = [("product", text(&self.product)), ("amount", Arg::Money(self.amount))];
        simple(say, "authentication-required", &args, "email-button-confirm", &self.pay_url)
    }
}
