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
    let moving = Unpaid { attempt_open: true, ..unpaid(300) };
    let invoices = [unpaid(500), moving, unpaid(-20), unpaid(400)];
    assert_eq!(applied(700, &invoices), [500, 0, 0, 200]);
    assert_eq!(applied(-10, &invoices), [0; 4]);
}

#[test]
fn what_a_bank_took_back_is_not_paid_behind_the_customers_back() {
    assert_eq!(applied(700, &[Unpaid { disputed: true, ..unpaid(500) }, unpaid(400)]), [0, 400]);
}

#[test]
fn too_little_left_of_an_open_invoice_is_carried_to_the_next() {
    let paid = pay_oldest_first(970, &[unpaid(1000), unpaid(20)], MINIMUM);
    assert_eq!(paid, [opening(970, 30, 0), opening(0, 0, 20)]);
}

fn unpaid(due: i64) -> Unpaid {
    Unpaid { due, attempt_open: false, disputed: false }
}

fn applied(balance: i64, invoices: &[Unpaid]) -> Vec<i64> {
    pay_oldest_first(balance, invoices, MINIMUM).iter().map(|paid| paid.applied).collect()
}

proptest! {
    /// No more is paid than there is and than is due, and a later invoice only when none before it wants more.
    #[test]
    fn the_balance_pays_what_it_can_in_order(
        dues in prop::collection::vec((1..2000_i64, any::<bool>()), 1..20),
        balance in -49..20_000_i64,
        minimum in 0..200_i64,
    ) {
        let invoices: Vec<Unpaid> =
            dues.iter().map(|(due, attempt_open)| Unpaid { attempt_open: *attempt_open, ..unpaid(*due) }).collect();
        let paid = pay_oldest_first(balance, &invoices, minimum);
        let sum: i64 = paid.iter().map(|one| one.applied).sum();
        let payable: i64 = invoices.iter().filter(|one| !one.attempt_open).map(|one| one.due).sum();
        prop_assert_eq!(sum, balance.max(0).min(payable));
        let mut exhausted = false;
        for (invoice, one) in invoices.iter().zip(&paid) {
            prop_assert_eq!(one.applied + one.carried + one.due, invoice.due);
            prop_assert!(one.applied == 0 || !(exhausted || invoice.attempt_open));
            prop_assert!(one.applied == 0 || one.due == 0 || one.due >= minimum);
            exhausted |= !invoice.attempt_open && one.applied < invoice.due;
        }
    }

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
