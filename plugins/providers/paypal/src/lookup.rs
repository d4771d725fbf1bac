//! What became of a payment or refund, and what there is since a moment.

use crate::api::{Answer, Api};
use crate::objects::{Capture, Order, Refund, Transaction, TransactionInfo, Transactions};
use crate::time;
use plugin_sdk::Http;
use plugin_sdk::http::encode;
use plugin_sdk::types::{CallError, Found, Listed, LookupQuery, Movement, Outcome, Page};

/// Seconds by which PayPal's clock may be behind the one that stamped a submission.
const CLOCK_MARGIN: u64 = 600;
/// Seconds after its first submission in which an attempt can have been executed: the key's window and a day.
const EXECUTED_WITHIN: u64 = 27 * 60 * 60;
/// Longest range of one search, in seconds; PayPal allows 31 days.
const LONGEST_RANGE: u64 = 30 * 24 * 60 * 60;
/// How Portico's keys begin, which are the invoice numbers of what it makes.
const OUR_KEYS: &str = "pk1_";
/// Pages that are read to find one payment; a page is about 120 kB.
const PAGES: u32 = 10;

/// A payment: by its capture where that is known, and otherwise by its invoice number, which is our key. The search finds
/// the capture; what became of it, the capture says.
pub fn payment(api: &Api<'_, impl Http>, query: &LookupQuery, now: u64) -> Result<Found, CallError> {
    if let Some(id) = &query.provider_ref {
        return capture(api, id);
    }
    match search(api, query, now, TransactionInfo::is_payment)? {
        Some(id) => capture(api, &id),
        None => Ok(Found::NotFound),
    }
}

fn capture(api: &Api<'_, impl Http>, id: &str) -> Result<Found, CallError> {
    let answer = api.get(&format!("/v2/payments/captures/{}", encode(id)))?;
    found(&answer, |answer| answer.body::<Capture>()?.outcome())
}

/// A refund: by its id, and otherwise in the order of its payment. That is up to date, but PayPal doesn't keep orders for
/// ever, so the search has the last word.
pub fn refund(api: &Api<'_, impl Http>, query: &LookupQuery, now: u64) -> Result<Found, CallError> {
    if let Some(id) = &query.provider_ref {
        return refund_by_id(api, id);
    }
    if let Some(refund) = refund_of_order(api, query)? {
        return refund.outcome().map(Found::Outcome);
    }
    match search(api, query, now, TransactionInfo::is_refund)? {
        Some(id) => refund_by_id(api, &id),
        None => Ok(Found::NotFound),
    }
}

fn refund_by_id(api: &Api<'_, impl Http>, id: &str) -> Result<Found, CallError> {
    let answer = api.get(&format!("/v2/payments/refunds/{}", encode(id)))?;
    found(&answer, |answer| answer.body::<Refund>()?.outcome())
}

fn refund_of_order(api: &Api<'_, impl Http>, query: &LookupQuery) -> Result<Option<Refund>, CallError> {
    let Some(charge) = &query.charge_ref else { return Ok(None) };
    let capture = api.get(&format!("/v2/payments/captures/{}", encode(charge)))?;
    if capture.is_not_found() {
        return Ok(None);
    }
    let related = capture.body::<Capture>()?.supplementary_data.and_then(|data| data.related_ids);
    let Some(order) = related.and_then(|ids| ids.order_id) else { return Ok(None) };
    let order = api.get(&format!("/v2/checkout/orders/{}", encode(&order)))?;
    if order.is_not_found() {
        return Ok(None);
    }
    let units = order.body::<Order>()?.purchase_units;
    let mut refunds = units.into_iter().flat_map(|unit| unit.payments.refunds);
    Ok(refunds.find(|refund| refund.invoice_id.as_ref() == Some(&query.key)))
}

fn found(answer: &Answer, read: impl Fn(&Answer) -> Result<Outcome, CallError>) -> Result<Found, CallError> {
    if answer.is_not_found() { Ok(Found::NotFound) } else { read(answer).map(Found::Outcome) }
}

/// The id of the transaction with the query's key. Never by the reference alone: earlier attempts carry the same.
fn search(
    api: &Api<'_, impl Http>,
    query: &LookupQuery,
    now: u64,
    fits: fn(&TransactionInfo) -> bool,
) -> Result<Option<String>, CallError> {
    let since = query.since.saturating_sub(CLOCK_MARGIN);
    let until = now.min(query.since.saturating_add(EXECUTED_WITHIN));
    for page in 1..=PAGES {
        let transactions = transactions(api, since, until, page)?;
        let mut infos = transactions.transaction_details.into_iter().map(|entry| entry.transaction_info);
        if let Some(info) = infos.find(|info| fits(info) && info.invoice_id.as_ref() == Some(&query.key)) {
            return Ok(Some(info.transaction_id));
        }
        if page >= transactions.total_pages {
            return Ok(None);
        }
    }
    Err(CallError::Unknown("more transactions than can be looked through".to_owned()))
}

fn transactions(
    api: &Api<'_, impl Http>,
    since: u64,
    until: u64,
    page: u32,
) -> Result<Transactions, CallError> {
    let moment = |seconds| {
        time::written(seconds).ok_or_else(|| CallError::NotExecuted("a time is out of range".to_owned()))
    };
    let (start, end) = (moment(since)?, moment(until)?);
    api.get(&format!(
        "/v1/reporting/transactions?start_date={}&end_date={}&fields=transaction_info&page_size=100&page={page}",
        encode(&start),
        encode(&end),
    ))?
    .body()
}

/// One page. The cursor is the beginning of the range that is being read and the page in it: a search covers a month at
/// most.
pub fn since(
    api: &Api<'_, impl Http>,
    since: u64,
    cursor: Option<&str>,
    now: u64,
) -> Result<Page, CallError> {
    let not_ours = || CallError::NotExecuted("not a cursor of this provider".to_owned());
    let (start, page) = match cursor {
        None => (since, 1),
        Some(cursor) => {
            let (start, page) = cursor.split_once(':').ok_or_else(not_ours)?;
            (start.parse().map_err(|_| not_ours())?, page.parse().map_err(|_| not_ours())?)
        }
    };
    let end = now.min(start.saturating_add(LONGEST_RANGE));
    let transactions = transactions(api, start, end, page)?;
    let next = if page < transactions.total_pages {
        Some(format!("{start}:{}", page + 1))
    } else {
        (end < now).then(|| format!("{end}:1"))
    };
    Ok(Page {
        items: transactions.transaction_details.into_iter().filter_map(Transaction::listed).collect(),
        next,
    })
}

impl TransactionInfo {
    /// <https://developer.paypal.com/docs/transaction-search/transaction-event-codes/>
    fn is_payment(&self) -> bool {
        self.transaction_event_code.starts_with("T00")
    }

    /// Refunds and reversals.
    fn is_refund(&self) -> bool {
        self.transaction_event_code.starts_with("T11")
    }
}

impl Transaction {
    /// As an entry of the list; none for what Portico did not make, such as fees and payouts.
    fn listed(self) -> Option<Listed> {
        let info = self.transaction_info;
        let movement = match (info.is_payment(), info.is_refund()) {
            (true, _) => Movement::Charge,
            (_, true) => Movement::Refund,
            _ => return None,
        };
        let key = info.invoice_id.clone().filter(|key| key.starts_with(OUR_KEYS))?;
        Some(Listed {
            movement,
            provider_ref: info.transaction_id.clone(),
            key: Some(key),
            reference: info.custom_field.clone(),
            created_at: time::read(info.transaction_initiation_date.as_deref()?)?,
            outcome: info.outcome()?,
        })
    }
}
