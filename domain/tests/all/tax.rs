use domain::tax::TaxBehaviour::{Exclusive, Inclusive};
use domain::tax::TaxRate;
use proptest::prelude::*;

fn rate(percent: &str) -> TaxRate {
    percent.parse().unwrap()
}

#[test]
fn tax_is_contained_in_inclusive_and_added_to_exclusive_prices() {
    let contained = [(1200, "20"), (999, "19"), (1000, "7"), (1, "20")]
        .map(|(gross, percent)| rate(percent).tax_of(gross, Inclusive).unwrap());
    assert_eq!(contained, [200, 160, 65, 0]);
    assert_eq!(rate("20").tax_of(27_916, Exclusive).unwrap(), 5583);
}

#[test]
fn rates_read_and_write_in_per_cent() {
    assert_eq!(rate("19"), TaxRate(190_000));
    assert_eq!(rate("5.5"), TaxRate(55_000));
    assert_eq!(rate("0.0001"), TaxRate(1));
    assert_eq!(TaxRate(81_000).to_string(), "8.1");
    for bad in ["", "19%", "-1", "101", "1e2", "5.", ".5", "1.23456", "99999999999"] {
        assert!(bad.parse::<TaxRate>().is_err(), "{bad:?} is not a rate");
    }
}

proptest! {
    #[test]
    fn every_rate_survives_its_text(millionths in 0..=1_000_000_u32) {
        prop_assert_eq!(rate(&TaxRate(millionths).to_string()), TaxRate(millionths));
    }

    #[test]
    fn a_price_with_its_exclusive_tax_contains_that_tax(net in 0..10_000_000_000_i64, r in 0..=1_000_000_u32) {
        let tax = TaxRate(r).tax_of(i128::from(net), Exclusive).unwrap();
        prop_assert_eq!(TaxRate(r).tax_of(i128::from(net + tax), Inclusive).unwrap(), tax);
    }
}
