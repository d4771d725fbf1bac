//! Not written yet.

use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;

pub(crate) async fn form(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn ask(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn sent(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn leave(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}
