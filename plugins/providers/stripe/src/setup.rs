//! Saving a payment method: Checkout in setup mode.

use crate::api::Api;
use crate::form::Form;
use crate::objects::{CUSTOMER, Named, PaymentMethod, REFERENCE, Session, SetupIntent};
use plugin_sdk::types::{Account, CallContext, CallError, NewMethod, SetupRequest, SetupStarted, SetupState};
use plugin_sdk::{Http, Settings, http::encode};

/// Languages of Checkout, by <https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale>.
const LOCALES: &str = "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt \
    pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW";

/// Makes the customer if Stripe doesn't know them yet, then the page.
pub fn begin(
    api: &Api<'_, impl Http>,
    account: &Account,
    context: &CallContext,
    request: &SetupRequest,
) -> Result<SetupStarted, CallError> {
    let stripe_type = match request.kind.as_str() {
        "card" => "card",
        "sepa" => "sepa_debit",
        kind => return Err(CallError::NotExecuted(format!("no payment method {kind}"))),
    };
    let customer = match &request.customer_ref {
        Some(customer) => customer.clone(),
        None => make_customer(api, request)?,
    };
    let mut form = Form::default()
        .set("mode", "setup")
        .set("customer", &customer)
        .set("payment_method_types[0]", stripe_type)
        .set("success_url", &request.return_url)
        .set("cancel_url", &request.return_url)
        .set("locale", locale(&request.locale))
        .set("client_reference_id", &request.customer_id)
        .set(&format!("metadata[{REFERENCE}]"), &context.reference)
        .set(&format!("setup_intent_data[metadata][{REFERENCE}]"), &context.reference);
    if stripe_type == "card" {
        let three_d_secure = Settings::of(account).require("three_d_secure")?;
        form = form.set("payment_method_options[card][request_three_d_secure]", three_d_secure);
    }
    let session: Session = api.post_step("session", "/v1/checkout/sessions", form)?.body()?;
    let url = session.url.ok_or_else(|| CallError::Unknown("the session has no page".to_owned()))?;
    Ok(SetupStarted { setup_ref: session.id, url })
}

fn make_customer(api: &Api<'_, impl Http>, request: &SetupRequest) -> Result<String, CallError> {
    let form = Form::default()
        .set("email", &request.email)
        .set(&format!("metadata[{CUSTOMER}]"), &request.customer_id);
    let customer: Named = api.post_step("customer", "/v1/customers", form)?.body()?;
    Ok(customer.id)
}

/// The language itself, else the language without its region, else what the browser asks for.
fn locale(tag: &str) -> &str {
    let known = |tag: &str| LOCALES.split(' ').any(|locale| locale.eq_ignore_ascii_case(tag));
    let language = tag.split('-').next().unwrap_or(tag);
    [tag, language].into_iter().find(|tag| known(tag)).unwrap_or("auto")
}

/// How the setup behind a Checkout session stands.
pub fn state(api: &Api<'_, impl Http>, session: &str) -> Result<SetupState, CallError> {
    let expand = Form::default().set("expand[]", "setup_intent.payment_method");
    let session: Session = api.get(&format!("/v1/checkout/sessions/{}", encode(session)), expand)?.body()?;
    match session.status.as_deref() {
        Some("open") => Ok(SetupState::Open),
        Some("expired") => Ok(SetupState::Failed("the page expired".to_owned())),
        Some("complete") => of_intent(session),
        status => Err(CallError::Unknown(format!("{} has the status {status:?}", session.id))),
    }
}

fn of_intent(session: Session) -> Result<SetupState, CallError> {
    let unreadable =
        |error: serde_json::Error| CallError::Unknown(format!("unreadable setup intent: {error}"));
    let intent: SetupIntent =
        serde_json::from_value(session.setup_intent.unwrap_or_default()).map_err(unreadable)?;
    match (intent.status.as_str(), intent.payment_method) {
        ("succeeded", Some(method)) => Ok(SetupState::Done(method.described())),
        ("processing" | "requires_action", _) => Ok(SetupState::Verifying),
        ("canceled" | "requires_payment_method", _) => {
            let why = intent.last_setup_error.map_or_else(String::new, |error| error.reason().to_owned());
            Ok(SetupState::Failed(why))
        }
        (status, _) => Err(CallError::Unknown(format!("{} has a setup that {status}", session.id))),
    }
}

/// Removes a method. One that is gone, or belongs to nobody, is removed already; Stripe refuses to do it twice.
pub fn detach(api: &Api<'_, impl Http>, method: &str) -> Result<(), CallError> {
    let path = format!("/v1/payment_methods/{}", encode(method));
    let answer = api.post(&format!("{path}/detach"), Form::default())?;
    if answer.status() == 404 {
        return Ok(());
    }
    if answer.status() != 400 {
        return answer.body::<Named>().map(|_| ());
    }
    let now = api.get(&path, Form::default())?;
    if now.status() == 404 || now.body::<PaymentMethod>()?.customer.is_none() {
        Ok(())
    } else {
        Err(answer.error())
    }
}

impl PaymentMethod {
    /// The method in the words of the contract.
    pub fn described(self) -> NewMethod {
        let empty = NewMethod {
            method_ref: self.id,
            customer_ref: self.customer,
            kind: self.kind,
            brand: String::new(),
            last4: String::new(),
            exp_month: None,
            exp_year: None,
            fingerprint: None,
        };
        match (self.card, self.sepa_debit) {
            (Some(card), _) => NewMethod {
                brand: card.brand.unwrap_or_default(),
                last4: card.last4.unwrap_or_default(),
                exp_month: card.exp_month,
                exp_year: card.exp_year,
                fingerprint: card.fingerprint,
                ..empty
            },
            (None, Some(account)) => NewMethod {
                kind: "sepa".to_owned(),
                last4: account.last4.unwrap_or_default(),
                fingerprint: account.fingerprint,
                ..empty
            },
            (None, None) => empty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::locale;

    #[test]
    fn a_page_speaks_the_language_or_its_nearest_relative() {
        for (asked, spoken) in
            [("de", "de"), ("pt-BR", "pt-BR"), ("de-AT", "de"), ("ar", "auto"), ("", "auto")]
        {
            assert_eq!(locale(asked), spoken, "{asked}");
        }
    }
}
