//! What a provider component in Rust builds on: the types of `plugins/wit/v1`, the trait a provider implements,
//! JSON over the host's HTTP, signatures of webhooks, and the macro that makes a component of it.
//!
//! A provider is written against [`Http`], so its tests run natively with a scripted service; the host's imports
//! exist on `wasm32` only.

mod account;
#[allow(missing_docs, reason = "generated; the WIT carries the documentation")]
pub mod bindings;
#[cfg(target_arch = "wasm32")]
mod component;
pub mod http;
mod provider;
pub mod signature;
#[cfg(feature = "testing")]
pub mod testing;

pub use account::Settings;
#[cfg(target_arch = "wasm32")]
pub use component::Component;
pub use http::{Http, Request, Response};
pub use provider::Provider;

#[cfg(target_arch = "wasm32")]
pub use bindings::portico::payment::{clock, log, signing};

/// The types of the contract.
pub mod types {
    pub use crate::bindings::exports::portico::payment::provider::{
        Change, ChargeRequest, Delivery, Event, Found, Listed, LookupQuery, Movement, NewMethod, Page,
        RefundRequest, Reversal, SetupRequest, SetupStarted, SetupState, WebhookError,
    };
    pub use crate::bindings::portico::payment::types::{
        Account, Action, Authorization, Basic, CallContext, CallError, Capabilities, Choice, Decline,
        DeclineKind, Idempotency, Lookup, Manifest, Money, Oauth2, Outcome, SettingField, SettingKind,
        Settled,
    };
}

/// Makes a component of a type that implements [`Provider`]. Does nothing on other targets than `wasm32`.
#[macro_export]
macro_rules! export_provider {
    ($provider:ty) => {
        #[cfg(target_arch = "wasm32")]
        type PorticoComponent = $crate::Component<$provider>;
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::export!(PorticoComponent with_types_in $crate::bindings);
    };
}
