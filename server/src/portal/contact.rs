//! `/contact`: the person in charge.

use crate::failure::Answer;
use crate::visit::SignedIn;
use engine::settings::{self, Line};
use templates::page::Contact;

/// `GET /contact`
pub(crate) async fn show(me: SignedIn) -> Answer {
    me.page(&contact(&me.settings.contact))
}

/// The person as pages show them.
pub(crate) fn contact(person: &settings::Contact) -> Contact {
    let text = |line: &Option<Line>| line.as_ref().map(ToString::to_string).unwrap_or_default();
    Contact {
        name: text(&person.name),
        role: text(&person.role),
        email: person.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        phone: text(&person.phone),
        hours: text(&person.hours),
    }
}
