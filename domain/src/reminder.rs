//! Mails that nobody asked for: reminders before money moves, and one word after a customer has left.
//!
//! Each is planned as a window in which it may go out and a key under which it goes out once. Instants are billing
//! time.

use crate::Instant;
use crate::period::resolve;
use crate::subscription::cancel::CancelReason;
use crate::subscription::state::SubscriptionStatus;
use crate::words;
use chrono::{Months, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

words! {
    /// A reminder.
    ReminderKind {
        /// A trial is about to become a paid period.
        TrialEnding = "trial_ending",
        /// A long period is about to be paid again.
        RenewalUpcoming = "renewal_upcoming",
        /// A card expires before it is charged again.
        CardExpiring = "card_expiring",
    }
}

/// When reminders go out, in days before. 0 switches one off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReminderPolicy {
    /// Before the end of a trial. Trials that are not longer than this are reminded of a day before.
    pub trial_days: u32,
    /// Before a renewal.
    pub renewal_days: u32,
    /// Only periods longer than this are reminded of.
    pub renewal_cycle_days: u32,
    /// Before a card expires.
    pub card_days: u32,
}

impl Default for ReminderPolicy {
    fn default() -> Self {
        Self { trial_days: 3, renewal_days: 14, renewal_cycle_days: 180, card_days: 30 }
    }
}

/// A mail that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned<K> {
    /// Which.
    pub kind: K,
    /// From then on.
    pub due_at: Instant,
    /// Until then, excluded: afterwards it would come too late.
    pub until: Instant,
    /// Goes out once under this key. A new date has a new key.
    pub dedupe_key: String,
}

impl<K> Planned<K> {
    /// Whether it may go out at `now`.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due_at <= now && now < self.until
    }
}

/// What decides about a subscription's reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalFacts<'a> {
    /// The subscription's id.
    pub id: &'a str,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// Start of the current period, or of the trial.
    pub period_start: Instant,
    /// Its end: when money moves.
    pub period_end: Instant,
    /// When it is going to end or pause.
    pub stops_at: Option<Instant>,
    /// What the next invoice will come to, in minor units.
    pub next_amount: i64,
}

/// The reminder of a subscription's next charge, if it deserves one: the end of a trial of at least a day, or the
/// renewal of a long period. Nothing is said where nothing will be charged.
pub fn of_subscription(sub: &RenewalFacts, policy: &ReminderPolicy) -> Option<Planned<ReminderKind>> {
    let stops_before = sub.stops_at.is_some_and(|at| at <= sub.period_end);
    if stops_before || sub.next_amount <= 0 {
        return None;
    }
    let days = |days: u32| TimeDelta::days(i64::from(days));
    let length = sub.period_end - sub.period_start;
    let (kind, before) = match sub.status {
        SubscriptionStatus::Trialing if policy.trial_days > 0 && length >= days(1) => {
            let before = if length > days(policy.trial_days) { policy.trial_days } else { 1 };
            (ReminderKind::TrialEnding, before)
        }
        SubscriptionStatus::Active if policy.renewal_days > 0 && length > days(policy.renewal_cycle_days) => {
            (ReminderKind::RenewalUpcoming, policy.renewal_days)
        }
        _ => return None,
    };
    Some(Planned {
        kind,
        due_at: (sub.period_end - days(before)).max(sub.period_start),
        until: sub.period_end,
        dedupe_key: format!("{}:{kind}:{}", sub.id, sub.period_end.format("%Y%m%dT%H%M%S")),
    })
}

/// What decides about a card's reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardFacts<'a> {
    /// The payment method's id.
    pub id: &'a str,
    /// Year printed on it, four digits.
    pub exp_year: i32,
    /// Month printed on it, 1 to 12; it is good until that month's end.
    pub exp_month: u32,
    /// The customer's zone.
    pub zone: Tz,
    /// The first charge after its expiry that it is meant for, over all subscriptions that go on.
    pub next_charge_at: Option<Instant>,
}

/// When a card stops working; nothing if its date makes no sense.
pub fn card_expires_at(card: &CardFacts) -> Option<Instant> {
    let first = NaiveDate::from_ymd_opt(card.exp_year, card.exp_month, 1)?;
    let next_month = first.checked_add_months(Months::new(1))?;
    Some(resolve(card.zone, next_month.and_time(NaiveTime::MIN)))
}

/// The reminder that a card is about to expire, where a charge after that depends on it.
pub fn of_card(card: &CardFacts, policy: &ReminderPolicy) -> Option<Planned<ReminderKind>> {
    let expires_at = card_expires_at(card)?;
    let charge_at = card.next_charge_at.filter(|at| *at >= expires_at)?;
    let kind = ReminderKind::CardExpiring;
    (policy.card_days > 0).then(|| Planned {
        kind,
        due_at: expires_at - TimeDelta::days(i64::from(policy.card_days)),
        until: charge_at,
        dedupe_key: format!("{}:{kind}:{:04}-{:02}", card.id, card.exp_year, card.exp_month),
    })
}

words! {
    /// What is said to a customer who has left.
    WinBackMail {
        /// An offer, such as a coupon.
        Offer = "win_back_offer",
        /// A question: what was missing?
        Survey = "win_back_survey",
        /// Help with getting started.
        Help = "win_back_help",
        /// An apology, from a person.
        Apology = "win_back_apology",
    }
}

/// Which mail follows which feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WinBackRule {
    /// The feedback; without one, all that no other rule names, and no feedback at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<CancelReason>,
    /// The mail.
    pub mail: WinBackMail,
    /// Days after the end.
    pub after_days: u32,
}

/// Rules that answer each kind of feedback; what says nothing gets nothing.
pub fn usual_win_back() -> Vec<WinBackRule> {
    use CancelReason::*;
    let rule = |reason, mail, after_days| WinBackRule { reason: Some(reason), mail, after_days };
    vec![
        rule(TooExpensive, WinBackMail::Offer, 7),
        rule(MissingFeatures, WinBackMail::Survey, 3),
        rule(SwitchedService, WinBackMail::Offer, 30),
        rule(Unused, WinBackMail::Help, 14),
        rule(CustomerService, WinBackMail::Apology, 1),
        rule(LowQuality, WinBackMail::Apology, 1),
        rule(TooComplex, WinBackMail::Help, 3),
        rule(Other, WinBackMail::Survey, 3),
    ]
}

/// Days after which a win-back mail that has not gone out stays away: rules that are switched on later must not
/// write to everybody who ever left.
const WIN_BACK_WINDOW_DAYS: i64 = 14;

/// What decides about a win-back mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WinBackFacts<'a> {
    /// The subscription's id.
    pub id: &'a str,
    /// When it ended.
    pub ended_at: Instant,
    /// The customer cancelled: not the business, and not for want of payment.
    pub by_customer: bool,
    /// Why, if the customer said so.
    pub reason: Option<CancelReason>,
    /// The customer agreed to marketing mails.
    pub marketing_opt_in: bool,
    /// The customer has another subscription that goes on.
    pub stays: bool,
}

/// The one mail to a customer who has left, if any.
pub fn win_back(left: &WinBackFacts, rules: &[WinBackRule]) -> Option<Planned<WinBackMail>> {
    if !left.by_customer || !left.marketing_opt_in || left.stays {
        return None;
    }
    let of = |reason: Option<CancelReason>| rules.iter().find(|rule| rule.reason == reason);
    let rule = of(left.reason).or_else(|| of(None))?;
    let due_at = left.ended_at + TimeDelta::days(i64::from(rule.after_days));
    Some(Planned {
        kind: rule.mail,
        due_at,
        until: due_at + TimeDelta::days(WIN_BACK_WINDOW_DAYS),
        // Once a subscription, whatever the rules become.
        dedupe_key: format!("{}:win_back", left.id),
    })
}
