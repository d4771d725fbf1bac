//! What a provider's author writes down of the service: an account, and dialogues that go well.

use domain::currency::Currency;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A scenario: TOML beside the component, `NAME.conformance.toml`.
///
/// In settings, URLs and answers `{{base_url}}` is the address of the scripted service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// Settings of the account.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Secrets of the account; never real ones.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// A charge that goes well.
    pub charge: Movement,
    /// The same charge, refused by the bank.
    pub decline: Option<Dialogue>,
    /// Asking what became of the charge.
    pub look_up: Option<Question>,
    /// A refund that succeeds.
    pub refund: Option<Movement>,
    /// Asking what became of the refund.
    pub refund_look_up: Option<Question>,
    /// Cancelling an open charge.
    pub cancel: Option<Named>,
    /// Beginning to set up a method.
    pub begin_setup: Option<Named>,
    /// A setup that is done.
    pub complete_setup: Option<Named>,
    /// Removing a method.
    pub detach: Option<Named>,
    /// One page of charges and refunds.
    pub list_since: Option<Listing>,
    /// Deliveries of events.
    #[serde(default)]
    pub webhook: Vec<Webhook>,
    /// Nobody wrote it.
    #[serde(skip)]
    pub(crate) is_made_up: bool,
}

/// Why a scenario cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file, or one that it names, cannot be read.
    #[error("{path}: {error}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// It is no scenario.
    #[error("not a scenario: {0}")]
    Text(Box<toml::de::Error>),
}

/// Money that moves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Movement {
    /// Idempotency key.
    pub key: String,
    /// Natural reference.
    pub reference: String,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: Currency,
    /// The method to charge, or the charge to refund.
    pub of: String,
    /// The customer at the service.
    pub customer: Option<String>,
    /// What the statement may say.
    #[serde(default = "description")]
    pub description: String,
    /// What the service calls it.
    pub provider_ref: String,
    /// What becomes of it.
    #[serde(default)]
    pub becomes: Becomes,
    /// The dialogue.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

fn description() -> String {
    "Conformance".to_owned()
}

/// What becomes of a charge or refund that goes well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Becomes {
    /// The money moves at once.
    #[default]
    Succeeded,
    /// It moves later.
    Pending,
}

/// A dialogue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    /// Its exchanges.
    pub exchanges: Vec<Exchange>,
}

/// A call about something with a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The service's reference of it; of `begin-setup` the kind of method.
    pub of: String,
    /// The dialogue.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

/// Asking what became of something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The dialogue once the money has moved.
    #[serde(default)]
    pub found: Vec<Exchange>,
    /// The dialogue while it has not.
    #[serde(default)]
    pub absent: Vec<Exchange>,
}

/// A list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Charges and refunds of Portico in it.
    pub items: usize,
    /// The dialogue.
    pub exchanges: Vec<Exchange>,
}

/// A request, and the service's answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// `POST /v1/charges`. A star stands for anything; the query counts only where the pattern has one.
    pub request: String,
    /// Status of the answer.
    #[serde(default = "ok")]
    pub status: u16,
    /// Body of the answer.
    #[serde(default)]
    pub body: String,
    /// File with the body, relative to the scenario.
    pub file: Option<PathBuf>,
    /// This request moves the money.
    #[serde(default)]
    pub effect: bool,
}

const fn ok() -> u16 {
    200
}

/// A delivery of events.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Headers, names in lower case. `{{mac}}` and `{{mac_base64}}` are the HMAC-SHA-256 of `signed`, `{{time}}` the
    /// second in which it was signed.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Body.
    #[serde(default)]
    pub body: String,
    /// File with the body, relative to the scenario.
    pub file: Option<PathBuf>,
    /// What is signed, with `{{time}}` and `{{body}}`; none where the service does not sign with a shared secret.
    pub signed: Option<String>,
    /// Key of the secret that signs.
    pub secret: Option<String>,
    /// What the first event says: `settled`, `refetch`, `reversed`, `setup`, `method-updated`, `method-removed` or
    /// `ignored`.
    pub says: String,
}

/// Enough to ask a provider for a charge.
const MADE_UP: &str = r#"
[charge]
key = "pk1_conformanceconformanceconform"
reference = "inst:sub_1:4"
amount = 1428
currency = "EUR"
of = "conformance"
provider-ref = "none"
"#;

impl Scenario {
    /// A scenario for a provider of which nothing is known.
    ///
    /// # Errors
    /// Never; it is read like any other.
    pub fn made_up() -> Result<Self, ScenarioError> {
        Ok(Self { is_made_up: true, ..MADE_UP.parse()? })
    }

    /// Reads a scenario and the files that it names.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let mut scenario: Self = read(path)?.parse()?;
        let folder = path.parent().unwrap_or(Path::new("."));
        for exchange in scenario.exchanges_mut() {
            fill(folder, exchange.file.as_deref(), &mut exchange.body)?;
        }
        for webhook in &mut scenario.webhook {
            fill(folder, webhook.file.as_deref(), &mut webhook.body)?;
        }
        Ok(scenario)
    }

    fn exchanges_mut(&mut self) -> impl Iterator<Item = &mut Exchange> {
        let movements = std::iter::once(&mut self.charge).chain(&mut self.refund).map(|m| &mut m.exchanges);
        let named = [&mut self.cancel, &mut self.begin_setup, &mut self.complete_setup, &mut self.detach];
        let named = named.into_iter().flatten().map(|named| &mut named.exchanges);
        let questions = [&mut self.look_up, &mut self.refund_look_up].into_iter().flatten();
        let questions = questions.flat_map(|question| [&mut question.found, &mut question.absent]);
        let listing = self.list_since.iter_mut().map(|listing| &mut listing.exchanges);
        let decline = self.decline.iter_mut().map(|decline| &mut decline.exchanges);
        movements.chain(named).chain(questions).chain(listing).chain(decline).flatten()
    }
}

impl FromStr for Scenario {
    type Err = ScenarioError;

    /// A scenario that names no files.
    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        toml::from_str(text).map_err(|error| ScenarioError::Text(Box::new(error)))
    }
}

fn read(path: &Path) -> Result<String, ScenarioError> {
    std::fs::read_to_string(path).map_err(|error| ScenarioError::File { path: path.to_owned(), error })
}

fn fill(folder: &Path, file: Option<&Path>, body: &mut String) -> Result<(), ScenarioError> {
    if let Some(file) = file {
        *body = read(&folder.join(file))?;
    }
    Ok(())
}
