//! Addresses, profile, contact person, language.

use super::{Address, FieldError};
use crate::lang::Lang;
use chrono::NaiveDateTime;
use serde::Serialize;

/// `GET /addresses`.
#[derive(Debug, Clone, Serialize)]
pub struct AddressBook {
    /// Saved addresses, the default first.
    pub addresses: Vec<AddressCard>,
}

/// A saved address.
#[derive(Debug, Clone, Serialize)]
pub struct AddressCard {
    /// `adr_...`
    pub id: String,
    /// The address.
    pub address: Address,
    /// Used for new subscriptions and invoices.
    pub is_default: bool,
}

/// `GET /addresses/new` and `/addresses/{id}`. Fields are named as in [`Address`], with `line1` and `line2`.
#[derive(Debug, Clone, Serialize)]
pub struct AddressForm {
    /// Absent for a new one.
    pub id: Option<String>,
    /// What the fields hold.
    pub values: Address,
    /// Fields that were refused.
    pub errors: Vec<FieldError>,
    /// Path to go to after saving, carried as `return`.
    pub return_to: Option<String>,
}

/// `GET /addresses/{id}/remove`: the list with the dialog open.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveAddress {
    /// The page behind.
    #[serde(flatten)]
    pub book: AddressBook,
    /// What is removed.
    pub removal: AddressCard,
    /// Refused: it is the default and there are others.
    pub blocked: bool,
}

/// `GET /profile`. Posts `name`, `phone`, `lang` and `marketing`.
#[derive(Debug, Clone, Serialize)]
pub struct Profile {
    /// What the field holds.
    pub name: String,
    /// Address of the account; not changed here.
    pub email: String,
    /// What the field holds.
    pub phone: String,
    /// Saved language.
    pub language: Lang,
    /// News and offers by mail.
    pub marketing: bool,
    /// Where the customer is signed in, this device first.
    pub sessions: Vec<Session>,
    /// Fields that were refused.
    pub errors: Vec<FieldError>,
}

/// A place where the customer is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct Session {
    /// Browser and system: `Firefox on Windows`; empty when unknown.
    pub device: String,
    /// When, in the business's zone.
    pub since: NaiveDateTime,
    /// This device.
    pub current: bool,
}

/// `GET /contact`: the person in charge. Also a box on the overview.
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Role, or empty.
    pub role: String,
    /// Address, or empty.
    pub email: String,
    /// Number, or empty.
    pub phone: String,
    /// Office hours, or empty.
    pub hours: String,
}

/// `GET /language`. The list comes from the shell.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseLanguage {
    /// Path to return to.
    pub return_to: String,
}

/// `GET /unsubscribe/{token}`, and what the press on it answers.
#[derive(Debug, Clone, Serialize)]
pub struct Unsubscribe {
    /// Path to post to.
    pub action: String,
    /// Whose mails end.
    pub email: String,
    /// They have ended.
    pub done: bool,
}
