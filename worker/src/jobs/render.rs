//! Renders a document and stores its bytes.

use crate::document;
use crate::env::Env;
use engine::Result;
use engine::ids::{DocumentId, TenantId};
use engine::store::documents::DocumentState;
use engine::usecase::document::store_rendered;

pub async fn run(env: &Env, tenant_id: TenantId, id: DocumentId) -> Result<()> {
    env.blocking(move |env| {
        let pending = env.engine.read(&tenant_id, |conn, scope| {
            let row = engine::store::documents::get(conn, scope.id(), &id)?;
            match row.state {
                DocumentState::Ready => Ok(None),
                DocumentState::Pending => document::load(conn, scope, &row).map(Some),
            }
        })?;
        let Some(printed) = pending else { return Ok(()) };
        let bytes = document::render(env, &printed)?;
        store_rendered(&env.engine, &tenant_id, &id, bytes)
    })
    .await
}
