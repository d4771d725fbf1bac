//! Every id: a prefix that says what it names, and a lower-case ULID, so that ids sort by the time they were
//! minted. Those of one process sort in the very order in which it minted them, also within a millisecond.

use diesel_derive_newtype::DieselNewType;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use ulid::{Generator, Ulid};

/// Remembers the last id, and mints no smaller one after it.
static GENERATOR: Mutex<Generator> = Mutex::new(Generator::new());

fn next() -> Ulid {
    let mut generator = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    match generator.generate() {
        Ok(id) => id,
        // The random part has come to its end within one millisecond.
        Err(overflow) => overflow.commit_overflow_increment(),
    }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DieselNewType)]
            #[serde(transparent)]
            pub struct $name(String);

            impl $name {
                /// The prefix of these ids, without the underscore.
                pub const PREFIX: &'static str = $prefix;

                /// A new id.
                pub fn mint() -> Self { Self(format!("{}_{}", $prefix, next().to_string().to_ascii_lowercase())) }

                /// The id as stored and shown.
                pub fn as_str(&self) -> &str { &self.0 }
            }

            impl From<&str> for $name {
                /// Takes what a URL or a job names; whether it exists is for the store to say.
                fn from(id: &str) -> Self { Self(id.to_owned()) }
            }

            impl From<String> for $name {
                fn from(id: String) -> Self { Self(id) }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
            }
        )+
    };
}

ids! {
    /// A business.
    TenantId = "biz",
    /// A customer of a business.
    CustomerId = "cus",
    /// A billing address.
    AddressId = "adr",
    /// A product.
    ProductId = "prd",
    /// A price of a product.
    PriceId = "pri",
    /// Plans among which a customer may change.
    CollectionId = "col",
    /// Something that is counted and billed.
    MeterId = "met",
    /// Something counted.
    UsageId = "use",
    /// A coupon.
    CouponId = "cou",
    /// What a product gives.
    BenefitId = "ben",
    /// A license key.
    LicenseId = "lic",
    /// A device that uses a license key.
    ActivationId = "act",
    /// A provider account of a business.
    AccountId = "acc",
    /// A recorded call of a provider.
    CallId = "cal",
    /// What a provider told by webhook.
    InboundId = "inb",
    /// A saved payment method.
    MethodId = "pm",
    /// The setting up of a payment method.
    SetupId = "set",
    /// A subscription.
    SubscriptionId = "sub",
    /// Something bought beside its plan.
    AddonId = "add",
    /// A coupon that it has redeemed.
    DiscountId = "dis",
    /// A change of plan.
    ChangeId = "chg",
    /// What waits for the next invoice.
    PendingLineId = "pln",
    /// A number series.
    SeriesId = "ser",
    /// An invoice.
    InvoiceId = "inv",
    /// A line of an invoice.
    LineId = "lin",
    /// A credit note.
    CreditNoteId = "crn",
    /// A receipt.
    ReceiptId = "rec",
    /// A line of a credit note.
    CreditLineId = "crl",
    /// A customer's wish to have money back.
    RefundRequestId = "rrq",
    /// A dispute.
    DisputeId = "dsp",
    /// A payment attempt.
    AttemptId = "att",
    /// A dunning case.
    DunningId = "dun",
    /// A ledger transaction.
    TxnId = "txn",
    /// A ledger entry.
    EntryId = "ent",
    /// An event.
    EventId = "evt",
    /// A mail.
    MailId = "mai",
    /// A stored document.
    DocumentId = "doc",
    /// A mailed token.
    TokenId = "tok",
    /// A portal session.
    SessionId = "ses",
    /// A counted request.
    HitId = "hit",
    /// A job.
    JobId = "job",
}

#[cfg(test)]
mod tests {
    use super::InvoiceId;

    #[test]
    fn ids_sort_in_the_order_in_which_they_were_minted() {
        let minted: Vec<InvoiceId> = (0..5_000).map(|_| InvoiceId::mint()).collect();
        assert!(minted.is_sorted() && minted.first() != minted.last());
    }
}
