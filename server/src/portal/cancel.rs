//! Not written yet.

use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;

pub(crate) async fn dialog(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn cancel(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}
