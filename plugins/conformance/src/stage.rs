//! Where a provider is tried: a host of its own, a clock that moves, and a door that nobody may knock at.

use crate::account::account;
use crate::operation::{NOW, Operation, Told, at};
use crate::scenario::Scenario;
use crate::service::{Script, Service};
use plugin_host::{Account, Host, HostError, HostOptions, Limits, Provider};
use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A provider on trial.
pub struct Stage {
    pub provider: Arc<Provider>,
    pub scenario: Scenario,
    door: TcpListener,
    address: SocketAddr,
}

impl Stage {
    pub async fn open(component: &[u8], scenario: &Scenario) -> Result<Self, HostError> {
        // Each look at the clock finds it a second later, so that what is made from the time is never made twice.
        let clock = AtomicI64::new(NOW);
        let host = Host::new(HostOptions {
            cache_dir: None,
            limits: limits(),
            now: Arc::new(move || at(clock.fetch_add(1, Ordering::Relaxed))),
        })?;
        let unusable = |error: Error| HostError::Engine(format!("no port on loopback: {error}"));
        let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(unusable)?;
        door.set_nonblocking(true).map_err(unusable)?;
        Ok(Self {
            provider: host.install("the component", component).await?,
            scenario: scenario.clone(),
            address: door.local_addr().map_err(unusable)?,
            door,
        })
    }

    /// Somebody followed a redirect.
    pub fn was_visited(&self) -> bool {
        !matches!(self.door.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// A service for this call and for the question about it.
    pub async fn service(&self, operation: Operation) -> std::io::Result<Service> {
        let service = self.serving(operation.script(&self.scenario, self.provider.manifest())).await?;
        Ok(if operation.asks() { service.moved() } else { service })
    }

    /// A service that says this.
    pub async fn serving(&self, script: Script) -> std::io::Result<Service> {
        Service::open(script, self.address).await
    }

    /// The scenario's account at a service.
    pub fn account(&self, url: &str) -> Account {
        let mut account = account(self.provider.manifest(), &self.scenario, url);
        // Accounts wait for their own calls only.
        account.id = url.to_owned();
        account.tenant = url.to_owned();
        account
    }

    /// Makes a call.
    pub async fn call(&self, operation: Operation, service: &Service) -> Told {
        operation.call(&self.provider, &self.account(service.url()), &self.scenario).await
    }
}

/// Patience for what never comes; enough for what does, on a busy machine.
fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(2),
        exchange: Duration::from_millis(1_500),
        wall: Duration::from_secs(20),
        in_flight: 64,
        concurrent_calls: 32,
        ..Limits::default()
    }
}
