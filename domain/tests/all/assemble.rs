use domain::invoice::assemble::{Assembled, LineInput, assemble};
use domain::money::MoneyError;
use domain::tax::TaxBehaviour::{self, Exclusive, Inclusive};
use domain::tax::TaxRate;
use proptest::prelude::*;

const TWENTY: TaxRate = TaxRate(200_000);
const NINETEEN: TaxRate = TaxRate(190_000);

fn line(unit_amount: i64, tax_rate: TaxRate, behaviour: TaxBehaviour) -> LineInput {
    LineInput { quantity: 1, unit_amount, discount: 0, tax_rate, behaviour }
}

fn taxes(invoice: &Assembled) -> Vec<i64> {
    invoice.lines.iter().map(|line| line.tax).collect()
}

#[test]
fn tax_is_rounded_once_per_document_and_shared_by_largest_remainder() {
    let nets = [6833, 6833, 5750, 8500].map(|net| line(net, TWENTY, Exclusive));
    let invoice = assemble(&nets).unwrap();
    assert_eq!((invoice.subtotal, invoice.tax, invoice.total), (27_916, 5583, 33_499));
    assert_eq!(taxes(&invoice), [1367, 1366, 1150, 1700]);
}

#[test]
fn an_inclusive_price_is_what_the_customer_pays() {
    let invoice = assemble(&[line(999, NINETEEN, Inclusive)]).unwrap();
    assert_eq!((invoice.total, invoice.tax, invoice.lines[0].net), (999, 160, 839));
}

#[test]
fn discounts_come_off_before_tax() {
    let seats = LineInput { quantity: 3, discount: 500, ..line(1000, NINETEEN, Exclusive) };
    let invoice = assemble(&[seats]).unwrap();
    assert_eq!((invoice.subtotal, invoice.discount, invoice.tax, invoice.total), (3000, 500, 475, 2975));
}

#[test]
fn each_rate_is_stated_with_its_taxable_amount() {
    let lines = [
        line(1000, NINETEEN, Exclusive),
        line(1070, TaxRate(70_000), Inclusive),
        line(500, TaxRate::ZERO, Exclusive),
    ];
    let by_rate = assemble(&lines).unwrap().by_rate;
    let stated: Vec<_> =
        by_rate.iter().map(|group| (group.rate.to_string(), group.taxable, group.tax)).collect();
    assert_eq!(stated, [("0".into(), 500, 0), ("7".into(), 1000, 70), ("19".into(), 1000, 190)]);
}

#[test]
fn a_credit_among_charges_carries_its_own_negative_tax() {
    let invoice = assemble(&[line(1000, NINETEEN, Exclusive), line(-500, NINETEEN, Exclusive)]).unwrap();
    assert_eq!(taxes(&invoice), [190, -95]);
    assert_eq!(invoice.total, 595);
}

#[test]
fn nothing_costs_nothing() {
    assert_eq!(assemble(&[]).unwrap().total, 0);
}

#[test]
fn what_does_not_fit_is_refused() {
    let lines = [line(i64::MAX, NINETEEN, Exclusive)];
    assert_eq!(assemble(&lines), Err(MoneyError::OutOfRange));
    let too_many = LineInput { quantity: 2, ..lines[0] };
    assert_eq!(assemble(&[too_many]), Err(MoneyError::OutOfRange));
}

fn any_line() -> impl Strategy<Value = LineInput> {
    let rate = prop::sample::select(vec![0, 55_000, 70_000, 81_000, 190_000, 200_000, 1_000_000]);
    let behaviour = prop::sample::select(TaxBehaviour::ALL);
    (1..50_i64, -20_000..20_000_i64, 0..900_i64, rate, behaviour).prop_map(
        |(quantity, unit_amount, discount, rate, behaviour)| LineInput {
            quantity,
            unit_amount,
            discount,
            tax_rate: TaxRate(rate),
            behaviour,
        },
    )
}

proptest! {
    #[test]
    fn lines_groups_and_totals_always_agree(inputs in prop::collection::vec(any_line(), 1..12)) {
        let invoice = assemble(&inputs).unwrap();
        prop_assert!(invoice.lines.iter().all(|line| line.net + line.tax == line.gross));
        for (input, line) in inputs.iter().zip(&invoice.lines) {
            let priced = if input.behaviour == Exclusive { line.net } else { line.gross };
            prop_assert_eq!(line.amount - line.discount, priced);
            // A share is the line's own exact tax, rounded one way or the other.
            let divisor = if input.behaviour == Exclusive { 1_000_000 } else { 1_000_000 + i128::from(input.tax_rate.0) };
            let off = i128::from(line.tax) * divisor - i128::from(priced) * i128::from(input.tax_rate.0);
            prop_assert!(off.abs() < divisor, "share of {line:?} is off");
        }
        let nets = invoice.lines.iter().map(|line| line.net).sum::<i64>();
        prop_assert_eq!(nets + invoice.tax, invoice.total);
        prop_assert_eq!(invoice.by_rate.iter().map(|group| group.tax).sum::<i64>(), invoice.tax);
        prop_assert_eq!(invoice.by_rate.iter().map(|group| group.taxable).sum::<i64>(), nets);
    }

    #[test]
    fn turning_every_sign_turns_every_amount(inputs in prop::collection::vec(any_line(), 1..12)) {
        let turned = inputs.iter().map(|i| LineInput { unit_amount: -i.unit_amount, discount: -i.discount, ..*i });
        let (there, back) = (assemble(&inputs).unwrap(), assemble(&turned.collect::<Vec<_>>()).unwrap());
        prop_assert_eq!(there.total, -back.total);
        prop_assert_eq!(taxes(&there), taxes(&back).into_iter().map(|tax| -tax).collect::<Vec<_>>());
    }
}
