//! How a call runs: its bounds, its instance, and what its tape does meanwhile.

use crate::account::Account;
use crate::bindings::exports::portico::payment::provider::Guest;
use crate::bindings::portico::payment::types;
use crate::boot::Fence;
use crate::call::Call;
use crate::convert;
use crate::http::{Access, Outbound, Record};
use crate::provider::Provider;
use crate::tape::{Asked, Deck, Keep, Player, Recorder};
use crate::verdict::{self, Said};
use domain::provider::{CallContext, Delivery, Evidence, Report};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::Store;

/// What happens with the tapes of a provider's calls.
#[derive(Clone)]
pub enum Taping {
    /// There are none.
    Off,
    /// Each call makes one.
    Recording(Keep),
    /// The call plays this one.
    Playing(Arc<Player>),
}

/// How long a call may take, and what it may send.
pub struct Bounds {
    pub access: Access,
    pub wall: Duration,
    pub fence: Fence,
}

type Answer<T> = wasmtime::Result<Result<T, types::CallError>>;
type Answering<'a, T> = Pin<Box<dyn Future<Output = Answer<T>> + Send + 'a>>;

impl Provider {
    /// Where the answers of one call come from.
    pub(crate) fn deck(&self, account: &Account, asked: impl FnOnce() -> Asked) -> Deck {
        match &self.taping {
            Taping::Off => Deck::Off,
            Taping::Recording(keep) => {
                let (name, digest) = (&self.manifest.name, &self.digest);
                Deck::Recording(Arc::new(Recorder::new(keep.clone(), name, digest, account, asked())))
            }
            Taping::Playing(player) => Deck::Playing(player.clone()),
        }
    }

    /// Asks what was asked before; the deck hears what comes of it.
    pub(crate) async fn ask(&self, account: &Account, asked: &Asked) {
        match asked {
            Asked::Charge { context, request } => drop(self.charge(account, context, request).await),
            Asked::Refund { context, request } => drop(self.refund(account, context, request).await),
            Asked::Cancel { context, provider_ref } => {
                drop(self.cancel(account, context, provider_ref).await);
            }
            Asked::LookUp(query) => drop(self.lookup(account, query).await),
            Asked::ListSince { since, cursor } => {
                drop(self.list_since(account, *since, cursor.clone()).await);
            }
            Asked::BeginSetup { context, request } => {
                drop(self.begin_setup(account, context, request).await);
            }
            Asked::CompleteSetup { setup_ref } => drop(self.complete_setup(account, setup_ref).await),
            Asked::Detach { context, method_ref } => drop(self.detach(account, context, method_ref).await),
            Asked::VerifyWebhook { headers, body, received_at } => {
                let (headers, body) = (headers.clone(), body.0.clone());
                let delivery = Delivery { headers, body, received_at: *received_at };
                drop(self.verify_webhook(account, &delivery).await);
            }
        }
    }

    pub(crate) fn writing(&self, context: &CallContext, key: String) -> Bounds {
        let deadline = Duration::from_millis(context.deadline_ms.into());
        let wall = self.shared.limits.wall.min(deadline);
        Bounds { access: Access::Write(key), wall, fence: self.shared.fence(context.deadline_ms) }
    }

    pub(crate) fn reading(&self) -> Bounds {
        let wall = self.shared.limits.wall;
        Bounds { access: Access::Read, wall, fence: Fence::closing_in(self.shared.limits.fence) }
    }

    /// Runs one call in an instance of its own.
    pub(crate) async fn call<T, F>(&self, account: &Account, bounds: Bounds, deck: &Deck, ask: F) -> Report<T>
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
        let outbound = self.outbound(&bounds, account.clone(), record.clone(), deck.clone());
        let call = Call::new(outbound, self.shared.now.clone());
        let run = self.run(&account.id, call, convert::account(&account), ask);
        let ran = tokio::time::timeout(bounds.wall, run).await;
        if let Deck::Recording(recorder) = deck {
            recorder.stops(&record, ran.is_err());
        }
        let said = match ran {
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

    fn outbound(&self, bounds: &Bounds, account: Arc<Account>, record: Record, deck: Deck) -> Outbound {
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
            deck,
        }
    }
}
