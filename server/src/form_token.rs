//! The token of forms as pages carry it: masked with fresh random bytes in every answer. Answers are compressed, and
//! some repeat what was asked for; a secret that never changed could be guessed from their lengths (BREACH).

use data_encoding::BASE64URL_NOPAD;
use engine::keys::{random_token, same};
use engine::{Error, Result};

/// What forms of this browser must carry.
#[derive(Clone)]
pub(crate) struct FormToken {
    secret: String,
    masked: String,
}

impl FormToken {
    /// The token behind `secret` (Base64), masked for one answer.
    ///
    /// # Errors
    /// `Unavailable` when the system has no randomness to give.
    pub(crate) fn new(secret: String) -> Result<Self> {
        let bytes = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(Error::bug);
        let mask = bytes(&random_token()?)?;
        let masked = xor(&mask, &bytes(&secret)?);
        Ok(Self { masked: BASE64URL_NOPAD.encode(&[mask, masked].concat()), secret })
    }

    /// For the forms of this answer.
    pub(crate) fn masked(&self) -> &str {
        &self.masked
    }

    /// Whether a form carries a token of this browser, under whatever mask.
    pub(crate) fn is_in(&self, sent: &str) -> bool {
        let Ok(sent) = BASE64URL_NOPAD.decode(sent.as_bytes()) else {
            return false;
        };
        let (mask, masked) = sent.split_at(sent.len() / 2);
        same(&BASE64URL_NOPAD.encode(&xor(mask, masked)), &self.secret)
    }
}

fn xor(mask: &[u8], bytes: &[u8]) -> Vec<u8> {
    mask.iter().zip(bytes).map(|(mask, byte)| mask ^ byte).collect()
}

#[cfg(test)]
mod tests {
    use super::FormToken;

    /// As long as the ones that keys make.
    const SECRET: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE";

    #[test]
    fn every_answer_looks_different_and_all_are_believed() {
        let tokens = [1, 2].map(|_| FormToken::new(SECRET.into()).expect("randomness"));
        assert_ne!(tokens[0].masked(), tokens[1].masked());
        assert!(tokens[0].is_in(tokens[1].masked()) && tokens[1].is_in(tokens[0].masked()));
    }

    #[test]
    fn nothing_else_is_believed() {
        let mine = FormToken::new(SECRET.into()).expect("randomness");
        let other = FormToken::new(SECRET.replace('0', "1")).expect("randomness");
        for sent in ["", "?", SECRET, other.masked(), &mine.masked()[2..], &format!("{}AA", mine.masked())] {
            assert!(!mine.is_in(sent), "{sent}");
        }
    }
}
