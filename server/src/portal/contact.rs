//! Not written yet.

use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;

pub(crate) async fn show(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}
