use domain::invoice::assemble::{LineInput, assemble};
use domain::invoice::credit_note::Settlement::{Balance, Refund};
use domain::invoice::credit_note::{
    BilledLine, CreditError, CreditNote, Part, Request, Split, Taxed, credit, settle,
};
use domain::tax::TaxBehaviour::{self, Exclusive, Inclusive};
use domain::tax::TaxRate;
use proptest::prelude::*;

const SEVEN: TaxRate = TaxRate(70_000);
const NINETEEN: TaxRate = TaxRate(190_000);

/// An invoice over these unit amounts, and nothing credited of it.
fn invoice(lines: &[(i64, TaxRate, TaxBehaviour)]) -> Vec<BilledLine> {
    let inputs: Vec<LineInput> = lines
        .iter()
        .map(|&(unit_amount, tax_rate, behaviour)| LineInput {
            quantity: 1,
            unit_amount,
            discount: 0,
            tax_rate,
            behaviour,
        })
        .collect();
    let billed = assemble(&inputs).unwrap().lines;
    let line = |(input, line): (&LineInput, _)| {
        let domain::invoice::assemble::AssembledLine { net, tax, .. } = line;
        BilledLine { rate: input.tax_rate, billed: Taxed { net, tax }, credited: Taxed::default() }
    };
    inputs.iter().zip(billed).map(line).collect()
}

/// A book of 12.34 at 7 %, a subscription of 58.31 at 19 % and a guide of 9.99 with 7 % contained.
fn mixed() -> Vec<BilledLine> {
    invoice(&[(1234, SEVEN, Exclusive), (5831, NINETEEN, Exclusive), (999, SEVEN, Inclusive)])
}

fn total(lines: &[BilledLine]) -> i64 {
    lines.iter().map(|line| line.billed.net + line.billed.tax).sum()
}

/// Writes the note down on the invoice.
fn apply(lines: &mut [BilledLine], note: &CreditNote) {
    for taken in &note.lines {
        lines[taken.line].credited.net += taken.amount.net;
        lines[taken.line].credited.tax += taken.amount.tax;
    }
}

/// Nothing is left of any line, and so of no rate and of no total.
fn is_exhausted(lines: &[BilledLine]) -> bool {
    lines.iter().all(|line| line.billed == line.credited)
}

#[test]
fn a_full_refund_as_three_partial_ones_at_7_and_19_per_cent_is_the_invoice_to_the_cent() {
    let mut lines = mixed();
    let whole = total(&lines);
    let mut notes = Vec::new();
    for request in [Request::Amount(whole / 3), Request::Amount(whole / 3), Request::Whole] {
        let note = credit(&lines, &request).unwrap();
        apply(&mut lines, &note);
        notes.push(note);
    }
    assert!(is_exhausted(&lines));
    assert_eq!(whole, 9258);
    assert_eq!(notes.iter().map(|note| note.total).collect::<Vec<_>>(), [3086, 3086, 3086]);
    for (rate, taxable, tax) in [(SEVEN, 2168, 151), (NINETEEN, 5831, 1108)] {
        let groups = notes.iter().flat_map(|note| &note.by_rate).filter(|group| group.rate == rate);
        let (nets, taxes): (Vec<i64>, Vec<i64>) = groups.map(|group| (group.taxable, group.tax)).unzip();
        assert_eq!((nets.iter().sum::<i64>(), taxes.iter().sum::<i64>()), (taxable, tax), "at {rate} %");
    }
    assert_eq!(credit(&lines, &Request::Whole), Err(CreditError::NothingLeft));
}

#[test]
fn a_part_carries_the_tax_that_is_in_it() {
    let lines = invoice(&[(10_000, NINETEEN, Exclusive)]);
    let note = credit(&lines, &Request::Amount(1190)).unwrap();
    assert_eq!((note.net, note.tax, note.total), (1000, 190, 1190));
    let by_net = credit(&lines, &Request::Lines(vec![(0, Part::Net(483))])).unwrap();
    assert_eq!((by_net.net, by_net.tax), (483, 92), "19 % of 4.83 is 0.92");
}

#[test]
fn single_lines_can_be_credited() {
    let lines = mixed();
    let note = credit(&lines, &Request::Lines(vec![(1, Part::Rest), (2, Part::Gross(500))])).unwrap();
    let taken: Vec<_> = note.lines.iter().map(|line| (line.line, line.amount.net, line.amount.tax)).collect();
    assert_eq!(taken, [(1, 5831, 1108), (2, 467, 33)]);
}

#[test]
fn never_more_than_is_left() {
    let mut lines = mixed();
    let first = credit(&lines, &Request::Amount(9000)).unwrap();
    apply(&mut lines, &first);
    assert_eq!(credit(&lines, &Request::Amount(259)), Err(CreditError::MoreThanLeft { left: 258 }));
    for amount in [0, -1] {
        assert_eq!(credit(&lines, &Request::Amount(amount)), Err(CreditError::MoreThanLeft { left: 258 }));
    }
    for part in [Part::Gross(6940), Part::Net(5832), Part::Gross(0), Part::Net(-1)] {
        let refused = credit(&mixed(), &Request::Lines(vec![(1, part)]));
        assert_eq!(refused, Err(CreditError::Line(1)), "{part:?}");
    }
    let twice = Request::Lines(vec![(1, Part::Gross(1)), (1, Part::Gross(1))]);
    assert_eq!(credit(&mixed(), &twice), Err(CreditError::Line(1)));
    assert_eq!(credit(&mixed(), &Request::Lines(vec![(3, Part::Rest)])), Err(CreditError::Line(3)));
}

#[test]
fn an_invoice_that_gives_back_more_than_it_charges_is_worth_nothing_though_its_lines_are() {
    let lines = invoice(&[(1933, NINETEEN, Exclusive), (-2610, NINETEEN, Exclusive)]);
    let charge_alone = credit(&lines, &Request::Lines(vec![(0, Part::Rest)]));
    assert_eq!(charge_alone, Err(CreditError::MoreThanLeft { left: 0 }));
    let more_than_that = credit(&lines, &Request::Lines(vec![(0, Part::Net(1934))]));
    assert_eq!(more_than_that, Err(CreditError::Line(0)));
    assert_eq!(credit(&lines, &Request::Whole), Err(CreditError::NothingLeft));
}

#[test]
fn an_invoice_with_a_credit_inside_is_credited_up_to_what_it_charged() {
    let lines = invoice(&[(1933, NINETEEN, Exclusive), (-483, NINETEEN, Exclusive)]);
    let left = total(&lines);
    let charge_alone = credit(&lines, &Request::Lines(vec![(0, Part::Rest)]));
    assert_eq!(charge_alone, Err(CreditError::MoreThanLeft { left }));
    let by_line = credit(&lines, &Request::Lines(vec![(0, Part::Gross(left))]));
    assert_eq!(by_line, Err(CreditError::OnlyWhole), "the lines would not come out");
    let note = credit(&lines, &Request::Whole).unwrap();
    assert_eq!((note.net, note.total), (1450, left));
}

#[test]
fn what_is_unpaid_is_set_off_and_the_paid_part_goes_where_it_is_wished() {
    let split = |offset, balance, refund| Split { offset, balance, refund };
    assert_eq!(settle(1000, Balance, 0, 1000), split(0, 1000, 0));
    assert_eq!(settle(1000, Refund, 0, 1000), split(0, 0, 1000));
    assert_eq!(settle(1000, Refund, 400, 600), split(400, 0, 600));
    assert_eq!(settle(1000, Refund, 0, 300), split(0, 700, 300), "the balance gets back what it had paid");
    assert_eq!(settle(1000, Balance, 1000, 0), split(1000, 0, 0));
    assert_eq!(settle(1000, Refund, -50, 1000), split(0, 0, 1000), "overpaid: nothing is due");
}

fn any_invoice() -> impl Strategy<Value = Vec<BilledLine>> {
    let rate = prop::sample::select(vec![SEVEN, NINETEEN, TaxRate::ZERO, TaxRate(55_000)]);
    let behaviour = prop::sample::select(TaxBehaviour::ALL);
    // Some lines give back, as changes of plan do.
    let amount = prop_oneof![8 => 1..50_000_i64, 1 => -3000..0_i64, 1 => 0..9_i64];
    prop::collection::vec((amount, rate, behaviour), 1..7).prop_map(|lines| invoice(&lines))
}

/// What somebody asks to have credited, in thousandths of what is left.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Amount(i64),
    LineGross(usize, i64),
    LineNet(usize, i64),
    Line(usize),
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let part = 1..=1000_i64;
    prop_oneof![
        part.clone().prop_map(Wish::Amount),
        (0..7_usize, part.clone()).prop_map(|(line, part)| Wish::LineGross(line, part)),
        (0..7_usize, part).prop_map(|(line, part)| Wish::LineNet(line, part)),
        (0..7_usize).prop_map(Wish::Line),
    ]
}

fn request(wish: Wish, lines: &[BilledLine]) -> Request {
    let net = |line: usize| lines[line].billed.net - lines[line].credited.net;
    let gross = |line: usize| net(line) + lines[line].billed.tax - lines[line].credited.tax;
    match wish {
        Wish::Amount(part) => Request::Amount((0..lines.len()).map(gross).sum::<i64>() * part / 1000),
        Wish::LineGross(line, part) => {
            let line = line % lines.len();
            Request::Lines(vec![(line, Part::Gross(gross(line) * part / 1000))])
        }
        Wish::LineNet(line, part) => {
            let line = line % lines.len();
            Request::Lines(vec![(line, Part::Net(net(line) * part / 1000))])
        }
        Wish::Line(line) => Request::Lines(vec![(line % lines.len(), Part::Rest)]),
    }
}

proptest! {
    /// However an invoice is credited piece by piece, the last note makes the sum exact per line.
    #[test]
    fn all_credit_notes_together_are_the_invoice(
        mut lines in any_invoice(),
        wishes in prop::collection::vec(any_wish(), 0..6),
    ) {
        let mut left = total(&lines);
        for request in wishes.into_iter().map(|wish| request(wish, &lines)).collect::<Vec<_>>() {
            let Ok(note) = credit(&lines, &request) else { continue };
            apply(&mut lines, &note);
            prop_assert!(0 < note.total && note.total <= left, "{note:?} of {left}");
            left -= note.total;
            prop_assert_eq!(note.by_rate.iter().map(|g| (g.taxable, g.tax)).fold((0, 0), |s, g| (s.0 + g.0, s.1 + g.1)),
                (note.net, note.tax));
            for line in &lines {
                for (billed, credited) in [(line.billed.net, line.credited.net), (line.billed.tax, line.credited.tax)] {
                    prop_assert!(billed.signum() * credited.signum() >= 0 && credited.abs() <= billed.abs());
                }
            }
        }
        match credit(&lines, &Request::Whole) {
            Ok(last) => {
                prop_assert_eq!(last.total, left);
                apply(&mut lines, &last);
                prop_assert!(is_exhausted(&lines));
            }
            Err(refusal) => prop_assert!(refusal == CreditError::NothingLeft && left <= 0),
        }
        prop_assert!(left <= 0 || is_exhausted(&lines));
    }

    /// The tax of a part is the tax that the rate puts into it, to one minor unit.
    #[test]
    fn a_note_states_the_tax_of_its_rate(net in 1..1_000_000_i64, part in 1..1000_i64) {
        let lines = invoice(&[(net, NINETEEN, Exclusive)]);
        let amount = (total(&lines) * part / 1000).max(1);
        let note = credit(&lines, &Request::Amount(amount)).unwrap();
        let exact = NINETEEN.tax_of(i128::from(amount), Inclusive).unwrap();
        prop_assert!((note.tax - exact).abs() <= 1, "{} instead of {exact}", note.tax);
    }
}
