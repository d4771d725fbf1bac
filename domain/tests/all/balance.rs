use domain::balance::{Opening, Unpaid, open, pay_oldest_first, returned_debt};
use proptest::prelude::*;

const MINIMUM: i64 = 50;

fn opening(applied: i64, carried: i64, due: i64) -> Opening {
    Opening { applied, carried, due }
}

#[test]
fn the_balance_pays_first() {
    assert_eq!(open(1000, 0, MINIMUM), Ok(opening(0, 0, 1000)));
    assert_eq!(open(1000, 300, MINIMUM), Ok(opening(300, 0, 700)));
    assert_eq!(open(1000, 1000, MINIMUM), Ok(opening(1000, 0, 0)));
    assert_eq!(open(1000, 5000, MINIMUM), Ok(opening(1000, 0, 0)));
    assert_eq!(open(0, 5000, MINIMUM), Ok(opening(0, 0, 0)), "nothing to pay");
}

#[test]
fn what_gives_back_more_than_it_charges_goes_to_the_balance() {
    assert_eq!(open(-700, 0, MINIMUM), Ok(opening(-700, 0, 0)));
    assert_eq!(open(-700, -300, MINIMUM), Ok(opening(-700, 0, 0)), "what is owed comes off it there");
    assert_eq!(open(-20, 5000, MINIMUM), Ok(opening(-20, 0, 0)));
}

#[test]
fn too_little_to_charge_is_carried_to_the_next_invoice_and_collected_with_it() {
    assert_eq!(open(49, 0, MINIMUM), Ok(opening(0, 49, 0)));
    assert_eq!(open(50, 0, MINIMUM), Ok(opening(0, 0, 50)));
    assert_eq!(open(1000, 970, MINIMUM), Ok(opening(970, 30, 0)), "the balance left too little");
    assert_eq!(open(1000, -49, MINIMUM), Ok(opening(-49, 0, 1049)));
    assert_eq!(open(1, -48, MINIMUM), Ok(opening(-48, 49, 0)), "still too little, and not forgiven");
}

#[test]
fn a_debt_that_an_invoice_had_added_is_owed_again_as_far_as_nobody_paid_it() {
    assert_eq!(returned_debt(-300, 1300), 300);
    assert_eq!(returned_debt(-300, 100), 100, "1200 of 1300 were paid");
    assert_eq!(returned_debt(200, 800), 0, "the balance had paid a part");
    assert_eq!(returned_debt(-300, 0), 0);
}

#[test]
fn open_invoices_are_paid_oldest_first_and_not_while_money_is_under_way() {
    let unpaid = |due| Unpaid { due, attempt_open: false };
    let invoices = [unpaid(500), Unpaid { due: 300, attempt_open: true }, unpaid(-20), unpaid(400)];
    assert_eq!(pay_oldest_first(700, &invoices), [500, 0, 0, 200]);
    assert_eq!(pay_oldest_first(-10, &invoices), [0; 4]);
}

proptest! {
    /// What the customer has paid or owes is the same before and after, whoever carries it.
    #[test]
    fn nothing_is_forgiven_and_nothing_taken_twice(
        totals in prop::collection::vec(-500..2000_i64, 1..20),
        balance in -49..3000_i64,
        minimum in 0..200_i64,
    ) {
        let (mut left, mut charged) = (balance, 0);
        for total in &totals {
            let opening = open(*total, left, minimum).unwrap();
            prop_assert_eq!(opening.applied + opening.carried + opening.due, *total);
            prop_assert!(opening.due == 0 || opening.due >= minimum);
            left -= opening.applied + opening.carried;
            charged += opening.due;
        }
        prop_assert_eq!(charged - left, totals.iter().sum::<i64>() - balance);
        prop_assert!(left >= -minimum.max(49), "a debt stays smaller than what could be charged");
    }
}
