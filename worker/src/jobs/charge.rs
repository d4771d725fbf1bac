//! Calls the provider about a charge or refund. The engine says what to do, in a transaction before; this file does it
//! with nothing open; the engine writes down what came of it, in a transaction after.

use crate::env::Env;
use domain::provider::{CallError, Found, Report};
use engine::Result;
use engine::ids::{AttemptId, InvoiceId, TenantId};
use engine::usecase::charge::{self, Answer, Request, Step, Submission};
use engine::usecase::collect;
use plugin_host::{Account, Provider};
use std::sync::Arc;

/// Opens the automatic attempt of an invoice and drives it.
pub async fn collect(env: &Env, tenant_id: TenantId, invoice_id: InvoiceId) -> Result<()> {
    let tenant = tenant_id.clone();
    let opened = env.blocking(move |env| collect::collect(&env.engine, &tenant, &invoice_id)).await?;
    match opened {
        Some(attempt_id) => drive(env, tenant_id, attempt_id).await,
        None => Ok(()),
    }
}

/// Does what an attempt needs now: submit it, ask about it, or nothing.
pub async fn drive(env: &Env, tenant_id: TenantId, id: AttemptId) -> Result<()> {
    let (tenant, attempt) = (tenant_id.clone(), id.clone());
    let (step, provider, account) = env
        .blocking(move |env| {
            let row = charge::account_of(&env.engine, &tenant, &attempt)?;
            let (provider, account) = env.provider(&row)?;
            let caps = &provider.manifest().capabilities;
            let step = charge::begin(&env.engine, &tenant, &attempt, caps, &env.owner)?;
            Ok((step, provider, account))
        })
        .await?;
    let (answer, asked) = match step {
        Step::Done => return Ok(()),
        Step::Submit(submission) => return submit(env, tenant_id, *submission, &provider, &account).await,
        Step::LookUp(submission) => (look_up(&submission, &provider, &account).await, submission.attempt),
        Step::Cancel(submission) => (cancel(&submission, &provider, &account).await, submission.attempt),
    };
    let (tenant, caps) = (tenant_id.clone(), provider.manifest().capabilities.clone());
    let next = env
        .blocking(move |env| charge::looked_up(&env.engine, &tenant, &asked, answer, &caps, &env.owner))
        .await?;
    match next {
        Step::Submit(submission) => submit(env, tenant_id, *submission, &provider, &account).await,
        _ => Ok(()),
    }
}

async fn submit(
    env: &Env,
    tenant_id: TenantId,
    submission: Submission,
    provider: &Arc<Provider>,
    account: &Account,
) -> Result<()> {
    let report = match &submission.request {
        Request::Charge(request) => provider.charge(account, &submission.context, request).await,
        Request::Refund(request) => provider.refund(account, &submission.context, request).await,
    };
    if let Err(error) = &report.result {
        tracing::warn!(attempt = %submission.attempt.id, provider = provider.manifest().name, %error, "no outcome");
    }
    let state =
        env.blocking(move |env| charge::submitted(&env.engine, &tenant_id, &submission, report)).await?;
    tracing::debug!(%state, "attempt submitted");
    Ok(())
}

async fn look_up(submission: &Submission, provider: &Provider, account: &Account) -> Answer {
    let report = provider.lookup(account, &submission.query()).await;
    match report.result {
        Ok(Found::Outcome(outcome)) => Answer::Known(outcome),
        Ok(Found::NotFound) => Answer::Absent,
        Err(error) => silence(submission, &error),
    }
}

async fn cancel(submission: &Submission, provider: &Provider, account: &Account) -> Answer {
    let Some(provider_ref) = &submission.attempt.provider_ref else {
        return look_up(submission, provider, account).await;
    };
    let Report { result, .. } = provider.cancel(account, &submission.context, provider_ref).await;
    match result {
        Ok(outcome) => Answer::Known(outcome),
        Err(error) => silence(submission, &error),
    }
}

fn silence(submission: &Submission, error: &CallError) -> Answer {
    tracing::warn!(attempt = %submission.attempt.id, %error, "the provider did not say what became of an attempt");
    Answer::Silence
}
