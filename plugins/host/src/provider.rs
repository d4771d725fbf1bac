//! An installed provider and its calls. Each call is one fresh instance; what it says is weighed against what the host
//! saw.

use crate::account::Account;
use crate::bindings::exports::portico::payment::provider::Guest;
use crate::bindings::{PaymentProviderPre, portico::payment::types};
use crate::boot::Fence;
use crate::call::Call;
use crate::convert::{self, Read};
use crate::crash;
use crate::host::Shared;
use crate::http::{Access, Outbound, Record, target};
use crate::verdict::{self, Said};
use domain::Instant;
use domain::provider::{
    CallContext, CallError, Change, ChargeRequest, Delivery, Event, Evidence, Found, LookupRequest, Manifest,
    Outcome, Page, RefundRequest, Report, SetupRequest, SetupStarted, SetupState, WebhookError,
};
use sha2::{Digest, Sha256};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use wasmtime::Store;

/// Longest body of a webhook.
const MAX_DELIVERY: usize = 256 * 1024;

/// An installed provider.
pub struct Provider {
    shared: Arc<Shared>,
    pre: PaymentProviderPre<Call>,
    manifest: Arc<Manifest>,
    digest: String,
    in_flight: Arc<Semaphore>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.manifest.name).field("digest", &self.digest).finish()
    }
}

/// How long a call may take, and what it may send.
struct Bounds {
    access: Access,
    wall: Duration,
    fence: Fence,
}

type Answer<T> = wasmtime::Result<Result<T, types::CallError>>;
type Answering<'a, T> = Pin<Box<dyn Future<Output = Answer<T>> + Send + 'a>>;

impl Provider {
    pub(crate) fn new(
        shared: Arc<Shared>,
        pre: PaymentProviderPre<Call>,
        manifest: Manifest,
        digest: String,
    ) -> Self {
        let in_flight = Arc::new(Semaphore::new(shared.limits.in_flight));
        Self { shared, pre, manifest: Arc::new(manifest), digest, in_flight }
    }

    /// What the component says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of the component, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Takes money with a saved payment method.
    pub async fn charge(
        &self,
        account: &Account,
        context: &CallContext,
        request: &ChargeRequest,
    ) -> Report<Outcome> {
        let (ride, request) = (convert::context(context), convert::charge(request));
        let report = self
            .call(account, self.writing(context, context.key.clone()), move |guest, store, account| {
                Box::pin(async move { guest.call_charge(store, &account, &ride, &request).await })
            })
            .await;
        crash::point("call.after_plugin_return");
        self.read_outcome(report, account)
    }

    /// Gives money back.
    pub async fn refund(
        &self,
        account: &Account,
        context: &CallContext,
        request: &RefundRequest,
    ) -> Report<Outcome> {
        let (ride, request) = (convert::context(context), convert::refund(request));
        let report = self
            .call(account, self.writing(context, context.key.clone()), move |guest, store, account| {
                Box::pin(async move { guest.call_refund(store, &account, &ride, &request).await })
            })
            .await;
        crash::point("call.after_plugin_return");
        self.read_outcome(report, account)
    }

    /// Cancels an open charge; `context` is the charge's own. The request's idempotency key is the charge's with
    /// `-cancel` behind it.
    pub async fn cancel(
        &self,
        account: &Account,
        context: &CallContext,
        provider_ref: &str,
    ) -> Report<Outcome> {
        let (ride, provider_ref) = (convert::context(context), provider_ref.to_owned());
        let report = self
            .call(
                account,
                self.writing(context, format!("{}-cancel", context.key)),
                move |guest, store, account| {
                    Box::pin(async move { guest.call_cancel(store, &account, &ride, &provider_ref).await })
                },
            )
            .await;
        self.read_outcome(report, account)
    }

    /// Asks what became of a charge or refund. Only reads.
    pub async fn lookup(&self, account: &Account, query: &LookupRequest) -> Report<Found> {
        let query = convert::query(query);
        let report = self
            .call(account, self.reading(), move |guest, store, account| {
                Box::pin(async move { guest.call_look_up(store, &account, &query).await })
            })
            .await;
        read(report, |found| match convert::found(found)? {
            Found::Outcome(outcome) => self.safe_action(outcome, account).map(Found::Outcome),
            Found::NotFound => Ok(Found::NotFound),
        })
    }

    /// One page of the charges and refunds since a moment. Only reads.
    pub async fn list_since(
        &self,
        account: &Account,
        since: Instant,
        cursor: Option<String>,
    ) -> Report<Page> {
        let since = convert::seconds(since);
        let report = self
            .call(account, self.reading(), move |guest, store, account| {
                Box::pin(
                    async move { guest.call_list_since(store, &account, since, cursor.as_deref()).await },
                )
            })
            .await;
        read(report, convert::page)
    }

    /// Begins to set up a payment method on the provider's page.
    pub async fn begin_setup(
        &self,
        account: &Account,
        context: &CallContext,
        request: &SetupRequest,
    ) -> Report<SetupStarted> {
        let back = request.return_url.clone();
        let (ride, request) = (convert::context(context), convert::setup(request));
        let report = self
            .call(account, self.writing(context, context.key.clone()), move |guest, store, account| {
                Box::pin(async move { guest.call_begin_setup(store, &account, &ride, &request).await })
            })
            .await;
        read(report, |started| {
            let started = convert::started(started)?;
            // A method that needs no page sends the browser straight back.
            if started.url != back {
                self.safe_url(&started.url, account)?;
            }
            Ok(started)
        })
    }

    /// How a setup stands. A last request that the provider may need carries a key made from the setup's reference, so
    /// it can be asked any number of times.
    pub async fn complete_setup(&self, account: &Account, setup_ref: &str) -> Report<SetupState> {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(setup_ref)[..16]);
        let bounds = Bounds { access: Access::Write(format!("setup-{digest}")), ..self.reading() };
        let setup_ref = setup_ref.to_owned();
        let report = self
            .call(account, bounds, move |guest, store, account| {
                Box::pin(async move { guest.call_complete_setup(store, &account, &setup_ref).await })
            })
            .await;
        read(report, convert::setup_state)
    }

    /// Removes a payment method from the provider.
    pub async fn detach(&self, account: &Account, context: &CallContext, method_ref: &str) -> Report<()> {
        let (ride, method_ref) = (convert::context(context), method_ref.to_owned());
        let report = self
            .call(account, self.writing(context, context.key.clone()), move |guest, store, account| {
                Box::pin(async move { guest.call_detach(store, &account, &ride, &method_ref).await })
            })
            .await;
        read(report, Ok)
    }

    /// Whether a webhook is the provider's, and what it is about. The component can send nothing; references in its
    /// events are for the caller to look for among this account's own.
    ///
    /// # Errors
    /// `Failed` when nobody can tell, so that the delivery should come again.
    pub async fn verify_webhook(
        &self,
        account: &Account,
        delivery: &Delivery,
    ) -> Result<Vec<Event>, WebhookError> {
        if delivery.body.len() > MAX_DELIVERY {
            return Err(WebhookError::Malformed);
        }
        let delivery = convert::webhook::delivery(delivery);
        let bounds = Bounds { access: Access::Closed, ..self.reading() };
        let report = self
            .call(account, bounds, move |guest, store, account| {
                Box::pin(async move { Ok(Ok(guest.call_verify_webhook(store, &account, &delivery).await?)) })
            })
            .await;
        match report.result {
            Ok(Ok(events)) => {
                let events = convert::webhook::events(events).map_err(WebhookError::Failed)?;
                let safe = |event| self.safe_event(event, account).map_err(WebhookError::Failed);
                events.into_iter().map(safe).collect()
            }
            Ok(Err(error)) => Err(convert::webhook::error(error)),
            Err(why) => Err(WebhookError::Failed(why.to_string())),
        }
    }

    fn writing(&self, context: &CallContext, key: String) -> Bounds {
        let deadline = Duration::from_millis(context.deadline_ms.into());
        let wall = self.shared.limits.wall.min(deadline);
        Bounds { access: Access::Write(key), wall, fence: self.shared.fence(context.deadline_ms) }
    }

    fn reading(&self) -> Bounds {
        let wall = self.shared.limits.wall;
        Bounds { access: Access::Read, wall, fence: Fence::closing_in(self.shared.limits.fence) }
    }

    /// Runs one call in an instance of its own.
    async fn call<T, F>(&self, account: &Account, bounds: Bounds, ask: F) -> Report<T>
    where
        F: for<'a> FnOnce(&'a Guest, &'a mut Store<Call>, types::Account) -> Answering<'a, T> + Send,
    {
        let account = match account.filled(&self.manifest) {
            Ok(account) => Arc::new(account),
            Err(error) => {
                return Report { result: Err(error), evidence: Evidence::default() };
            }
        };
        let record = Record::default();
        let call =
            Call::new(self.outbound(&bounds, account.clone(), record.clone()), self.shared.now.clone());
        let run = self.run(&account.id, call, convert::account(&account), ask);
        let said = match tokio::time::timeout(bounds.wall, run).await {
            Ok(Ok(answer)) => Said::Answer(answer),
            Ok(Err(trap)) => Said::Nothing(format!("the provider's component failed: {}", trap.root_cause())),
            Err(_) => Said::Nothing("the provider's component took too long".to_owned()),
        };
        let evidence = record.evidence();
        Report { result: verdict::weigh(said, &evidence, record.no_token()), evidence }
    }

    async fn run<T, F>(&self, account_id: &str, call: Call, account: types::Account, ask: F) -> Answer<T>
    where
        F: for<'a> FnOnce(&'a Guest, &'a mut Store<Call>, types::Account) -> Answering<'a, T> + Send,
    {
        let _own_turn = self.shared.per_account.take(account_id).await?;
        let _turn = self.shared.calls.acquire().await?;
        let mut store = call.into_store(&self.shared.engine);
        let instance = self.pre.instantiate_async(&mut store).await?;
        ask(instance.portico_payment_provider(), &mut store, account).await
    }

    fn outbound(&self, bounds: &Bounds, account: Arc<Account>, record: Record) -> Outbound {
        Outbound {
            clients: self.shared.clients.clone(),
            manifest: self.manifest.clone(),
            account,
            access: bounds.access.clone(),
            limits: self.shared.limits.clone(),
            fence: bounds.fence,
            deadline: tokio::time::Instant::now() + bounds.wall,
            in_flight: self.in_flight.clone(),
            per_tenant: self.shared.per_tenant.clone(),
            tokens: self.shared.tokens.clone(),
            record,
        }
    }

    fn read_outcome(&self, report: Report<types::Outcome>, account: &Account) -> Report<Outcome> {
        let report = read(report, |outcome| self.safe_action(convert::outcome(outcome)?, account));
        Report {
            result: report.result.and_then(|outcome| verdict::plausible(outcome, &report.evidence)),
            ..report
        }
    }

    fn safe_action(&self, outcome: Outcome, account: &Account) -> Read<Outcome> {
        if let Outcome::RequiresAction { url, .. } = &outcome {
            self.safe_url(url, account)?;
        }
        Ok(outcome)
    }

    fn safe_event(&self, event: Event, account: &Account) -> Read<Event> {
        if let Change::Settled(listed) = &event.change {
            self.safe_action(listed.outcome.clone(), account)?;
        }
        Ok(event)
    }

    fn safe_url(&self, url: &str, account: &Account) -> Read<()> {
        let account = account.filled(&self.manifest).map_err(|error| error.to_string())?;
        if target::may_redirect(url, &self.manifest, &account) {
            Ok(())
        } else {
            Err("the page to send the customer to is not on a host the manifest names".to_owned())
        }
    }
}

/// Reads an answer; one that cannot be read says nothing about what happened.
fn read<T, U>(report: Report<T>, convert: impl FnOnce(T) -> Read<U>) -> Report<U> {
    let result = report.result.and_then(|answer| convert(answer).map_err(CallError::Unknown));
    Report { result, evidence: report.evidence }
}
