//! A provider as the component's export, with the host's HTTP behind it.

use crate::bindings::exports::portico::payment::provider::Guest;
use crate::bindings::portico::payment::http as host;
use crate::http::{HttpError, Request, Response};
use crate::types::{
    Account, CallContext, CallError, ChargeRequest, Delivery, Event, Found, LookupQuery, Manifest, Outcome,
    Page, RefundRequest, SetupRequest, SetupStarted, SetupState, WebhookError,
};
use crate::{Http, Provider};
use std::marker::PhantomData;

/// The component that [`crate::export_provider!`] makes of a provider.
pub struct Component<P>(PhantomData<P>);

struct HostHttp;

impl Http for HostHttp {
    fn send(&self, request: Request) -> Result<Response, HttpError> {
        host::send(&request)
    }
}

impl<P: Provider> Guest for Component<P> {
    fn describe() -> Manifest {
        P::describe()
    }

    fn begin_setup(
        account: Account,
        context: CallContext,
        request: SetupRequest,
    ) -> Result<SetupStarted, CallError> {
        P::begin_setup(&HostHttp, &account, &context, &request)
    }

    fn complete_setup(account: Account, setup_ref: String) -> Result<SetupState, CallError> {
        P::complete_setup(&HostHttp, &account, &setup_ref)
    }

    fn detach(account: Account, context: CallContext, method_ref: String) -> Result<(), CallError> {
        P::detach(&HostHttp, &account, &context, &method_ref)
    }

    fn charge(account: Account, context: CallContext, request: ChargeRequest) -> Result<Outcome, CallError> {
        P::charge(&HostHttp, &account, &context, &request)
    }

    fn refund(account: Account, context: CallContext, request: RefundRequest) -> Result<Outcome, CallError> {
        P::refund(&HostHttp, &account, &context, &request)
    }

    fn cancel(account: Account, context: CallContext, provider_ref: String) -> Result<Outcome, CallError> {
        P::cancel(&HostHttp, &account, &context, &provider_ref)
    }

    fn look_up(account: Account, query: LookupQuery) -> Result<Found, CallError> {
        P::look_up(&HostHttp, &account, &query)
    }

    fn list_since(account: Account, since: u64, cursor: Option<String>) -> Result<Page, CallError> {
        P::list_since(&HostHttp, &account, since, cursor.as_deref())
    }

    fn verify_webhook(account: Account, delivery: Delivery) -> Result<Vec<Event>, WebhookError> {
        P::verify_webhook(&account, &delivery)
    }
}
