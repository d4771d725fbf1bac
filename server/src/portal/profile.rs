//! Not written yet.

use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;

pub(crate) async fn form(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn save(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn sign_out_elsewhere(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}
