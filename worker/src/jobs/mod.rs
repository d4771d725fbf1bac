//! One file a job. A job is a hint: each handler reads the state again and does what that asks for.

mod charge;
mod inbound;
mod mail_link;
mod methods;
pub mod reconcile;
mod render;
mod send;
pub mod sweep;
mod vat;

use crate::env::Env;
use engine::Result;
use engine::job::Job;
use engine::usecase::bring_up::bring_up_to_now;

/// Runs one job that has failed so often before.
pub async fn run(env: &Env, job: Job, failures: i32) -> Result<()> {
    match job {
        Job::Advance { tenant_id, subscription_id } => {
            env.blocking(move |env| bring_up_to_now(&env.engine, &tenant_id, &subscription_id, failures))
                .await
        }
        Job::Collect { tenant_id, invoice_id } => charge::collect(env, tenant_id, invoice_id).await,
        Job::Resolve { tenant_id, attempt_id } => charge::drive(env, tenant_id, attempt_id).await,
        Job::CompleteSetup { tenant_id, setup_id } => methods::complete(env, tenant_id, setup_id).await,
        Job::FetchBack { tenant_id, inbound_event_id } => {
            inbound::fetch_back(env, tenant_id, inbound_event_id).await
        }
        Job::DetachMethod { tenant_id, payment_method_id } => {
            methods::detach(env, tenant_id, payment_method_id).await
        }
        Job::MailLink { tenant_id, token_id } => mail_link::run(env, tenant_id, token_id).await,
        Job::SendMail { tenant_id, mail_id } => send::run(env, tenant_id, mail_id).await,
        Job::Reconcile { tenant_id, account_id } => reconcile::daily(env, tenant_id, account_id).await,
        Job::CheckVat { tenant_id, customer_id } => vat::check(env, tenant_id, customer_id).await,
        Job::RenderDocument { tenant_id, document_id } => render::run(env, tenant_id, document_id).await,
    }
}
