//! `/payment-methods/return`: back from the provider's page.

use super::add_method::Purpose;
use crate::answer::{LOOK_AGAIN_S, refresh};
use crate::failure::Answer;
use crate::view;
use crate::visit::SignedIn;
use actix_web::web::Query;
use chrono::TimeDelta;
use domain::Instant;
use engine::ids::SetupId;
use engine::query::account::{self, Setup};
use engine::store::methods::{PaymentSetup, SetupStatus};
use engine::usecase::add_method;
use serde::Deserialize;
use templates::flash::Flash;
use templates::page::{SetupProgress, SetupStage};

/// Days that providers take at most to verify a bank account.
const VERIFYING_DAYS: u32 = 5;

/// Failures that mean that the customer gave up; everything else is the bank's refusal.
const GAVE_UP: [&str; 2] = ["not_finished", "abandoned"];

/// Seconds a page waits for the worker before it stops asking.
const PATIENCE_S: i64 = 120;

/// Where the provider sends the browser.
#[derive(Deserialize)]
pub(crate) struct Returned {
    setup: SetupId,
    #[serde(flatten)]
    purpose: Purpose,
}

/// `GET /payment-methods/return`: what became of it. The query is not believed, the provider is asked.
pub(crate) async fn returned(me: SignedIn, query: Query<Returned>) -> Answer {
    let Returned { setup: id, purpose } = query.into_inner();
    let found = me
        .run(move |engine, tenant, owner| {
            add_method::returned(engine, tenant, owner, &id)?;
            engine.read(tenant, |conn, scope| account::setup(conn, scope, owner, &id))
        })
        .await?;
    let setup = &found.setup;
    let stage = match setup.state {
        SetupStatus::Done => return finish(&me, &found, &purpose),
        SetupStatus::Verifying => SetupStage::Verifying { days: VERIFYING_DAYS },
        SetupStatus::Failed if gave_up(setup) => SetupStage::NotFinished,
        SetupStatus::Failed => SetupStage::Refused,
        SetupStatus::Created | SetupStatus::Open | SetupStatus::Checking => {
            SetupStage::Waiting { slow: is_slow(me.wall, setup.updated_at) }
        }
    };
    let subscription = setup.subscription_id.as_ref().filter(|_| purpose.id.is_empty());
    let response =
        me.page(&SetupProgress { stage, purpose: subscription.map_or(purpose.id, ToString::to_string) })?;
    Ok(match stage {
        SetupStage::Waiting { slow: false } => refresh(response, LOOK_AGAIN_S),
        _ => response,
    })
}

fn gave_up(setup: &PaymentSetup) -> bool {
    setup.failure.as_deref().is_none_or(|why| GAVE_UP.contains(&why))
}

/// Whether something has been under way for longer than anybody watches a page.
pub(crate) fn is_slow(now: Instant, since: Instant) -> bool {
    now - since > TimeDelta::seconds(PATIENCE_S)
}

/// Says that the method is there, where it was wanted.
fn finish(me: &SignedIn, found: &Setup, purpose: &Purpose) -> Answer {
    let method =
        found.method.as_ref().ok_or_else(|| engine::Error::bug("a finished setup without a method"))?;
    let flash = if found.was_known() {
        Flash::MethodKnown
    } else {
        Flash::MethodAdded { method: view::method(method), is_default: found.is_default }
    };
    let target = match (purpose.invoice(), &found.setup.subscription_id) {
        (Some(invoice), _) => format!("/billing/{invoice}/pay"),
        (None, Some(subscription)) => format!("/subscriptions/{subscription}"),
        (None, None) => "/payment-methods".to_owned(),
    };
    me.to_with(&target, &flash)
}
