//! What a business lets its customers do, and how it handles what they do not do.

use super::values::within;
use super::words::{CancelReasons, TrialEndWithoutMethod};
use domain::dunning::{DunningMail, HoldOrFinal, Hours, Pinned, Policy, Step, UnpaidInvoice};
use domain::payment::refund::{DisputePolicy, LateMoney, RefundPolicy, SelfService};
use domain::reminder::{WinBackMail, WinBackRule};
use domain::subscription::cancel::{CancelTiming, TrialCancellation};
use domain::subscription::due::CatchUp;
use domain::subscription::hold::Lapsed;
use serde::Deserialize;

/// `[portal]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// Parts of the portal.
    pub sections: Sections,
    /// Cancelling.
    pub cancel: Cancel,
    /// What cancelling during a trial does.
    pub trial_cancellation: TrialCancellation,
    /// Whether customers may change their plan by themselves.
    pub plan_changes: bool,
}

/// `[portal.sections]`: what is off leaves the menu, and its pages answer 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    /// The person to turn to.
    pub contact_person: bool,
    /// Billing history and PDFs.
    pub invoices: bool,
    /// Billing addresses.
    pub billing_addresses: bool,
    /// Cards and other methods.
    pub payment_methods: bool,
    /// Subscriptions.
    pub subscriptions: bool,
}

/// `[portal.cancel]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// Whether customers may cancel by themselves.
    pub enabled: bool,
    /// When a cancellation may take effect; the first is chosen beforehand.
    pub modes: Vec<CancelTiming>,
    /// Whether the page asks why.
    pub reasons: CancelReasons,
}

/// `[dunning]`: pinned on each case when it opens, so a change holds for new cases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dunning {
    /// What happens when, counted from the first failure.
    pub steps: Vec<DunningStep>,
    /// What becomes of the invoice when the last step has failed, too.
    pub unpaid_invoice: UnpaidInvoice,
    /// When in the day and week, in the subscription's zone.
    pub hours: Hours,
}

/// One entry of `dunning.steps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DunningStep {
    /// Days after the first failure. 0 in the first step, more in each that follows.
    #[serde(deserialize_with = "within::<_, 0, 365>")]
    pub after_days: u32,
    /// Try the charge again.
    #[serde(default)]
    pub retry: bool,
    /// Write to the customer.
    pub mail: Option<DunningMail>,
    /// What becomes of the subscription when the invoice is still unpaid after this step.
    pub on_failure: Option<HoldOrFinal>,
}

impl Dunning {
    /// What cases are opened with.
    pub fn pinned(&self) -> Pinned {
        const DAY_S: i64 = 86_400;
        let step = |step: &DunningStep| Step {
            offset_s: i64::from(step.after_days) * DAY_S,
            retry: step.retry,
            mail: step.mail.map(|mail| mail.to_string()),
            on_failure: step.on_failure,
        };
        let steps = self.steps.iter().map(step).collect();
        let policy = Policy { version: 1, steps, unpaid_invoice: self.unpaid_invoice };
        Pinned { policy, hours: self.hours.clone() }
    }
}

/// `[billing]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Billing {
    /// After downtime longer than a period.
    pub catch_up: CatchUp,
    /// When a trial ends without a payment method.
    pub trial_end_without_method: TrialEndWithoutMethod,
    /// When a subscription comes back from hold after the period that was not paid for.
    pub lapsed: Lapsed,
    /// Whether money that is on its way (bank debits) brings a subscription back from hold.
    pub reactivate_on_pending: bool,
    /// Minor units; an invoice over less waits for the next one.
    pub smallest_charge: i64,
}

/// `[refunds]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refunds {
    /// Whether and how customers get their own money back.
    pub self_service: SelfService,
    /// The subscription ends with a refund that its customer started.
    pub cancels: bool,
    /// What a dispute does to the subscription.
    pub on_dispute: DisputePolicy,
    /// What becomes of money for what had ended before it came.
    pub paid_after_end: LateMoney,
}

impl Refunds {
    /// The rules for refunds that customers start.
    pub fn policy(&self) -> RefundPolicy {
        RefundPolicy { self_service: self.self_service, cancels: self.cancels }
    }
}

/// `[win_back]`: goes to customers who have agreed to news and offers only.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WinBack {
    /// Which mail follows which feedback.
    pub rules: Vec<WinBackRule>,
    /// The code of the coupon that offers name.
    pub coupon: Option<String>,
}

impl WinBack {
    /// The rules that can be followed: without a coupon there is nothing to offer.
    pub fn rules(&self) -> Vec<WinBackRule> {
        let possible = |rule: &&WinBackRule| rule.mail != WinBackMail::Offer || self.coupon.is_some();
        self.rules.iter().filter(possible).copied().collect()
    }
}

/// `[entitlements]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlements {
    /// Days for which access outlasts a missing payment.
    #[serde(deserialize_with = "within::<_, 0, 366>")]
    pub grace_days: u32,
}
