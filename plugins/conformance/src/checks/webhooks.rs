//! Deliveries: genuine ones are understood, and nothing else is believed.

use crate::findings::{Findings, Verdict};
use crate::operation::{NOW, at};
use crate::scenario::Webhook;
use crate::stage::Stage;
use data_encoding::{BASE64, HEXLOWER};
use domain::provider::{Change, Delivery, Event, WebhookError};
use hmac::{Hmac, KeyInit, Mac};
use plugin_host::SecretValue;
use sha2::Sha256;

/// Bits of a body that are flipped, one at a time.
const FLIPS: usize = 100;
/// Seconds after which a signed delivery is too old.
const OLD: i64 = 3_600;

type Heard = Result<Vec<Event>, WebhookError>;

/// Deliveries of the scenario.
pub async fn check(stage: &Stage, findings: &mut Findings) {
    if stage.scenario.webhook.is_empty() {
        let reason = "the scenario shows no webhook";
        return findings.add("webhook", "forged and genuine deliveries", Verdict::not_applicable(reason));
    }
    for webhook in &stage.scenario.webhook {
        one(Trial { stage, webhook }, findings).await;
    }
    findings.add("webhook", "any order, and each twice: the same events", order(stage).await);
}

/// A delivery, and what is done to it.
#[derive(Clone, Copy)]
struct Trial<'a> {
    stage: &'a Stage,
    webhook: &'a Webhook,
}

async fn one(trial: Trial<'_>, findings: &mut Findings) {
    let says = &trial.webhook.says;
    let mut add = |name: &str, verdict| findings.add("webhook", format!("{says}: {name}"), verdict);
    let genuine = trial.signed(&trial.webhook.body, trial.secret(), NOW);
    add("a genuine delivery is understood", trial.understood(&genuine).await);
    let unsigned = Delivery { headers: Vec::new(), ..genuine.clone() };
    add("without a signature", trial.disbelieved([unsigned]).await);
    let forged = trial.signed(&trial.webhook.body, "another secret", NOW);
    add("signed with another secret", trial.disbelieved([forged]).await);
    let old = trial.signed(&trial.webhook.body, trial.secret(), NOW - OLD);
    add("signed an hour ago", trial.disbelieved([old]).await);
    let future = trial.signed(&trial.webhook.body, trial.secret(), NOW + OLD);
    add("signed an hour ahead", trial.disbelieved([future]).await);
    add("each bit of the signature flipped", trial.disbelieved(signature_flips(&genuine)).await);
    add("bits of the body flipped", trial.disbelieved(body_flips(&genuine)).await);
    let cut = genuine.body[..genuine.body.len() / 2].to_vec();
    add("half a body", trial.disbelieved([Delivery { body: cut, ..genuine.clone() }]).await);
    let nothing = Delivery { body: Vec::new(), ..genuine };
    add("an empty body", trial.disbelieved([nothing]).await);
    let deep = "[".repeat(100_000);
    for (name, body) in [("no JSON", "<html>"), ("JSON without an event", "{}"), ("JSON 100,000 deep", &deep)]
    {
        let delivery = trial.signed(body, trial.secret(), NOW);
        add(&format!("signed, and {name}"), trial.refused(&delivery).await);
    }
    add("for an account without secrets", trial.without_secrets().await);
}

impl Trial<'_> {
    fn is_signed(&self) -> bool {
        self.webhook.signed.is_some()
    }

    fn secret(&self) -> &str {
        let secret = self.webhook.secret.as_ref().and_then(|key| self.stage.scenario.secrets.get(key));
        secret.map_or("", String::as_str)
    }

    /// A delivery that arrives now and was signed then.
    fn signed(&self, body: &str, secret: &str, time: i64) -> Delivery {
        let fill = |text: &str| text.replace("{{time}}", &time.to_string()).replace("{{body}}", body);
        let message = self.webhook.signed.as_deref().map(fill).unwrap_or_default();
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mut mac| {
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        });
        let mac = mac.unwrap_or_default();
        let header = |(name, value): (&String, &String)| {
            let value = fill(value).replace("{{mac}}", &HEXLOWER.encode(&mac));
            (name.clone(), value.replace("{{mac_base64}}", &BASE64.encode(&mac)))
        };
        Delivery {
            headers: self.webhook.headers.iter().map(header).collect(),
            body: body.as_bytes().to_vec(),
            received_at: at(NOW + 1),
        }
    }

    async fn hear(&self, delivery: &Delivery) -> Heard {
        let account = self.stage.account("http://127.0.0.1:9");
        self.stage.provider.verify_webhook(&account, delivery).await
    }

    async fn understood(&self, delivery: &Delivery) -> Verdict {
        match self.hear(delivery).await {
            Ok(events) if events.first().is_some_and(|event| word(&event.change) == self.webhook.says) => {
                if !self.is_signed() && events.iter().any(decides) {
                    return Verdict::failed("it decides by a delivery that nobody signed");
                }
                Verdict::Passed
            }
            heard => Verdict::failed(format!("it says {heard:?}")),
        }
    }

    /// None of these is believed. Where nobody signs, a delivery may say what to ask about, and no more.
    async fn disbelieved(&self, deliveries: impl IntoIterator<Item = Delivery>) -> Verdict {
        for delivery in deliveries {
            match self.hear(&delivery).await {
                Ok(events) if self.is_signed() => {
                    return Verdict::failed(format!("it believes {events:?}"));
                }
                Ok(events) if events.iter().any(decides) => {
                    return Verdict::failed(format!("it decides by what nobody signed: {events:?}"));
                }
                Err(WebhookError::Failed(why)) => return Verdict::failed(format!("it breaks: {why}")),
                _ => {}
            }
        }
        Verdict::Passed
    }

    /// Signed, and still nothing to decide by.
    async fn refused(&self, delivery: &Delivery) -> Verdict {
        match self.hear(delivery).await {
            Ok(events) if events.iter().any(decides) => Verdict::failed(format!("it says {events:?}")),
            Err(WebhookError::Failed(why)) => Verdict::failed(format!("it breaks: {why}")),
            _ => Verdict::Passed,
        }
    }

    async fn without_secrets(&self) -> Verdict {
        if !self.is_signed() {
            return Verdict::not_applicable("nobody signs");
        }
        let mut account = self.stage.account("http://127.0.0.1:9");
        if let Some(key) = &self.webhook.secret {
            account.secrets.insert(key.clone(), SecretValue::new(String::new()));
        }
        let forged = self.signed(&self.webhook.body, "", NOW);
        match self.stage.provider.verify_webhook(&account, &forged).await {
            Ok(events) => Verdict::failed(format!("it believes {events:?}")),
            Err(_) => Verdict::Passed,
        }
    }
}

/// Each delivery says the same wherever it comes in the row, and however often.
async fn order(stage: &Stage) -> Verdict {
    let trials: Vec<Trial<'_>> =
        stage.scenario.webhook.iter().map(|webhook| Trial { stage, webhook }).collect();
    let mut first: Vec<Heard> = Vec::new();
    for trial in &trials {
        first.push(trial.hear(&trial.signed(&trial.webhook.body, trial.secret(), NOW)).await);
    }
    for (trial, first) in trials.iter().zip(&first).rev().chain(trials.iter().zip(&first)) {
        let again = trial.hear(&trial.signed(&trial.webhook.body, trial.secret(), NOW)).await;
        if &again != first {
            return Verdict::failed(format!("first {first:?}, then {again:?}"));
        }
    }
    Verdict::Passed
}

/// The last bit of each character of each header.
fn signature_flips(genuine: &Delivery) -> Vec<Delivery> {
    let mut flipped = Vec::new();
    for (header, (_, value)) in genuine.headers.iter().enumerate() {
        for place in 0..value.len() {
            let mut bytes = value.clone().into_bytes();
            bytes[place] ^= 1;
            let mut delivery = genuine.clone();
            delivery.headers[header].1 = String::from_utf8_lossy(&bytes).into_owned();
            flipped.push(delivery);
        }
    }
    flipped
}

fn body_flips(genuine: &Delivery) -> Vec<Delivery> {
    let length = genuine.body.len();
    let step = (length / FLIPS).max(1);
    let flip = |place: usize| {
        let mut delivery = genuine.clone();
        delivery.body[place] ^= 1 << (place % 8);
        delivery
    };
    (0..length).step_by(step).map(flip).collect()
}

/// Money or methods are changed by its word alone.
const fn decides(event: &Event) -> bool {
    !matches!(event.change, Change::Refetch(_) | Change::Setup(_) | Change::Ignored)
}

const fn word(change: &Change) -> &'static str {
    match change {
        Change::Settled(_) => "settled",
        Change::Refetch(_) => "refetch",
        Change::Reversed(_) => "reversed",
        Change::Setup(_) => "setup",
        Change::MethodUpdated(_) => "method-updated",
        Change::MethodRemoved(_) => "method-removed",
        Change::Ignored => "ignored",
    }
}
