//! Sends a mail that was queued with the change it tells of, or at its planned moment.

use crate::env::Env;
use crate::mail::{Outgoing, compose};
use chrono::TimeDelta;
use engine::ids::{MailId, TenantId};
use engine::mail::MailKind;
use engine::store;
use engine::store::mails::MailState;
use engine::usecase::{remind, unsubscribe};
use engine::{Error, Result};

/// Minutes before the next try, by tries so far; then every twelve hours, and after the last it is given up.
const PAUSES_MIN: [i64; 8] = [1, 5, 15, 60, 180, 360, 720, 720];

pub async fn run(env: &Env, tenant_id: TenantId, id: MailId) -> Result<()> {
    let (tenant, mail_id) = (tenant_id.clone(), id.clone());
    let composed = env
        .blocking(move |env| {
            env.engine.read(&tenant, |conn, scope| {
                let row = store::mails::get(conn, scope.id(), &mail_id)?;
                if row.state != MailState::Queued || row.next_at > scope.now.wall {
                    return Ok(None);
                }
                if !remind::still_holds(conn, scope, &row)? {
                    return Err(Error::refused("outdated", "what it says does not hold any more"));
                }
                let email = compose::compose(env, conn, scope, &row)?;
                let kind: MailKind = row.kind.parse().map_err(Error::bug)?;
                let marketing_to = row.customer_id.as_ref().filter(|_| kind.is_marketing());
                let settings = &scope.settings.mail;
                let address = settings.from_address.as_ref().map(ToString::to_string);
                let name = settings.from_name.as_ref().map_or(scope.tenant.name.clone(), ToString::to_string);
                Ok(Some(Outgoing {
                    from: (name, address.unwrap_or_else(|| format!("billing@{}", mail_host(scope)))),
                    reply_to: settings.reply_to.as_ref().map(ToString::to_string),
                    to: row.to_address,
                    message_id: row.message_id,
                    unsubscribe: marketing_to.map(|id| unsubscribe::link(scope, id)),
                    email,
                }))
            })
        })
        .await;
    let sent = match composed {
        Ok(None) => return Ok(()),
        Ok(Some(outgoing)) => env.mailer.send(outgoing).await,
        Err(error @ Error::Unavailable(_)) => return Err(error),
        // It counts as a try: a mail that cannot be written is given up like one that cannot be sent.
        Err(error) => Err(error),
    };
    engine::crash::point("mail.after_data");
    env.blocking(move |env| note(env, &tenant_id, id, sent)).await
}

/// A host that addresses may name: a bare IP address stands in brackets there, so captured mail says localhost.
fn mail_host(scope: &engine::Scope) -> String {
    let host = scope.settings.identity.hosts[0].to_string();
    if host.parse::<std::net::IpAddr>().is_ok() { "localhost".to_owned() } else { host }
}

fn note(env: &Env, tenant_id: &TenantId, id: MailId, sent: Result<()>) -> Result<()> {
    env.engine.write(tenant_id, move |tx, scope| {
        let mut row = store::mails::get(tx, scope.id(), &id)?;
        if row.state != MailState::Queued {
            return Ok(());
        }
        row.attempts += 1;
        match sent {
            Ok(()) => {
                row.state = MailState::Sent;
                row.sent_at = Some(scope.now.wall);
                row.last_error = None;
            }
            Err(error) => {
                tracing::warn!(mail = %id, tries = row.attempts, %error, "mail was not sent");
                let pause = usize::try_from(row.attempts).ok().and_then(|n| PAUSES_MIN.get(n - 1));
                let hopeless = matches!(error, Error::Refused { .. });
                match pause {
                    Some(minutes) if !hopeless => row.next_at = scope.now.wall + TimeDelta::minutes(*minutes),
                    _ => row.state = MailState::Failed,
                }
                row.last_error = Some(error.to_string());
            }
        }
        store::mails::update(tx, scope.id(), &row)
    })
}
