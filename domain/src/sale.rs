//! Whether something is sold today, and in which way.

use crate::catalog::{ProductKind, QuantityBounds, QuantityError};
use crate::subscription::item::ItemRole;

/// What the catalogue says of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// How its product is sold.
    pub kind: ProductKind,
    /// As what its product is offered.
    pub sold_as: ItemRole,
    /// Whether product or price are no longer sold.
    pub archived: bool,
    /// How many pieces there may be.
    pub bounds: QuantityBounds,
}

/// Why something is not sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SaleRefusal {
    /// No subscription consists of what is sold once.
    #[error("this is sold once, on an invoice")]
    SoldOnce,
    /// What recurs is no line that is billed once.
    #[error("this is sold by subscription")]
    Recurs,
    /// A subscription begins with its plan.
    #[error("this is an add-on, and no plan")]
    NoPlan,
    /// No longer sold.
    #[error("this is no longer sold")]
    Archived,
    /// Too few or too many.
    #[error("the quantity is refused: {0}")]
    Quantity(#[from] QuantityError),
}

impl SaleRefusal {
    /// A stable word for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SoldOnce => "sold_once",
            Self::Recurs => "recurs",
            Self::NoPlan => "other_role",
            Self::Archived => "archived",
            Self::Quantity(_) => "quantity",
        }
    }
}

impl Offered {
    /// Whether a subscription to so many may begin.
    ///
    /// # Errors
    /// Why it may not.
    pub fn by_subscription(&self, quantity: i64) -> Result<(), SaleRefusal> {
        if !self.kind.recurs() {
            return Err(SaleRefusal::SoldOnce);
        }
        if self.sold_as != ItemRole::Plan {
            return Err(SaleRefusal::NoPlan);
        }
        self.today(quantity)
    }

    /// Whether so many may be billed once, beside any subscription.
    ///
    /// # Errors
    /// Why they may not.
    pub fn once(&self, quantity: i64) -> Result<(), SaleRefusal> {
        if self.kind.recurs() {
            return Err(SaleRefusal::Recurs);
        }
        self.today(quantity)
    }

    fn today(&self, quantity: i64) -> Result<(), SaleRefusal> {
        if self.archived {
            return Err(SaleRefusal::Archived);
        }
        Ok(self.bounds.check(quantity)?)
    }
}
