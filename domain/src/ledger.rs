//! Double entry: the chart of accounts, and every movement of money as a posting.
//!
//! A posting is made of transfers from one account to another, so its entries add up to zero by construction.
//! Debits are positive. Three sums hold over the entries of a customer in one currency:
//!
//! - `receivable` is what is due on all invoices that are neither void nor given up, none counting as less than
//!   nothing;
//! - `customer_balance`, negated, is the customer's balance ([`balance_of`]);
//! - `refunds_payable`, negated, is what credit notes promise to pay back and no refund has paid yet.

use crate::currency::Currency;
use crate::invoice::credit_note::Split;
use crate::money::{Money, MoneyError};
use crate::words;
use Account::{BadDebt, CustomerBalance, ProviderClearing, Receivable, RefundsPayable, Revenue, TaxPayable};
use std::collections::BTreeMap;

words! {
    /// The chart of accounts; docs/billing.md explains each.
    Account {
        /// What customers owe.
        Receivable = "receivable",
        /// What we owe customers, or carry forward to their next invoice.
        CustomerBalance = "customer_balance",
        /// What was sold, without tax.
        Revenue = "revenue",
        /// Tax owed to the state.
        TaxPayable = "tax_payable",
        /// Money at the provider.
        ProviderClearing = "provider_clearing",
        /// Promised back to customers, and not yet paid back.
        RefundsPayable = "refunds_payable",
        /// Owed by customers, and given up.
        BadDebt = "bad_debt",
    }
}

words! {
    /// Why money moved.
    TxnKind {
        /// An invoice was opened.
        Invoice = "invoice",
        /// An invoice was withdrawn.
        Void = "void",
        /// A charge succeeded.
        Capture = "capture",
        /// A credit note was written.
        CreditNote = "credit_note",
        /// A refund succeeded.
        Refund = "refund",
        /// A refund will not succeed, and what it was to pay back went to the balance.
        RefundFailed = "refund_failed",
        /// A refund succeeded after all, and what it paid back left the balance.
        RefundRevived = "refund_revived",
        /// The balance paid an invoice, or what was carried forward was added to one.
        BalanceApplied = "balance_applied",
        /// Too little to charge: carried to the next invoice.
        CarryForward = "carry_forward",
        /// The bank took a payment back.
        DisputeOpened = "dispute_opened",
        /// The bank gave it back.
        DisputeWon = "dispute_won",
        /// An invoice was given up.
        WriteOff = "write_off",
    }
}

/// One side of a movement; debits are positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which account.
    pub account: Account,
    /// How much.
    pub amount: Money,
}

/// A movement of money, balanced in one currency. No account occurs twice, and no entry is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    kind: TxnKind,
    entries: Vec<Entry>,
}

impl Posting {
    /// Why money moved.
    pub fn kind(&self) -> TxnKind {
        self.kind
    }

    /// Its entries, in the order of the chart; none where nothing moves.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn of(kind: TxnKind, currency: Currency, transfers: &[Transfer]) -> Result<Self, MoneyError> {
        let mut sums = BTreeMap::<Account, i128>::new();
        for transfer in transfers {
            *sums.entry(transfer.debit).or_default() += i128::from(transfer.amount);
            *sums.entry(transfer.credit).or_default() -= i128::from(transfer.amount);
        }
        let moved = sums.into_iter().filter(|(_, sum)| *sum != 0);
        let entries = moved.map(|(account, sum)| {
            let minor = i64::try_from(sum).map_err(|_| MoneyError::OutOfRange)?;
            Ok(Entry { account, amount: Money::new(minor, currency) })
        });
        Ok(Self { kind, entries: entries.collect::<Result<_, _>>()? })
    }
}

/// The only thing postings are made of. A negative amount goes the other way.
#[derive(Clone, Copy)]
struct Transfer {
    debit: Account,
    credit: Account,
    amount: i64,
}

impl Transfer {
    const fn reversed(self) -> Self {
        transfer(self.credit, self.debit, self.amount)
    }
}

const fn transfer(debit: Account, credit: Account, amount: i64) -> Transfer {
    Transfer { debit, credit, amount }
}

/// An invoice was opened: what was sold and its tax are owed by the customer.
pub fn invoice_opened(currency: Currency, net: i64, tax: i64) -> Result<Posting, MoneyError> {
    Posting::of(TxnKind::Invoice, currency, &sale(net, tax))
}

/// An open invoice was withdrawn, of which nothing was paid: with net and tax less what was credited of it, all is
/// as if it had never been, and what the balance had paid is back in the balance.
pub fn invoice_voided(
    currency: Currency,
    net: i64,
    tax: i64,
    credit_applied: i64,
) -> Result<Posting, MoneyError> {
    let [revenue, tax] = sale(net, tax);
    let back = transfer(CustomerBalance, Receivable, credit_applied);
    Posting::of(TxnKind::Void, currency, &[revenue, tax, back].map(Transfer::reversed))
}

fn sale(net: i64, tax: i64) -> [Transfer; 2] {
    [transfer(Receivable, Revenue, net), transfer(Receivable, TaxPayable, tax)]
}

/// How an invoice stands when money comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// The invoice's currency.
    pub currency: Currency,
    /// What [`amount_due`](crate::invoice::state::amount_due) says: negative where too much was paid. A void
    /// invoice counts as one over nothing.
    pub due: i64,
    /// It was given up: what is due on it stands in `bad_debt`.
    pub given_up: bool,
}

/// Where a payment went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The movement.
    pub posting: Posting,
    /// Too much for the invoice: now in the customer's balance.
    pub to_balance: Money,
}

/// A charge succeeded. What the provider took is believed, whatever was asked for: it pays the invoice as far
/// as it is due, also one that was given up, and the rest belongs to the customer's balance. Money of another
/// currency pays nothing.
pub fn payment_succeeded(owed: &Owed, taken: Money) -> Result<Received, MoneyError> {
    received(TxnKind::Capture, owed, taken)
}

/// A disputed payment came back. If the customer has paid otherwise in the meantime, it is too much.
pub fn dispute_won(owed: &Owed, returned: Money) -> Result<Received, MoneyError> {
    received(TxnKind::DisputeWon, owed, returned)
}

fn received(kind: TxnKind, owed: &Owed, taken: Money) -> Result<Received, MoneyError> {
    let (posting, to_balance) = moved(kind, owed, taken.minor, taken.currency)?;
    Ok(Received { posting, to_balance })
}

/// Where a bank took a payment back from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// The movement.
    pub posting: Posting,
    /// The part that had been too much for the invoice: taken from the customer's balance.
    pub from_balance: Money,
}

/// The bank took a payment back (a dispute, a returned debit): what it had paid is owed again. A dispute that
/// is lost moves nothing more: the invoice stays owed until it is paid, credited or written off.
pub fn dispute_opened(owed: &Owed, taken: Money) -> Result<TakenBack, MoneyError> {
    let (posting, rest) = moved(TxnKind::DisputeOpened, owed, -taken.minor, taken.currency)?;
    Ok(TakenBack { posting, from_balance: Money::new(-rest.minor, rest.currency) })
}

/// Money comes in, or goes if `amount` is negative. What is owed on the invoice changes with it down to
/// nothing; the rest changes the customer's balance.
fn moved(
    kind: TxnKind,
    owed: &Owed,
    amount: i64,
    currency: Currency,
) -> Result<(Posting, Money), MoneyError> {
    let before = owed.due.max(0);
    let after = owed.due.checked_sub(amount).ok_or(MoneyError::OutOfRange)?.max(0);
    let on_invoice = if owed.currency == currency { before - after } else { 0 };
    let rest = amount.checked_sub(on_invoice).ok_or(MoneyError::OutOfRange)?;
    let invoice = if owed.given_up { BadDebt } else { Receivable };
    let transfers =
        [transfer(ProviderClearing, invoice, on_invoice), transfer(ProviderClearing, CustomerBalance, rest)];
    Ok((Posting::of(kind, currency, &transfers)?, Money::new(rest, currency)))
}

/// A credit note was written: the sale is taken back, against what was unpaid, into the balance and into what
/// is to be refunded. See [`settle`](crate::invoice::credit_note::settle) for the split.
pub fn credit_note(currency: Currency, net: i64, tax: i64, split: &Split) -> Result<Posting, MoneyError> {
    let [revenue, tax] = sale(net, tax).map(Transfer::reversed);
    let balance = transfer(Receivable, CustomerBalance, split.balance);
    let refund = transfer(Receivable, RefundsPayable, split.refund);
    Posting::of(TxnKind::CreditNote, currency, &[revenue, tax, balance, refund])
}

/// A refund succeeded.
pub fn refund_succeeded(paid_back: Money) -> Result<Posting, MoneyError> {
    let out = transfer(RefundsPayable, ProviderClearing, paid_back.minor);
    Posting::of(TxnKind::Refund, paid_back.currency, &[out])
}

/// A refund will not succeed, and a person has confirmed that it goes to the balance instead.
pub fn refund_failed(promised: Money) -> Result<Posting, MoneyError> {
    let kept = transfer(RefundsPayable, CustomerBalance, promised.minor);
    Posting::of(TxnKind::RefundFailed, promised.currency, &[kept])
}

/// A refund succeeded after all whose amount [`refund_failed`] had given to the balance: it leaves the balance again,
/// which may then owe.
pub fn refund_revived(promised: Money) -> Result<Posting, MoneyError> {
    let taken = transfer(CustomerBalance, RefundsPayable, promised.minor);
    Posting::of(TxnKind::RefundRevived, promised.currency, &[taken])
}

/// The balance paid an invoice. Negative where an amount carried forward is added to what is due.
pub fn balance_applied(applied: Money) -> Result<Posting, MoneyError> {
    let paid = transfer(CustomerBalance, Receivable, applied.minor);
    Posting::of(TxnKind::BalanceApplied, applied.currency, &[paid])
}

/// What is due is less than the provider charges: the next invoice collects it.
pub fn carried_forward(carried: Money) -> Result<Posting, MoneyError> {
    let later = transfer(CustomerBalance, Receivable, carried.minor);
    Posting::of(TxnKind::CarryForward, carried.currency, &[later])
}

/// An invoice was given up with this much due. A late payment takes it back out of `bad_debt`.
pub fn written_off(due: Money) -> Result<Posting, MoneyError> {
    let lost = transfer(BadDebt, Receivable, due.minor);
    Posting::of(TxnKind::WriteOff, due.currency, &[lost])
}

/// The customer's balance by the sum of its `customer_balance` entries: positive is the customer's money,
/// negative what the next invoice collects.
pub fn balance_of(entries: i128) -> Result<i64, MoneyError> {
    i64::try_from(-entries).map_err(|_| MoneyError::OutOfRange)
}
