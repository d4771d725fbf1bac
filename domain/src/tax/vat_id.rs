//! VAT identification numbers: their shape, and whose they are.
//!
//! The shapes are those of the European Commission's table "VAT identification number structure", published with
//! VIES (`ec.europa.eu/taxation_customs/vies`, frequently asked questions, question 11). Check digits are not
//! checked: VIES knows better.

use std::fmt;
use std::str::FromStr;

/// Member state by ISO 3166-1 alpha-2 code, prefix of its VAT ids, and their shapes after the prefix.
struct MemberState {
    country: &'static str,
    prefix: &'static str,
    shapes: &'static [&'static str],
}

const fn state(country: &'static str, shapes: &'static [&'static str]) -> MemberState {
    MemberState { country, prefix: country, shapes }
}

/// In a shape, `9` is a digit, `L` a letter, `S` a letter, a digit, `+` or `*`, `F` a letter other
/// than O and I or a digit, `W` a letter up to W, `I` a letter up to I. Everything else stands for itself.
const MEMBER_STATES: &[MemberState] = &[
    state("AT", &["U99999999"]),
    state("BE", &["0999999999", "1999999999"]),
    state("BG", &["999999999", "9999999999"]),
    state("CY", &["99999999L"]),
    state("CZ", &["99999999", "999999999", "9999999999"]),
    state("DE", &["999999999"]),
    state("DK", &["99999999"]),
    state("EE", &["999999999"]),
    MemberState { country: "GR", prefix: "EL", shapes: &["999999999"] },
    // Never digits at both ends.
    state("ES", &["L99999999", "99999999L", "L9999999L"]),
    state("FI", &["99999999"]),
    state("FR", &["FF999999999"]),
    state("HR", &["99999999999"]),
    state("HU", &["99999999"]),
    state("IE", &["9S99999L", "9999999WI"]),
    state("IT", &["99999999999"]),
    state("LT", &["999999999", "999999999999"]),
    state("LU", &["99999999"]),
    state("LV", &["99999999999"]),
    state("MT", &["99999999"]),
    state("NL", &["SSSSSSSSSBSS"]),
    state("PL", &["9999999999"]),
    state("PT", &["999999999"]),
    state("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    state("SE", &["999999999999"]),
    state("SI", &["99999999"]),
    state("SK", &["9999999999"]),
];

/// Northern Ireland: in VIES, for goods, but no member state. Government departments and health authorities
/// have short ones.
const NORTHERN_IRELAND: MemberState =
    MemberState { country: "GB", prefix: "XI", shapes: &["999999999", "999999999999", "GD999", "HA999"] };

/// A VAT id that has the shape of its state's: upper case, without spaces, dots and dashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VatId(String);

/// Why a text is no VAT id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadVatId {
    /// It does not begin with the letters of a member state or of Northern Ireland.
    #[error("a VAT id begins with the two letters of its member state")]
    Prefix,
    /// The rest does not look like the ids of that state.
    #[error("a VAT id of {country} does not look like this")]
    Shape {
        /// ISO 3166-1 alpha-2.
        country: &'static str,
    },
}

impl VatId {
    /// The prefix that VIES asks for: `EL` for Greece, `XI` for Northern Ireland.
    pub fn prefix(&self) -> &str {
        &self.0[..2]
    }

    /// What follows the prefix.
    pub fn number(&self) -> &str {
        &self.0[2..]
    }

    /// ISO 3166-1 alpha-2 code of the country that gave it: `GR` for Greece, `GB` for Northern Ireland.
    pub fn country(&self) -> &'static str {
        by_prefix(self.prefix()).map_or("", |state| state.country)
    }
}

impl FromStr for VatId {
    type Err = BadVatId;

    /// Reads what people type: any case, with spaces, dots and dashes, and `GR` for Greece.
    fn from_str(text: &str) -> Result<Self, BadVatId> {
        let plain = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'));
        let plain: String = plain.map(|c| c.to_ascii_uppercase()).collect();
        let (prefix, number) = plain.split_at_checked(2).ok_or(BadVatId::Prefix)?;
        let state = by_prefix(if prefix == "GR" { "EL" } else { prefix }).ok_or(BadVatId::Prefix)?;
        if !state.shapes.iter().any(|shape| has_shape(number, shape)) {
            return Err(BadVatId::Shape { country: state.country });
        }
        Ok(Self(format!("{}{number}", state.prefix)))
    }
}

fn by_prefix(prefix: &str) -> Option<&'static MemberState> {
    MEMBER_STATES.iter().chain([&NORTHERN_IRELAND]).find(|state| state.prefix == prefix)
}

fn has_shape(number: &str, shape: &str) -> bool {
    let fits = |c: char, wanted: char| match wanted {
        '9' => c.is_ascii_digit(),
        'L' => c.is_ascii_uppercase(),
        'S' => c.is_ascii_uppercase() || c.is_ascii_digit() || c == '+' || c == '*',
        'F' => c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'O' && c != 'I'),
        'W' => ('A'..='W').contains(&c),
        'I' => ('A'..='I').contains(&c),
        literal => c == literal,
    };
    number.chars().count() == shape.len() && number.chars().zip(shape.chars()).all(|(c, w)| fits(c, w))
}

/// Whether a country (ISO 3166-1 alpha-2, upper case) is a member state of the European Union. Northern Ireland
/// is not: its VAT ids are for goods, and subscriptions are services.
pub fn is_member_state(country: &str) -> bool {
    MEMBER_STATES.iter().any(|state| state.country == country)
}

impl fmt::Display for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for VatId {
    type Error = BadVatId;
    fn try_from(text: String) -> Result<Self, BadVatId> {
        text.parse()
    }
}

impl From<VatId> for String {
    fn from(id: VatId) -> Self {
        id.0
    }
}
