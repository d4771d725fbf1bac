//! The provider for bank transfers. It asks nobody: a charge waits until an admin or an imported bank statement says that
//! the money came. What the customer is told to pay, and with which reference, stands on Portico's invoice.

mod manifest;

use plugin_sdk::types::{
    Account, CallContext, CallError, ChargeRequest, Found, LookupQuery, Manifest, Movement, NewMethod,
    Outcome, SetupRequest, SetupStarted, SetupState,
};
use plugin_sdk::{Http, Provider, export_provider};

/// The bank transfer provider.
#[derive(Debug)]
pub struct BankTransfer;

export_provider!(BankTransfer);

/// The only kind of method.
const KIND: &str = "bank-transfer";

impl Provider for BankTransfer {
    fn describe() -> Manifest {
        manifest::manifest()
    }

    /// There is nothing to fill in, so the browser goes straight back.
    fn begin_setup(
        _http: &impl Http,
        _account: &Account,
        context: &CallContext,
        request: &SetupRequest,
    ) -> Result<SetupStarted, CallError> {
        if request.kind != KIND {
            return Err(CallError::NotExecuted(format!("no payment method {}", request.kind)));
        }
        Ok(SetupStarted { setup_ref: context.key.clone(), url: request.return_url.clone() })
    }

    fn complete_setup(
        _http: &impl Http,
        _account: &Account,
        setup_ref: &str,
    ) -> Result<SetupState, CallError> {
        Ok(SetupState::Done(NewMethod {
            method_ref: setup_ref.to_owned(),
            customer_ref: None,
            kind: KIND.to_owned(),
            brand: String::new(),
            last4: String::new(),
            exp_month: None,
            exp_year: None,
            fingerprint: None,
        }))
    }

    fn detach(
        _http: &impl Http,
        _account: &Account,
        _context: &CallContext,
        _method_ref: &str,
    ) -> Result<(), CallError> {
        Ok(())
    }

    /// The key is the attempt's own, so the answer is the same however often it is asked for.
    fn charge(
        _http: &impl Http,
        _account: &Account,
        context: &CallContext,
        _request: &ChargeRequest,
    ) -> Result<Outcome, CallError> {
        Ok(Outcome::Pending(context.key.clone()))
    }

    /// Money that arrives all the same is in the statement, and is booked from there.
    fn cancel(
        _http: &impl Http,
        _account: &Account,
        _context: &CallContext,
        provider_ref: &str,
    ) -> Result<Outcome, CallError> {
        Ok(Outcome::Cancelled(Some(provider_ref.to_owned())))
    }

    /// Nobody here knows more than that the money has been asked for.
    fn look_up(_http: &impl Http, _account: &Account, query: &LookupQuery) -> Result<Found, CallError> {
        match query.movement {
            Movement::Charge => Ok(Found::Outcome(Outcome::Pending(query.key.clone()))),
            Movement::Refund => Err(CallError::Unsupported),
        }
    }
}
