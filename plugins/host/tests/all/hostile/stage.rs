//! Where hostile components perform: a service that answers by a script, doors that nobody may ring at, and a good
//! provider at work beside them.

use crate::guest::Guest;
use crate::shop::{GOOD, Shop, charge_of, context, host_with, limits};
use crate::upstream::{Doorbell, Upstream};
use domain::provider::{ChargeRequest, Outcome, Report};
use plugin_host::{Account, Host, HostError, Limits, Names, Provider, SecretValue};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// One run of one component.
pub type Trial<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The account's secret.
pub const SECRET: &str = "sk_live_very_secret";

pub struct Stage {
    pub host: Host,
    pub service: Upstream,
    pub door: Doorbell,
    shop: Arc<Shop>,
    card: String,
}

impl Stage {
    pub async fn open() -> Self {
        let (door, shop) = (Doorbell::new(), Shop::open().await);
        let limits = Limits {
            cpu: Duration::from_millis(200),
            wall: Duration::from_secs(2),
            connect: Duration::from_millis(100),
            exchange: Duration::from_millis(300),
            ..limits()
        };
        let host = host_with(limits, &rebinding(door.address()));
        let card = shop.card(GOOD).await;
        Self { host, service: Upstream::start().await, door, shop: Arc::new(shop), card }
    }

    pub fn doors_rang(&self) -> bool {
        self.door.rang()
    }

    /// An account at the scripted service, with its secret.
    pub fn account(&self) -> Account {
        Account {
            settings: [("base_url".to_owned(), self.service.url())].into(),
            secrets: [("secret_key".to_owned(), SecretValue::new(SECRET.to_owned()))].into(),
            grants: vec![self.service.url(), "https://rebinding.example.com".to_owned()],
            ..Account::default()
        }
    }

    pub async fn install(&self, guest: Guest<'_>) -> Arc<Provider> {
        self.host.install("hostile", &guest.build()).await.unwrap()
    }

    /// Why it cannot be installed.
    pub async fn refusal(&self, bytes: &[u8]) -> HostError {
        let error = self.host.install("refused", bytes).await.unwrap_err();
        assert!(self.host.provider("refused").is_none());
        error
    }

    /// One charge by this component; its description is the address that `guest::ASKS` asks for.
    pub async fn charge(&self, guest: Guest<'_>, description: &str) -> Report<Outcome> {
        let provider = self.install(guest).await;
        let request = ChargeRequest { description: description.to_owned(), ..charge_of("pm_1", 100) };
        provider.charge(&self.account(), &context("key-1"), &request).await
    }

    /// The good provider charges until it is stopped; each of its charges succeeds.
    pub fn charge_on_and_on(&self) -> Beside {
        let (shop, card, over) = (self.shop.clone(), self.card.clone(), Arc::new(AtomicBool::new(false)));
        let until = over.clone();
        let work = tokio::spawn(async move {
            let mut times = Vec::new();
            while !until.load(Ordering::Relaxed) {
                let began = Instant::now();
                let report = shop.charge(&format!("good-{}", times.len()), &card, 100).await;
                assert!(matches!(report.result, Ok(Outcome::Succeeded(_))), "{report:?}");
                times.push(began.elapsed());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            times
        });
        Beside { over, work }
    }
}

/// The good provider at work.
pub struct Beside {
    over: Arc<AtomicBool>,
    work: JoinHandle<Vec<Duration>>,
}

impl Beside {
    pub async fn stop(self) {
        self.over.store(true, Ordering::Relaxed);
        let mut times = self.work.await.unwrap();
        times.sort_unstable();
        let at = |percent: usize| times[times.len() * percent / 100].as_millis();
        eprintln!("beside them: {} good charges, p50 {} ms, p99 {} ms", times.len(), at(50), at(99));
    }
}

/// Every name leads outside and to the door by turns.
fn rebinding(door: SocketAddr) -> Names {
    let lookups = AtomicUsize::new(0);
    Arc::new(move |_| {
        let outside = SocketAddr::new("3ffe::1".parse().unwrap(), door.port());
        Ok(vec![[outside, door][lookups.fetch_add(1, Ordering::Relaxed) % 2]])
    })
}
