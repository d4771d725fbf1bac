//! Saving a PayPal wallet: a setup token that the customer approves becomes a payment token.

use crate::api::Api;
use crate::objects::{PaymentToken, SetupToken};
use plugin_sdk::Http;
use plugin_sdk::http::encode;
use plugin_sdk::types::{CallError, NewMethod, SetupRequest, SetupStarted, SetupState};
use serde_json::json;

/// Asks for a setup token; the customer approves it on its page.
pub fn begin(api: &Api<'_, impl Http>, request: &SetupRequest) -> Result<SetupStarted, CallError> {
    if request.kind != "paypal" {
        return Err(CallError::NotExecuted(format!("no payment method {}", request.kind)));
    }
    let mut experience = json!({
        "return_url": request.return_url,
        "cancel_url": request.return_url,
        "shipping_preference": "NO_SHIPPING",
    });
    if has_region(&request.locale) {
        experience["locale"] = json!(request.locale);
    }
    let mut body = json!({ "payment_source": { "paypal": {
        "usage_type": "MERCHANT",
        "customer_type": "CONSUMER",
        // One wallet may pay for several customers.
        "permit_multiple_payment_tokens": true,
        "experience_context": experience,
    } } });
    if let Some(customer) = &request.customer_ref {
        body["customer"] = json!({ "id": customer });
    }
    let token: SetupToken = api.post("/v3/vault/setup-tokens", &body)?.body()?;
    match token.links.into_iter().find(|link| link.rel == "approve") {
        Some(page) => Ok(SetupStarted { setup_ref: token.id, url: page.href }),
        None => Err(CallError::Unknown("the setup token has no page".to_owned())),
    }
}

/// PayPal knows languages of five characters only, and otherwise goes by the customer's account.
fn has_region(locale: &str) -> bool {
    matches!(locale.as_bytes(), [_, _, b'-', _, _])
}

/// How a setup stands. An approved setup token is turned into a payment token; the host sends the same key for the same
/// setup, so asking twice makes one.
pub fn state(api: &Api<'_, impl Http>, setup: &str) -> Result<SetupState, CallError> {
    let answer = api.get(&format!("/v3/vault/setup-tokens/{}", encode(setup)))?;
    if answer.is_not_found() {
        return Ok(SetupState::Failed("the setup expired".to_owned()));
    }
    let token: SetupToken = answer.body()?;
    match token.status.as_str() {
        "CREATED" | "PAYER_ACTION_REQUIRED" => Ok(SetupState::Open),
        "APPROVED" | "VAULTED" | "TOKENIZED" => {
            let body = json!({ "payment_source": { "token": { "id": setup, "type": "SETUP_TOKEN" } } });
            let token: PaymentToken = api.post("/v3/vault/payment-tokens", &body)?.body()?;
            Ok(SetupState::Done(token.described()))
        }
        status => Err(CallError::Unknown(format!("{} has the status {status}", token.id))),
    }
}

/// Removes a wallet. One that is gone is removed already.
pub fn detach(api: &Api<'_, impl Http>, method: &str) -> Result<(), CallError> {
    let answer = api.delete(&format!("/v3/vault/payment-tokens/{}", encode(method)))?;
    if answer.is_not_found() { Ok(()) } else { answer.success() }
}

impl PaymentToken {
    fn described(self) -> NewMethod {
        let wallet = self.payment_source.and_then(|source| source.paypal);
        NewMethod {
            method_ref: self.id,
            customer_ref: self.customer.and_then(|customer| customer.id),
            kind: "paypal".to_owned(),
            brand: String::new(),
            last4: String::new(),
            exp_month: None,
            exp_year: None,
            fingerprint: wallet.and_then(|wallet| wallet.account_id.or(wallet.payer_id)),
        }
    }
}
