//! Parts of the portal that a business can switch off: gone from the menu, 403 on their pages.

use engine::settings::TenantSettings;
use templates::page::Section;

/// All parts, in the order of the menu, with the first segment of their paths.
const ALL: [(Section, &str); 7] = [
    (Section::Overview, ""),
    (Section::Subscriptions, "subscriptions"),
    (Section::PaymentMethods, "payment-methods"),
    (Section::Billing, "billing"),
    (Section::Addresses, "addresses"),
    (Section::Profile, "profile"),
    (Section::Contact, "contact"),
];

/// Whether the business shows this part.
pub(crate) fn is_on(settings: &TenantSettings, section: Section) -> bool {
    let on = settings.portal.sections;
    match section {
        Section::Overview | Section::Profile => true,
        Section::Subscriptions => on.subscriptions,
        Section::PaymentMethods => on.payment_methods,
        Section::Billing => on.invoices,
        Section::Addresses => on.billing_addresses,
        Section::Contact => on.contact_person && settings.contact.name.is_some(),
    }
}

/// The menu.
pub(crate) fn menu(settings: &TenantSettings) -> Vec<Section> {
    ALL.into_iter().map(|(section, _)| section).filter(|section| is_on(settings, *section)).collect()
}

/// The part that a path belongs to. What is owed can be paid whatever is switched off.
pub(crate) fn of_path(path: &str) -> Option<Section> {
    if path.starts_with("/billing/") && path.ends_with("/pay") {
        return None;
    }
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ALL.into_iter().find(|(_, segment)| *segment == first).map(|(section, _)| section)
}
