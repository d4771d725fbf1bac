//! The provider that talks to the simulator, exactly as a real provider talks to its service.

mod api;
mod manifest;
mod outcome;
pub mod webhook;

use api::{Api, ChargeBody, List, RefundBody, SetupBody};
use outcome::Charge;
use plugin_sdk::http::encode;
use plugin_sdk::types::{
    Account, CallContext, CallError, ChargeRequest, Delivery, Event, Found, Listed, LookupQuery, Manifest,
    Movement, Outcome, Page, RefundRequest, SetupRequest, SetupStarted, SetupState, WebhookError,
};
use plugin_sdk::{Http, Provider, export_provider, signature};

/// The sandbox provider.
#[derive(Debug)]
pub struct Sandbox;

export_provider!(Sandbox);

impl Provider for Sandbox {
    fn describe() -> Manifest {
        manifest::manifest()
    }

    fn begin_setup(
        http: &impl Http,
        account: &Account,
        _context: &CallContext,
        request: &SetupRequest,
    ) -> Result<SetupStarted, CallError> {
        let body = SetupBody {
            customer: request.customer_ref.as_deref(),
            customer_id: &request.customer_id,
            email: &request.email,
            kind: &request.kind,
            return_url: &request.return_url,
            locale: &request.locale,
        };
        let setup: api::Setup = Api::of(http, account)?.post("/v1/setups", &body)?.body()?;
        let url = setup.url.ok_or_else(|| CallError::Unknown("the setup has no page".to_owned()))?;
        Ok(SetupStarted { setup_ref: setup.id, url })
    }

    fn complete_setup(http: &impl Http, account: &Account, setup_ref: &str) -> Result<SetupState, CallError> {
        let setup: api::Setup =
            Api::of(http, account)?.get(&format!("/v1/setups/{}", encode(setup_ref)))?.body()?;
        outcome::setup_state(setup)
    }

    fn detach(
        http: &impl Http,
        account: &Account,
        _context: &CallContext,
        method_ref: &str,
    ) -> Result<(), CallError> {
        let answer =
            Api::of(http, account)?.post(&format!("/v1/methods/{}/detach", encode(method_ref)), &())?;
        if answer.is_not_found() { Ok(()) } else { answer.success() }
    }

    fn charge(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &ChargeRequest,
    ) -> Result<Outcome, CallError> {
        let body = ChargeBody {
            amount: request.amount.minor,
            currency: &request.amount.currency,
            method: &request.method_ref,
            customer: request.customer_ref.as_deref(),
            reference: &context.reference,
            description: &request.description,
            off_session: request.off_session,
            return_url: &request.return_url,
        };
        Api::of(http, account)?.post("/v1/charges", &body)?.outcome()
    }

    fn refund(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &RefundRequest,
    ) -> Result<Outcome, CallError> {
        let body = RefundBody {
            charge: &request.charge_ref,
            amount: request.amount.minor,
            reference: &context.reference,
        };
        Api::of(http, account)?.post("/v1/refunds", &body)?.outcome()
    }

    fn cancel(
        http: &impl Http,
        account: &Account,
        _context: &CallContext,
        provider_ref: &str,
    ) -> Result<Outcome, CallError> {
        let path = format!("/v1/charges/{}/cancel", encode(provider_ref));
        Api::of(http, account)?.post(&path, &())?.after_cancel()
    }

    /// By the service's id where it is known, else by our key. Never by the reference alone: earlier attempts for
    /// the same thing carry the same one.
    fn look_up(http: &impl Http, account: &Account, query: &LookupQuery) -> Result<Found, CallError> {
        let api = Api::of(http, account)?;
        if let (Movement::Charge, Some(id)) = (query.movement, &query.provider_ref) {
            let answer = api.get(&format!("/v1/charges/{}", encode(id)))?;
            return if answer.is_not_found() {
                Ok(Found::NotFound)
            } else {
                answer.outcome().map(Found::Outcome)
            };
        }
        let collection = match query.movement {
            Movement::Charge => "charges",
            Movement::Refund => "refunds",
        };
        let list: List = api.get(&format!("/v1/{collection}?key={}", encode(&query.key)))?.body()?;
        match list.data.into_iter().next() {
            Some(found) => found.outcome().map(Found::Outcome),
            None => Ok(Found::NotFound),
        }
    }

    fn list_since(
        http: &impl Http,
        account: &Account,
        since: u64,
        cursor: Option<&str>,
    ) -> Result<Page, CallError> {
        let cursor = cursor.map(|c| format!("&cursor={}", encode(c))).unwrap_or_default();
        let list: List =
            Api::of(http, account)?.get(&format!("/v1/charges?since={since}{cursor}"))?.body()?;
        let items =
            list.data.into_iter().map(|charge| listed(Movement::Charge, charge)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: list.next_cursor })
    }

    fn verify_webhook(account: &Account, delivery: &Delivery) -> Result<Vec<Event>, WebhookError> {
        webhook::events(account, delivery, signature::is_mac)
    }
}

fn listed(movement: Movement, charge: Charge) -> Result<Listed, CallError> {
    Ok(Listed {
        movement,
        provider_ref: charge.id.clone(),
        key: charge.key.clone(),
        reference: charge.reference.clone(),
        created_at: charge.created,
        outcome: charge.outcome()?,
    })
}
