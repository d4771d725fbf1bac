//! Setups: a visit of the card page that ends with a saved card, or not.

use super::{Answer, Call, Desk, bad_request, check_return_url, not_found};
use crate::book::{Entry, Method, Setup, SetupStatus};
use serde::Deserialize;
use serde_json::{Value, json};

/// The customer's address and language are sent too; nothing here needs them.
#[derive(Deserialize)]
struct NewSetup {
    customer: Option<String>,
    customer_id: String,
    kind: String,
    return_url: String,
}

pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Result<Answer, Answer> {
    let wanted: NewSetup = call.read()?;
    if wanted.kind != "card" {
        return Err(bad_request("unknown_kind", "Only cards can be set up."));
    }
    check_return_url(&wanted.return_url)?;
    let setup = Setup {
        id: desk.ids.next("set_"),
        status: SetupStatus::Open,
        customer: wanted.customer,
        customer_id: wanted.customer_id,
        return_url: wanted.return_url,
        failure: None,
        method: None,
        card: None,
        created: desk.now,
    };
    let url = format!("{}/setup/{}", desk.base, setup.id);
    let body = json!({ "id": setup.id, "url": url, "status": setup.status });
    Ok(Answer::ok(body).with([Entry::Setup(setup)]))
}

pub(super) fn show(desk: &Desk<'_>, id: &str) -> Result<Answer, Answer> {
    let setup = desk.book.setups.get(id).ok_or_else(|| not_found("unknown_setup"))?;
    let method = setup.method.as_ref().and_then(|id| desk.book.methods.get(id)).map(Method::view);
    let mut body = json!({ "id": setup.id, "status": setup.status });
    if let Some(failure) = &setup.failure {
        body["failure"] = Value::from(failure.as_str());
    }
    if let Some(method) = method {
        body["method"] = method;
    }
    Ok(Answer::ok(body))
}
