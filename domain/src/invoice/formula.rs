//! "Why this amount?": what a line was computed from, stored with it, so that anybody can repeat it and the portal can
//! explain it in the customer's language.

use crate::currency::Currency;
use crate::money::{Money, MoneyError, round_div};
use crate::subscription::change::prorate::{Granularity, Share};
use crate::usage::rating::Rating;
use crate::usage::{Aggregation, Decimal};
use serde::{Deserialize, Serialize};

/// One step to a line's amount. Minor units of the document's currency; spans in whole seconds or days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Formula {
    /// `quantity · unit_amount`: a full period, or something bought once.
    Full {
        /// How many.
        quantity: i64,
        /// Price of one.
        unit_amount: i64,
    },
    /// A part of a period, charged.
    ProratedCharge(Share),
    /// A part of what was billed, given back: the negative of what the share comes to.
    ProratedCredit(Share),
    /// What was counted, by its price.
    Usage {
        /// How events were counted.
        aggregation: Aggregation,
        /// What they came to.
        quantity: Decimal,
        /// The price.
        rating: Rating,
    },
    /// `round(of · millionths / 10⁶)`, taken off.
    PercentOff {
        /// Of what.
        of: i64,
        /// 200 000 is 20 %.
        millionths: u32,
    },
    /// A fixed amount, or the part of it that fell to this line, taken off.
    AmountOff {
        /// How much.
        amount: i64,
    },
    /// From an earlier invoice that was too small to charge.
    CarryForward {
        /// How much.
        amount: i64,
    },
    /// The customer's balance paid it; positive, and counted down from what is due.
    Balance {
        /// How much.
        amount: i64,
    },
}

/// All steps to a line's amount, in their order: what is stored with the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineFormula(pub Vec<Formula>);

/// What a formula comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// Before discount; negative for what is given back.
    pub amount: i64,
    /// Taken off.
    pub discount: i64,
}

/// Words for the customer: the key of a message, and what to put into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Key in the catalogue.
    pub key: &'static str,
    /// By name.
    pub args: Vec<(&'static str, Arg)>,
}

/// What goes into a message; each is written as the customer's language writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arg {
    /// An amount.
    Money(Money),
    /// The price of one unit, in minor units with digits after the point.
    UnitPrice(Decimal, Currency),
    /// A count.
    Number(i64),
    /// A stretch of time, in seconds.
    Seconds(i64),
    /// A quantity with digits after the point.
    Quantity(Decimal),
    /// Millionths: 200 000 is 20 %.
    Percent(u32),
}

impl LineFormula {
    /// The line's amount and discount, from the stored inputs alone.
    pub fn recompute(&self) -> Result<Recomputed, MoneyError> {
        self.0.iter().try_fold(Recomputed::default(), |sum, step| {
            let step = step.recompute()?;
            let amount = sum.amount.checked_add(step.amount);
            let (amount, discount) =
                amount.zip(sum.discount.checked_add(step.discount)).ok_or(MoneyError::OutOfRange)?;
            Ok(Recomputed { amount, discount })
        })
    }

    /// One explanation a step; shares and usage have more where there is more to say.
    pub fn explain(&self, currency: Currency) -> Result<Vec<Explanation>, MoneyError> {
        let steps = self.0.iter().map(|step| step.explain(currency)).collect::<Result<Vec<_>, _>>()?;
        Ok(steps.concat())
    }
}

impl Formula {
    /// What this step adds.
    pub fn recompute(&self) -> Result<Recomputed, MoneyError> {
        let amount = |amount| Recomputed { amount, discount: 0 };
        let off = |discount| Recomputed { amount: 0, discount };
        Ok(match self {
            Self::Full { quantity, unit_amount } => {
                amount(quantity.checked_mul(*unit_amount).ok_or(MoneyError::OutOfRange)?)
            }
            Self::ProratedCharge(share) => {
                let full = Share { discount: 0, ..*share }.net_of_discount()?;
                Recomputed { amount: full, discount: full - share.net_of_discount()? }
            }
            Self::ProratedCredit(share) => amount(-share.net_of_discount()?),
            Self::Usage { quantity, rating, .. } => amount(rating.rate(*quantity)?.amount),
            Self::PercentOff { of, millionths } => {
                off(round_div(i128::from(*of) * i128::from(*millionths), 1_000_000)?)
            }
            Self::AmountOff { amount } => off(*amount),
            Self::CarryForward { amount: carried } => amount(*carried),
            Self::Balance { amount: paid } => amount(paid.checked_neg().ok_or(MoneyError::OutOfRange)?),
        })
    }

    fn explain(&self, currency: Currency) -> Result<Vec<Explanation>, MoneyError> {
        let Recomputed { amount, discount } = self.recompute()?;
        let money = |minor| Arg::Money(Money::new(minor, currency));
        let one = |key, args| Ok(vec![Explanation { key, args }]);
        match self {
            Self::Full { quantity, unit_amount } => one(
                "why-full",
                vec![
                    ("quantity", Arg::Number(*quantity)),
                    ("unit", money(*unit_amount)),
                    ("amount", money(amount)),
                ],
            ),
            Self::ProratedCharge(share) => explain_share(share, 1, money),
            Self::ProratedCredit(share) => explain_share(share, -1, money),
            Self::Usage { aggregation, quantity, rating } => {
                explain_usage(*aggregation, *quantity, rating, currency)
            }
            Self::PercentOff { of, millionths } => one(
                "why-percent-off",
                vec![
                    ("of", money(*of)),
                    ("percent", Arg::Percent(*millionths)),
                    ("amount", money(-discount)),
                ],
            ),
            Self::AmountOff { .. } => one("why-amount-off", vec![("amount", money(-discount))]),
            Self::CarryForward { .. } => one("why-carry-forward", vec![("amount", money(amount))]),
            Self::Balance { .. } => one("why-balance", vec![("amount", money(amount))]),
        }
    }
}

/// `20.00 × 2 505 600 s / 2 592 000 s = 19.33`, after what was taken off the whole, and before what earlier credits
/// have left of it. `sign` is -1 for what is given back.
fn explain_share(
    share: &Share,
    sign: i64,
    money: impl Fn(i64) -> Arg,
) -> Result<Vec<Explanation>, MoneyError> {
    let net = share.full.checked_sub(share.discount).ok_or(MoneyError::OutOfRange)?;
    let uncapped = Share { at_most: None, ..*share }.net_of_discount()?;
    let amount = share.net_of_discount()?;
    let mut steps = Vec::new();
    if share.discount != 0 {
        let args =
            vec![("full", money(share.full)), ("discount", money(share.discount)), ("net", money(net))];
        steps.push(Explanation { key: "why-share-discount", args });
    }
    let span: fn(i64) -> Arg = match share.unit {
        Granularity::Second => Arg::Seconds,
        Granularity::Day => Arg::Number,
    };
    let args = vec![
        ("full", money(net)),
        ("part", span(share.part)),
        ("whole", span(share.whole)),
        ("amount", money(sign * uncapped)),
    ];
    steps.push(Explanation { key: share_key(share.unit, sign < 0), args });
    if amount != uncapped {
        steps.push(Explanation { key: "why-share-capped", args: vec![("amount", money(sign * amount))] });
    }
    Ok(steps)
}

const fn share_key(unit: Granularity, is_credit: bool) -> &'static str {
    match (unit, is_credit) {
        (Granularity::Second, false) => "why-prorated-charge-seconds",
        (Granularity::Day, false) => "why-prorated-charge-days",
        (Granularity::Second, true) => "why-prorated-credit-seconds",
        (Granularity::Day, true) => "why-prorated-credit-days",
    }
}

fn explain_usage(
    aggregation: Aggregation,
    quantity: Decimal,
    rating: &Rating,
    currency: Currency,
) -> Result<Vec<Explanation>, MoneyError> {
    let rated = rating.rate(quantity)?;
    let key = match aggregation {
        Aggregation::Sum => "why-usage-sum",
        Aggregation::Max => "why-usage-max",
        Aggregation::Last => "why-usage-last",
        Aggregation::UniqueCount => "why-usage-unique-count",
    };
    let whole = Explanation {
        key,
        args: vec![
            ("quantity", Arg::Quantity(rated.quantity)),
            ("included", Arg::Quantity(rated.included)),
            ("amount", Arg::Money(Money::new(rated.amount, currency))),
        ],
    };
    let tiers = rated.parts.iter().map(|part| Explanation {
        key: "why-usage-tier",
        args: vec![
            ("quantity", Arg::Quantity(part.quantity)),
            ("unit", Arg::UnitPrice(part.unit_amount, currency)),
        ],
    });
    Ok(std::iter::once(whole).chain(tiers).collect())
}
