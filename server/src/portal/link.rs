//! Not written yet.

use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;

pub(crate) async fn look(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn enter(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}
