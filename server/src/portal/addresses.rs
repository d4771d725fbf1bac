//! Not written yet.

use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;

pub(crate) async fn list(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn new_form(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn add(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn edit_form(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn edit(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn make_default(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn remove_dialog(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}

pub(crate) async fn remove(_me: SignedIn) -> Answer {
    Err(Failure::NOT_FOUND)
}
