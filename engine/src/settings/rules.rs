//! Rules that concern more than one value. Each answers with the key at fault and a sentence.

use super::installation::Installation;
use super::tenant::{Invoice, TenantSettings};
use super::words::{MailTransport, Mode, SeriesReset, SmtpTls};
use std::collections::BTreeSet;

/// A broken rule: key and sentence.
pub(super) type Broken = (&'static str, String);

fn rule(kept: bool, key: &'static str, message: impl Into<String>) -> Option<Broken> {
    (!kept).then(|| (key, message.into()))
}

pub(super) fn of_installation(settings: &Installation) -> Vec<Broken> {
    let (payments, security, smtp) = (&settings.payments, &settings.security, &settings.mail.smtp);
    let uses_smtp = settings.mail.transport == MailTransport::Smtp;
    let loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&smtp.host.as_str());
    [
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
    let steps = &settings.dunning.steps;
    let mut broken: Vec<Broken> = [
        rule(
            !identity.hosts.is_empty(),
            "tenant.hosts",
            "name at least one host",
        ),
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
        rule(
            steps.is_sorted_by(|a, b| a.after_days < b.after_days),
            "dunning.steps",
            "after_days must grow from step to step",
        ),
        rule(
            !steps.is_empty() && steps.len() <= 20,
            "dunning.steps",
            "needs 1 to 20 steps",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    broken.extend(number_pattern(&settings.invoice));
    broken
}

/// A pattern that can give two invoices one number is refused before the first invoice is written.
fn number_pattern(invoice: &Invoice) -> Option<Broken> {
    let tokens = match tokens(invoice.pattern.as_str()) {
        Ok(tokens) => tokens,
        Err(message) => return Some(("invoice.pattern", message)),
    };
    let has = |wanted: &str| tokens.iter().any(|token| *token == wanted);
    let year = has("YYYY") || has("YY");
    let dated = match invoice.reset {
        SeriesReset::Never => true,
        SeriesReset::Yearly => year,
        SeriesReset::Monthly => year && has("MM"),
    };
    let count = tokens.iter().filter(|token| token.starts_with("SEQ")).count();
    let tidy = |text: &str| {
        text.len() <= 12
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_/.".contains(&b))
    };
    rule(
        count == 1,
        "invoice.pattern",
        "must contain {SEQ}, the running number, once",
    )
    .or_else(|| {
        rule(
            dated,
            "invoice.pattern",
            format!("reset = \"{}\" needs the date in it", invoice.reset),
        )
    })
    .or_else(|| {
        rule(
            tidy(&invoice.prefix),
            "invoice.prefix",
            "use up to 12 letters, digits and - _ / .",
        )
    })
    .or_else(|| {
        let other = tidy(&invoice.credit_note_prefix) && invoice.credit_note_prefix != invoice.prefix;
        rule(
            other,
            "invoice.credit_note_prefix",
            "must differ from invoice.prefix, with the same characters",
        )
    })
    .or_else(|| {
        rule(
            has("PREFIX"),
            "invoice.pattern",
            "must contain {PREFIX}: it tells invoices from credit notes",
        )
    })
}

/// The names in braces.
fn tokens(pattern: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (token, tail) = after.split_once('}').ok_or("a { is not closed")?;
        let digits = token
            .strip_prefix("SEQ:0")
            .is_some_and(|n| matches!(n.as_bytes(), [b'1'..=b'9']));
        if !digits && !["PREFIX", "YYYY", "YY", "MM", "SEQ"].contains(&token) {
            return Err(format!(
                "{{{token}}} is unknown; use {{PREFIX}}, {{YYYY}}, {{YY}}, {{MM}} and {{SEQ}} or {{SEQ:05}}"
            ));
        }
        plain(before)?;
        found.push(token);
        rest = tail;
    }
    plain(rest).map(|()| found)
}

fn plain(text: &str) -> Result<(), String> {
    let fine = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b" -_/.".contains(&b));
    if fine {
        Ok(())
    } else {
        Err(format!(
            "{text:?} contains a character that invoice numbers cannot have"
        ))
    }
}
