//! The engine waits for its database; request handlers must not. Its calls run on threads of their own.

use crate::failure::Failure;
use actix_web::web;

/// Runs a call into the engine aside and answers with what it answers.
pub(crate) async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> engine::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let answer = web::block(call).await;
    Ok(answer.map_err(|_| engine::Error::bug("a call into the engine panicked"))??)
}
