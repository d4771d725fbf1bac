//! What a call costs without the network: a fresh instance, the arguments in, the answer out. Beside it, the same
//! provider built into this program.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has no result")]

use chrono::DateTime;
use criterion::{Criterion, criterion_group, criterion_main};
use domain::money::Money;
use domain::provider::{CallContext, ChargeRequest};
use plugin_host::{Account, Host, HostOptions, Limits, Provider, SecretValue};
use plugin_sdk::http::{Failure, HttpError};
use plugin_sdk::{Http, Provider as _, Request, Response, types};
use provider_sandbox::Sandbox;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

const BASE_URL: &str = "http://127.0.0.1:1";
const METHOD: &str = "pm_1";
const RETURN_URL: &str = "https://portal.example/pay";

/// Refuses each request, as the host does where nothing is granted; the provider answers "not executed".
struct Refusing;

impl Http for Refusing {
    fn send(&self, _request: Request) -> Result<Response, HttpError> {
        let message = "the operator did not grant this origin".to_owned();
        Err(HttpError { failure: Failure::Denied, sent: false, message })
    }
}

fn start(cache: &Path) -> Host {
    let now = Arc::new(|| DateTime::from_timestamp(1_800_000_000, 0).unwrap().naive_utc());
    let cache_dir = Some(cache.join("compiled"));
    Host::new(HostOptions { cache_dir, limits: Limits::default(), now }).unwrap()
}

async fn sandbox(host: &Host) -> Arc<Provider> {
    let (name, bytes) = Host::bundled()[0];
    host.install(name, bytes).await.unwrap()
}

fn installing(bench: &mut Criterion) {
    let (runtime, cache) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let host = start(cache.path());
    bench.bench_function("install from the cache", |b| b.iter(|| runtime.block_on(sandbox(&host))));
}

fn calling(bench: &mut Criterion) {
    let (runtime, cache) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let provider = runtime.block_on(sandbox(&start(cache.path())));
    let account = Account {
        settings: [("base_url".to_owned(), BASE_URL.to_owned())].into(),
        secrets: [("secret_key".to_owned(), SecretValue::new("sk_bench".to_owned()))].into(),
        ..Account::default()
    };
    let context = CallContext {
        key: "pk1_bench".to_owned(),
        reference: "bench:sub_1:1".to_owned(),
        seq: 1,
        deadline_ms: 45_000,
    };
    let request = ChargeRequest {
        amount: Money::new(1428, "EUR".parse().unwrap()),
        method_ref: METHOD.to_owned(),
        customer_ref: None,
        description: "Fieldnote Team".to_owned(),
        off_session: true,
        return_url: RETURN_URL.to_owned(),
    };
    bench.bench_function("charge by a fresh component", |b| {
        b.iter(|| {
            runtime.block_on(provider.charge(&account, &context, black_box(&request))).result.unwrap_err()
        });
    });
}

fn calling_natively(bench: &mut Criterion) {
    let setting = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let settings = vec![setting("base_url", BASE_URL), setting("secret_key", "{{secret:secret_key}}")];
    let account = types::Account { settings };
    let context = types::CallContext {
        key: "pk1_bench".to_owned(),
        reference: "bench:sub_1:1".to_owned(),
        seq: 1,
        deadline_ms: 45_000,
    };
    let request = types::ChargeRequest {
        amount: types::Money { minor: 1428, currency: "EUR".to_owned() },
        method_ref: METHOD.to_owned(),
        customer_ref: None,
        description: "Fieldnote Team".to_owned(),
        off_session: true,
        return_url: RETURN_URL.to_owned(),
    };
    bench.bench_function("charge by the same provider, natively", |b| {
        b.iter(|| Sandbox::charge(&Refusing, &account, &context, black_box(&request)).unwrap_err());
    });
}

criterion_group!(calls, installing, calling, calling_natively);
criterion_main!(calls);
