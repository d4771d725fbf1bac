//! Saving and removing payment methods.

use crate::service::*;
use plugin_sdk::Provider;
use plugin_sdk::types::{CallError, SetupRequest, SetupState};
use provider_stripe::Stripe;

fn setup(kind: &str, customer: Option<&str>) -> SetupRequest {
    SetupRequest {
        customer_ref: customer.map(str::to_owned),
        customer_id: "cus_1".to_owned(),
        email: "mira@example.com".to_owned(),
        kind: kind.to_owned(),
        return_url: "https://portal.example/return?setup=1".to_owned(),
        locale: "de".to_owned(),
    }
}

#[test]
fn a_first_method_makes_the_customer_and_then_the_page() {
    let service = answers(200, "customer").then(200, &fixture("checkout_session.open"));
    let started = Stripe::begin_setup(&service, &account(), &context(), &setup("card", None)).unwrap();
    assert_eq!(started.setup_ref, "cs_test_Portico00000000000000001");
    assert!(started.url.starts_with("https://checkout.stripe.com/"), "{}", started.url);

    let asked = asked(service);
    assert_eq!((asked[0].line().as_str(), asked[0].step()), ("POST /v1/customers", Some("customer")));
    assert_eq!(asked[0].value("metadata[portico_customer]").as_deref(), Some("cus_1"));
    assert_eq!((asked[1].line().as_str(), asked[1].step()), ("POST /v1/checkout/sessions", Some("session")));
    for (name, value) in [
        ("mode", "setup"),
        ("customer", "cus_Portico00001"),
        ("payment_method_types[0]", "card"),
        ("payment_method_options[card][request_three_d_secure]", "any"),
        ("success_url", "https://portal.example/return?setup=1"),
        ("locale", "de"),
    ] {
        assert_eq!(asked[1].value(name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn a_known_customer_is_not_made_again_and_a_debit_asks_for_no_3d_secure() {
    let service = answers(200, "checkout_session.open");
    Stripe::begin_setup(&service, &account(), &context(), &setup("sepa", Some("cus_9"))).unwrap();
    let asked = &asked(service)[0];
    assert_eq!(asked.value("customer").as_deref(), Some("cus_9"));
    assert_eq!(asked.value("payment_method_types[0]").as_deref(), Some("sepa_debit"));
    assert_eq!(asked.value("payment_method_options[card][request_three_d_secure]"), None);
}

#[test]
fn a_finished_page_yields_the_card() {
    let service = answers(200, "checkout_session.complete");
    let Ok(SetupState::Done(method)) = Stripe::complete_setup(&service, &account(), "cs_1") else {
        panic!("not done")
    };
    assert_eq!(method.method_ref, "pm_1Portico000000000000001");
    assert_eq!(method.customer_ref.as_deref(), Some("cus_Portico00001"));
    assert_eq!(
        (method.kind.as_str(), method.brand.as_str(), method.last4.as_str()),
        ("card", "visa", "3155")
    );
    assert_eq!((method.exp_month, method.exp_year), (Some(12), Some(2031)));
    let asked = &asked(service)[0];
    assert_eq!(asked.line(), "GET /v1/checkout/sessions/cs_1");
    assert_eq!(asked.value("expand[]").as_deref(), Some("setup_intent.payment_method"));
}

#[test]
fn a_setup_that_is_not_finished_says_how_far_it_is() {
    let state = |name: &str| Stripe::complete_setup(&answers(200, name), &account(), "cs_1");
    assert_eq!(state("checkout_session.open"), Ok(SetupState::Open));
    assert_eq!(state("checkout_session.sepa_processing"), Ok(SetupState::Verifying));
    assert!(matches!(state("checkout_session.expired"), Ok(SetupState::Failed(_))));
    let without_intent = fixture("checkout_session.open").replace("\"open\"", "\"complete\"");
    let odd = Stripe::complete_setup(&Script::default().then(200, &without_intent), &account(), "cs_1");
    assert!(matches!(odd, Err(CallError::Unknown(_))), "{odd:?}");
}

#[test]
fn a_method_that_is_gone_already_is_removed() {
    let detach = |service: &Script| Stripe::detach(service, &account(), &context(), "pm_1");
    assert_eq!(detach(&answers(200, "payment_method.detached")), Ok(()));
    assert_eq!(detach(&answers(404, "error.no_payment_method")), Ok(()));
    assert_eq!(
        detach(&answers(400, "error.not_attached").then(200, &fixture("payment_method.detached"))),
        Ok(())
    );
    let attached = answers(400, "error.not_attached").then(200, &fixture("payment_method.card"));
    assert!(matches!(detach(&attached), Err(CallError::NotExecuted(_))));
}
