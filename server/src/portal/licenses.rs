//! What a subscription gives, on its page: features, license keys and the devices that use them.

use super::subscriptions;
use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;
use actix_web::web;
use domain::entitlement::license::LicenseKey;
use engine::ids::{ActivationId, LicenseId, SubscriptionId};
use engine::query::entitlements::Entitled;
use engine::query::{account, portal};
use engine::store::entitlements as store;
use engine::usecase::license::remove_device;
use templates::flash::Flash;
use templates::page::{Benefit, License, LicensedDevice};

/// `POST /subscriptions/{id}/licenses/{license}`: the page with this key in full. A POST, so that no link, no history and
/// nothing that fetches ahead shows it.
pub(crate) async fn show(me: SignedIn, path: web::Path<(SubscriptionId, LicenseId)>) -> Answer {
    let (id, license) = path.into_inner();
    let wanted = license.clone();
    let page = me.read(move |conn, scope, owner| {
        let details = portal::subscription(conn, scope, owner, &id)?;
        let methods = account::methods(conn, scope, owner)?;
        let mut page = subscriptions::page(conn, scope, &details, &methods)?;
        page.benefits = rows(&details.benefits, Some(&wanted));
        Ok(page)
    });
    let page = page.await?;
    let is_shown = |row: &Benefit| row.license.as_ref().is_some_and(|license| license.shown);
    if !page.benefits.iter().any(is_shown) {
        return Err(Failure::NOT_FOUND);
    }
    tracing::info!(tenant = %me.tenant.slug, customer = %me.customer.id, %license, "a license key was shown");
    me.page(&page)
}

/// `POST /subscriptions/{id}/licenses/{license}/devices/{device}/remove`
pub(crate) async fn remove(
    me: SignedIn,
    path: web::Path<(SubscriptionId, LicenseId, ActivationId)>,
) -> Answer {
    let (id, license, device) = path.into_inner();
    let (of, wanted) = (license.clone(), device.clone());
    let found = me.read(move |conn, scope, owner| {
        let key = store::key_of_customer(conn, scope.id(), owner, &of)?;
        let devices = store::activations(conn, scope.id(), &key.id)?;
        Ok(devices.into_iter().find(|row| row.id == wanted).map(|row| row.label))
    });
    let found = found.await?;
    me.run(move |engine, tenant, owner| remove_device(engine, tenant, owner, &license, &device)).await?;
    let page = format!("/subscriptions/{id}");
    match found {
        Some(device) => me.to_with(&page, &Flash::DeviceRemoved { device }),
        // Done already, in another tab.
        None => me.to(&page),
    }
}

/// What a subscription gives; one key is shown in full.
pub(super) fn rows(given: &[Entitled], shown: Option<&LicenseId>) -> Vec<Benefit> {
    let row = |entitled: &Entitled| Benefit {
        name: entitled.benefit.name.clone(),
        open: entitled.access.is_open(),
        license: license(entitled, shown),
    };
    given.iter().map(row).collect()
}

fn license(entitled: &Entitled, shown: Option<&LicenseId>) -> Option<License> {
    let key = entitled.key.as_ref()?;
    let revoked = key.revoked_at.is_some();
    let shown = shown == Some(&key.id) && !revoked;
    let masked = || key.key_text.parse().map(|key: LicenseKey| key.masked()).unwrap_or_default();
    let device = |row: &store::Activation| LicensedDevice { id: row.id.to_string(), name: row.label.clone() };
    Some(License {
        id: key.id.to_string(),
        key: if shown { key.key_text.clone() } else { masked() },
        shown,
        revoked,
        devices: entitled.devices.iter().map(device).collect(),
        limit: entitled.benefit.limit(),
    })
}
