//! Secrets that a service sends back. What a component is given holds the handle in their place.

use crate::account::{Account, handle};
use domain::provider::{Authorization, Manifest};

/// Shorter values may stand in an answer by chance, and are no secrets to speak of.
const MIN_LENGTH: usize = 8;

/// What must not reach the component, and what it is given instead.
#[derive(Debug, Default)]
pub struct Redactor(Vec<(String, String)>);

impl Redactor {
    /// Hides the account's secrets, alone and as HTTP basic sends them.
    pub fn new(account: &Account, manifest: &Manifest) -> Self {
        let mut hidden: Vec<_> =
            account.secrets.iter().map(|(key, value)| (value.reveal().to_owned(), handle(key))).collect();
        if let Authorization::Basic { user, password } = &manifest.authorization {
            hidden.push((account.basic(user, password), "{{authorization}}".to_owned()));
        }
        // The longest first: one secret may begin with another.
        hidden.retain(|(value, _)| value.len() >= MIN_LENGTH);
        hidden.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        Self(hidden)
    }

    /// Hides this value, too.
    pub fn hide(&mut self, value: &str) {
        if value.len() >= MIN_LENGTH {
            self.0.insert(0, (value.to_owned(), "{{token}}".to_owned()));
        }
    }

    /// A header's value as the component may see it.
    pub fn text(&self, text: String) -> String {
        self.0.iter().fold(text, |text, (value, instead)| text.replace(value, instead))
    }

    /// A body as the component may see it.
    pub fn bytes(&self, body: Vec<u8>) -> Vec<u8> {
        self.0.iter().fold(body, |body, (value, instead)| replace(body, value.as_bytes(), instead.as_bytes()))
    }
}

fn replace(body: Vec<u8>, what: &[u8], instead: &[u8]) -> Vec<u8> {
    let find = |from: &[u8]| from.windows(what.len()).position(|window| window == what);
    let Some(mut at) = find(&body) else {
        return body;
    };
    let (mut done, mut rest) = (Vec::with_capacity(body.len()), body.as_slice());
    loop {
        done.extend_from_slice(&rest[..at]);
        done.extend_from_slice(instead);
        rest = &rest[at + what.len()..];
        match find(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    done.extend_from_slice(rest);
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretValue;

    fn redactor(secrets: &[(&str, &str)]) -> Redactor {
        let secret = |(key, value): &(&str, &str)| ((*key).to_owned(), SecretValue::new((*value).to_owned()));
        let account = Account { secrets: secrets.iter().map(secret).collect(), ..Account::default() };
        Redactor(
            account.secrets.iter().map(|(key, value)| (value.reveal().to_owned(), handle(key))).collect(),
        )
    }

    #[test]
    fn a_secret_comes_back_as_its_handle_wherever_it_stands() {
        let redactor = redactor(&[("key", "sk_live_1")]);
        assert_eq!(redactor.text("sk_live_1".to_owned()), "{{secret:key}}");
        let body = b"sk_live_1, twice: \xffsk_live_1sk_live_1 sk_live_".to_vec();
        let seen = b"{{secret:key}}, twice: \xff{{secret:key}}{{secret:key}} sk_live_".to_vec();
        assert_eq!(redactor.bytes(body), seen);
        assert_eq!(redactor.bytes(b"nothing".to_vec()), b"nothing");
        assert_eq!(redactor.bytes(Vec::new()), b"");
    }
}
