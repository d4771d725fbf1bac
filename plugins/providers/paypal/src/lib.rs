//! The provider that talks to PayPal: wallets saved as payment tokens, charged by orders.

mod amount;
mod api;
mod decline;
mod lookup;
mod manifest;
mod objects;
mod outcome;
mod setup;
mod time;
mod webhook;

use amount::Amount;
use api::{Api, declined};
use objects::{Order, Refund};
use plugin_sdk::http::encode;
use plugin_sdk::types::{
    Account, CallContext, CallError, ChargeRequest, DeclineKind, Delivery, Event, Found, LookupQuery,
    Manifest, Movement, Outcome, Page, RefundRequest, SetupRequest, SetupStarted, SetupState, WebhookError,
};
use plugin_sdk::{Http, Provider, export_provider};
use serde_json::{Value, json};

/// The PayPal provider.
#[derive(Debug)]
pub struct PayPal;

export_provider!(PayPal);

/// Longest description, custom id and invoice number, in characters.
const LONGEST: usize = 127;

impl Provider for PayPal {
    fn describe() -> Manifest {
        manifest::manifest()
    }

    fn begin_setup(
        http: &impl Http,
        account: &Account,
        _context: &CallContext,
        request: &SetupRequest,
    ) -> Result<SetupStarted, CallError> {
        setup::begin(&Api::of(http, account)?, request)
    }

    fn complete_setup(http: &impl Http, account: &Account, setup_ref: &str) -> Result<SetupState, CallError> {
        setup::state(&Api::of(http, account)?, setup_ref)
    }

    fn detach(
        http: &impl Http,
        account: &Account,
        _context: &CallContext,
        method_ref: &str,
    ) -> Result<(), CallError> {
        setup::detach(&Api::of(http, account)?, method_ref)
    }

    /// An order with a saved wallet is executed as it is made. One that PayPal only approved takes no money until it is
    /// captured, which is the second request.
    fn charge(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &ChargeRequest,
    ) -> Result<Outcome, CallError> {
        let api = Api::of(http, account)?;
        let answer = api.post_step("order", "/v2/checkout/orders", &order(context, request)?)?;
        if let Some(refusal) = answer.refusal() {
            return Ok(refusal);
        }
        let order: Order = answer.body()?;
        if order.status != "APPROVED" {
            return taken(order);
        }
        let path = format!("/v2/checkout/orders/{}/capture", encode(&order.id));
        let answer = api.post_step("capture", &path, &json!({}))?;
        answer.refusal().map_or_else(|| taken(answer.body()?), Ok)
    }

    fn refund(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &RefundRequest,
    ) -> Result<Outcome, CallError> {
        let body = json!({
            "amount": Amount::of(&request.amount)?,
            "invoice_id": context.key,
            "custom_id": shortened(&context.reference),
        });
        let path = format!("/v2/payments/captures/{}/refund", encode(&request.charge_ref));
        let answer = Api::of(http, account)?.post(&path, &body)?;
        answer.refusal().map_or_else(|| answer.body::<Refund>()?.outcome(), Ok)
    }

    fn look_up(http: &impl Http, account: &Account, query: &LookupQuery) -> Result<Found, CallError> {
        let api = Api::of(http, account)?;
        match query.movement {
            Movement::Charge => lookup::payment(&api, query, now()),
            Movement::Refund => lookup::refund(&api, query, now()),
        }
    }

    fn list_since(
        http: &impl Http,
        account: &Account,
        since: u64,
        cursor: Option<&str>,
    ) -> Result<Page, CallError> {
        lookup::since(&Api::of(http, account)?, since, cursor, now())
    }

    fn verify_webhook(_account: &Account, delivery: &Delivery) -> Result<Vec<Event>, WebhookError> {
        webhook::events(delivery)
    }
}

/// The host's time. Outside a component there is no host; tests see 2027-02-15.
fn now() -> u64 {
    #[cfg(target_arch = "wasm32")]
    return plugin_sdk::clock::now();
    #[cfg(not(target_arch = "wasm32"))]
    1_802_678_400
}

/// Our key is the invoice number too. Unless a business switches that off, PayPal takes an invoice number once only: a
/// second guard against paying twice, which outlives the first.
fn order(context: &CallContext, request: &ChargeRequest) -> Result<Value, CallError> {
    Ok(json!({
        "intent": "CAPTURE",
        "purchase_units": [{
            "amount": Amount::of(&request.amount)?,
            "description": shortened(&request.description),
            "invoice_id": context.key,
            "custom_id": shortened(&context.reference),
        }],
        "payment_source": { "paypal": {
            "vault_id": request.method_ref,
            "experience_context": {
                "return_url": request.return_url,
                "cancel_url": request.return_url,
                "shipping_preference": "NO_SHIPPING",
            },
        } },
    }))
}

/// What an order took. One that wants the customer takes nothing, now or later: only we could capture it.
fn taken(order: Order) -> Result<Outcome, CallError> {
    let capture = order.purchase_units.into_iter().flat_map(|unit| unit.payments.captures).next();
    match (capture, order.status.as_str()) {
        (Some(capture), _) => capture.outcome(),
        (None, "PAYER_ACTION_REQUIRED") => {
            Ok(declined(DeclineKind::AuthenticationRequired, "PAYER_ACTION_REQUIRED", Some(order.id)))
        }
        (None, status) => Err(CallError::Unknown(format!("{} has the status {status}", order.id))),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
