//! The HTTP clients: one for the public internet, one for origins the operator granted.

use super::address::{Names, Reach, Resolver};
use crate::limits::Limits;
use std::time::Duration;

/// Connections idle longer are not used again: most services close them after five seconds, and a request that meets
/// a closing connection leaves everyone in doubt.
const IDLE: Duration = Duration::from_secs(2);

/// The clients. Neither follows redirects, repeats requests, keeps cookies or reads proxy settings.
#[derive(Debug, Clone)]
pub struct Clients {
    global: reqwest::Client,
    granted: reqwest::Client,
}

impl Clients {
    pub fn new(limits: &Limits, names: &Names) -> reqwest::Result<Self> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Lost only against another thread that installs a provider at this moment, which serves as well.
            let _lost = rustls::crypto::ring::default_provider().install_default();
        }
        Ok(Self {
            global: client(Reach::Global, limits, names)?,
            granted: client(Reach::Granted, limits, names)?,
        })
    }

    pub const fn reaching(&self, reach: Reach) -> &reqwest::Client {
        match reach {
            Reach::Global => &self.global,
            Reach::Granted => &self.granted,
        }
    }
}

/// A machine without CA certificates still reaches what needs none: the simulator, a service inside the house.
fn client(reach: Reach, limits: &Limits, names: &Names) -> reqwest::Result<reqwest::Client> {
    builder(reach, limits, names).build().or_else(|error| {
        tracing::warn!(%error, "no CA certificates found: providers cannot be reached over https");
        builder(reach, limits, names).tls_certs_only([]).build()
    })
}

fn builder(reach: Reach, limits: &Limits, names: &Names) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(limits.connect)
        .pool_idle_timeout(IDLE)
        .user_agent("Portico")
        .dns_resolver(Resolver { reach, names: names.clone() })
}
