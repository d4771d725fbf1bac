//! Rules that concern more than one value. Each answers with the key at fault and a sentence.

use super::installation::{Http, Installation};
use super::tenant::{Invoice, TenantSettings};
use super::values::WebAddress;
use super::words::{MailTransport, Mode, SmtpTls};
use domain::invoice::number::Pattern;
use std::collections::BTreeSet;

const PREFIX_RULE: &str = "use at most 12 letters, digits and - _ / .";

/// Days before and after which nobody remembers what a mail is about.
const LONGEST_WAIT_DAYS: u32 = 366;

/// A broken rule: key and sentence.
pub(super) type Broken = (&'static str, String);

fn rule(kept: bool, key: &'static str, message: impl Into<String>) -> Option<Broken> {
    (!kept).then(|| (key, message.into()))
}

/// Browsers reach it under a name of this machine.
fn is_local(http: &Http) -> bool {
    let host = http.public_url.as_ref().and_then(WebAddress::host).unwrap_or_default();
    ["localhost", "127.0.0.1", "[::1]"].contains(&host) || host.ends_with(".localhost")
}

pub(super) fn of_installation(settings: &Installation) -> Vec<Broken> {
    let (payments, security, smtp) = (&settings.payments, &settings.security, &settings.mail.smtp);
    let uses_smtp = settings.mail.transport == MailTransport::Smtp;
    let loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&smtp.host.as_str());
    [
        rule(
            !settings.http.is_plain() || (settings.http.bind.ip().is_loopback() && is_local(&settings.http)),
            "http.public_url",
            "http:// is for trying things out on this machine: use https://, or bind to 127.0.0.1",
        ),
        rule(
            payments.connect_seconds <= payments.request_seconds,
            "payments.connect_seconds",
            "must not be longer than payments.request_seconds",
        ),
        rule(
            payments.request_seconds < payments.call_seconds,
            "payments.call_seconds",
            "must be longer than payments.request_seconds",
        ),
        rule(
            payments.lease_seconds >= 2 * payments.call_seconds,
            "payments.lease_seconds",
            "must be at least twice payments.call_seconds, or a second worker could take over a living call",
        ),
        rule(
            security.session_idle_minutes <= 60 * security.session_absolute_hours,
            "security.session_idle_minutes",
            "must not be longer than security.session_absolute_hours",
        ),
        rule(
            !uses_smtp || smtp.tls != SmtpTls::None || smtp.username.is_none() || loopback,
            "mail.smtp.tls",
            "a password must not cross the network in the clear; use \"starttls\" or \"tls\"",
        ),
        rule(
            smtp.username.is_none() || smtp.password.is_some(),
            "mail.smtp.username",
            "set mail.smtp.password_file or mail.smtp.password, too",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn of_tenant(settings: &TenantSettings, transport: MailTransport) -> Vec<Broken> {
    let (identity, seller) = (&settings.identity, &settings.seller);
    let live = identity.mode == Mode::Live;
    let named = seller.legal_name.is_some() && seller.line1.is_some() && seller.city.is_some();
    let cancel = &settings.portal.cancel;
    let mut broken: Vec<Broken> = [
        rule(!identity.hosts.is_empty(), "tenant.hosts", "name at least one host"),
        rule(
            identity.locales.contains(&identity.default_locale),
            "tenant.default_locale",
            "must be one of tenant.locales",
        ),
        rule(
            !live || named,
            "seller.legal_name",
            "a live business needs seller.legal_name, line1 and city: invoices must name the seller",
        ),
        rule(
            !live || transport != MailTransport::Smtp || settings.mail.from_address.is_some(),
            "mail.from_address",
            "say which address mails come from",
        ),
        rule(
            !cancel.enabled || !cancel.modes.is_empty(),
            "portal.cancel.modes",
            "name at least one of \"period_end\" and \"now\", or set portal.cancel.enabled = false",
        ),
        rule(
            cancel.modes.iter().collect::<BTreeSet<_>>().len() == cancel.modes.len(),
            "portal.cancel.modes",
            "names a mode twice",
        ),
        rule(reminders_within(settings), "reminders", "use at most 366 days"),
        rule(
            settings.win_back.rules.iter().all(|rule| rule.after_days <= LONGEST_WAIT_DAYS),
            "win_back.rules",
            "use at most 366 days",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    broken.extend(numbers(&settings.invoice));
    if let Err(error) = settings.dunning.hours.check() {
        broken.push(("dunning.hours", error.to_string()));
    }
    if let Err(error) = settings.dunning.pinned().policy.check() {
        broken.push(("dunning.steps", error.to_string()));
    }
    broken
}

fn reminders_within(settings: &TenantSettings) -> bool {
    let policy = &settings.reminders;
    [policy.trial_days, policy.renewal_days, policy.renewal_cycle_days, policy.card_days]
        .iter()
        .all(|days| *days <= LONGEST_WAIT_DAYS)
}

/// A series that can give two documents one number is refused before the first is written.
fn numbers(invoice: &Invoice) -> Vec<Broken> {
    let pattern = invoice.pattern.as_str();
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_/. {}:".contains(&b));
    let prefix = |text: &str| text.len() <= 12 && plain(text) && !text.contains(['{', '}']);
    let parsed =
        Pattern::parse(pattern, invoice.reset).map_err(|error| ("invoice.pattern", error.to_string()));
    let prefixes = [&invoice.prefix, &invoice.credit_note_prefix, &invoice.receipt_prefix];
    let rules = [
        rule(plain(pattern), "invoice.pattern", "use letters, digits, spaces and - _ / . around the tokens"),
        rule(
            pattern.contains("{PREFIX}") && prefixes.iter().collect::<BTreeSet<_>>().len() == prefixes.len(),
            "invoice.pattern",
            "must contain {PREFIX}, and prefix, credit_note_prefix and receipt_prefix must differ: they keep the \
             series apart",
        ),
        rule(prefix(&invoice.prefix), "invoice.prefix", PREFIX_RULE),
        rule(prefix(&invoice.credit_note_prefix), "invoice.credit_note_prefix", PREFIX_RULE),
        rule(prefix(&invoice.receipt_prefix), "invoice.receipt_prefix", PREFIX_RULE),
    ];
    rules.into_iter().flatten().chain(parsed.err()).collect()
}
