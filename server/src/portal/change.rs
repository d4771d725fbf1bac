//! `/subscriptions/{id}/change`: what there is to choose from; with a choice in the query, what it costs.

use crate::bill;
use crate::failure::{Answer, Failure};
use crate::sections::is_on;
use crate::view;
use crate::visit::SignedIn;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use domain::money::Money;
use domain::subscription::change::decide::Effect;
use domain::subscription::change::direction::Direction;
use domain::subscription::change::quote::QUOTE_MINUTES;
use engine::db::Conn;
use engine::ids::{CustomerId, PriceId, SubscriptionId};
use engine::query::change::{self, AddonChoice as Addon, PlanChoice as Plan};
use engine::query::portal::{self, Subscribed};
use engine::store::events::Actor;
use engine::usecase::change::{Quoted, Wish, quote};
use engine::{Result, Scope};
use templates::flash::Flash;
use templates::page::{
    AddonChoice, ChangeEffect, ChangePlan, ChangeReview, ChoiceError, PlanChoice, PlanGroup, Renewal,
    ReviewError, Section, SettledBy, Way,
};

/// Before the id of an add-on's price in the query.
const ADDON: &str = "addon_";

/// What was chosen and typed, in the order of the query: the number of its fields follows from the add-ons.
type Fields = Vec<(String, String)>;

/// `GET /subscriptions/{id}/change`
pub(crate) async fn look(me: SignedIn, id: Path<SubscriptionId>, fields: Query<Fields>) -> Answer {
    allowed(&me)?;
    let (id, fields) = (id.into_inner(), fields.into_inner());
    if !fields.iter().any(|(name, _)| name == "plan") {
        return choose(&me, id, fields, None).await;
    }
    let Some(wish) = wish(&fields) else {
        return choose(&me, id, fields, Some(ChoiceError::Quantity)).await;
    };
    let wanted = id.clone();
    let quoted = me.run(move |engine, tenant, owner| {
        quote(engine, tenant, &Actor::Customer(owner.to_string()), &wanted, &wish)
    });
    match quoted.await {
        Ok(quoted) => review(&me, id, quoted, None).await,
        Err(failure) => match refused(failure)? {
            Refused::Choice(error) => choose(&me, id, fields, Some(error)).await,
            Refused::Standing(flash) => me.to_with(&format!("/subscriptions/{id}"), &flash),
        },
    }
}

/// Customers change their plan here only where the business lets them.
pub(super) fn allowed(me: &SignedIn) -> std::result::Result<(), Failure> {
    if me.settings.portal.plan_changes { Ok(()) } else { Err(Failure::SectionOff) }
}

/// Why a change was refused.
pub(super) enum Refused {
    /// Because of what was chosen.
    Choice(ChoiceError),
    /// Because of how the subscription stands.
    Standing(Flash),
}

/// What to say about a refusal; any other failure stays one.
pub(super) fn refused(failure: Failure) -> std::result::Result<Refused, Failure> {
    let Some(code) = failure.refusal() else { return Err(failure) };
    Ok(match code {
        "same_target" => Refused::Choice(ChoiceError::Same),
        "quantity" => Refused::Choice(ChoiceError::Quantity),
        "other_interval" => Refused::Choice(ChoiceError::OtherInterval),
        "archived" | "other_collection" | "other_currency" | "other_role" | "addon_twice" | "sold_once" => {
            Refused::Choice(ChoiceError::NotOffered)
        }
        "payment_under_way" | "renewing" => Refused::Standing(Flash::ChangeNotNow),
        "already_ended" | "on_hold" | "not_running" | "cancelling" => Refused::Standing(Flash::NotChangeable),
        "credit_not_possible" => Refused::Standing(Flash::NothingToGiveBack),
        "no_method" => Refused::Standing(Flash::Outdated),
        _ => return Err(failure),
    })
}

/// What the fields ask for; nothing when a number is none.
fn wish(fields: &Fields) -> Option<Wish> {
    let mut wish = Wish::default();
    for (name, value) in fields {
        match (name.as_str(), name.strip_prefix(ADDON)) {
            ("plan", _) => wish.price = Some(PriceId::from(value.as_str())),
            ("quantity", _) => wish.quantity = Some(value.trim().parse().ok()?),
            (_, Some(price)) => {
                let count: i64 = value.trim().parse().ok()?;
                let addons = wish.addons.get_or_insert_default();
                if count != 0 {
                    addons.push((PriceId::from(price), count));
                }
            }
            _ => {}
        }
    }
    Some(wish)
}

/// The page with the choices; `fields` keep what was typed before.
async fn choose(me: &SignedIn, id: SubscriptionId, fields: Fields, error: Option<ChoiceError>) -> Answer {
    let page = me.read(move |conn, scope, owner| choices(conn, scope, owner, &id, &fields, error)).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    me.page_with(status, &page)
}

fn choices(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &SubscriptionId,
    fields: &Fields,
    error: Option<ChoiceError>,
) -> Result<ChangePlan> {
    let found = portal::subscription(conn, scope, owner, id)?.subscribed;
    let choices = change::choices(conn, scope, &found)?;
    let typed = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let one_number = choices.plans.iter().all(|plan| plan.price.quantity_max == Some(1));
    let addon = |addon: &Addon| AddonChoice {
        id: addon.price.id.to_string(),
        name: addon.product.name.clone(),
        price: addon
            .product
            .kind
            .is_paid_in_advance()
            .then(|| view::price(addon.price.interval(), addon.price.unit())),
        quantity: typed(&format!("{ADDON}{}", addon.price.id)).unwrap_or_else(|| addon.quantity.to_string()),
    };
    Ok(ChangePlan {
        subscription_id: id.to_string(),
        plans: PlanGroup::all(choices.plans.iter().map(|choice| plan(&found, choice)).collect()),
        addons: choices.addons.iter().map(addon).collect(),
        selected: typed("plan").unwrap_or_else(|| found.price.id.to_string()),
        quantity: (!one_number).then(|| typed("quantity").unwrap_or_else(|| found.sub.quantity.to_string())),
        product: found.product.name,
        error,
    })
}

fn plan(found: &Subscribed, plan: &Plan) -> PlanChoice {
    let is_same_product = plan.product.id == found.product.id;
    PlanChoice {
        id: plan.price.id.to_string(),
        name: plan.product.name.clone(),
        description: plan.product.description.clone(),
        price: view::price(plan.price.interval(), plan.price.unit()),
        way: plan.direction.map(|direction| match direction {
            // The same at another interval is neither more nor less to a reader, whatever it costs a year.
            _ if is_same_product => Way::Lateral,
            Direction::Upgrade => Way::Upgrade,
            Direction::Downgrade => Way::Downgrade,
            Direction::Lateral => Way::Lateral,
        }),
    }
}

/// The page that says what a choice costs. With an error it is that of another one, which no longer holds.
pub(super) async fn review(
    me: &SignedIn,
    id: SubscriptionId,
    quoted: Quoted,
    error: Option<ReviewError>,
) -> Answer {
    let status = if error.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let can_choose_method = is_on(&me.settings, Section::PaymentMethods);
    let page = me.read(move |conn, scope, owner| {
        let found = portal::subscription(conn, scope, owner, &id)?.subscribed;
        Ok(ChangeReview { can_choose_method, error, ..reviewed(scope, &found, quoted) })
    });
    me.page_with(status, &page.await?)
}

fn reviewed(scope: &Scope, found: &Subscribed, quoted: Quoted) -> ChangeReview {
    let Quoted { quote, parts, bill, set_off, refund, used, ticket } = quoted;
    let settlement = quote.settlement;
    let money = |minor| Money::new(minor, quote.currency);
    let effect = match &quote.change.effect {
        Effect::AtOnce if !bill.lines.is_empty() => ChangeEffect::NextInvoice,
        Effect::AtOnce | Effect::OncePaid => ChangeEffect::Now,
        Effect::NewPeriodOncePaid { period, .. } => {
            ChangeEffect::NewPeriod { until: scope.date_of(period.end) }
        }
        Effect::InTrial { trial_end } => ChangeEffect::Trial { until: scope.date_of(*trial_end) },
        Effect::Later(at) => ChangeEffect::Later { on: scope.date_of(*at) },
    };
    let renews_on = match effect {
        ChangeEffect::NewPeriod { until } | ChangeEffect::Trial { until } => until,
        ChangeEffect::Later { on } => on,
        ChangeEffect::Now | ChangeEffect::NextInvoice => scope.date_of(found.sub.current_period_end),
    };
    let interval = quote.change.items.first().map_or_else(|| found.price.interval(), |plan| plan.interval);
    let shown = bill::quoted(scope, &bill)
        .settled_from_balance(settlement.from_balance)
        .settled_by(SettledBy::ToBalance, refund - settlement.credit)
        .settled_by(SettledBy::Refunded, -refund);
    ChangeReview {
        subscription_id: found.sub.id.to_string(),
        product: found.product.name.clone(),
        parts: parts.iter().map(view::part).collect(),
        effect,
        bill: (!bill.lines.is_empty()).then_some(shown),
        set_off: (set_off != 0).then(|| money(set_off)),
        used: (used != 0).then(|| money(used)),
        due: money(settlement.due),
        renewal: Renewal {
            on: renews_on,
            price: view::price(interval, money(quote.renewal.total)),
            taxed: quote.renewal.tax != 0,
        },
        method: found.method.as_ref().map(view::method),
        can_choose_method: false,
        minutes: QUOTE_MINUTES,
        ticket,
        error: None,
    }
}
