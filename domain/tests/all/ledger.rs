//! The books of one customer, through any chain of invoices, payments, credits, refunds and disputes.

use domain::balance::{Unpaid, open, pay_oldest_first};
use domain::currency::Currency;
use domain::invoice::credit_note::{BilledLine, Request, Settlement, Taxed, credit, settle};
use domain::invoice::state::amount_due;
use domain::ledger::{self, Account, Owed, Posting, TxnKind, balance_of};
use domain::money::{Money, MoneyError};
use domain::payment::refund::{ChargeFacts, refundable};
use domain::tax::TaxRate;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn eur() -> Currency {
    "EUR".parse().unwrap()
}

/// The least that the provider charges.
const MINIMUM: i64 = 50;

fn money(minor: i64) -> Money {
    Money::new(minor, eur())
}

fn entries(posting: &Posting) -> Vec<(&str, i64)> {
    posting.entries().iter().map(|entry| (entry.account.as_str(), entry.amount.minor)).collect()
}

fn owed(due: i64) -> Owed {
    Owed { currency: eur(), due, given_up: false }
}

#[test]
fn an_invoice_and_its_payment() {
    let opened = ledger::invoice_opened(eur(), 4900, 931).unwrap();
    assert_eq!(opened.kind(), TxnKind::Invoice);
    assert_eq!(entries(&opened), [("receivable", 5831), ("revenue", -4900), ("tax_payable", -931)]);
    let paid = ledger::payment_succeeded(&owed(5831), money(5831)).unwrap();
    assert_eq!(entries(&paid.posting), [("receivable", -5831), ("provider_clearing", 5831)]);
    assert_eq!(paid.to_balance, money(0));
}

#[test]
fn what_is_taken_too_much_belongs_to_the_customer() {
    let paid = ledger::payment_succeeded(&owed(5831), money(5832)).unwrap();
    let expected = [("receivable", -5831), ("customer_balance", -1), ("provider_clearing", 5832)];
    assert_eq!(entries(&paid.posting), expected);
    let usd = Money::new(5831, "USD".parse().unwrap());
    let foreign = ledger::payment_succeeded(&owed(5831), usd).unwrap();
    assert_eq!(entries(&foreign.posting), [("customer_balance", -5831), ("provider_clearing", 5831)]);
    assert_eq!(foreign.to_balance, usd, "in the currency that was taken");
}

#[test]
fn a_late_payment_takes_an_invoice_back_out_of_bad_debt() {
    let given_up = ledger::written_off(money(5831)).unwrap();
    assert_eq!(entries(&given_up), [("receivable", -5831), ("bad_debt", 5831)]);
    let late = ledger::payment_succeeded(&Owed { given_up: true, ..owed(5831) }, money(5831)).unwrap();
    assert_eq!(entries(&late.posting), [("provider_clearing", 5831), ("bad_debt", -5831)]);
}

#[test]
fn a_credit_note_is_split_and_a_refund_pays_what_it_promised() {
    let split = settle(5831, Settlement::Refund, 1000, 4000);
    let note = ledger::credit_note(eur(), 4900, 931, &split).unwrap();
    let expected = [
        ("receivable", -1000),
        ("customer_balance", -831),
        ("revenue", 4900),
        ("tax_payable", 931),
        ("refunds_payable", -4000),
    ];
    assert_eq!(entries(&note), expected);
    let back = ledger::refund_succeeded(money(4000)).unwrap();
    assert_eq!(entries(&back), [("provider_clearing", -4000), ("refunds_payable", 4000)]);
    let kept = ledger::refund_failed(money(4000)).unwrap();
    assert_eq!(entries(&kept), [("customer_balance", -4000), ("refunds_payable", 4000)]);
}

#[test]
fn a_dispute_reopens_what_the_payment_had_paid() {
    let opened = ledger::dispute_opened(&owed(-1), money(5832)).unwrap();
    let expected = [("receivable", 5831), ("customer_balance", 1), ("provider_clearing", -5832)];
    assert_eq!(entries(&opened.posting), expected);
    let won = ledger::dispute_won(&owed(5831), money(5832)).unwrap();
    assert_eq!(won.to_balance, money(1));
}

#[test]
fn a_void_invoice_leaves_nothing_and_gives_the_balance_back() {
    let voided = ledger::invoice_voided(eur(), 4900, 931, 300).unwrap();
    let expected =
        [("receivable", -5531), ("customer_balance", -300), ("revenue", 4900), ("tax_payable", 931)];
    assert_eq!(entries(&voided), expected);
}

#[test]
fn an_amount_that_does_not_fit_is_refused() {
    assert_eq!(ledger::invoice_opened(eur(), i64::MAX, 1), Err(MoneyError::OutOfRange));
    assert_eq!(ledger::dispute_opened(&owed(i64::MAX), money(1)), Err(MoneyError::OutOfRange));
}

/// An invoice as the engine's row has it.
#[derive(Debug, Clone)]
struct Invoice {
    line: BilledLine,
    credit_applied: i64,
    carried: i64,
    paid: i64,
    offset: i64,
    refunds: i64,
    disputed: i64,
    given_up: bool,
    void: bool,
}

impl Invoice {
    fn total(&self) -> i64 {
        self.line.billed.net + self.line.billed.tax
    }

    fn due(&self) -> i64 {
        if self.void {
            return -self.paid;
        }
        amount_due(self.total(), self.credit_applied + self.carried, self.paid, self.offset).unwrap()
    }

    fn owed(&self) -> Owed {
        Owed { given_up: self.given_up, ..owed(self.due()) }
    }
}

/// One customer's invoices, and the sums of the entries posted for them.
#[derive(Default)]
struct Books {
    invoices: Vec<Invoice>,
    sums: BTreeMap<Account, i128>,
    promised: i64,
    /// What the provider holds, by its own count.
    at_provider: i64,
}

impl Books {
    fn post(&mut self, posting: &Posting) {
        for entry in posting.entries() {
            *self.sums.entry(entry.account).or_default() += i128::from(entry.amount.minor);
        }
    }

    fn sum(&self, account: Account) -> i128 {
        self.sums.get(&account).copied().unwrap_or(0)
    }

    fn balance(&self) -> i64 {
        balance_of(self.sum(Account::CustomerBalance)).unwrap()
    }

    fn invoice(&mut self, net: i64) {
        let tax = TaxRate(190_000).tax_of(i128::from(net), domain::tax::TaxBehaviour::Exclusive).unwrap();
        let opening = open(net + tax, self.balance(), MINIMUM).unwrap();
        let line =
            BilledLine { rate: TaxRate(190_000), billed: Taxed { net, tax }, credited: Taxed::default() };
        self.post(&ledger::invoice_opened(eur(), net, tax).unwrap());
        self.post(&ledger::balance_applied(money(opening.applied)).unwrap());
        self.post(&ledger::carried_forward(money(opening.carried)).unwrap());
        self.invoices.push(Invoice {
            line,
            credit_applied: opening.applied,
            carried: opening.carried,
            paid: 0,
            offset: 0,
            refunds: 0,
            disputed: 0,
            given_up: false,
            void: false,
        });
    }

    fn pay(&mut self, i: usize, taken: i64) {
        let received = ledger::payment_succeeded(&self.invoices[i].owed(), money(taken)).unwrap();
        self.post(&received.posting);
        self.invoices[i].paid += taken;
        self.at_provider += taken;
        if self.invoices[i].due() <= 0 {
            self.invoices[i].given_up = false;
        }
    }

    fn credit(&mut self, i: usize, amount: i64, wish: Settlement) {
        let invoice = &self.invoices[i];
        let due = if invoice.given_up { 0 } else { invoice.due() };
        let facts = ChargeFacts {
            taken: invoice.paid + invoice.disputed,
            refunds: invoice.refunds,
            disputed: invoice.disputed,
        };
        if invoice.void || invoice.given_up {
            return;
        }
        let Ok(note) = credit(&[invoice.line], &Request::Amount(amount)) else { return };
        let split = settle(note.total, wish, due, refundable(&facts));
        self.post(&ledger::credit_note(eur(), note.net, note.tax, &split).unwrap());
        let invoice = &mut self.invoices[i];
        invoice.line.credited.net += note.net;
        invoice.line.credited.tax += note.tax;
        invoice.offset += split.offset;
        invoice.refunds += split.refund;
        self.promised += split.refund;
    }

    fn refund(&mut self, amount: i64, succeeds: bool) {
        let amount = amount.min(self.promised);
        self.promised -= amount;
        if succeeds {
            self.post(&ledger::refund_succeeded(money(amount)).unwrap());
            self.at_provider -= amount;
        } else {
            self.post(&ledger::refund_failed(money(amount)).unwrap());
        }
    }

    fn dispute(&mut self, i: usize, amount: i64) {
        let amount = amount.min(self.invoices[i].paid - self.invoices[i].refunds);
        if amount <= 0 {
            return;
        }
        let opened = ledger::dispute_opened(&self.invoices[i].owed(), money(amount)).unwrap();
        self.post(&opened.posting);
        self.invoices[i].paid -= amount;
        self.invoices[i].disputed += amount;
        self.at_provider -= amount;
    }

    fn win(&mut self, i: usize) {
        let amount = std::mem::take(&mut self.invoices[i].disputed);
        let won = ledger::dispute_won(&self.invoices[i].owed(), money(amount)).unwrap();
        self.post(&won.posting);
        self.invoices[i].paid += amount;
        self.at_provider += amount;
    }

    fn give_up(&mut self, i: usize) {
        let invoice = &self.invoices[i];
        if invoice.void || invoice.given_up || invoice.due() <= 0 {
            return;
        }
        self.post(&ledger::written_off(money(self.invoices[i].due())).unwrap());
        self.invoices[i].given_up = true;
    }

    fn void(&mut self, i: usize) {
        let invoice = &self.invoices[i];
        let untouched =
            invoice.paid == 0 && invoice.disputed == 0 && invoice.line.credited == Taxed::default();
        if invoice.void || invoice.given_up || !untouched || invoice.carried != 0 {
            return;
        }
        let Taxed { net, tax } = invoice.line.billed;
        self.post(&ledger::invoice_voided(eur(), net, tax, self.invoices[i].credit_applied).unwrap());
        self.invoices[i].void = true;
    }

    fn apply_balance(&mut self) {
        let unpaid = |invoice: &Invoice| Unpaid {
            due: if invoice.given_up { 0 } else { invoice.due() },
            attempt_open: false,
            disputed: invoice.disputed > 0,
        };
        let unpaid: Vec<Unpaid> = self.invoices.iter().map(unpaid).collect();
        for (i, paid) in pay_oldest_first(self.balance(), &unpaid, MINIMUM).into_iter().enumerate() {
            self.post(&ledger::balance_applied(money(paid.applied)).unwrap());
            self.post(&ledger::carried_forward(money(paid.carried)).unwrap());
            self.invoices[i].credit_applied += paid.applied;
            self.invoices[i].carried += paid.carried;
        }
    }

    fn due(&self, given_up: bool) -> i128 {
        let some = self.invoices.iter().filter(|invoice| invoice.given_up == given_up);
        some.map(|invoice| i128::from(invoice.due().max(0))).sum()
    }
}

/// What may happen to the invoice at a position, modulo their number.
#[derive(Debug, Clone, Copy)]
enum Event {
    Invoice(i64),
    Pay(usize),
    PayOther(usize, i64),
    Credit(usize, i64, Settlement),
    Refund(i64, bool),
    Dispute(usize, i64),
    Win(usize),
    GiveUp(usize),
    Void(usize),
    ApplyBalance,
}

fn any_event() -> impl Strategy<Value = Event> {
    let at = || 0..4_usize;
    let amount = || 1..9000_i64;
    let wish = prop::sample::select(Settlement::ALL);
    prop_oneof![
        3 => (1..6000_i64).prop_map(Event::Invoice),
        3 => at().prop_map(Event::Pay),
        1 => (at(), amount()).prop_map(|(i, taken)| Event::PayOther(i, taken)),
        3 => (at(), amount(), wish).prop_map(|(i, amount, wish)| Event::Credit(i, amount, wish)),
        2 => (amount(), any::<bool>()).prop_map(|(amount, succeeds)| Event::Refund(amount, succeeds)),
        1 => (at(), amount()).prop_map(|(i, amount)| Event::Dispute(i, amount)),
        1 => at().prop_map(Event::Win),
        1 => at().prop_map(Event::GiveUp),
        1 => at().prop_map(Event::Void),
        1 => Just(Event::ApplyBalance),
    ]
}

fn happen(books: &mut Books, event: Event) {
    let count = books.invoices.len();
    match event {
        Event::Invoice(net) => books.invoice(net),
        Event::Refund(amount, succeeds) => books.refund(amount, succeeds),
        Event::ApplyBalance => books.apply_balance(),
        _ if count == 0 => {}
        Event::Pay(i) => {
            let due = books.invoices[i % count].due();
            if due > 0 {
                books.pay(i % count, due);
            }
        }
        Event::PayOther(i, taken) => books.pay(i % count, taken),
        Event::Credit(i, amount, wish) => books.credit(i % count, amount, wish),
        Event::Dispute(i, amount) => books.dispute(i % count, amount),
        Event::Win(i) => books.win(i % count),
        Event::GiveUp(i) => books.give_up(i % count),
        Event::Void(i) => books.void(i % count),
    }
}

proptest! {
    #[test]
    fn the_books_agree_with_the_invoices_after_every_event(events in prop::collection::vec(any_event(), 1..10)) {
        let mut books = Books::default();
        books.invoice(4900);
        for event in events {
            happen(&mut books, event);
            prop_assert_eq!(books.sums.values().sum::<i128>(), 0, "unbalanced after {:?}", event);
            prop_assert_eq!(books.sum(Account::Receivable), books.due(false), "receivable after {:?}", event);
            prop_assert_eq!(books.sum(Account::BadDebt), books.due(true), "bad debt after {:?}", event);
            prop_assert_eq!(books.sum(Account::RefundsPayable), -i128::from(books.promised));
            prop_assert_eq!(books.sum(Account::ProviderClearing), i128::from(books.at_provider));
        }
    }
}
