//! The trait a provider implements.

use crate::Http;
use crate::types::{
    Account, CallContext, CallError, ChargeRequest, Delivery, Event, Found, LookupQuery, Manifest, Outcome,
    Page, RefundRequest, SetupRequest, SetupStarted, SetupState, WebhookError,
};

/// A payment provider. What the functions mean, stands in `plugins/wit/v1/provider.wit`; what a provider cannot do,
/// it leaves out, and says so in its capabilities.
pub trait Provider {
    /// The manifest. Must not use any import.
    fn describe() -> Manifest;

    /// Begins to set up a payment method on the service's page.
    fn begin_setup(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &SetupRequest,
    ) -> Result<SetupStarted, CallError>;

    /// How a setup stands.
    fn complete_setup(http: &impl Http, account: &Account, setup_ref: &str) -> Result<SetupState, CallError>;

    /// Removes a payment method from the service.
    fn detach(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        method_ref: &str,
    ) -> Result<(), CallError>;

    /// Takes money with a saved payment method.
    fn charge(
        http: &impl Http,
        account: &Account,
        context: &CallContext,
        request: &ChargeRequest,
    ) -> Result<Outcome, CallError>;

    /// Gives money back.
    fn refund(
        _http: &impl Http,
        _account: &Account,
        _context: &CallContext,
        _request: &RefundRequest,
    ) -> Result<Outcome, CallError> {
        Err(CallError::Unsupported)
    }

    /// Cancels an open charge.
    fn cancel(
        _http: &impl Http,
        _account: &Account,
        _context: &CallContext,
        _provider_ref: &str,
    ) -> Result<Outcome, CallError> {
        Err(CallError::Unsupported)
    }

    /// What became of a charge or refund.
    fn look_up(_http: &impl Http, _account: &Account, _query: &LookupQuery) -> Result<Found, CallError> {
        Err(CallError::Unsupported)
    }

    /// Charges and refunds made since a moment.
    fn list_since(
        _http: &impl Http,
        _account: &Account,
        _since: u64,
        _cursor: Option<&str>,
    ) -> Result<Page, CallError> {
        Err(CallError::Unsupported)
    }

    /// Verifies a webhook and says what it is about.
    fn verify_webhook(_account: &Account, _delivery: &Delivery) -> Result<Vec<Event>, WebhookError> {
        Err(WebhookError::Unsupported)
    }
}
