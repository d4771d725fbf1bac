//! The root secret, the keys derived from it, and tokens.
//!
//! One 256-bit root secret lives in a file outside the database. Every purpose has a key of its own, derived with
//! HMAC-SHA256 under a label, so what leaks from one says nothing about another.

use crate::{Error, Result};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use subtle::ConstantTimeEq;

/// Length of the root secret and of every derived key, in bytes.
const KEY_BYTES: usize = 32;

/// A derived key.
type Subkey = [u8; KEY_BYTES];

/// Why the root secret cannot be used. Never contains any of it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is not there and was not to be created.
    #[error("the key file {0} does not exist; without it sealed secrets cannot be opened")]
    Missing(PathBuf),
    /// Others than its owner may read it.
    #[error("the key file {0} can be read by others (mode {1:o}); run: chmod 600 {0}")]
    Exposed(PathBuf, u32),
    /// It does not hold a key.
    #[error("the key file {0} must hold 64 hexadecimal digits, as `openssl rand -hex 32` prints them")]
    Malformed(PathBuf),
    /// The system does not let us.
    #[error("the key file {0} cannot be used: {1}")]
    Io(PathBuf, std::io::Error),
    /// The system has no randomness to give.
    #[error("the system gives no random bytes: {0}")]
    NoRandomness(getrandom::Error),
}

/// The keys of an installation, each for one purpose. Never printed.
#[derive(Clone)]
pub struct Keys {
    mail_token: Subkey,
    mail_code: Subkey,
    csrf: Subkey,
    cookie: Subkey,
    quote: Subkey,
    unsubscribe: Subkey,
    pub(crate) vault: Subkey,
    check: Subkey,
}

impl Keys {
    /// Reads the root secret from `path`.
    ///
    /// # Errors
    /// When the file is missing, readable by others, or holds no key.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let io = |error| KeyError::Io(path.to_owned(), error);
        let mut file = File::open(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
            _ => io(error),
        })?;
        refuse_exposed(path, &file)?;
        let mut text = String::new();
        // Twice the length is plenty; a device file would never end.
        (&mut file).take(4 * KEY_BYTES as u64).read_to_string(&mut text).map_err(io)?;
        let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).unwrap_or_default();
        let root: Subkey = bytes.try_into().map_err(|_| KeyError::Malformed(path.to_owned()))?;
        Ok(Self::derive(&root))
    }

    /// Reads the root secret, or makes one (mode 0600) where there is none. For the first start only: a data
    /// folder that lost its key must not quietly get another.
    ///
    /// # Errors
    /// As [`Keys::load`], and when the file cannot be written.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::load(path) {
            Err(KeyError::Missing(_)) => create(path).and_then(|()| Self::load(path)),
            other => other,
        }
    }

    fn derive(root: &Subkey) -> Self {
        let key = |label: &str| mac(root, &[b"portico/v1", label.as_bytes()]);
        Self {
            mail_token: key("mail token"),
            mail_code: key("mail code"),
            csrf: key("csrf"),
            cookie: key("cookie"),
            quote: key("quote"),
            unsubscribe: key("unsubscribe"),
            vault: key("vault"),
            check: key("check"),
        }
    }

    /// Tells this root secret from others and says nothing about it: 16 hexadecimal digits. Stored beside what is
    /// sealed, so that a start with the wrong key is refused.
    pub fn fingerprint(&self) -> String {
        HEXLOWER.encode(&self.check[..8])
    }

    /// The token of a mailed link, derived from its id when the mail is sent: the database and the queue hold only
    /// the id and the token's hash.
    pub fn mail_token(&self, token_id: &str) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.mail_token, &[token_id.as_bytes()]))
    }

    /// What the database keeps of a mailed token.
    pub fn mail_token_hash(&self, token_id: &str) -> String {
        hash_token(&self.mail_token(token_id))
    }

    /// The six-digit code that goes with a mailed link, derived like its token.
    pub fn six_digit_code(&self, token_id: &str) -> String {
        let hash = mac(&self.mail_code, &[token_id.as_bytes()]);
        let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// The token that forms of a session carry.
    pub fn csrf_token(&self, session_token: &str) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.csrf, &[session_token.as_bytes()]))
    }

    /// A tag that proves a quote to be ours, and this business's.
    pub fn quote_tag(&self, tenant_id: &str, quote: &[u8]) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.quote, &[tenant_id.as_bytes(), quote]))
    }

    /// A tag that proves a link to come from a mail to this customer. It holds for ever: ending mails must.
    pub fn unsubscribe_tag(&self, tenant_id: &str, customer_id: &str) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.unsubscribe, &[tenant_id.as_bytes(), customer_id.as_bytes()]))
    }

    /// A tag that proves a cookie's value to be ours. `name` keeps values of different cookies apart.
    pub fn cookie_tag(&self, name: &str, value: &str) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.cookie, &[name.as_bytes(), value.as_bytes()]))
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.fingerprint())
    }
}

/// 256 random bits as 43 characters that fit into a URL.
///
/// # Errors
/// [`Error::Unavailable`] when the system has no randomness to give.
pub fn random_token() -> Result<String> {
    random_bytes::<KEY_BYTES>().map(|bytes| BASE64URL_NOPAD.encode(&bytes))
}

/// `N` random bytes. Errors as [`random_token`].
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Unavailable(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

/// What the database keeps of a token: its SHA-256 in hexadecimal. Enough for tokens of 256 random bits.
pub fn hash_token(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token))
}

/// Whether two secrets are equal, in a time that does not depend on where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// HMAC-SHA256 over parts that cannot run into each other: each is preceded by its length.
fn mac(key: &Subkey, parts: &[&[u8]]) -> Subkey {
    // HMAC pads a short key with zeros to its block; doing it here makes the length right by type.
    let mut block = [0; 64];
    block[..KEY_BYTES].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn create(path: &Path) -> Result<(), KeyError> {
    let io = |error| KeyError::Io(path.to_owned(), error);
    let mut root: Subkey = [0; KEY_BYTES];
    getrandom::fill(&mut root).map_err(KeyError::NoRandomness)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(io)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        Ok(file) => file,
        // Another process was faster: its key is the key.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(io(error)),
    };
    writeln!(file, "{}", HEXLOWER.encode(&root)).and_then(|()| file.sync_all()).map_err(io)
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, file: &File) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode =
        file.metadata().map_err(|error| KeyError::Io(path.to_owned(), error))?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyError::Exposed(path.to_owned(), mode)) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &File) -> Result<(), KeyError> {
    Ok(())
}

#[cfg(test)]
mod tests;
