//! `/billing`: the history, and one payment.

use crate::bill;
use crate::failure::Answer;
use crate::view;
use crate::visit::SignedIn;
use actix_web::web::{Path, Query};
use domain::payment::state::AttemptState;
use engine::ids::InvoiceId;
use engine::query::billing::{self, Filter, PAGE};
use engine::query::payment::Try;
use engine::store;
use engine::store::receipts::Receipt;
use serde::Deserialize;
use templates::page::{
    Attempt, AttemptOutcome, BillingFilter, BillingHistory, FailureReason, PaymentPage, ReceiptLink,
};

/// Which part of the history. What is not understood is the first page of everything.
#[derive(Deserialize)]
pub(crate) struct Part {
    #[serde(default)]
    status: String,
    #[serde(default)]
    page: String,
}

impl Part {
    fn filter(&self) -> (Filter, BillingFilter) {
        match self.status.as_str() {
            "paid" => (Filter::Paid, BillingFilter::Paid),
            "failed" => (Filter::Unpaid, BillingFilter::Failed),
            _ => (Filter::All, BillingFilter::All),
        }
    }
}

/// `GET /billing`
pub(crate) async fn history(me: SignedIn, part: Query<Part>) -> Answer {
    let (filter, shown) = part.filter();
    let number = part.page.parse().unwrap_or(1);
    let page = me
        .read(move |conn, scope, owner| {
            let found = billing::history(conn, scope, owner, filter, number)?;
            let before = (found.page - 1) * PAGE;
            let last = (before + PAGE).min(found.total);
            Ok(BillingHistory {
                filter: shown,
                payments: found.payments.iter().map(|payment| view::payment_row(scope, payment)).collect(),
                attention: found.attention,
                first: before + 1,
                last,
                total: found.total,
                newer: (found.page > 1).then(|| found.page - 1),
                older: (last < found.total).then(|| found.page + 1),
            })
        })
        .await?;
    me.page(&page)
}

/// `GET /billing/{id}`
pub(crate) async fn payment(me: SignedIn, id: Path<InvoiceId>) -> Answer {
    me.page(&payment_page(&me, id.into_inner()).await?)
}

/// The page of one payment.
pub(crate) async fn payment_page(
    me: &SignedIn,
    id: InvoiceId,
) -> Result<PaymentPage, crate::failure::Failure> {
    let email = me.customer.email.clone();
    me.read(move |conn, scope, owner| {
        let payment = billing::payment(conn, scope, owner, &id)?;
        let next_try = billing::next_try(conn, scope, &id)?;
        let row = view::payment_row(scope, &payment);
        let receipts = store::receipts::of_invoice(conn, scope.id(), &payment.invoice.id)?;
        let link = |receipt: Receipt| ReceiptLink { id: receipt.id.to_string(), number: receipt.number };
        Ok(PaymentPage {
            id: row.id,
            description: row.description,
            date: row.date,
            status: row.status,
            bill: bill::billed(scope, &payment)?,
            invoice_number: row.invoice_number,
            receipts: receipts.into_iter().map(link).collect(),
            method: row.method,
            attempts: payment.tries.iter().rev().map(attempt).collect(),
            payable: row.payable,
            next_try: next_try.filter(|_| row.payable).map(|at| scope.date_of(at)),
            paid_at: payment.invoice.paid_at,
            email,
        })
    })
    .await
}

fn attempt(tried: &Try) -> Attempt {
    let outcome = match tried.attempt.state {
        AttemptState::Succeeded | AttemptState::Reversed => AttemptOutcome::Succeeded,
        AttemptState::Failed | AttemptState::Error => AttemptOutcome::Failed,
        AttemptState::Cancelled => AttemptOutcome::Cancelled,
        AttemptState::RequiresAction => AttemptOutcome::NeedsConfirmation,
        AttemptState::Created | AttemptState::Submitted | AttemptState::Unknown | AttemptState::Pending => {
            AttemptOutcome::Processing
        }
    };
    Attempt {
        on: tried.on,
        method: view::method(&tried.method),
        outcome,
        reason: (outcome == AttemptOutcome::Failed).then(|| reason(tried)),
    }
}

/// Why a charge came to nothing. Fraud, loss and theft read as any other refusal.
pub(crate) fn reason(tried: &Try) -> FailureReason {
    match (tried.attempt.state, tried.decline()) {
        (_, Some(kind)) => kind.into(),
        (AttemptState::Error, None) => FailureReason::ProcessingError,
        (AttemptState::Cancelled, None) if tried.attempt.action_url.is_some() => {
            FailureReason::AuthenticationRequired
        }
        _ => FailureReason::Other,
    }
}
