//! Turns: a business that is slow, or whose service is, waits for itself.

use crate::guest::{ASKS, charging};
use crate::shop::{charge_of, context, host, limits};
use crate::upstream::Upstream;
use domain::provider::ChargeRequest;
use plugin_host::{Account, Limits, Provider};
use std::sync::Arc;
use std::time::Duration;

async fn provider(limits: Limits) -> Arc<Provider> {
    host(limits).install("asking", &charging(ASKS).build()).await.unwrap()
}

/// Starts a call of this account for that path, and lets it run.
fn ask(provider: &Arc<Provider>, service: &Upstream, (tenant, id): (&str, &str), path: &str) -> Call {
    let account = Account {
        tenant: tenant.to_owned(),
        id: id.to_owned(),
        settings: [("base_url".to_owned(), service.url())].into(),
        grants: vec![service.url()],
        ..Account::default()
    };
    let (provider, description) = (provider.clone(), format!("{}{path}", service.url()));
    tokio::spawn(async move {
        let request = ChargeRequest { description, ..charge_of("pm_1", 100) };
        provider.charge(&account, &context("key-1"), &request).await.result.unwrap_err().to_string()
    })
}

type Call = tokio::task::JoinHandle<String>;

/// Waits until the service was asked so often.
async fn until_asked(service: &Upstream, path: &str, times: usize) {
    let asked = async {
        while service.asked(path) < times {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), asked).await.is_ok(), "the service is never asked");
}

#[tokio::test]
async fn a_business_whose_requests_hang_leaves_the_provider_to_others() {
    let (service, provider) = (Upstream::start().await, provider(limits()).await);
    let hanging: Vec<Call> =
        (0..4).map(|id| ask(&provider, &service, ("slow", &id.to_string()), "/hang")).collect();
    until_asked(&service, "/hang", 2).await;
    let fine = ask(&provider, &service, ("quick", "1"), "/fine").await.unwrap();
    assert!(fine.contains("fine"), "{fine}");
    assert_eq!(service.asked("/hang"), 2, "the others of the slow business still wait");
    hanging.iter().for_each(Call::abort);
}

#[tokio::test]
async fn an_account_has_so_many_calls_at_once() {
    let service = Upstream::start().await;
    let provider = provider(Limits { calls_per_account: 1, in_flight_per_tenant: 4, ..limits() }).await;
    let hanging: Vec<Call> = (0..3).map(|_| ask(&provider, &service, ("a", "1"), "/hang")).collect();
    until_asked(&service, "/hang", 1).await;
    let fine = ask(&provider, &service, ("a", "2"), "/fine").await.unwrap();
    assert!(fine.contains("fine"), "{fine}");
    assert_eq!(service.asked("/hang"), 1);
    hanging.iter().for_each(Call::abort);
}
