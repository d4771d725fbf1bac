//! Requests of a call that is run again from its tape: checked like any other, and never sent.

use super::{Outbound, denied};
use crate::bindings::portico::payment::http::{Failure, HttpError, Request, Response};
use crate::tape::{Exchange, Player, given};

impl Outbound {
    /// What came of the same request when it was recorded. The host's record comes to hold what it held then.
    pub(super) fn replay(
        &self,
        player: &Player,
        request: Request,
    ) -> wasmtime::Result<Result<Response, HttpError>> {
        let (number, taped) = player.next(&request)?;
        match self.check(request) {
            Ok(checked) if taped.left => {
                let entry = self.enter(&checked);
                if let Some(status) = taped.status {
                    entry.answered(status);
                }
            }
            Err(why) if !was_denied(taped) => {
                player.forbids(number, why);
                return Ok(Err(denied(why)));
            }
            Ok(_) | Err(_) => {}
        }
        if let Some(why) = player.no_token() {
            self.record.without_token(why);
        }
        match &taped.answer {
            Some(answer) => Ok(given(answer)),
            None => wasmtime::bail!("the recorded call ended before this answer"),
        }
    }
}

fn was_denied(taped: &Exchange) -> bool {
    matches!(&taped.answer, Some(Err(error)) if error.failure == Failure::Denied)
}
