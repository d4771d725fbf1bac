//! Settings of one business. `config/default.toml` describes each and holds what they share;
//! `tenants/<slug>.toml` holds what is the business's own.

use super::policy::{Billing, Dunning, Entitlements, Portal, Refunds, WinBack};
use super::values::{Colour, Country, EmailAddress, HostName, Line, Locale, WebAddress, within};
use super::words::{Font, Mode, Scheme};
use domain::currency::Currency;
use domain::invoice::number::Reset;
use domain::reminder::ReminderPolicy;
use domain::subscription::change::behaviour::ChangePolicy;
use domain::subscription::ending::EndingPolicy;
use domain::tax::decide::VatPolicy;
use domain::tax::{TaxBehaviour, TaxRate};
use serde::Deserialize;

/// Everything that is set for one business.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSettings {
    /// The short name: its file is `tenants/<slug>.toml`.
    #[serde(skip)]
    pub slug: String,
    /// Who it is and where it is reached.
    #[serde(rename = "tenant")]
    pub identity: Identity,
    /// The seller printed on invoices.
    pub seller: Seller,
    /// Tax on what it sells.
    pub tax: Tax,
    /// Numbers and terms of its invoices.
    pub invoice: Invoice,
    /// Who its mails come from.
    #[serde(default)]
    pub mail: Sender,
    /// How its portal looks.
    pub theme: Theme,
    /// What its customers see and may do.
    pub portal: Portal,
    /// The person customers turn to.
    #[serde(default)]
    pub contact: Contact,
    /// What happens after a failed payment.
    pub dunning: Dunning,
    /// Behaviours of subscriptions.
    pub billing: Billing,
    /// Money that goes back.
    pub refunds: Refunds,
    /// What subscriptions leave behind when they are cancelled.
    pub ending: EndingPolicy,
    /// When changes of plan take effect, and how they are billed.
    pub changes: ChangePolicy,
    /// When customers are reminded of what comes.
    pub reminders: ReminderPolicy,
    /// What is written to customers who have left.
    pub win_back: WinBack,
    /// What products give.
    pub entitlements: Entitlements,
}

/// `[tenant]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The business's name as customers know it.
    pub name: Line,
    /// The hosts its portal answers on. Links use the first. Never empty.
    pub hosts: Vec<HostName>,
    /// Live or test.
    pub mode: Mode,
    /// Where it is established.
    pub country: Country,
    /// What it charges in.
    pub currency: Currency,
    /// Where its days begin.
    #[serde(deserialize_with = "super::values::zone")]
    pub timezone: chrono_tz::Tz,
    /// The language of customers who have not chosen one. One of `locales`.
    pub default_locale: Locale,
    /// The languages its portal offers.
    pub locales: Vec<Locale>,
}

/// `[seller]`: as invoices must name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// Registered name; the business's name when not given (test mode only).
    pub legal_name: Option<Line>,
    /// Street and number.
    pub line1: Option<Line>,
    /// Addition to the address.
    pub line2: Option<Line>,
    /// Postal code.
    pub postal_code: Option<Line>,
    /// City.
    pub city: Option<Line>,
    /// State or region.
    pub region: Option<Line>,
    /// Country, when it is not `tenant.country`.
    pub country: Option<Country>,
    /// VAT identification number.
    pub vat_id: Option<Line>,
    /// Entry in a commercial register.
    pub registration: Option<Line>,
    /// Billing questions by mail.
    pub email: Option<EmailAddress>,
    /// Billing questions by phone.
    pub phone: Option<Line>,
    /// Web site.
    pub website: Option<WebAddress>,
    /// Help pages.
    pub support_url: Option<WebAddress>,
    /// Privacy statement.
    pub privacy_url: Option<WebAddress>,
    /// Terms of sale.
    pub terms_url: Option<WebAddress>,
}

/// `[tax]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    /// The rate in percent, as text.
    #[serde(deserialize_with = "super::values::tax_rate")]
    pub rate: TaxRate,
    /// Whether prices contain it.
    pub behaviour: TaxBehaviour,
    /// What makes a VAT id good enough for reverse charge.
    pub vat_id: VatPolicy,
    /// Where VIES answers; it is not asked when not given.
    pub vies_url: Option<WebAddress>,
    /// What invoices call it: GST, Sales tax; the language's word for VAT when not given.
    pub name: Option<Line>,
}

/// `[invoice]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invoice {
    /// How numbers are built, from `{PREFIX} {YYYY} {YY} {MM} {CUST} {SEQ}` or `{SEQ:05}`.
    pub pattern: Line,
    /// What `{PREFIX}` stands for.
    pub prefix: String,
    /// What `{PREFIX}` stands for on credit notes, which count in a series of their own.
    pub credit_note_prefix: String,
    /// What `{PREFIX}` stands for on receipts, which count in a series of their own, too.
    pub receipt_prefix: String,
    /// When the running number starts again.
    pub reset: Reset,
    /// Days a customer has who pays by hand.
    #[serde(deserialize_with = "within::<_, 0, 180>")]
    pub due_days: u32,
}

/// `[mail]`, the keys that belong to the business.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// Name shown; the business's name when not given.
    pub from_name: Option<Line>,
    /// Address that mails come from. Needed for SMTP.
    pub from_address: Option<EmailAddress>,
    /// Where answers go, when elsewhere.
    pub reply_to: Option<EmailAddress>,
}

/// `[theme]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The brand colour. The contrast guard adapts it where text would not be readable.
    pub accent: Colour,
    /// Roundness of corners in pixels: 0 square, 12 soft, 18 round.
    #[serde(deserialize_with = "within::<_, 0, 24>")]
    pub radius: u32,
    /// Typeface.
    pub font: Font,
    /// Light, dark, or as the device says.
    pub scheme: Scheme,
}

/// `[contact]`: shown in the section `contact_person`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The person.
    pub name: Option<Line>,
    /// What they do.
    pub role: Option<Line>,
    /// By mail.
    pub email: Option<EmailAddress>,
    /// By phone.
    pub phone: Option<Line>,
    /// When they answer.
    pub hours: Option<Line>,
}

impl TenantSettings {
    /// The name mails come from.
    pub fn sender_name(&self) -> &str {
        self.mail.from_name.as_ref().unwrap_or(&self.identity.name).as_str()
    }

    /// The seller's registered name.
    pub fn legal_name(&self) -> &str {
        self.seller.legal_name.as_ref().unwrap_or(&self.identity.name).as_str()
    }

    /// The host that links name. Configuration without a host is refused on loading.
    pub fn link_host(&self) -> &str {
        self.identity.hosts.first().map_or("localhost", HostName::as_str)
    }
}
