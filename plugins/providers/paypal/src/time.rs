//! Times as PayPal writes them.

use chrono::{DateTime, SecondsFormat};

/// `2027-01-15T08:00:00Z` for seconds since 1970. None past the year 262142.
pub fn written(seconds: u64) -> Option<String> {
    let moment = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    Some(moment.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Seconds since 1970. Reports write zones without a colon, `+0000`, which RFC 3339 does not.
pub fn read(text: &str) -> Option<u64> {
    let moment = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    u64::try_from(moment.ok()?.timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_read() {
        assert_eq!(written(1_800_000_000).as_deref(), Some("2027-01-15T08:00:00Z"));
        assert_eq!(written(u64::MAX), None);
        for text in ["2027-01-15T08:00:00Z", "2027-01-15T09:00:00+0100", "2027-01-15T00:00:00.250-08:00"] {
            assert_eq!(read(text), Some(1_800_000_000), "{text}");
        }
        for text in ["", "2027-02-30T00:00:00Z", "2027-01-15", "1969-12-31T23:59:59Z"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
