//! Changing a subscription: what there is to choose from, and what a choice costs.

use super::{Bill, IntervalUnit, Method, Price};
use chrono::NaiveDate;
use domain::money::Money;
use serde::Serialize;
use std::collections::BTreeMap;

/// `GET /subscriptions/{id}/change`: the form leads to [`ChangeReview`] under the same path, with `plan`, `quantity`
/// and `addon_{price}` in its query.
#[derive(Debug, Clone, Serialize)]
pub struct ChangePlan {
    /// `sub_...`
    pub subscription_id: String,
    /// Name of the plan that it is on.
    pub product: String,
    /// What it can be on, by how often that is charged.
    pub plans: Vec<PlanGroup>,
    /// Id of the chosen one.
    pub selected: String,
    /// How many of it, as typed; absent where there is only one number.
    pub quantity: Option<String>,
    /// Its add-ons.
    pub addons: Vec<AddonChoice>,
    /// Why the last choice came to nothing.
    pub error: Option<ChoiceError>,
}

/// The plans that are charged at one interval.
#[derive(Debug, Clone, Serialize)]
pub struct PlanGroup {
    /// Of the interval.
    pub unit: IntervalUnit,
    /// How many of the unit an interval has.
    pub count: u32,
    /// In the order in which they are offered.
    pub plans: Vec<PlanChoice>,
}

impl PlanGroup {
    /// Plans in groups, the shortest interval first.
    pub fn all(plans: Vec<PlanChoice>) -> Vec<Self> {
        let mut groups = BTreeMap::<_, Vec<PlanChoice>>::new();
        for plan in plans {
            groups.entry((plan.price.unit, plan.price.count)).or_default().push(plan);
        }
        groups.into_iter().map(|((unit, count), plans)| Self { unit, count, plans }).collect()
    }
}

/// A plan to choose.
#[derive(Debug, Clone, Serialize)]
pub struct PlanChoice {
    /// `price_...`
    pub id: String,
    /// Name of the product.
    pub name: String,
    /// One sentence, or empty.
    pub description: String,
    /// What one costs per interval.
    pub price: Price,
    /// Which way it goes; absent for the current plan.
    pub way: Option<Way>,
}

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To something dearer.
    Upgrade,
    /// To something cheaper.
    Downgrade,
    /// To something that costs the same.
    Lateral,
}

/// An add-on to choose.
#[derive(Debug, Clone, Serialize)]
pub struct AddonChoice {
    /// `price_...`
    pub id: String,
    /// Name of the product.
    pub name: String,
    /// What one costs per interval; absent where use is counted instead.
    pub price: Option<Price>,
    /// How many, as typed; `0` is none.
    pub quantity: String,
}

/// Why a choice was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceError {
    /// It is like that already.
    Same,
    /// So many cannot be had.
    Quantity,
    /// Plan and add-ons are charged at different intervals.
    OtherInterval,
    /// It is not offered any more.
    NotOffered,
}

/// `GET /subscriptions/{id}/change?plan=`: what the choice costs. It posts `ticket` and `amount`.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeReview {
    /// `sub_...`
    pub subscription_id: String,
    /// Name of the plan that it is on.
    pub product: String,
    /// What it then consists of, the plan first: `Team`, `3 × Archive`.
    pub parts: Vec<String>,
    /// When it takes effect.
    pub effect: ChangeEffect,
    /// Credits and charges; absent where there are none. What is due on it is charged on confirmation.
    pub bill: Option<Bill>,
    /// Comes off what is not paid yet of the running period.
    pub set_off: Option<Money>,
    /// For what was used until now: comes with the next invoice.
    pub used: Option<Money>,
    /// Charged on confirmation.
    pub due: Money,
    /// What it costs from then on.
    pub renewal: Renewal,
    /// What is charged.
    pub method: Option<Method>,
    /// Methods can be added and chosen.
    pub can_choose_method: bool,
    /// Minutes for which the amounts hold.
    pub minutes: i64,
    /// Carries what was shown to its confirmation.
    pub ticket: String,
    /// What was shown before is no longer so.
    pub error: Option<ReviewError>,
}

/// When a change takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeEffect {
    /// Once it is paid, or at once where nothing is due.
    Now,
    /// The same, and a new period begins.
    NewPeriod {
        /// First day after it.
        until: NaiveDate,
    },
    /// At once; the amounts go on the next invoice.
    NextInvoice,
    /// At once, within the trial.
    Trial {
        /// Day the trial then ends.
        until: NaiveDate,
    },
    /// With the next period.
    Later {
        /// Its first day.
        on: NaiveDate,
    },
}

/// What renewals cost after a change.
#[derive(Debug, Clone, Serialize)]
pub struct Renewal {
    /// Day of the first.
    pub on: NaiveDate,
    /// What it costs with tax.
    pub price: Price,
    /// There is tax in it.
    pub taxed: bool,
}

/// Why what was agreed to was not carried out.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReviewError {
    /// Another amount is due.
    AmountChanged {
        /// Shown before.
        from: Money,
        /// Now.
        to: Money,
    },
    /// It expired, or something else of it has changed.
    Outdated,
}

/// A change that comes with the next period.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduledChange {
    /// `sub_...`
    pub subscription_id: String,
    /// The day it comes.
    pub on: NaiveDate,
    /// What the subscription then consists of, the plan first.
    pub parts: Vec<String>,
    /// What that costs by the price list.
    pub price: Price,
    /// It can be undone here.
    pub can_undo: bool,
}
