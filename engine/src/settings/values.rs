//! Single values that are checked while they are read, so that a mistake is reported with its key and line.

use domain::tax::TaxRate;
use serde::{Deserialize, Deserializer, de::Error as _};
use std::fmt;
use std::net::IpAddr;

/// Declares a text value with one rule: what `$check` refuses never becomes a setting.
macro_rules! checked_text {
    ($(#[$meta:meta])* $name:ident, $check:path) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The checked text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(value: String) -> Result<Self, String> {
                $check(value).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

checked_text!(
    /// A host name as browsers send it: lower case, without port and without a trailing dot.
    HostName,
    host_name
);
checked_text!(
    /// One mail address, at most 254 characters, nothing around it.
    EmailAddress,
    email_address
);
checked_text!(
    /// A two-letter country code (ISO 3166-1), upper case.
    Country,
    country
);
checked_text!(
    /// A language of the portal, with an optional region for formats: `de`, `en-GB`.
    Locale,
    locale
);
checked_text!(
    /// A colour as `#rrggbb`, lower case.
    Colour,
    colour
);
checked_text!(
    /// An address that starts with `https://` or `http://`, without user, password or spaces.
    WebAddress,
    web_address
);
checked_text!(
    /// A line of text a person reads: not empty, one line, no control characters.
    Line,
    line
);

/// The languages the portal is written for.
const LANGUAGES: [&str; 21] = [
    "en", "ar", "ca", "zh", "nl", "fr", "de", "he", "id", "it", "ja", "ko", "ms", "pl", "pt", "ro", "ru",
    "es", "sv", "th", "tr",
];

/// ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
    BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH \
    ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT \
    HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS \
    LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI \
    NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG \
    SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
    UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

fn host_name(value: String) -> Result<String, String> {
    let host = value.trim_end_matches('.').to_ascii_lowercase();
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let is_address =
        host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).is_some_and(|h| h.parse::<IpAddr>().is_ok());
    if is_address || (host.len() <= 253 && host.split('.').all(label)) {
        return Ok(host);
    }
    Err(format!(
        "{value:?} is not a host name; write it as in billing.example.com, without https:// and without a port"
    ))
}

fn email_address(value: String) -> Result<String, String> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || ",;:<>()[]\"\\".contains(c);
    match value.rsplit_once('@') {
        Some((user, domain))
            if !user.is_empty()
                && value.len() <= 254
                && !user.contains('@')
                && !value.contains(bad)
                && host_name(domain.to_owned()).is_ok() =>
        {
            Ok(value)
        }
        _ => Err(format!("{value:?} is not a mail address")),
    }
}

fn country(value: String) -> Result<String, String> {
    if COUNTRIES.split_ascii_whitespace().any(|code| code == value) {
        return Ok(value);
    }
    Err(format!("{value:?} is not a country; use its two capital letters of ISO 3166, such as DE or GB"))
}

fn locale(value: String) -> Result<String, String> {
    let (language, region) = value.split_once('-').map_or((value.as_str(), None), |(l, r)| (l, Some(r)));
    let region_ok =
        region.is_none_or(|r| (2..=4).contains(&r.len()) && r.bytes().all(|b| b.is_ascii_alphanumeric()));
    if LANGUAGES.contains(&language) && region_ok {
        return Ok(value);
    }
    Err(format!("{value:?} is not a language of the portal; choose from {}", LANGUAGES.join(", ")))
}

fn colour(value: String) -> Result<String, String> {
    let hex = value.strip_prefix('#').unwrap_or_default();
    if hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(value.to_ascii_lowercase());
    }
    Err(format!("{value:?} is not a colour; write it as #rrggbb"))
}

fn web_address(value: String) -> Result<String, String> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let host = rest.map(|r| r.split(['/', '?', '#']).next().unwrap_or_default());
    let unclean = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    match host.and_then(|authority| split_port(authority).ok()) {
        Some((host, _)) if host_name(host.to_owned()).is_ok() && !value.contains(unclean) => Ok(value),
        _ => Err(format!("{value:?} is not a web address; write it as in https://example.com/help")),
    }
}

fn line(value: String) -> Result<String, String> {
    if value.trim().is_empty() || value.len() > 300 || value.chars().any(char::is_control) {
        return Err("write one line of text, 300 characters at most, or leave the key out".to_owned());
    }
    Ok(value.trim().to_owned())
}

/// Host and optional port of `host[:port]`.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), ()> {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => Ok((host, Some(port.parse().map_err(|_| ())?))),
        _ => Ok((authority, None)),
    }
}

impl WebAddress {
    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("https", |(scheme, _)| scheme)
    }

    /// The host, without its port.
    pub fn host(&self) -> Option<&str> {
        let authority = self.0.split_once("://")?.1.split(['/', '?', '#']).next()?;
        split_port(authority).ok().map(|(host, _)| host)
    }

    /// The port, when it is written out.
    pub fn port(&self) -> Option<u16> {
        let authority = self.0.split_once("://")?.1.split(['/', '?', '#']).next()?;
        split_port(authority).ok()?.1
    }
}

impl Locale {
    /// The language without its region: `en` of `en-GB`.
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

/// A range of addresses such as `10.0.0.0/8` or a single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether `address` lies in this range. An IPv4 address written as IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let bits = |address: IpAddr| match address {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, 32),
            IpAddr::V6(v6) => (u128::from(v6), 128),
        };
        let ((mine, my_width), (other, width)) = (bits(self.address), bits(address.to_canonical()));
        let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
        my_width == width && mine & mask == other & mask
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(value: String) -> Result<Self, String> {
        let wrong = || format!("{value:?} is not an address range; write it as in 10.0.0.0/8 or 127.0.0.1");
        let (address, prefix) = value.split_once('/').map_or((value.as_str(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(width), |p| p.parse().map_err(|_| wrong()))?;
        if prefix > width { Err(wrong()) } else { Ok(Self { address, prefix }) }
    }
}

/// Reads a whole number from `MIN` to `MAX`.
pub(super) fn within<'de, D, const MIN: u32, const MAX: u32>(deserializer: D) -> Result<u32, D::Error>
where
    D: Deserializer<'de>,
{
    let value = i64::deserialize(deserializer)?;
    u32::try_from(value)
        .ok()
        .filter(|v| (MIN..=MAX).contains(v))
        .ok_or_else(|| D::Error::custom(format!("{value} is out of range; use a number from {MIN} to {MAX}")))
}

/// Reads an IANA time zone name such as `Europe/Berlin`.
pub(super) fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<chrono_tz::Tz, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| {
        D::Error::custom(format!("{name:?} is not a time zone; use an IANA name such as Europe/Berlin"))
    })
}

/// Reads a tax rate in percent: `"19"` or `"8.25"`.
pub(super) fn tax_rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TaxRate, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}
