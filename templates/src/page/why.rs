//! "Why this amount?": what the words under a bill are made from.

use domain::currency::Currency;
use domain::invoice::formula::LineFormula;
use domain::money::Money;
use serde::{Deserialize, Serialize};

/// Why a line comes to its amount. The words are made by the filter `why`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The steps, as they are stored with the line.
    pub formula: LineFormula,
    /// Currency of the steps.
    pub currency: Currency,
    /// The tax that the formula's amount contains and the line's does not.
    pub contained: Option<ContainedTax>,
}

/// Tax that a price contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainedTax {
    /// Percent as text: `19`, `7.7`.
    pub rate: String,
    /// What the price comes to.
    pub gross: Money,
    /// The tax in it.
    pub tax: Money,
    /// What is left, which is the line's amount.
    pub net: Money,
}
