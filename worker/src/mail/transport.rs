//! Hands mail to an SMTP server, or to a folder where the demo and the tests find it.

use engine::settings::installation::Installation;
use engine::settings::words::{MailTransport, SmtpTls};
use engine::{Error, Result};
use lettre::message::{Mailbox, MultiPart, SinglePart, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::PathBuf;
use std::time::Duration;

/// Refusals of our own sign-in (RFC 4954): an operator mends it, and the mail goes out.
const SIGNING_IN: [u16; 4] = [530, 534, 535, 538];

/// Where mail goes.
pub enum Mailer {
    /// To a server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// Into a folder, one `.eml` file a mail.
    Folder(Folder),
}

/// A folder of mails. Each is written beside it first: who looks into it finds whole mails only.
pub struct Folder {
    path: PathBuf,
    unfinished: PathBuf,
    writer: AsyncFileTransport<Tokio1Executor>,
}

impl Folder {
    fn open(path: PathBuf) -> Result<Self> {
        let unfinished = path.join("unfinished");
        std::fs::create_dir_all(&unfinished)
            .map_err(|error| Error::Unavailable(format!("mail folder {}: {error}", path.display())))?;
        Ok(Self { writer: AsyncFileTransport::new(&unfinished), path, unfinished })
    }

    async fn send(&self, message: Message) -> Result<()> {
        let unavailable = |error: &dyn std::fmt::Display| Error::Unavailable(error.to_string());
        let name = format!("{}.eml", self.writer.send(message).await.map_err(|error| unavailable(&error))?);
        let written = tokio::fs::rename(self.unfinished.join(&name), self.path.join(&name)).await;
        written.map_err(|error| unavailable(&error))
    }
}

/// A mail ready to go.
pub struct Outgoing {
    /// Name and address of the sender.
    pub from: (String, String),
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Recipient.
    pub to: String,
    /// The same for every try, so that a mail sent twice is seen once.
    pub message_id: String,
    /// Where it can be unsubscribed from, on marketing.
    pub unsubscribe: Option<String>,
    /// The words.
    pub email: templates::email::Email,
}

impl Mailer {
    /// Opens the transport that the settings name. No connection is made yet.
    pub fn open(settings: &Installation) -> Result<Self> {
        match settings.mail.transport {
            MailTransport::Folder => Ok(Self::Folder(Folder::open(settings.mail_folder())?)),
            MailTransport::Smtp => Ok(Self::Smtp(Box::new(smtp(settings)?))),
        }
    }

    /// Hands one mail over.
    ///
    /// # Errors
    /// `Refused` with `undeliverable` when trying again will not help, `Unavailable` when it may.
    pub async fn send(&self, mail: Outgoing) -> Result<()> {
        let message = build(mail)?;
        match self {
            Self::Folder(folder) => folder.send(message).await?,
            Self::Smtp(server) => {
                server.send(message).await.map_err(|error| {
                    // The server's words may repeat the address; its code says enough.
                    let why = error
                        .status()
                        .map_or_else(|| "no usable answer".to_owned(), |code| format!("answered {code}"));
                    let ours = error.status().is_some_and(|code| SIGNING_IN.contains(&u16::from(code)));
                    match error.is_permanent() && !ours {
                        true => Error::refused("undeliverable", why),
                        false => Error::Unavailable(format!("mail server: {why}")),
                    }
                })?;
            }
        }
        Ok(())
    }
}

fn smtp(settings: &Installation) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let smtp = &settings.mail.smtp;
    let host = smtp.host.to_string();
    let builder = match smtp.tls {
        SmtpTls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&host),
        SmtpTls::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&host),
        SmtpTls::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host)),
    };
    let builder = builder
        .map_err(|error| Error::Unavailable(error.to_string()))?
        .port(u16::try_from(smtp.port).map_err(Error::bug)?)
        .timeout(Some(Duration::from_secs(30)));
    Ok(match (&smtp.username, &smtp.password) {
        (Some(name), Some(password)) => {
            builder.credentials(Credentials::new(name.to_string(), password.expose().to_owned())).build()
        }
        _ => builder.build(),
    })
}

fn build(mail: Outgoing) -> Result<Message> {
    let address = |text: &str| {
        text.parse::<lettre::Address>().map_err(|error| Error::refused("undeliverable", error.to_string()))
    };
    let (name, from) = &mail.from;
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(name.clone()), address(from)?))
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(mail.email.subject)
        .message_id(Some(format!("<{}>", mail.message_id)))
        .header(AutoSubmitted);
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    if let Some(url) = &mail.unsubscribe {
        builder = builder.header(ListUnsubscribe(format!("<{url}>"))).header(ListUnsubscribePost);
    }
    builder
        .multipart(
            MultiPart::alternative()
                .singlepart(SinglePart::plain(mail.email.text))
                .singlepart(SinglePart::html(mail.email.html)),
        )
        .map_err(Error::bug)
}

/// Why a header that we write only is not read.
type Unread = Box<dyn std::error::Error + Send + Sync>;

/// `Auto-Submitted: auto-generated` (RFC 3834): no vacation replies, please.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> std::result::Result<Self, Unread> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// `List-Unsubscribe` (RFC 2369): where to end such mails.
#[derive(Debug, Clone)]
struct ListUnsubscribe(String);

impl header::Header for ListUnsubscribe {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> std::result::Result<Self, Unread> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// `List-Unsubscribe-Post` (RFC 8058): one press in the mail program does it.
#[derive(Debug, Clone)]
struct ListUnsubscribePost;

impl header::Header for ListUnsubscribePost {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> std::result::Result<Self, Unread> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}
