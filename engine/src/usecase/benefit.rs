//! Says what a product gives.

use crate::error::{Error, Result};
use crate::ids::{BenefitId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::entitlements::Benefit;
use domain::entitlement::BenefitKind;

/// A benefit to add.
#[derive(Debug, Clone)]
pub struct NewBenefit {
    /// The product's own name.
    pub product: String,
    /// The business's own name for it, unique in the product. Benefits of the same code in other products are the same
    /// to a customer who changes between them.
    pub code: String,
    /// Shown to customers.
    pub name: String,
    /// What kind.
    pub kind: BenefitKind,
    /// License keys: devices at once; none for any number.
    pub devices: Option<u32>,
}

/// Adds a benefit to a product. Who has the product has a feature at once, and a license key with the next change or
/// period of their subscription.
///
/// # Errors
/// `Refused` with `unknown_product`, or `bad_benefit` for a number of devices that no key can have.
pub fn add(engine: &Engine, tenant_id: &TenantId, new: NewBenefit) -> Result<BenefitId> {
    if new.devices.is_some_and(|devices| devices == 0 || new.kind != BenefitKind::LicenseKey) {
        return Err(Error::refused("bad_benefit", "only a license key has devices, and at least one"));
    }
    engine.write(tenant_id, move |tx, scope| {
        let product = store::catalog::product_by_code(tx, scope.id(), &new.product)?.ok_or_else(|| {
            Error::refused("unknown_product", format!("no product is called {:?}", new.product))
        })?;
        let row = Benefit {
            id: BenefitId::mint(),
            tenant_id: scope.id().clone(),
            product_id: product.id,
            code: new.code,
            name: new.name,
            kind: new.kind,
            activations: new.devices.map(i32::try_from).transpose().map_err(Error::bug)?,
            created_at: scope.now.wall,
        };
        store::entitlements::insert_benefit(tx, &row)?;
        Ok(row.id)
    })
}
