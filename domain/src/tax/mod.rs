//! Tax: rates and their formulas, VAT ids, and which rate a customer pays.

pub mod decide;
mod rate;
pub mod vat_id;
pub mod vies;

pub use rate::{BadTaxRate, TaxBehaviour, TaxRate};
