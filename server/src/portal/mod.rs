//! The pages of a business's portal, one file a screen or verb.

pub(crate) mod add_method;
mod address_check;
pub(crate) mod address_form;
pub(crate) mod addresses;
pub(crate) mod billing;
pub(crate) mod cancel;
pub(crate) mod contact;
mod device;
pub(crate) mod invoice_pdf;
pub(crate) mod language;
pub(crate) mod licenses;
pub(crate) mod link;
pub(crate) mod login;
pub(crate) mod methods;
pub(crate) mod overview;
pub(crate) mod pay;
mod pay_progress;
mod problems;
pub(crate) mod profile;
pub(crate) mod reactivate;
pub(crate) mod resume;
pub(crate) mod setup_return;
pub(crate) mod subscription_method;
pub(crate) mod subscriptions;
mod tax_id;
pub(crate) mod test_clock;
pub(crate) mod unsubscribe;
