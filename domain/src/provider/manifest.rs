//! What a provider says of itself.

use serde::{Deserialize, Serialize};

/// What a provider says of itself. Read once, pinned when the component is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Short name, `[a-z0-9-]`, unique in an installation.
    pub name: String,
    /// The provider's own version, for people.
    pub version: String,
    /// Name shown to customers, for example on the button that leaves for its page.
    pub display_name: String,
    /// What it can do, and within which limits.
    pub capabilities: Capabilities,
    /// Who makes the `Authorization` header.
    pub authorization: Authorization,
    /// Hosts it asks to reach: `api.example.com`, `*.example.com` or `${settings.base_url}`.
    pub hosts: Vec<String>,
    /// Hosts a customer's browser is sent to for setup and confirmation, in the same notation.
    pub redirect_hosts: Vec<String>,
    /// Paths at which a POST only searches; looking up and listing may send it there.
    #[serde(default)]
    pub lookup_posts: Vec<String>,
    /// Settings an account of this provider has, in the order of its form.
    pub settings: Vec<SettingField>,
    /// Kinds of payment method it can set up.
    pub method_kinds: Vec<String>,
    /// Currencies it charges; empty means all.
    pub currencies: Vec<String>,
}

/// One field of a provider account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingField {
    /// Key, `[a-z0-9_]`.
    pub key: String,
    /// Label in the form.
    pub label: String,
    /// What it holds.
    pub kind: SettingKind,
    /// Whether an account needs it.
    pub required: bool,
    /// Used when the account leaves it out.
    pub default: Option<String>,
}

impl SettingField {
    /// Whether the value is sealed at rest and reaches the guest only as a handle.
    pub fn is_secret(&self) -> bool {
        self.kind == SettingKind::Secret
    }
}

/// What a setting holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingKind {
    /// One line of text.
    Text,
    /// Sealed at rest, never shown again.
    Secret,
    /// An origin, which the manifest's hosts may name.
    Url,
    /// One of these.
    Choice(Vec<Choice>),
}

/// One word a setting may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The word.
    pub value: String,
    /// What the form calls it.
    pub label: String,
}

/// Who makes the `Authorization` header. The strings are keys of settings, unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Authorization {
    /// The component names the secret in a header of its own.
    Headers,
    /// The host, as HTTP basic.
    Basic {
        /// Holds the user name.
        user: String,
        /// Holds the password.
        password: String,
    },
    /// The host, with a token it fetches and keeps.
    OAuth2ClientCredentials {
        /// Where the token is had: absolute, or a path below `${settings.base_url}`.
        token_url: String,
        /// Holds the client's id.
        client_id: String,
        /// Holds the client's secret.
        client_secret: String,
        /// Scope to ask for, literally.
        scope: Option<String>,
    },
}

/// What a provider can promise. The charge protocol reads nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// The provider answers a repeated key with the first outcome.
    pub idempotency: Option<Idempotency>,
    /// The provider can be asked what became of a charge.
    pub lookup: Option<Lookup>,
    /// An open charge can be cancelled.
    pub cancel: bool,
    /// A charge can be given back.
    pub refund: bool,
    /// Charges since a moment can be listed.
    pub list_since: bool,
    /// Seconds after which a request that was sent cannot take effect any more.
    pub max_in_flight_s: u32,
}

/// How a provider treats a repeated key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idempotency {
    /// Seconds for which a key is remembered after its first use.
    pub window_s: u64,
    /// Header that carries the key; the host sets it on every request that is not a GET.
    pub header: Option<String>,
    /// Stored errors are replayed too.
    pub replays_errors: bool,
    /// A repeated key with other parameters is refused.
    pub rejects_mismatch: bool,
}

/// How a provider finds a charge again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// By our reference or key, not only by the provider's own id.
    pub by_reference: bool,
    /// Seconds by which its answer may lag behind.
    pub lag_s: u32,
}
