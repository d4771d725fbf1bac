//! What an address must say to be saved.

use super::tax_id;
use engine::settings::Country;
use engine::text::one_line;
use engine::usecase::edit_customer::AddressEdit;
use serde::Deserialize;
use templates::page::{Address, FieldError};

/// Longest line of an address, in characters.
const LONGEST: usize = 200;

/// Longest postal code, in characters.
const LONGEST_CODE: usize = 20;

/// Countries without postal codes (Universal Postal Union).
const WITHOUT_CODES: &str = "AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GM GQ GY HK \
    JM KI KM KN KP LY ML MO MR MW NR NU PA QA RW SB SC SL SR SS ST SY TD TF TG TK TL TO TT TV UG VU YE ZW";

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    country: String,
    name: String,
    company: String,
    line1: String,
    line2: String,
    postal_code: String,
    city: String,
    region: String,
    tax_id: String,
    #[serde(rename = "return")]
    pub return_to: Option<String>,
}

impl Typed {
    /// The address, or what is wrong with each field, in the order of the form.
    pub(crate) fn check(&self) -> Result<AddressEdit, Vec<FieldError>> {
        let mut check = Check::default();
        let country = self.country.trim().to_owned();
        if Country::try_from(country.clone()).is_err() {
            check.refuse("country", "error-country");
        }
        let edit = AddressEdit {
            name: check.needed("name", &self.name, "error-name"),
            company: check.optional("company", &self.company),
            line1: check.needed("line1", &self.line1, "error-line1"),
            line2: check.optional("line2", &self.line2),
            postal_code: check.postal_code(&country, &self.postal_code),
            city: check.needed("city", &self.city, "error-city"),
            region: check.optional("region", &self.region),
            vat_id: check.tax_id(&country, &self.tax_id),
            country,
        };
        if check.errors.is_empty() { Ok(edit) } else { Err(check.errors) }
    }

    /// What was typed, to be shown again.
    pub(crate) fn values(self) -> Address {
        Address {
            name: self.name,
            company: self.company,
            lines: vec![self.line1, self.line2],
            postal_code: self.postal_code,
            city: self.city,
            region: self.region,
            country: self.country,
            tax_id: self.tax_id,
        }
    }
}

/// Collects what is wrong.
#[derive(Default)]
struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    fn refuse(&mut self, field: &str, message: &str) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    }

    fn short(&mut self, field: &str, typed: &str, longest: usize) -> String {
        let text = one_line(typed);
        if text.chars().count() > longest {
            self.refuse(field, "error-too-long");
        }
        text
    }

    fn needed(&mut self, field: &str, typed: &str, message: &str) -> String {
        let text = self.short(field, typed, LONGEST);
        if text.is_empty() {
            self.refuse(field, message);
        }
        text
    }

    fn optional(&mut self, field: &str, typed: &str) -> Option<String> {
        Some(self.short(field, typed, LONGEST)).filter(|text| !text.is_empty())
    }

    fn postal_code(&mut self, country: &str, typed: &str) -> String {
        let text = self.short("postal_code", typed, LONGEST_CODE);
        let has_codes = !WITHOUT_CODES.split_ascii_whitespace().any(|without| without == country);
        if text.is_empty() && has_codes {
            self.refuse("postal_code", "error-postal-code");
        }
        text
    }

    fn tax_id(&mut self, country: &str, typed: &str) -> Option<String> {
        let text = one_line(typed);
        if text.is_empty() {
            return None;
        }
        let number = tax_id::parse(country, &text);
        if number.is_none() {
            self.refuse("tax_id", "error-tax-id");
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Typed {
        Typed {
            country: "DE".into(),
            name: " Mina Okafor ".into(),
            line1: "Urbanstr. 71".into(),
            postal_code: "10967".into(),
            city: "Berlin".into(),
            ..Typed::default()
        }
    }

    fn wrong(typed: &Typed) -> Vec<(String, String)> {
        let errors = typed.check().expect_err("an address that is refused");
        errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    #[test]
    fn an_address_loses_what_is_around_its_fields() {
        let edit = berlin().check().expect("an address");
        assert_eq!((edit.name.as_str(), edit.company, edit.vat_id), ("Mina Okafor", None, None));
    }

    #[test]
    fn an_empty_form_names_every_field_it_needs() {
        let fields: Vec<String> = wrong(&Typed::default()).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["country", "name", "line1", "postal_code", "city"]);
    }

    #[test]
    fn some_countries_have_no_postal_codes() {
        let hong_kong = Typed { country: "HK".into(), postal_code: String::new(), ..berlin() };
        assert!(hong_kong.check().is_ok());
    }

    #[test]
    fn a_tax_id_must_be_one_of_the_country() {
        let with = |tax_id: &str| Typed { tax_id: tax_id.into(), ..berlin() };
        let edit = with("DE 123456789").check().expect("an address");
        assert_eq!(edit.vat_id.as_deref(), Some("DE123456789"));
        assert_eq!(wrong(&with("ATU12345678")), [("tax_id".into(), "error-tax-id".into())]);
    }

    #[test]
    fn nothing_is_longer_than_a_line() {
        let long = Typed { city: "x".repeat(201), ..berlin() };
        assert_eq!(wrong(&long), [("city".into(), "error-too-long".into())]);
    }
}
