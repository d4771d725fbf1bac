//! VIES, the European Commission's service that knows VAT ids, over its REST interface: `POST check-vat-number` with the
//! id, and with the seller's for a consultation number.
//!
//! Only a plain yes or no counts as an answer. Everything else (silence, an error, a page of a proxy, a member state
//! that cannot say) means that it is unavailable, never that an id is invalid.

use domain::tax::vies::{Confirmation, ViesAnswer};
use engine::usecase::vat_check::Question;
use serde::Deserialize;
use serde_json::json;
use std::sync::LazyLock;
use std::time::Duration;

/// Nobody waits for it, and it is asked again.
const PATIENCE: Duration = Duration::from_secs(5);
/// Larger answers are none of VIES.
const MOST_BYTES: usize = 64 * 1024;

static CLIENT: LazyLock<reqwest::Result<reqwest::Client>> = LazyLock::new(|| {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(PATIENCE)
        .timeout(PATIENCE)
        // Questions are rare.
        .pool_max_idle_per_host(0)
        .user_agent("Portico")
        .build()
});

/// Asks once, for five seconds at most.
pub async fn ask(question: &Question) -> ViesAnswer {
    let Ok(client) = &*CLIENT else { return ViesAnswer::Unavailable };
    match reply(client, question).await {
        Ok(bytes) => read(&bytes),
        Err(_) => ViesAnswer::Unavailable,
    }
}

async fn reply(client: &reqwest::Client, question: &Question) -> reqwest::Result<Vec<u8>> {
    let mut body = json!({ "countryCode": question.vat_id.prefix(), "vatNumber": question.vat_id.number() });
    if let Some(requester) = &question.requester {
        body["requesterMemberStateCode"] = requester.prefix().into();
        body["requesterNumber"] = requester.number().into();
    }
    let url = format!("{}/check-vat-number", question.base_url.trim_end_matches('/'));
    let mut response = client.post(url).json(&body).send().await?.error_for_status()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Ok(Vec::new());
        }
    }
    Ok(bytes)
}

/// What we read of an answer. What a member state withholds is missing, empty, or `---`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    valid: Option<bool>,
    user_error: Option<String>,
    request_identifier: Option<String>,
    name: Option<String>,
    address: Option<String>,
}

fn read(bytes: &[u8]) -> ViesAnswer {
    let Ok(reply) = serde_json::from_slice::<Reply>(bytes) else { return ViesAnswer::Unavailable };
    let clear = reply.user_error.as_deref().is_none_or(|word| matches!(word, "" | "VALID" | "INVALID"));
    let told = |text: Option<String>| text.filter(|text| !matches!(text.trim(), "" | "---"));
    match reply.valid {
        Some(true) if clear => ViesAnswer::Valid(Confirmation {
            consultation: told(reply.request_identifier),
            name: told(reply.name),
            address: told(reply.address),
        }),
        Some(false) if clear => ViesAnswer::Invalid,
        _ => ViesAnswer::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_or_no_is_an_answer() {
        let known = r#"{"valid":true,"requestIdentifier":"WAPI1","name":"ACME SARL","address":"---"}"#;
        let confirmation = Confirmation {
            consultation: Some("WAPI1".to_owned()),
            name: Some("ACME SARL".to_owned()),
            address: None,
        };
        assert_eq!(read(known.as_bytes()), ViesAnswer::Valid(confirmation));
        assert_eq!(read(br#"{"valid":false}"#), ViesAnswer::Invalid);
        for silence in [
            r#"{"valid":false,"userError":"MS_UNAVAILABLE"}"#,
            r#"{"actionSucceed":false,"errorWrappers":[{"error":"MS_MAX_CONCURRENT_REQ"}]}"#,
            "<html>welcome to the proxy</html>",
            "",
        ] {
            assert_eq!(read(silence.as_bytes()), ViesAnswer::Unavailable, "{silence}");
        }
    }
}
