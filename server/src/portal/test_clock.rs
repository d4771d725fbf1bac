//! The button in the banner of test businesses that moves their clock.

use crate::failure::{Answer, Failure};
use crate::paths::own_path;
use crate::visit::SignedIn;
use actix_web::web;
use domain::period::{Interval, IntervalUnit};
use engine::store::tenants::TenantMode;
use engine::usecase::test_clock::advance_clock;
use serde::Deserialize;
use templates::flash::Flash;

#[derive(Deserialize)]
pub(crate) struct Advance {
    by: String,
    r#return: Option<String>,
}

/// `POST /test-clock/advance`: sets where to; the page after it looks again until the worker has got there.
pub(crate) async fn advance(me: SignedIn, form: web::Form<Advance>) -> Answer {
    if me.tenant.mode != TenantMode::Test {
        return Err(Failure::NOT_FOUND);
    }
    let unit = match form.by.as_str() {
        "1d" => IntervalUnit::Day,
        "1w" => IntervalUnit::Week,
        "1m" => IntervalUnit::Month,
        _ => return Err(Failure::Invalid),
    };
    let back = form.r#return.as_deref().and_then(own_path).unwrap_or("/");
    let moved = me.run(move |engine, tenant, _| advance_clock(engine, tenant, Interval::new(unit, 1))).await;
    match moved {
        Ok(target) => {
            let to = me.date_of(target);
            me.to_with(back, &Flash::ClockAdvanced { to })
        }
        Err(failure) if failure.refusal() == Some("clock_moving") => me.to(back),
        Err(failure) => Err(failure),
    }
}
