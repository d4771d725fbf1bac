//! What needs the customer, with the one button that fixes it.

use super::billing::reason;
use crate::sections::is_on;
use crate::view;
use chrono::{Days, NaiveDate};
use domain::payment::state::AttemptState;
use domain::subscription::state::SubscriptionStatus;
use engine::Scope;
use engine::query::account::{Expiry, MethodUse};
use engine::query::payment::PaymentState;
use engine::query::portal::{Owed, Subscribed};
use templates::page::{Failure, Problem, Section};

/// Days before the end of a trial from which a missing payment method is a problem.
const TRIAL_DAYS: u64 = 3;

/// Most problems told at once.
const MOST: usize = 3;

/// What needs the customer, worst first. What could only be fixed where the business shows nothing is left out.
pub(super) fn all(scope: &Scope, subscriptions: &[Subscribed], methods: &[MethodUse]) -> Vec<Problem> {
    let mut problems: Vec<Problem> =
        subscriptions.iter().filter_map(|subscribed| of(scope, subscribed)).collect();
    if is_on(&scope.settings, Section::PaymentMethods) {
        problems.extend(methods.iter().filter_map(expiring));
    }
    problems.sort_by_key(rank);
    problems.truncate(MOST);
    problems
}

fn rank(problem: &Problem) -> u8 {
    match problem {
        Problem::OnHold { .. } => 0,
        Problem::PaymentFailed { .. } => 1,
        Problem::ConfirmPayment { .. } => 2,
        Problem::CardExpires { .. } => 3,
        Problem::TrialNeedsMethod { .. } => 4,
    }
}

/// What is wrong with one subscription.
pub(super) fn of(scope: &Scope, subscribed: &Subscribed) -> Option<Problem> {
    let shows = |section| is_on(&scope.settings, section);
    let product = subscribed.product.name.clone();
    match (subscribed.sub.status, &subscribed.owed) {
        (SubscriptionStatus::OnHold, owed) => shows(Section::Subscriptions).then(|| Problem::OnHold {
            subscription_id: subscribed.sub.id.to_string(),
            product,
            amount: owed.as_ref().map(|owed| owed.due),
            failure: owed.as_ref().and_then(last_failure),
        }),
        (_, Some(owed)) if shows(Section::Billing) => unpaid(scope, product, owed),
        (SubscriptionStatus::Trialing, None) if shows(Section::PaymentMethods) => {
            trial(scope, subscribed, product)
        }
        _ => None,
    }
}

fn unpaid(scope: &Scope, product: String, owed: &Owed) -> Option<Problem> {
    let invoice_id = owed.payment.invoice.id.to_string();
    let waits_for_bank =
        owed.payment.last_try().is_some_and(|tried| tried.attempt.state == AttemptState::RequiresAction);
    match owed.payment.state() {
        _ if waits_for_bank => Some(Problem::ConfirmPayment { invoice_id, product, amount: owed.due }),
        PaymentState::Failed => Some(Problem::PaymentFailed {
            invoice_id,
            product,
            amount: owed.due,
            failure: last_failure(owed),
            next_try: owed.next_try.map(|at| scope.date_of(at)),
        }),
        PaymentState::Paid | PaymentState::Processing | PaymentState::Due | PaymentState::Void => None,
    }
}

fn last_failure(owed: &Owed) -> Option<Failure> {
    owed.payment.tries.iter().rev().find(|tried| tried.has_failed()).map(|tried| Failure {
        method: view::method(&tried.method),
        on: tried.on,
        reason: reason(tried),
    })
}

fn trial(scope: &Scope, subscribed: &Subscribed, product: String) -> Option<Problem> {
    let sub = &subscribed.sub;
    let until = scope.date_of(sub.trial_end.unwrap_or(sub.current_period_end));
    let is_soon = until <= scope.today() + Days::new(TRIAL_DAYS);
    let will_lack = subscribed.method.is_none() && sub.cancel_at.is_none();
    (is_soon && will_lack).then_some(Problem::TrialNeedsMethod { product, until })
}

/// A card that is over before something renews with it.
fn expiring(used: &MethodUse) -> Option<Problem> {
    if used.expiry == Expiry::Far {
        return None;
    }
    let year = used.method.exp_year?;
    let month = NaiveDate::from_ymd_opt(year, u32::try_from(used.method.exp_month?).ok()?, 1)?;
    let after = month.checked_add_months(chrono::Months::new(1))?;
    let renewals = used.subscriptions.iter().filter_map(|charged| Some((charged.renews_on?, charged)));
    let (renews_on, first) = renewals.filter(|(day, _)| *day >= after).min_by_key(|(day, _)| *day)?;
    Some(Problem::CardExpires {
        method: view::method(&used.method),
        month,
        product: first.product.clone(),
        renews_on,
    })
}
