//! Settings of the whole installation. Each is described in `config/default.toml`.

use super::secret::{DatabaseUrl, Secret};
use super::values::{HostName, Line, Network, WebAddress, within};
use super::words::{LogFormat, MailTransport, SmtpTls};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What holds for the installation whatever the business. Relative paths are relative to the working directory.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Installation {
    /// Where the database file, documents and captured mails live.
    pub data_dir: PathBuf,
    /// The key that seals secrets, when it is not `secret.key` in the data folder.
    pub secret_file: Option<PathBuf>,
    /// Folder of fonts in addition to those shipped.
    pub fonts_dir: Option<PathBuf>,
    /// Templates that replace those shipped.
    pub templates_dir: Option<PathBuf>,
    /// Which database.
    pub database: Database,
    /// How browsers reach this installation.
    pub http: Http,
    /// How mail leaves.
    pub mail: Mail,
    /// How eagerly the worker works.
    pub worker: Worker,
    /// Time limits of provider calls.
    pub payments: Payments,
    /// Sessions, links and limits.
    pub security: Security,
    /// Log lines.
    pub log: Log,
}

impl Installation {
    /// The key file: `secret_file`, or `secret.key` in the data folder.
    pub fn secret_path(&self) -> PathBuf {
        self.secret_file.clone().unwrap_or_else(|| self.data_dir.join("secret.key"))
    }

    /// The database address, password included: `database.url`, or the SQLite file in the data folder.
    pub fn database_url(&self) -> String {
        match &self.database.url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite:{}", self.data_dir.join("portico.db").display()),
        }
    }

    /// The folder of captured mails; a relative one lies in the data folder.
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join(&self.mail.folder)
    }
}

/// `[database]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The address; SQLite in the data folder when not given.
    pub url: Option<DatabaseUrl>,
    /// Most connections held open.
    #[serde(deserialize_with = "within::<_, 1, 200>")]
    pub pool_size: u32,
}

/// `[http]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Address and port to listen on.
    pub bind: SocketAddr,
    /// How browsers reach this installation; its scheme and port hold for every business's host.
    pub public_url: Option<WebAddress>,
    /// Proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// The host of the installation's own pages (`/admin`, `/me`, `/health`).
    pub installation_host: Option<HostName>,
}

impl Http {
    /// Whether browsers come without TLS: on this machine only, for trying things out. Decides cookie names.
    pub fn is_plain(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "http")
    }
}

/// `[mail]`, without the sender's keys, which belong to the business.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// SMTP server or folder.
    pub transport: MailTransport,
    /// Folder for `transport = "folder"`.
    pub folder: PathBuf,
    /// Server for `transport = "smtp"`.
    pub smtp: Smtp,
}

/// `[mail.smtp]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Server name.
    pub host: HostName,
    /// Server port.
    #[serde(deserialize_with = "within::<_, 1, 65535>")]
    pub port: u32,
    /// Protection of the connection.
    pub tls: SmtpTls,
    /// Account name; no sign-in without it.
    pub username: Option<Line>,
    /// Account password. After loading it also holds what `password_file` contained.
    pub password: Option<Secret>,
    /// File that holds the password, read on loading.
    pub password_file: Option<PathBuf>,
}

/// `[worker]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// Milliseconds between looks at the payments queue.
    #[serde(deserialize_with = "within::<_, 20, 60000>")]
    pub payments_poll_ms: u32,
    /// Milliseconds between looks at every other queue.
    #[serde(deserialize_with = "within::<_, 20, 60000>")]
    pub poll_ms: u32,
    /// Payments in flight at once.
    #[serde(deserialize_with = "within::<_, 1, 256>")]
    pub payments_concurrency: u32,
    /// Jobs at once in every other queue.
    #[serde(deserialize_with = "within::<_, 1, 256>")]
    pub concurrency: u32,
    /// Seconds between searches for work that is due.
    #[serde(deserialize_with = "within::<_, 1, 3600>")]
    pub sweep_seconds: u32,
    /// Seconds that running jobs get to finish when the worker is asked to stop.
    #[serde(deserialize_with = "within::<_, 1, 600>")]
    pub stop_seconds: u32,
}

/// `[payments]`: the constants of the charge protocol that may be tuned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payments {
    /// Seconds to reach a provider.
    #[serde(deserialize_with = "within::<_, 1, 30>")]
    pub connect_seconds: u32,
    /// Seconds for one request to a provider, and for a call that may move money.
    #[serde(deserialize_with = "within::<_, 2, 30>")]
    pub request_seconds: u32,
    /// Seconds for any other call of a provider with all its requests.
    #[serde(deserialize_with = "within::<_, 3, 120>")]
    pub call_seconds: u32,
    /// Seconds a worker owns an attempt.
    #[serde(deserialize_with = "within::<_, 30, 900>")]
    pub lease_seconds: u32,
    /// Tries by hand a customer has for one invoice and day.
    #[serde(deserialize_with = "within::<_, 1, 50>")]
    pub manual_tries_per_day: u32,
    /// Days for which calls of providers are kept, to try another component on them; 0 keeps none.
    #[serde(deserialize_with = "within::<_, 0, 400>")]
    pub keep_calls_days: u32,
}

/// `[security]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Minutes without a request until a session ends.
    #[serde(deserialize_with = "within::<_, 5, 1440>")]
    pub session_idle_minutes: u32,
    /// Hours until a session ends whatever happens.
    #[serde(deserialize_with = "within::<_, 1, 168>")]
    pub session_absolute_hours: u32,
    /// Sessions one customer may have; the oldest goes first.
    #[serde(deserialize_with = "within::<_, 1, 100>")]
    pub sessions_per_customer: u32,
    /// Minutes a mailed sign-in link works.
    #[serde(deserialize_with = "within::<_, 10, 60>")]
    pub login_link_minutes: u32,
    /// Hours a link in a receipt, or one made by the business, works.
    #[serde(deserialize_with = "within::<_, 1, 72>")]
    pub receipt_link_hours: u32,
    /// Wrong codes until the link is burnt.
    #[serde(deserialize_with = "within::<_, 1, 10>")]
    pub code_tries: u32,
    /// Minutes a proof of identity counts for sensitive changes.
    #[serde(deserialize_with = "within::<_, 1, 60>")]
    pub step_up_minutes: u32,
    /// Limits on sign-in mails.
    pub limits: Limits,
}

/// `[security.limits]`: sign-in mails that may be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// For one mail address of a business in 15 minutes.
    #[serde(deserialize_with = "within::<_, 1, 1000>")]
    pub address_quarter_hour: u32,
    /// For one mail address of a business in an hour.
    #[serde(deserialize_with = "within::<_, 1, 1000>")]
    pub address_hour: u32,
    /// From one network address (a /64 for IPv6) in an hour.
    #[serde(deserialize_with = "within::<_, 1, 100000>")]
    pub network_hour: u32,
    /// For one business in an hour.
    #[serde(deserialize_with = "within::<_, 1, 1000000>")]
    pub business_hour: u32,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// What is written: `error`, `warn`, `info`, `debug`, or a filter such as `info,engine=debug`.
    pub level: Line,
}
