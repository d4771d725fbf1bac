//! Cancelling: the dialog says what each choice means, the press does what it said.

use super::subscriptions;
use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;
use actix_web::http::StatusCode;
use actix_web::web;
use chrono::DateTime;
use domain::money::Money;
use domain::subscription::cancel::{CancelDecision, CancelReason, CancelTiming, TrialCancellation};
use domain::subscription::ending::GivenBack;
use domain::subscription::state::SubscriptionStatus;
use engine::db::Conn;
use engine::ids::{CustomerId, SubscriptionId};
use engine::query::portal::Subscribed;
use engine::query::{account, portal};
use engine::settings::CancelReasons;
use engine::text::lines;
use engine::usecase::cancel::{COMMENT_CHARS, CancelRequest, Shown};
use engine::usecase::unused;
use engine::{Result, Scope};
use serde::Deserialize;
use templates::flash::Flash;
use templates::page::{Cancel, CancelDialog, CancelOption, ComesBack};

/// The form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    timing: String,
    reason: String,
    comment: String,
    preview_id: String,
    as_of: String,
}

/// What the dialog of a subscription shows, or since when it is pointless.
enum Preview {
    Open(Box<CancelDialog>, Shown),
    Already(chrono::NaiveDate),
}

/// `GET /subscriptions/{id}/cancel`
pub(crate) async fn dialog(me: SignedIn, id: web::Path<SubscriptionId>) -> Answer {
    let id = id.into_inner();
    match look(&me, id.clone(), Choice::default()).await? {
        Preview::Open(dialog, _) => me.page(&*dialog),
        Preview::Already(on) => me.to_with(&format!("/subscriptions/{id}"), &Flash::AlreadyCancelled { on }),
    }
}

/// `POST /subscriptions/{id}/cancel`
pub(crate) async fn cancel(me: SignedIn, id: web::Path<SubscriptionId>, form: web::Form<Choice>) -> Answer {
    let (id, choice) = (id.into_inner(), form.into_inner());
    let page = format!("/subscriptions/{id}");
    let (mut dialog, shown) = match look(&me, id.clone(), choice.clone()).await? {
        Preview::Open(dialog, shown) => (dialog, shown),
        Preview::Already(on) => return me.to_with(&page, &Flash::AlreadyCancelled { on }),
    };
    if dialog.cancel.preview_id != choice.preview_id {
        return me.to_with(&format!("{page}/cancel"), &Flash::Outdated);
    }
    let request = CancelRequest {
        subscription: id,
        timing: choice.timing.parse().map_err(|_| Failure::Invalid)?,
        reason: reason(&choice.reason)?,
        comment: comment(&choice.comment),
        shown: Some(shown),
    };
    let decided =
        me.run(move |engine, tenant, owner| engine::usecase::cancel::cancel(engine, tenant, owner, request));
    let (product, email) = (dialog.subscription.name.clone(), me.customer.email.clone());
    let flash = match decided.await {
        Ok(CancelDecision::EndNow) => Flash::Cancelled { product, email },
        Ok(CancelDecision::EndAt(at)) => Flash::CancellationScheduled { product, on: me.date_of(at), email },
        Ok(CancelDecision::Already(at)) => Flash::AlreadyCancelled { on: me.date_of(at) },
        Err(failure) if failure.refusal() == Some("reason_required") => {
            dialog.cancel.reason_missing = true;
            return me.page_with(StatusCode::UNPROCESSABLE_ENTITY, &*dialog);
        }
        // It ended, or was paid, between our look and the press.
        Err(failure) if matches!(failure.refusal(), Some("already_ended" | "outdated")) => Flash::Outdated,
        Err(failure) => return Err(failure),
    };
    me.to_with(&page, &flash)
}

async fn look(me: &SignedIn, id: SubscriptionId, choice: Choice) -> std::result::Result<Preview, Failure> {
    if !me.settings.portal.cancel.enabled {
        return Err(Failure::SectionOff);
    }
    me.read(move |conn, scope, owner| preview(conn, scope, owner, &id, choice)).await
}

fn preview(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &SubscriptionId,
    choice: Choice,
) -> Result<Preview> {
    let details = portal::subscription(conn, scope, owner, id)?;
    let found = &details.subscribed;
    if let Some(at) = found.sub.ended_at.or(found.sub.cancel_at) {
        return Ok(Preview::Already(scope.date_of(at)));
    }
    let methods = account::methods(conn, scope, owner)?;
    let reasons = scope.settings.portal.cancel.reasons;
    let shown = shown(conn, scope, found, &choice.as_of)?;
    let options = options(scope, found, shown.given_back)?;
    let offered = if reasons == CancelReasons::Off { &[] } else { CancelReason::ALL };
    let cancel = Cancel {
        timing: match choice.timing.as_str() {
            "" => options.first().map_or("", timing_of).to_owned(),
            _ => choice.timing,
        },
        options,
        reasons: offered.iter().map(ToString::to_string).collect(),
        reason_required: reasons == CancelReasons::Required,
        reason: choice.reason,
        comment: choice.comment,
        email: details.customer.email.clone(),
        reason_missing: false,
        preview_id: preview_id(scope, found, &shown),
        as_of: shown.at.and_utc().timestamp_micros().to_string(),
    };
    let subscription = subscriptions::page(conn, scope, &details, &methods)?;
    Ok(Preview::Open(Box::new(CancelDialog { subscription, cancel }), shown))
}

/// What comes back if it ends now: as of the moment for which the form was drawn, while that still holds.
fn shown(conn: &mut Conn, scope: &Scope, found: &Subscribed, as_of: &str) -> Result<Shown> {
    let drawn = as_of.parse().ok().and_then(DateTime::from_timestamp_micros).map(|at| at.naive_utc());
    let shown = |conn: &mut Conn, at| {
        unused::preview(conn, scope, &found.sub, at).map(|given_back| Shown { at, given_back })
    };
    match drawn {
        Some(at) if Shown::is_fresh(at, scope.now.billing) => shown(conn, at),
        _ => shown(conn, scope.now.billing),
    }
}

fn comes_back(given_back: GivenBack) -> Option<ComesBack> {
    let back = ComesBack {
        refund: given_back.refund(),
        to_balance: given_back.balance(),
        to_offset: given_back.offset(),
    };
    [back.refund, back.to_balance, back.to_offset].iter().any(Option::is_some).then_some(back)
}

/// What is open once it has ended, and what becomes of that. What never began leaves nothing to pay.
fn unpaid(scope: &Scope, found: &Subscribed, given_back: GivenBack) -> CancelOption {
    let rule = scope.settings.ending.open_invoices;
    let began = found.sub.status != SubscriptionStatus::Incomplete;
    let off = given_back.offset().map_or(0, |off| off.minor);
    let owed = found.owed.as_ref().filter(|_| began).map(|owed| owed.total);
    let open = owed.map(|owed| Money::new(owed.minor - off, owed.currency)).filter(|open| open.minor > 0);
    CancelOption::Unpaid { open, rule, back: comes_back(given_back) }
}

/// The ways there are, the one chosen beforehand first. The use case decides by the same rules.
fn options(scope: &Scope, found: &Subscribed, given_back: GivenBack) -> Result<Vec<CancelOption>> {
    use SubscriptionStatus as S;
    let (sub, portal) = (&found.sub, &scope.settings.portal);
    let day = |at| scope.date_of(at);
    if let Some(rest) = found.contract {
        let amount = match &found.next {
            Some(next) => next.to_come.bill.in_advance(),
            None => found.amount()?,
        };
        return Ok(vec![CancelOption::ContractEnd { on: day(rest.end), payments: rest.periods, amount }]);
    }
    Ok(match sub.status {
        S::Trialing => vec![match portal.trial_cancellation {
            TrialCancellation::Immediate => CancelOption::TrialNow,
            TrialCancellation::TrialEnd => {
                CancelOption::TrialEnd { on: day(sub.trial_end.unwrap_or(sub.current_period_end)) }
            }
        }],
        S::Active | S::Error => portal
            .cancel
            .modes
            .iter()
            .map(|timing| match timing {
                CancelTiming::AtPeriodEnd => CancelOption::PeriodEnd { on: day(sub.current_period_end) },
                CancelTiming::Now => {
                    CancelOption::Now { unused_days: found.unused_days(scope), back: comes_back(given_back) }
                }
            })
            .collect(),
        S::Incomplete | S::PastDue | S::OnHold | S::Paused | S::Cancelled | S::Expired => {
            vec![unpaid(scope, found, given_back)]
        }
    })
}

fn timing_of(option: &CancelOption) -> &'static str {
    let timing = match option {
        CancelOption::PeriodEnd { .. } | CancelOption::ContractEnd { .. } | CancelOption::TrialEnd { .. } => {
            CancelTiming::AtPeriodEnd
        }
        CancelOption::Now { .. } | CancelOption::TrialNow | CancelOption::Unpaid { .. } => CancelTiming::Now,
    };
    timing.as_str()
}

/// Names what the dialog says: everything that decides what cancelling does. When it changes, nobody has agreed.
fn preview_id(scope: &Scope, found: &Subscribed, shown: &Shown) -> String {
    let (sub, portal) = (&found.sub, &scope.settings.portal);
    let owed = found.owed.as_ref().map(|owed| owed.total.minor);
    let said = format!(
        "{} {} {} {:?} {:?} {:?} {} {shown:?} {:?}",
        sub.id,
        sub.status,
        sub.current_period_end,
        found.contract,
        owed,
        portal.cancel.modes,
        portal.trial_cancellation,
        scope.settings.ending,
    );
    scope.keys.cookie_tag("cancel preview", &said)
}

fn reason(word: &str) -> std::result::Result<Option<CancelReason>, Failure> {
    match word {
        "" => Ok(None),
        word => word.parse().map(Some).map_err(|_| Failure::Invalid),
    }
}

fn comment(typed: &str) -> Option<String> {
    let text = lines(typed);
    (!text.is_empty()).then(|| text.chars().take(COMMENT_CHARS).collect())
}
