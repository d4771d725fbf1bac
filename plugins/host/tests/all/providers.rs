//! The components that come with Portico, as they lie in `plugins/dist`: each once through the host, against a service that
//! answers from the provider's fixtures.

use crate::shop::{RETURN_URL, charge_of, context, host, limits, query};
use domain::provider::{Change, Delivery, Found, Movement, Outcome, SetupRequest, SetupState, WebhookError};
use hmac::{Hmac, KeyInit, Mac};
use plugin_host::{Account, Provider, SecretValue};
use sha2::Sha256;
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn components() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let components = files.filter(|path| path.extension().is_some_and(|ending| ending == "wasm"));
    components.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

async fn provider(name: &str) -> Arc<Provider> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist").join(format!("{name}.wasm"));
    host(limits()).install(name, &std::fs::read(path).unwrap()).await.unwrap()
}

/// A service that gives these answers in turn, one a connection, and keeps what it was sent.
struct Service {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Statuses, and names of fixtures of `provider`.
    async fn of(provider: &str, answers: &[(u16, &str)]) -> Self {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers").join(provider).join("fixtures");
        let body = |name: &str| std::fs::read_to_string(folder.join(format!("{name}.json")));
        let answers =
            answers.iter().map(|(status, name)| (*status, body(name).unwrap_or((*name).to_owned())));
        let mut answers: VecDeque<(u16, String)> = answers.collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let keep = seen.clone();
        tokio::spawn(async move {
            while let (Some((status, body)), Ok((mut stream, _))) =
                (answers.pop_front(), listener.accept().await)
            {
                let request = read(&mut stream).await;
                keep.lock().unwrap().push(request);
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            }
        });
        Self { url, seen }
    }

    fn account(&self, settings: &[(&str, &str)], secrets: &[(&str, &str)]) -> Account {
        let owned = |pair: &(&str, &str)| (pair.0.to_owned(), pair.1.to_owned());
        let base_url = ("base_url".to_owned(), self.url.clone());
        Account {
            settings: settings.iter().map(owned).chain([base_url]).collect(),
            secrets: secrets.iter().map(owned).map(|(key, value)| (key, SecretValue::new(value))).collect(),
            grants: vec![self.url.clone()],
            ..Account::default()
        }
    }

    /// Everything that was sent: first lines and headers in lower case, then the body.
    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).await.unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.unwrap();
    head + &String::from_utf8(body).unwrap()
}

#[tokio::test]
async fn every_component_installs_under_its_own_name() {
    for (name, _) in components() {
        assert_eq!(provider(&name).await.manifest().name, name);
    }
}

#[test]
fn every_provider_has_its_component() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers");
    let sources = std::fs::read_dir(folder).unwrap();
    let sources: BTreeSet<String> =
        sources.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect();
    assert_eq!(components().into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>(), sources);
}

#[tokio::test]
async fn stripe_charges_with_key_and_secret_of_the_host() {
    let answers = [(402, "error.authentication_required"), (200, "payment_intent.requires_action")];
    let service = Service::of("stripe", &answers).await;
    let account = service.account(&[], &[("secret_key", "sk_test")]);
    let absent = domain::provider::ChargeRequest { off_session: true, ..charge_of("pm_1", 1428) };
    let report = provider("stripe").await.charge(&account, &context("key-1"), &absent).await;
    assert!(matches!(report.result, Ok(Outcome::RequiresAction { .. })), "{report:?}");

    let seen = service.seen();
    for (request, line, key) in [
        (&seen[0], "post /v1/payment_intents http", "idempotency-key: key-1\r\n"),
        (
            &seen[1],
            "post /v1/payment_intents/pi_3portico0000000000000001/confirm",
            "idempotency-key: key-1-confirm\r\n",
        ),
    ] {
        assert!(request.starts_with(line), "{request}");
        assert!(request.contains(key) && request.contains("authorization: bearer sk_test\r\n"), "{request}");
    }
    assert!(seen[0].contains("metadata%5Bportico_key%5D=key-1"), "{}", seen[0]);
}

#[tokio::test]
async fn stripe_believes_what_the_host_finds_signed() {
    let service = Service::of("stripe", &[]).await;
    let account = service.account(&[], &[("secret_key", "sk_test"), ("webhook_secret", "whsec_1")]);
    let body = include_str!("../../../providers/stripe/fixtures/event.payment_intent.succeeded.json");
    let verify = async |secret: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("1800000000.{body}").as_bytes());
        let mac = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
        let delivery = Delivery {
            headers: vec![("stripe-signature".to_owned(), format!("t=1800000000,v1={mac}"))],
            body: body.as_bytes().to_vec(),
            received_at: chrono::DateTime::from_timestamp(1_800_000_001, 0).unwrap().naive_utc(),
        };
        provider("stripe").await.verify_webhook(&account, &delivery).await
    };
    let events = verify("whsec_1").await.unwrap();
    assert!(
        matches!(&events[0].change, Change::Settled(listed) if listed.movement == Movement::Charge),
        "{events:?}"
    );
    assert_eq!(verify("whsec_2").await, Err(WebhookError::BadSignature));
}

#[tokio::test]
async fn paypal_charges_and_searches_with_token_and_time_of_the_host() {
    let token = r#"{"access_token":"token-1","expires_in":32400}"#;
    let answers = [(200, token), (201, "order.completed"), (200, "transactions.none")];
    let service = Service::of("paypal", &answers).await;
    let account = service.account(&[("client_id", "app")], &[("client_secret", "open sesame")]);
    let provider = provider("paypal").await;
    let report = provider.charge(&account, &context("key-1"), &charge_of("8kk8451t", 1428)).await;
    assert!(matches!(report.result, Ok(Outcome::Succeeded(_))), "{report:?}");
    let found = provider.lookup(&account, &query(Movement::Charge, "key-1")).await;
    assert_eq!(found.result, Ok(Found::NotFound));

    let seen = service.seen();
    assert!(seen[0].starts_with("post /v1/oauth2/token "), "{}", seen[0]);
    assert!(seen[1].starts_with("post /v2/checkout/orders "), "{}", seen[1]);
    assert!(seen[1].contains("paypal-request-id: key-1-order\r\n"), "{}", seen[1]);
    assert!(seen[2].starts_with("get /v1/reporting/transactions?start_date="), "{}", seen[2]);
    assert!(seen[1..].iter().all(|request| request.contains("authorization: bearer token-1\r\n")));
}

#[tokio::test]
async fn a_bank_transfer_is_set_up_without_a_page_and_waits_without_a_request() {
    let provider = provider("bank-transfer").await;
    let setting = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let settings = [setting("account_holder", "Fieldnote GmbH"), setting("iban", "DE89370400440532013000")];
    let account = Account { settings: settings.into(), ..Account::default() };
    let request = SetupRequest {
        customer_ref: None,
        customer_id: "cus_1".to_owned(),
        email: "mira@example.com".to_owned(),
        kind: "bank-transfer".to_owned(),
        return_url: RETURN_URL.to_owned(),
        locale: "en".to_owned(),
    };
    let started = provider.begin_setup(&account, &context("setup_1"), &request).await.result.unwrap();
    assert_eq!(started.url, RETURN_URL);
    let state = provider.complete_setup(&account, &started.setup_ref).await.result;
    assert!(matches!(&state, Ok(SetupState::Done(method)) if method.kind == "bank-transfer"), "{state:?}");

    let report = provider.charge(&account, &context("key-1"), &charge_of("setup_1", 1428)).await;
    assert_eq!(report.result, Ok(Outcome::Pending { provider_ref: "key-1".to_owned() }));
    assert_eq!(report.evidence.bytes_out, 0);
}
