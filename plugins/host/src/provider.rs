//! An installed provider and its calls. Each call is one fresh instance; what it says is weighed against what the host
//! saw.

use crate::account::Account;
use crate::bindings::exports::portico::payment::provider as wit;
use crate::bindings::{PaymentProviderPre, portico::payment::types};
use crate::call::Call;
use crate::convert::{self, Read};
use crate::crash;
use crate::host::Shared;
use crate::http::{Access, target};
use crate::running::{Bounds, Taping};
use crate::tape::{Asked, Deck, Difference, Keep, Player, Tape};
use crate::verdict;
use domain::Instant;
use domain::provider::{
    CallContext, CallError, Change, ChargeRequest, Delivery, Event, Found, LookupRequest, Manifest, Outcome,
    Page, RefundRequest, Report, SetupRequest, SetupStarted, SetupState, WebhookError,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Longest body of a webhook.
const MAX_DELIVERY: usize = 256 * 1024;

/// An installed provider. Cheap to clone.
#[derive(Clone)]
pub struct Provider {
    pub(crate) shared: Arc<Shared>,
    pub(crate) pre: PaymentProviderPre<Call>,
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) digest: String,
    pub(crate) in_flight: Arc<Semaphore>,
    pub(crate) taping: Taping,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.manifest.name).field("digest", &self.digest).finish()
    }
}

impl Provider {
    pub(crate) fn new(
        shared: Arc<Shared>,
        pre: PaymentProviderPre<Call>,
        manifest: Manifest,
        digest: String,
    ) -> Self {
        let in_flight = Arc::new(Semaphore::new(shared.limits.in_flight));
        let (manifest, taping) = (Arc::new(manifest), Taping::Off);
        Self { shared, pre, manifest, digest, in_flight, taping }
    }

    /// The same provider, whose calls are recorded: each hands its tape to `keep` when it is over.
    pub fn recorded(&self, keep: Keep) -> Self {
        Self { taping: Taping::Recording(keep), ..self.clone() }
    }

    /// Runs a recorded call again, on this component, without a network and without secrets. Says in what it differs first;
    /// nothing where it comes to the same, to the byte.
    pub async fn replay(&self, tape: &Tape) -> Option<Difference> {
        let player = Arc::new(Player::new(tape.clone()));
        let again = Self { taping: Taping::Playing(player.clone()), ..self.clone() };
        again.ask(&tape.account(), tape.asked()).await;
        player.found()
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
        let asked = || Asked::Charge { context: context.clone(), request: request.clone() };
        let deck = self.deck(account, asked);
        let bounds = self.writing(context, context.key.clone());
        let (ride, request) = (convert::context(context), convert::charge(request));
        let report = self
            .call(account, bounds, &deck, move |guest, store, account| {
                Box::pin(async move { guest.call_charge(store, &account, &ride, &request).await })
            })
            .await;
        crash::point("call.after_plugin_return");
        ended(&deck, self.read_outcome(report, account))
    }

    /// Gives money back.
    pub async fn refund(
        &self,
        account: &Account,
        context: &CallContext,
        request: &RefundRequest,
    ) -> Report<Outcome> {
        let asked = || Asked::Refund { context: context.clone(), request: request.clone() };
        let deck = self.deck(account, asked);
        let bounds = self.writing(context, context.key.clone());
        let (ride, request) = (convert::context(context), convert::refund(request));
        let report = self
            .call(account, bounds, &deck, move |guest, store, account| {
                Box::pin(async move { guest.call_refund(store, &account, &ride, &request).await })
            })
            .await;
        crash::point("call.after_plugin_return");
        ended(&deck, self.read_outcome(report, account))
    }

    /// Cancels an open charge; `context` is the charge's own. The request's idempotency key is the charge's with
    /// `-cancel` behind it.
    pub async fn cancel(
        &self,
        account: &Account,
        context: &CallContext,
        provider_ref: &str,
    ) -> Report<Outcome> {
        let asked = || Asked::Cancel { context: context.clone(), provider_ref: provider_ref.to_owned() };
        let deck = self.deck(account, asked);
        let bounds = self.writing(context, format!("{}-cancel", context.key));
        let (ride, provider_ref) = (convert::context(context), provider_ref.to_owned());
        let report = self
            .call(account, bounds, &deck, move |guest, store, account| {
                Box::pin(async move { guest.call_cancel(store, &account, &ride, &provider_ref).await })
            })
            .await;
        ended(&deck, self.read_outcome(report, account))
    }

    /// Asks what became of a charge or refund. Only reads.
    pub async fn lookup(&self, account: &Account, query: &LookupRequest) -> Report<Found> {
        let deck = self.deck(account, || Asked::LookUp(query.clone()));
        let query = convert::query(query);
        let report = self
            .call(account, self.reading(), &deck, move |guest, store, account| {
                Box::pin(async move { guest.call_look_up(store, &account, &query).await })
            })
            .await;
        let report = read(report, |found| match convert::found(found)? {
            Found::Outcome(outcome) => self.safe_action(outcome, account).map(Found::Outcome),
            Found::NotFound => Ok(Found::NotFound),
        });
        ended(&deck, report)
    }

    /// One page of the charges and refunds since a moment. Only reads.
    pub async fn list_since(
        &self,
        account: &Account,
        since: Instant,
        cursor: Option<String>,
    ) -> Report<Page> {
        let deck = self.deck(account, || Asked::ListSince { since, cursor: cursor.clone() });
        let since = convert::seconds(since);
        let report = self
            .call(account, self.reading(), &deck, move |guest, store, account| {
                Box::pin(
                    async move { guest.call_list_since(store, &account, since, cursor.as_deref()).await },
                )
            })
            .await;
        ended(&deck, read(report, convert::page))
    }

    /// Begins to set up a payment method on the provider's page.
    pub async fn begin_setup(
        &self,
        account: &Account,
        context: &CallContext,
        request: &SetupRequest,
    ) -> Report<SetupStarted> {
        let asked = || Asked::BeginSetup { context: context.clone(), request: request.clone() };
        let deck = self.deck(account, asked);
        let bounds = self.writing(context, context.key.clone());
        let back = request.return_url.clone();
        let (ride, request) = (convert::context(context), convert::setup(request));
        let report = self
            .call(account, bounds, &deck, move |guest, store, account| {
                Box::pin(async move { guest.call_begin_setup(store, &account, &ride, &request).await })
            })
            .await;
        let report = read(report, |started| {
            let started = convert::started(started)?;
            // A method that needs no page sends the browser straight back.
            if started.url != back {
                self.safe_url(&started.url, account)?;
            }
            Ok(started)
        });
        ended(&deck, report)
    }

    /// How a setup stands. A last request that the provider may need carries a key made from the setup's reference, so
    /// it can be asked any number of times.
    pub async fn complete_setup(&self, account: &Account, setup_ref: &str) -> Report<SetupState> {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(setup_ref)[..16]);
        let bounds = Bounds { access: Access::Write(format!("setup-{digest}")), ..self.reading() };
        let setup_ref = setup_ref.to_owned();
        let deck = self.deck(account, || Asked::CompleteSetup { setup_ref: setup_ref.clone() });
        let report = self
            .call(account, bounds, &deck, move |guest, store, account| {
                Box::pin(async move { guest.call_complete_setup(store, &account, &setup_ref).await })
            })
            .await;
        ended(&deck, read(report, convert::setup_state))
    }

    /// Removes a payment method from the provider.
    pub async fn detach(&self, account: &Account, context: &CallContext, method_ref: &str) -> Report<()> {
        let asked = || Asked::Detach { context: context.clone(), method_ref: method_ref.to_owned() };
        let deck = self.deck(account, asked);
        let bounds = self.writing(context, context.key.clone());
        let (ride, method_ref) = (convert::context(context), method_ref.to_owned());
        let report = self
            .call(account, bounds, &deck, move |guest, store, account| {
                Box::pin(async move { guest.call_detach(store, &account, &ride, &method_ref).await })
            })
            .await;
        ended(&deck, read(report, Ok))
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
        let deck = self.deck(account, || Asked::verify_webhook(delivery));
        let delivery = convert::webhook::delivery(delivery);
        let bounds = Bounds { access: Access::Closed, ..self.reading() };
        let report = self
            .call(account, bounds, &deck, move |guest, store, account| {
                Box::pin(async move { Ok(Ok(guest.call_verify_webhook(store, &account, &delivery).await?)) })
            })
            .await;
        let told = match report.result {
            Ok(Ok(events)) => self.read_events(events, account),
            Ok(Err(error)) => Err(convert::webhook::error(error)),
            Err(why) => Err(WebhookError::Failed(why.to_string())),
        };
        deck.end(&told);
        told
    }

    fn read_events(&self, events: Vec<wit::Event>, account: &Account) -> Result<Vec<Event>, WebhookError> {
        let events = convert::webhook::events(events).map_err(WebhookError::Failed)?;
        let safe = |event| self.safe_event(event, account).map_err(WebhookError::Failed);
        events.into_iter().map(safe).collect()
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

/// A call is over: whoever records or plays it hears of its result.
fn ended<T: Serialize>(deck: &Deck, report: Report<T>) -> Report<T> {
    deck.end(&report.result);
    report
}

/// Reads an answer; one that cannot be read says nothing about what happened.
fn read<T, U>(report: Report<T>, convert: impl FnOnce(T) -> Read<U>) -> Report<U> {
    let result = report.result.and_then(|answer| convert(answer).map_err(CallError::Unknown));
    Report { result, evidence: report.evidence }
}
