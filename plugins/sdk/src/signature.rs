//! Signatures of webhooks that carry the time beside a MAC: `t=1492774577,v1=5257a8..`, as Stripe's and many others' do.
//!
//! <https://docs.stripe.com/webhooks#verify-manually>

use crate::types::{Delivery, WebhookError};

/// Seconds that a signature is good for; the default of Stripe's own libraries.
const TOLERANCE: u64 = 300;

/// Whether a MAC (HMAC-SHA256) of a message was made with the secret of a handle; the host alone knows the secret.
/// Outside a component there is no host, and nothing is believed.
pub fn is_mac(secret: &str, message: &[u8], mac: &[u8]) -> bool {
    #[cfg(target_arch = "wasm32")]
    return crate::signing::hmac_sha256_verify(secret, message, mac);
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (secret, message, mac);
        false
    }
}

/// Verifies the signature in a header of a delivery: a MAC of `time.body` made with the secret of a handle, not long
/// ago. Tests put their own `is_mac` in the place of [`is_mac`].
///
/// # Errors
/// `BadSignature` where it is missing or another's; `Stale` where it was good once.
pub fn verify(
    delivery: &Delivery,
    header: &str,
    secret: &str,
    is_mac: impl Fn(&str, &[u8], &[u8]) -> bool,
) -> Result<(), WebhookError> {
    let value = delivery.headers.iter().find(|(name, _)| name == header).map(|(_, value)| value);
    let signature = value.and_then(|value| Signature::read(value)).ok_or(WebhookError::BadSignature)?;
    let mut message = format!("{}.", signature.time).into_bytes();
    message.extend_from_slice(&delivery.body);
    if !signature.macs.iter().any(|mac| is_mac(secret, &message, mac)) {
        return Err(WebhookError::BadSignature);
    }
    if signature.time.abs_diff(delivery.received_at) > TOLERANCE {
        return Err(WebhookError::Stale);
    }
    Ok(())
}

/// `t=1492774577,v1=5257a8..,v1=..,v0=..`: while a secret is being replaced, there is one `v1` for each.
struct Signature {
    time: u64,
    macs: Vec<Vec<u8>>,
}

impl Signature {
    fn read(header: &str) -> Option<Self> {
        let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
        let time = parts().find(|(name, _)| *name == "t")?.1.parse().ok()?;
        let macs = parts().filter(|(name, _)| *name == "v1");
        let macs = macs.filter_map(|(_, hex)| data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok());
        Some(Self { time, macs: macs.collect() })
    }
}
