//! Providers tell by webhook what happened. Each thing counts once, in any order, and only if the provider said it.
//! Named after D1 to D10, B16, C7 and C8 of the fault model.

mod arriving;
mod lifecycle;
mod refused;
mod waiting;

use e2e::{Customer, World, cards};
use serde_json::{Value, json};

/// A subscriber whose first charge is on its way at the bank, and the service's name of that charge.
async fn paying_by_debit(world: &World, email: &str) -> (Customer, String) {
    let (ada, _) = world.subscriber(email, cards::SLOW).await;
    let attempt = world.attempts(&ada).remove(0);
    assert_eq!(attempt.state.as_str(), "pending");
    (ada, attempt.provider_ref.unwrap())
}

/// The charge as it would be described in some other state.
fn as_if(charge: &Value, status: &str, more: &Value) -> Value {
    let mut charge = charge.clone();
    charge["status"] = json!(status);
    for (key, value) in more.as_object().unwrap() {
        charge[key] = value.clone();
    }
    charge
}
