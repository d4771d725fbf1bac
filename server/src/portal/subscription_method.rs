//! Not written yet.

use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;

pub(crate) async fn form(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn choose(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}
