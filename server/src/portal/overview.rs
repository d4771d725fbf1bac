//! The first page after signing in: problems first.

use super::contact::contact;
use super::problems;
use crate::bill;
use crate::failure::Answer;
use crate::sections::is_on;
use crate::view;
use crate::visit::SignedIn;
use engine::query::portal::Subscribed;
use engine::query::{account, billing, portal};
use engine::{Result, Scope};
use templates::page::{NextPayment, Overview, Section};

/// Payments shown.
const RECENT: usize = 4;

/// `GET /`
pub(crate) async fn show(me: SignedIn) -> Answer {
    let page = me.read(|conn, scope, owner| {
        let shows = |section| is_on(&scope.settings, section);
        let subscriptions = portal::subscriptions(conn, scope, owner)?;
        let methods = account::methods(conn, scope, owner)?;
        let recent = billing::recent(conn, scope, owner, RECENT)?;
        let (ended, current): (Vec<_>, Vec<_>) =
            subscriptions.iter().partition(|found| found.sub.has_ended());
        let rows = |found: Vec<&Subscribed>| -> Result<Vec<_>> {
            found.into_iter().map(|found| view::subscription_row(scope, found)).collect()
        };
        let shows_subscriptions = shows(Section::Subscriptions);
        Ok(Overview {
            problems: problems::all(scope, &subscriptions, &methods),
            changes: subscriptions.iter().filter_map(|found| view::scheduled_change(scope, found)).collect(),
            next_payment: next_payment(scope, &subscriptions),
            subscriptions: shows_subscriptions.then(|| rows(current)).transpose()?,
            ended: if shows_subscriptions { rows(ended)? } else { Vec::new() },
            payments: shows(Section::Billing)
                .then(|| recent.iter().map(|payment| view::payment_row(scope, payment)).collect()),
            methods: shows(Section::PaymentMethods).then(|| methods.iter().map(view::method_row).collect()),
            contact: shows(Section::Contact).then(|| contact(&scope.settings.contact)),
        })
    });
    me.page(&page.await?)
}

/// The earliest bill to come.
fn next_payment(scope: &Scope, subscriptions: &[Subscribed]) -> Option<NextPayment> {
    let planned = subscriptions.iter().filter_map(|found| Some((found.next.as_ref()?, found)));
    let (next, found) = planned.min_by_key(|(next, _)| next.at)?;
    let on = scope.date_of(next.at);
    Some(NextPayment {
        bill: bill::to_come(scope, &next.to_come),
        on,
        in_days: (on - scope.today()).num_days().max(0),
        method: found.method.as_ref().map(view::method),
    })
}
