//! From the facts that a mail was queued with to its words, in the reader's language.

use crate::document::{method, period, refund_method};
use crate::env::Env;
use domain::money::Money;
use domain::provider::DeclineKind;
use domain::reminder::WinBackMail;
use engine::db::Conn;
use engine::ids::{InvoiceId, SubscriptionId};
use engine::mail::{MailFacts, MailKind, TRIAL_NO_METHOD};
use engine::query::portal::next_bill;
use engine::store;
use engine::store::mails::Mail;
use engine::usecase::bill::tax_groups;
use engine::{Error, Result, Scope};
use templates::email::{self, DocumentLink, Email, NextCharge, Sender};
use templates::page::{Bill, FailureReason, Line, Method};
use templates::{Lang, theme};

/// Writes a mail. Its link's token and code are derived here, at send time, and stored nowhere.
pub fn compose(env: &Env, conn: &mut Conn, scope: &Scope, row: &Mail) -> Result<Email> {
    let kind: MailKind = row.kind.parse().map_err(Error::bug)?;
    let facts: MailFacts = serde_json::from_str(&row.data).map_err(Error::bug)?;
    let spoken = env.renderer.languages();
    let lang = Lang::parse(&row.locale).filter(|lang| spoken.contains(lang)).unwrap_or(Lang::EN);
    let writer = Writer { env, scope, facts, lang, url: link(scope, row, kind) };
    match kind {
        MailKind::SignIn => writer.sign_in(conn, row),
        MailKind::Receipt => writer.receipt(conn),
        MailKind::PaymentFailed => writer.payment_failed(conn),
        MailKind::PaymentReminder => writer.write(&email::PaymentReminder {
            product: writer.product(),
            amount: writer.amount()?,
            next_try: writer.facts.date,
            keeps: writer.is_for_subscription(),
            pay_url: writer.url.clone(),
        }),
        MailKind::FinalNotice => writer.write(&email::FinalNotice {
            product: writer.product(),
            amount: writer.amount()?,
            pay_by: writer.facts.date,
            keeps: writer.is_for_subscription(),
            pay_url: writer.url.clone(),
        }),
        MailKind::FirstPaymentFailed => writer.first_payment_failed(conn),
        MailKind::FirstPaymentExpired => writer
            .write(&email::FirstPaymentExpired { product: writer.product(), portal_url: writer.url.clone() }),
        MailKind::AuthenticationRequired => writer.write(&email::AuthenticationRequired {
            product: writer.product(),
            amount: writer.amount()?,
            pay_url: writer.url.clone(),
        }),
        MailKind::OnHold => writer.write(&email::OnHold {
            product: writer.product(),
            amount: writer.facts.amount,
            pay_url: writer.url.clone(),
        }),
        MailKind::Reactivated => {
            let next = writer.next_charge(conn)?;
            writer.write(&email::Reactivated {
                product: writer.product(),
                amount: writer.facts.amount,
                next_payment: next,
                portal_url: writer.url.clone(),
            })
        }
        MailKind::CancellationScheduled => writer.write(&email::CancellationScheduled {
            product: writer.product(),
            ends_on: writer.date()?,
            portal_url: writer.url.clone(),
        }),
        MailKind::Cancelled => writer.write(&email::Cancelled {
            product: writer.product(),
            ended_on: writer.date()?,
            trial_without_method: writer.facts.reason.as_deref() == Some(TRIAL_NO_METHOD),
            owed: writer.facts.amount,
            still_charged: writer.facts.still_charged,
            given_back: writer.facts.given_back,
            portal_url: writer.url.clone(),
        }),
        MailKind::Uncancelled => writer.write(&email::Uncancelled {
            product: writer.product(),
            renewal: writer.facts.amount.zip(writer.facts.date).map(|(amount, on)| NextCharge { amount, on }),
            portal_url: writer.url.clone(),
        }),
        MailKind::ChangeDropped => {
            writer.write(&email::ChangeDropped { product: writer.product(), portal_url: writer.url.clone() })
        }
        MailKind::InvoiceIssued => writer.invoice_issued(conn),
        MailKind::RefundDeclined => writer.refund_declined(conn),
        MailKind::CreditNote => writer.credit_note(conn),
        MailKind::PaymentMethodAdded => writer.method_added(conn, row),
        MailKind::TrialEnding => writer.trial_ending(conn),
        MailKind::RenewalUpcoming => writer.renewal_upcoming(conn),
        MailKind::CardExpiring => writer.card_expiring(conn),
        MailKind::WinBackOffer => writer.win_back(conn, row, WinBackMail::Offer),
        MailKind::WinBackSurvey => writer.win_back(conn, row, WinBackMail::Survey),
        MailKind::WinBackHelp => writer.win_back(conn, row, WinBackMail::Help),
        MailKind::WinBackApology => writer.win_back(conn, row, WinBackMail::Apology),
    }
}

/// Where the button leads: sign-in links to `/auth`, all others to the one-day link that signs in.
fn link(scope: &Scope, row: &Mail, kind: MailKind) -> String {
    match &row.token_id {
        None => scope.portal_url(),
        Some(id) => {
            let path = if kind == MailKind::SignIn { "auth" } else { "r" };
            format!("{}/{path}/{}", scope.portal_url(), scope.keys.mail_token(id.as_str()))
        }
    }
}

/// Writes one mail.
pub(super) struct Writer<'a> {
    env: &'a Env,
    pub(super) scope: &'a Scope,
    pub(super) facts: MailFacts,
    lang: Lang,
    pub(super) url: String,
}

impl Writer<'_> {
    pub(super) fn write(&self, mail: &impl email::Mail) -> Result<Email> {
        let seller = &self.scope.settings.seller;
        let imprint = [&seller.legal_name, &seller.line1, &seller.city];
        let imprint: Vec<String> = imprint.into_iter().flatten().map(ToString::to_string).collect();
        let sender = Sender {
            brand: self.scope.tenant.name.clone(),
            imprint: imprint.join(", "),
            colour: theme::parse(&self.scope.settings.theme.accent.to_string()).unwrap_or(theme::DEFAULT),
            lang: self.lang,
        };
        self.env.renderer.email(&sender, mail).map_err(Error::bug)
    }

    pub(super) fn product(&self) -> String {
        self.facts.product.clone().unwrap_or_default()
    }

    fn is_for_subscription(&self) -> bool {
        self.facts.subscription_id.is_some()
    }

    pub(super) fn amount(&self) -> Result<Money> {
        self.facts.amount.ok_or_else(|| Error::bug("a mail without its amount"))
    }

    pub(super) fn date(&self) -> Result<chrono::NaiveDate> {
        self.facts.date.ok_or_else(|| Error::bug("a mail without its date"))
    }

    pub(super) fn method(&self, conn: &mut Conn) -> Result<Method> {
        let id = self.facts.method_id.as_ref().ok_or_else(|| Error::bug("a mail without its method"))?;
        method(conn, self.scope, id)
    }

    fn sign_in(&self, conn: &mut Conn, row: &Mail) -> Result<Email> {
        let id = row.token_id.as_ref().ok_or_else(|| Error::bug("a sign-in mail without its token"))?;
        let token = store::access::token(conn, self.scope.id(), id)?;
        let minutes = (token.expires_at - token.created_at).num_minutes();
        self.write(&email::SignIn {
            url: self.url.clone(),
            code: self.scope.keys.six_digit_code(id.as_str()),
            valid_minutes: u32::try_from(minutes).map_err(Error::bug)?,
            requested_at: token.created_at,
            device: String::new(),
        })
    }

    fn receipt(&self, conn: &mut Conn) -> Result<Email> {
        let id = self.facts.invoice_id.clone().ok_or_else(|| Error::bug("a receipt without its invoice"))?;
        let invoice = store::invoices::get(conn, self.scope.id(), &id)?;
        let link =
            |number, path: String| DocumentLink { number, url: format!("{}{path}", self.scope.portal_url()) };
        let receipt = self.facts.receipt_id.as_ref();
        let receipt = receipt.map(|id| store::receipts::get(conn, self.scope.id(), id)).transpose()?;
        let receipt = email::Receipt {
            amount: self.amount()?,
            paid_on: self.date()?,
            method: self.method(conn)?,
            bill: self.bill(conn, &id)?,
            invoice: invoice.number.map(|number| link(number, format!("/billing/{id}"))),
            receipt: receipt
                .map(|receipt| link(receipt.number, format!("/billing/{id}/receipts/{}.pdf", receipt.id))),
            next_payment: self.next_charge(conn)?,
            portal_url: self.url.clone(),
        };
        self.write(&receipt)
    }

    fn payment_failed(&self, conn: &mut Conn) -> Result<Email> {
        let failed = email::PaymentFailed {
            product: self.product(),
            amount: self.amount()?,
            refused: self.refused(conn)?,
            next_try: self.facts.date,
            keeps: self.is_for_subscription(),
            pay_url: self.url.clone(),
        };
        self.write(&failed)
    }

    /// What was charged, and why it was refused.
    pub(super) fn refused(&self, conn: &mut Conn) -> Result<Option<(Method, FailureReason)>> {
        let kind: Option<DeclineKind> = self.facts.reason.as_deref().and_then(|word| word.parse().ok());
        let reason = kind.map_or(FailureReason::Other, FailureReason::from);
        let method = self.facts.method_id.as_ref().map(|id| method(conn, self.scope, id)).transpose()?;
        Ok(method.map(|method| (method, reason)))
    }

    fn credit_note(&self, conn: &mut Conn) -> Result<Email> {
        let id = self.facts.credit_note_id.as_ref().ok_or_else(|| Error::bug("a mail of no credit note"))?;
        let note = store::credit_notes::get(conn, self.scope.id(), id)?;
        let invoice = store::invoices::get(conn, self.scope.id(), &note.invoice_id)?;
        let part = |minor: i64| (minor > 0).then(|| Money::new(minor, note.currency));
        let method = refund_method(conn, self.scope, &note.invoice_id, id)?;
        self.write(&email::CreditNote {
            total: note.total(),
            refund: part(note.to_refund).map(|amount| (amount, method)),
            to_balance: part(note.to_balance),
            to_offset: part(note.to_offset),
            number: note.number.clone(),
            invoice: invoice.number.unwrap_or_default(),
            portal_url: self.url.clone(),
        })
    }

    fn method_added(&self, conn: &mut Conn, row: &Mail) -> Result<Email> {
        let default = match &row.customer_id {
            Some(id) => store::customers::get(conn, self.scope.id(), id)?.default_payment_method_id,
            None => None,
        };
        let added = email::MethodAdded {
            method: self.method(conn)?,
            is_default: default.is_some() && default == self.facts.method_id,
            portal_url: self.url.clone(),
        };
        self.write(&added)
    }

    /// What the subscription will be charged next, unless it ends, pauses or waits before.
    fn next_charge(&self, conn: &mut Conn) -> Result<Option<NextCharge>> {
        match &self.facts.subscription_id {
            Some(id) => next_charge(conn, self.scope, id),
            None => Ok(None),
        }
    }

    fn bill(&self, conn: &mut Conn, id: &InvoiceId) -> Result<Bill> {
        let invoice = store::invoices::get(conn, self.scope.id(), id)?;
        let rows = store::invoices::lines(conn, self.scope.id(), id)?;
        let lines = rows.iter().map(|line| Line {
            description: line.description.clone(),
            period: period(self.scope, line.service_start, line.service_end),
            amount: Money::new(line.net, invoice.currency),
            why: None,
        });
        let name = self.scope.settings.tax.name.as_ref().map(|name| name.as_str());
        Ok(Bill::new(lines.collect(), &tax_groups(&rows), name, invoice.total()))
    }
}

fn next_charge(conn: &mut Conn, scope: &Scope, id: &SubscriptionId) -> Result<Option<NextCharge>> {
    let sub = store::subscriptions::get(conn, scope.id(), id)?;
    let next = next_bill(conn, scope, &sub)?;
    Ok(next.map(|next| NextCharge { amount: next.to_come.due(), on: scope.date_of(next.at) }))
}
