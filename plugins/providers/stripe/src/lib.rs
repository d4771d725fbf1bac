//! The provider that talks to Stripe: cards and SEPA debits through Checkout in setup mode and Payment Intents.

mod amount;
mod api;
mod decline;
mod form;
mod lookup;
mod manifest;
mod objects;
mod outcome;
mod setup;
pub mod webhook;

use api::Api;
use form::Form;
use objects::{KEY, PaymentIntent, REFERENCE, Refund};
use plugin_sdk::http::encode;
use plugin_sdk::types::{
    Account, CallContext, CallError, ChargeRequest, Decline, DeclineKind, Delivery, Event, Found,
    LookupQuery, Manifest, Movement, Outcome, Page, RefundRequest, SetupRequest, SetupStarted, SetupState,
    WebhookError,
};
use plugin_sdk::{Http, Provider, export_provider, signature};

/// The Stripe provider.
#[derive(Debug)]
pub struct Stripe;

export_provider!(Stripe);

/// Longest part of a card statement that fits behind every account's own prefix: 22 characters in all.
const STATEMENT_SUFFIX: usize = 10;

impl Provider for Stripe {
    fn describe() -> Manifest {
        manifest::manifest()
    }

    fn begin_setup(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &SetupRequest,
    ) -> Result<SetupStarted, CallError> {
        setup::begin(&Api::of(http, account)?, account, context, request)
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

    fn charge(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &ChargeRequest,
    ) -> Result<Outcome, CallError> {
        let api = Api::of(http, account)?;
        let answer = api.post("/v1/payment_intents", payment(context, request)?)?;
        match answer.wants_customer().filter(|_| request.off_session) {
            Some(intent) => ask_customer(&api, &intent, request),
            None => answer.outcome::<PaymentIntent>(),
        }
    }

    fn refund(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &RefundRequest,
    ) -> Result<Outcome, CallError> {
        let form = Form::default()
            .set(lookup::charge_parameter(&request.charge_ref), &request.charge_ref)
            .set("amount", &amount::to_stripe(&request.amount)?.to_string())
            .set(&format!("metadata[{KEY}]"), &context.key)
            .set(&format!("metadata[{REFERENCE}]"), &context.reference);
        Api::of(http, account)?.post("/v1/refunds", form)?.outcome::<Refund>()
    }

    /// Stripe refuses to cancel what is over, and repeats that refusal for a day; what the payment is now, it says when
    /// asked anew.
    fn cancel(
        http: &impl Http,
        account: &Account,
        _context: &CallContext,
        provider_ref: &str,
    ) -> Result<Outcome, CallError> {
        let api = Api::of(http, account)?;
        let path = format!("/v1/payment_intents/{}", encode(provider_ref));
        let form = Form::default().set("cancellation_reason", "abandoned");
        let answer = api.post(&format!("{path}/cancel"), form)?;
        if answer.status() == 400 {
            api.get(&path, Form::default())?.outcome::<PaymentIntent>()
        } else {
            answer.outcome::<PaymentIntent>()
        }
    }

    fn look_up(http: &impl Http, account: &Account, query: &LookupQuery) -> Result<Found, CallError> {
        let api = Api::of(http, account)?;
        match query.movement {
            Movement::Charge => lookup::payment(&api, query),
            Movement::Refund => lookup::refund(&api, query),
        }
    }

    fn list_since(
        http: &impl Http,
        account: &Account,
        since: u64,
        cursor: Option<&str>,
    ) -> Result<Page, CallError> {
        lookup::since(&Api::of(http, account)?, since, cursor)
    }

    fn verify_webhook(account: &Account, delivery: &Delivery) -> Result<Vec<Event>, WebhookError> {
        webhook::events(account, delivery, signature::is_mac)
    }
}

fn payment(context: &CallContext, request: &ChargeRequest) -> Result<Form, CallError> {
    let form = Form::default()
        .set("amount", &amount::to_stripe(&request.amount)?.to_string())
        .set("currency", &request.amount.currency.to_ascii_lowercase())
        .set_some("customer", request.customer_ref.as_deref())
        .set("payment_method", &request.method_ref)
        .set("confirm", "true")
        .set("return_url", &request.return_url)
        .set("description", &request.description)
        .set_some("statement_descriptor_suffix", statement_suffix(&request.description).as_deref())
        .set(&format!("metadata[{KEY}]"), &context.key)
        .set(&format!("metadata[{REFERENCE}]"), &context.reference);
    Ok(if request.off_session { form.set("off_session", "true") } else { form })
}

/// The bank wants the customer: the same payment is confirmed once more as if they were here, which yields the page
/// they open later. It stays one payment, so it can take the money once only.
fn ask_customer(
    api: &Api<'_, impl Http>,
    intent: &str,
    request: &ChargeRequest,
) -> Result<Outcome, CallError> {
    let form =
        Form::default().set("payment_method", &request.method_ref).set("return_url", &request.return_url);
    let path = format!("/v1/payment_intents/{}/confirm", encode(intent));
    match api.post_step("confirm", &path, form)?.outcome::<PaymentIntent>() {
        Err(CallError::NotExecuted(_)) => Ok(Outcome::Declined(Decline {
            kind: DeclineKind::AuthenticationRequired,
            code: "authentication_required".to_owned(),
            provider_ref: Some(intent.to_owned()),
        })),
        outcome => outcome,
    }
}

/// The beginning of the description as a card statement can print it; none without a letter.
fn statement_suffix(description: &str) -> Option<String> {
    let printable = |c: &char| c.is_ascii_alphanumeric() || " .-&".contains(*c);
    let suffix: String = description.chars().filter(printable).take(STATEMENT_SUFFIX).collect();
    let suffix = suffix.trim();
    suffix.contains(|c: char| c.is_ascii_alphabetic()).then(|| suffix.to_owned())
}

#[cfg(test)]
mod tests {
    use super::statement_suffix;

    #[test]
    fn a_statement_prints_what_card_networks_print() {
        for (description, suffix) in [
            ("Fieldnote Team", Some("Fieldnote")),
            ("<b>\"Pro\"*</b>", Some("bProb")),
            ("Büro & Co.", Some("Bro & Co.")),
            ("2026-11", None),
            ("日本", None),
        ] {
            assert_eq!(statement_suffix(description).as_deref(), suffix, "{description}");
        }
    }
}
