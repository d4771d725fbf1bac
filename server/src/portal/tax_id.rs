//! What tax numbers of customers look like, by country. The form only: whether a number is registered is for the
//! authorities to say.

/// Country and the shapes of its numbers: `9` a digit, `A` a letter, `X` either, everything else itself.
/// European Union: Council Directive 2006/112/EC, article 215, and the VIES list of structures. Also the United
/// Kingdom, Switzerland and Norway.
const SHAPES: &[(&str, &[&str])] = &[
    ("AT", &["ATU99999999"]),
    ("BE", &["BE0999999999", "BE1999999999"]),
    ("BG", &["BG999999999", "BG9999999999"]),
    ("CH", &["CHE999999999", "CHE999999999MWST", "CHE999999999TVA", "CHE999999999IVA"]),
    ("CY", &["CY99999999A"]),
    ("CZ", &["CZ99999999", "CZ999999999", "CZ9999999999"]),
    ("DE", &["DE999999999"]),
    ("DK", &["DK99999999"]),
    ("EE", &["EE999999999"]),
    ("ES", &["ESX9999999X"]),
    ("FI", &["FI99999999"]),
    ("FR", &["FRXX999999999"]),
    ("GB", &["GB999999999", "GB999999999999", "GBGD999", "GBHA999"]),
    ("GR", &["EL999999999"]),
    ("HR", &["HR99999999999"]),
    ("HU", &["HU99999999"]),
    ("IE", &["IE9X99999A", "IE9999999AA"]),
    ("IT", &["IT99999999999"]),
    ("LT", &["LT999999999", "LT999999999999"]),
    ("LU", &["LU99999999"]),
    ("LV", &["LV99999999999"]),
    ("MT", &["MT99999999"]),
    ("NL", &["NL999999999B99"]),
    ("NO", &["NO999999999", "NO999999999MVA"]),
    ("PL", &["PL9999999999"]),
    ("PT", &["PT999999999"]),
    (
        "RO",
        &[
            "RO99",
            "RO999",
            "RO9999",
            "RO99999",
            "RO999999",
            "RO9999999",
            "RO99999999",
            "RO999999999",
            "RO9999999999",
        ],
    ),
    ("SE", &["SE999999999999"]),
    ("SI", &["SI99999999"]),
    ("SK", &["SK9999999999"]),
];

/// Characters of a number of a country whose shapes are not known.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=30;

/// The number as it is written on invoices; `None` when no number of the country looks like it. Spaces, dots and
/// hyphens don't count where the shape is known.
pub(crate) fn parse(country: &str, typed: &str) -> Option<String> {
    let Some((_, shapes)) = SHAPES.iter().find(|(code, _)| *code == country) else {
        let plain = |c: char| c.is_ascii_alphanumeric() || " .-/".contains(c);
        return (LENGTHS.contains(&typed.len()) && typed.chars().all(plain)).then(|| typed.to_owned());
    };
    let number: String = typed.chars().filter(|c| !" .-".contains(*c)).collect();
    let number = number.to_ascii_uppercase();
    shapes.iter().any(|shape| fits(shape, &number)).then_some(number)
}

fn fits(shape: &str, number: &str) -> bool {
    let same = |(wanted, found): (char, char)| match wanted {
        '9' => found.is_ascii_digit(),
        'A' => found.is_ascii_uppercase(),
        'X' => found.is_ascii_digit() || found.is_ascii_uppercase(),
        literal => literal == found,
    };
    shape.chars().count() == number.chars().count() && shape.chars().zip(number.chars()).all(same)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn numbers_lose_their_spaces_and_get_capitals() {
        for (country, typed, number) in [
            ("DE", "de 123 456 789", "DE123456789"),
            ("AT", "ATU12345678", "ATU12345678"),
            ("GR", "EL 123456789", "EL123456789"),
            ("NL", "NL123456789B01", "NL123456789B01"),
            ("CH", "CHE-123.456.789 MWST", "CHE123456789MWST"),
            ("IE", "IE1234567WA", "IE1234567WA"),
        ] {
            assert_eq!(parse(country, typed).as_deref(), Some(number), "{typed}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for (country, typed) in [
            ("DE", "DE12345678"),
            ("DE", "ATU12345678"),
            ("DE", "123456789"),
            ("GR", "GR123456789"),
            ("RO", "RO1"),
            ("DE", "DE12345678٣"),
            ("US", "<script>"),
            ("US", "12"),
        ] {
            assert_eq!(parse(country, typed), None, "{typed}");
        }
    }

    #[test]
    fn countries_without_a_shape_take_what_looks_like_a_number() {
        assert_eq!(parse("US", "12-3456789").as_deref(), Some("12-3456789"));
    }
}
