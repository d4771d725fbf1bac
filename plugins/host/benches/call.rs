//! What a call costs without the network: a fresh instance, the arguments in, the answer out. Prints microseconds.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has no result")]

use chrono::DateTime;
use domain::money::Money;
use domain::provider::{CallContext, ChargeRequest};
use plugin_host::{Account, Host, HostOptions, Limits, SecretValue};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const CALLS: u32 = 20_000;

#[tokio::main]
async fn main() {
    let cache = tempfile::tempdir().unwrap();
    let start = async || {
        let began = Instant::now();
        let now = Arc::new(|| DateTime::from_timestamp(1_800_000_000, 0).unwrap().naive_utc());
        let cache_dir = Some(cache.path().join("compiled"));
        let host = Host::new(HostOptions { cache_dir, limits: Limits::default(), now }).unwrap();
        let (name, bytes) = Host::bundled()[0];
        let provider = host.install(name, bytes).await.unwrap();
        (provider, began.elapsed())
    };
    let (provider, cold) = start().await;
    let (_, warm) = start().await;
    println!(
        "start with the sandbox: {} ms compiling, {} ms from the cache",
        cold.as_millis(),
        warm.as_millis()
    );

    // Nothing is granted, so the host refuses the request and the component answers "not executed".
    let account = Account {
        settings: [("base_url".to_owned(), "http://127.0.0.1:1".to_owned())].into(),
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
        method_ref: "pm_1".to_owned(),
        customer_ref: None,
        description: "Fieldnote Team".to_owned(),
        off_session: true,
        return_url: "https://portal.example/pay".to_owned(),
    };
    let mut times = Vec::with_capacity(CALLS as usize);
    for _ in 0..CALLS {
        let began = Instant::now();
        black_box(provider.charge(&account, &context, &request).await).result.unwrap_err();
        times.push(began.elapsed());
    }
    times.sort_unstable();
    let mean = times.iter().sum::<Duration>() / CALLS;
    let at = |percent: usize| micros(times[times.len() * percent / 100]);
    println!("call: mean {} us, p50 {} us, p99 {} us ({CALLS} calls)", micros(mean), at(50), at(99));
}

fn micros(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e6)
}
