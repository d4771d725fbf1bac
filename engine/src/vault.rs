//! Secrets at rest: sealed so that they open only with the installation's key and only in their own place.

use crate::keys::{Keys, random_bytes};
use crate::settings::Secret;
use crate::{Error, Result};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;

/// First part of every sealed text.
const FORMAT: &str = "v1";
const NONCE_BYTES: usize = 24;

/// Where a sealed secret is stored. It is bound into the seal: a copy in another row, column, table or tenant does
/// not open.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Whose it is.
    pub tenant_id: &'a str,
    /// Table.
    pub table: &'a str,
    /// Column.
    pub column: &'a str,
    /// Id of the row.
    pub row_id: &'a str,
}

impl Place<'_> {
    /// Each part is preceded by its length, so that no two places read alike.
    fn associated_data(self, key_id: &str) -> Vec<u8> {
        let mut data = Vec::new();
        for part in [FORMAT, key_id, self.tenant_id, self.table, self.column, self.row_id] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}

/// Seals `secret` for `place` with XChaCha20-Poly1305. The text names format and key: `v1.<key id>.<base64url>`.
///
/// # Errors
/// [`Error::Unavailable`] when the system has no randomness to give.
pub fn seal(keys: &Keys, place: Place<'_>, secret: &Secret) -> Result<String> {
    let key_id = keys.fingerprint();
    let nonce = random_bytes::<NONCE_BYTES>()?;
    let payload = Payload { msg: secret.expose().as_bytes(), aad: &place.associated_data(&key_id) };
    let sealed = XChaCha20Poly1305::new(&keys.vault.into())
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| Error::bug("a secret could not be sealed"))?;
    Ok(format!("{FORMAT}.{key_id}.{}", BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat())))
}

/// Opens what [`seal`] made for the same place.
///
/// # Errors
/// [`Error::Refused`] `wrong_key` when it was sealed with another key; [`Error::Bug`] when it was damaged or comes
/// from another place.
pub fn open(keys: &Keys, place: Place<'_>, sealed: &str) -> Result<Secret> {
    let damaged = || {
        Error::bug(format!(
            "the secret in {}.{} of {} does not open",
            place.table, place.column, place.row_id
        ))
    };
    let mut parts = sealed.split('.');
    let (Some(FORMAT), Some(key_id), Some(body), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(damaged());
    };
    if key_id != keys.fingerprint() {
        return Err(Error::refused(
            "wrong_key",
            format!("a secret was sealed with key {key_id}, which is not the one in use"),
        ));
    }
    let bytes = BASE64URL_NOPAD.decode(body.as_bytes()).map_err(|_| damaged())?;
    let (nonce, ciphertext) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
    let payload = Payload { msg: ciphertext, aad: &place.associated_data(key_id) };
    let plain = XChaCha20Poly1305::new(&keys.vault.into())
        .decrypt(XNonce::from_slice(nonce), payload)
        .map_err(|_| damaged())?;
    String::from_utf8(plain).map(Secret::new).map_err(|_| damaged())
}

#[cfg(test)]
mod tests;
