//! What became of a payment or refund, and what there is since a moment.

use crate::api::Api;
use crate::form::Form;
use crate::objects::{KEY, List, PaymentIntent, Refund};
use crate::outcome::Record;
use plugin_sdk::Http;
use plugin_sdk::http::encode;
use plugin_sdk::types::{CallError, Found, LookupQuery, Page};

/// Seconds by which Stripe's clock may be behind the one that stamped a submission.
const CLOCK_MARGIN: u64 = 600;
/// Payments of one customer that are read to find one: five pages stay below what a call may receive.
const PAGES: usize = 5;
const PAGE: &str = "100";
/// Entries of one page of `list-since`.
const LISTED: &str = "50";

/// A payment: in the list of its customer's payments, which is up to date, and only without a customer by search, which
/// may lag.
pub fn payment(api: &Api<'_, impl Http>, query: &LookupQuery) -> Result<Found, CallError> {
    if let Some(id) = &query.provider_ref {
        return by_id::<PaymentIntent>(api, id);
    }
    let found = match &query.customer_ref {
        Some(customer) => first(api, query, |form| form.set("customer", customer))?,
        None => search(api, &query.key)?,
    };
    found.map_or(Ok(Found::NotFound), |intent: PaymentIntent| intent.outcome().map(Found::Outcome))
}

/// A refund, among those of its payment.
pub fn refund(api: &Api<'_, impl Http>, query: &LookupQuery) -> Result<Found, CallError> {
    if let Some(id) = &query.provider_ref {
        return by_id::<Refund>(api, id);
    }
    let found = first(api, query, |form| match &query.charge_ref {
        Some(charge) => form.set(charge_parameter(charge), charge),
        None => form,
    })?;
    found.map_or(Ok(Found::NotFound), |refund: Refund| refund.outcome().map(Found::Outcome))
}

fn by_id<T: Record>(api: &Api<'_, impl Http>, id: &str) -> Result<Found, CallError> {
    let answer = api.get(&format!("/v1/{}/{}", T::COLLECTION, encode(id)), Form::default())?;
    if answer.status() == 404 { Ok(Found::NotFound) } else { answer.outcome::<T>().map(Found::Outcome) }
}

/// Payments that were made before Portico may be named by their charge.
pub fn charge_parameter(reference: &str) -> &'static str {
    if reference.starts_with("pi_") { "payment_intent" } else { "charge" }
}

/// The object with the query's key. Never by the reference alone: earlier attempts for the same thing carry the same.
fn first<T: Record>(
    api: &Api<'_, impl Http>,
    query: &LookupQuery,
    narrow: impl Fn(Form) -> Form,
) -> Result<Option<T>, CallError> {
    let since = query.since.saturating_sub(CLOCK_MARGIN).to_string();
    let mut after: Option<String> = None;
    for _ in 0..PAGES {
        let form = narrow(Form::default().set("created[gte]", &since).set("limit", PAGE));
        let list: List<T> = list(api, form.set_some("starting_after", after.as_deref()))?;
        after = list.data.last().map(|last| last.id().to_owned()).filter(|_| list.has_more);
        if let Some(found) = list.data.into_iter().find(|found| found.metadata().get(KEY) == Some(&query.key))
        {
            return Ok(Some(found));
        }
        if after.is_none() {
            return Ok(None);
        }
    }
    Err(CallError::Unknown(format!("more {} than can be looked through", T::COLLECTION)))
}

fn list<T: Record>(api: &Api<'_, impl Http>, form: Form) -> Result<List<T>, CallError> {
    api.get(&format!("/v1/{}", T::COLLECTION), form)?.body()
}

/// Keys are lower-case letters, digits, hyphens and underscores, so nothing in them ends the quotes.
fn search(api: &Api<'_, impl Http>, key: &str) -> Result<Option<PaymentIntent>, CallError> {
    let form = Form::default().set("query", &format!("metadata['{KEY}']:'{key}'")).set("limit", "1");
    let list: List<PaymentIntent> = api.get("/v1/payment_intents/search", form)?.body()?;
    Ok(list.data.into_iter().next())
}

/// One page: first the payments, then the refunds. The cursor is the collection and the last object read. Only what
/// Portico made is listed, since the account may sell elsewhere too.
pub fn since(api: &Api<'_, impl Http>, since: u64, cursor: Option<&str>) -> Result<Page, CallError> {
    let start = (PaymentIntent::COLLECTION, "");
    let (collection, after) = cursor.and_then(|cursor| cursor.split_once(':')).unwrap_or(start);
    if collection == Refund::COLLECTION {
        return page::<Refund>(api, since, after);
    }
    let payments = page::<PaymentIntent>(api, since, after)?;
    Ok(Page { next: payments.next.or_else(|| Some(format!("{}:", Refund::COLLECTION))), ..payments })
}

fn page<T: Record>(api: &Api<'_, impl Http>, since: u64, after: &str) -> Result<Page, CallError> {
    let form = Form::default()
        .set("created[gte]", &since.to_string())
        .set("limit", LISTED)
        .set_some("starting_after", Some(after).filter(|after| !after.is_empty()));
    let list: List<T> = list(api, form)?;
    let last = list.data.last().map(|last| last.id().to_owned()).filter(|_| list.has_more);
    Ok(Page {
        items: list.data.into_iter().filter(T::is_ours).filter_map(T::listed).collect(),
        next: last.map(|last| format!("{}:{last}", T::COLLECTION)),
    })
}
