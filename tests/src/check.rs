//! The invariants of design/faults.md 2.2 at the end of a story: what Portico believes against the simulator's ledger.

use crate::simulator::Ledger;
use crate::world::World;
use chrono::TimeDelta;
use domain::payment::state::{AttemptState, Purpose};
use engine::ids::{InvoiceId, TenantId};
use engine::store;
use engine::store::attempts::Attempt;
use engine::store::invoices::Invoice;
use engine::store::jobs::JobState;
use std::collections::{BTreeMap, BTreeSet};

/// Everything about money that a business has written down.
struct Books {
    invoices: Vec<Invoice>,
    attempts: Vec<Attempt>,
    entries: Vec<(String, String, String, i64)>,
}

impl World {
    /// Asserts I1 to I6, I11, I15 and I16, and that nothing is left to do.
    ///
    /// # Panics
    /// When one of them does not hold.
    pub async fn check(&self) {
        self.check_with_copies(0).await;
    }

    /// As [`World::check`], where so many kills may each have doubled a mail.
    ///
    /// # Panics
    /// As [`World::check`].
    pub async fn check_with_copies(&self, kills: usize) {
        let ledger = self.simulator.ledger().await;
        let books: Vec<Books> = [&self.acme, &self.umbra].into_iter().map(|id| self.books(id)).collect();
        let all = |books: &[Books]| books.iter().flat_map(|b| b.attempts.clone()).collect::<Vec<_>>();
        nothing_taken_twice(&books, &ledger);
        same_charges(&all(&books), &ledger);
        same_refunds(&all(&books), &ledger);
        one_meaning_per_key(&ledger);
        for books in &books {
            postings_balance(books);
            invoices_agree_with_attempts(books);
            one_invoice_per_period(&books.invoices);
            numbers_without_gaps(&books.invoices);
        }
        self.nothing_left_to_do();
        self.no_mail_twice(kills);
    }

    fn books(&self, tenant: &TenantId) -> Books {
        let read = self.engine.db.read(|conn| {
            let (mut invoices, mut attempts) = (Vec::new(), Vec::new());
            for customer in store::customers::all(conn, tenant)? {
                invoices.extend(store::invoices::list(conn, tenant, &customer.id)?);
                attempts.extend(store::attempts::of_customer(conn, tenant, &customer.id)?);
            }
            let entries = store::ledger::entries(conn, tenant)?;
            Ok(Books { invoices, attempts, entries })
        });
        read.unwrap()
    }

    fn nothing_left_to_do(&self) {
        let now = self.wall.now();
        let (jobs, mails) = self
            .engine
            .db
            .read(|conn| {
                let mut mails = Vec::new();
                for tenant in [&self.acme, &self.umbra] {
                    // A mail waits for its next try at most twelve hours.
                    mails.extend(store::mails::due(conn, tenant, now + TimeDelta::days(1), 100)?);
                }
                Ok((store::jobs::counts(conn)?, mails))
            })
            .unwrap();
        let left: Vec<_> = jobs.iter().filter(|(_, state, _)| *state != JobState::Done).collect();
        assert!(left.is_empty(), "jobs are left: {left:?}");
        assert!(mails.is_empty(), "mails are left: {mails:?}");
    }

    fn no_mail_twice(&self, kills: usize) {
        let mut copies = BTreeMap::<String, usize>::new();
        for mail in self.mails() {
            *copies.entry(mail.message_id).or_default() += 1;
        }
        let spare: usize = copies.values().map(|n| n - 1).sum();
        assert!(spare <= kills, "I16: {spare} copies of mails after {kills} kills");
    }
}

fn nothing_taken_twice(books: &[Books], ledger: &Ledger) {
    let mut owed = BTreeMap::<&str, i64>::new();
    for invoice in books.iter().flat_map(|b| &b.invoices) {
        let most = owed.entry(&invoice.natural_ref).or_default();
        *most = invoice.total.max(*most);
    }
    let mut taken = BTreeMap::<&str, (usize, i64)>::new();
    for charge in ledger.taken() {
        let sum = taken.entry(&charge.reference).or_default();
        *sum = (sum.0 + 1, sum.1 + charge.amount);
    }
    for (reference, (charges, amount)) in taken {
        let owed = owed.get(reference).copied().unwrap_or(0);
        assert!(
            charges == 1 && amount <= owed,
            "I1: {charges} charges took {amount} of {owed} for {reference}"
        );
    }
}

/// I2 and I3: each charge is known, and none is invented.
fn same_charges(attempts: &[Attempt], ledger: &Ledger) {
    type Charge = (String, i64, String, String);
    let taken: BTreeSet<Charge> = ledger
        .taken()
        .into_iter()
        .map(|c| (c.key.clone().unwrap_or_default(), c.amount, c.currency.to_uppercase(), c.id.clone()))
        .collect();
    let believed: BTreeSet<Charge> = attempts
        .iter()
        .filter(|a| a.purpose == Purpose::Charge)
        .filter(|a| matches!(a.state, AttemptState::Succeeded | AttemptState::Reversed))
        .map(|a| {
            let reference = a.provider_ref.clone().unwrap_or_default();
            (a.idempotency_key.clone(), a.amount, a.currency.code().to_owned(), reference)
        })
        .collect();
    assert_eq!(taken, believed, "I2, I3: the ledger's charges on the left, ours on the right");
}

/// Each refund is known, and none is invented.
fn same_refunds(attempts: &[Attempt], ledger: &Ledger) {
    let key = |key: &Option<String>| key.clone().unwrap_or_default();
    // Those without a key were made by hand, at the service.
    let asked: Vec<_> = ledger.refunds.iter().filter(|refund| refund.key.is_some()).collect();
    let sent: BTreeSet<_> = asked.iter().map(|r| (key(&r.key), r.amount, r.id.clone())).collect();
    let believed: BTreeSet<_> = attempts
        .iter()
        .filter(|a| a.purpose == Purpose::Refund && a.state == AttemptState::Succeeded)
        .map(|a| (a.idempotency_key.clone(), a.amount, a.provider_ref.clone().unwrap_or_default()))
        .collect();
    assert_eq!(sent, believed, "the ledger's refunds on the left, ours on the right");
    assert_eq!(asked.len(), believed.len(), "a refund happened twice under one key");
}

fn one_meaning_per_key(ledger: &Ledger) {
    let mut meanings = BTreeMap::<String, BTreeSet<String>>::new();
    for sent in ledger.submissions() {
        let meaning = format!("{:?} {:?} {:?}", sent.amount, sent.currency, sent.payment_method);
        let key = sent.key.clone().expect("every submission has a key");
        meanings.entry(key).or_default().insert(meaning);
    }
    for (key, meanings) in meanings {
        assert_eq!(meanings.len(), 1, "I11: {key} was sent with {meanings:?}");
    }
}

fn postings_balance(books: &Books) {
    let mut sums = BTreeMap::<(&str, &str), i64>::new();
    for (txn, _, currency, amount) in &books.entries {
        *sums.entry((txn, currency)).or_default() += amount;
    }
    assert!(sums.values().all(|sum| *sum == 0), "I4: postings do not balance: {sums:?}");
    let captures: BTreeSet<_> =
        books.entries.iter().filter(|entry| entry.1 == "provider_clearing").map(|entry| &entry.0).collect();
    let succeeded = books.attempts.iter().filter(|a| a.state == AttemptState::Succeeded).count();
    let reversed = books.attempts.iter().filter(|a| a.state == AttemptState::Reversed).count();
    let expected = succeeded + 2 * reversed;
    assert_eq!(
        captures.len(),
        expected,
        "I4: one posting per successful attempt, two where a bank took it back"
    );
}

fn invoices_agree_with_attempts(books: &Books) {
    let of = |id: &InvoiceId| {
        let id = id.clone();
        books.attempts.iter().filter(move |a| a.invoice_id == id && a.purpose == Purpose::Charge)
    };
    for invoice in &books.invoices {
        let paid: i64 = of(&invoice.id).filter(|a| a.state.as_str() == "succeeded").map(|a| a.amount).sum();
        assert_eq!(invoice.amount_paid, paid, "I4: {} says it was paid otherwise", invoice.id);
        let open = of(&invoice.id).filter(|a| a.state.is_open()).count();
        assert!(open <= 1, "I5: {open} open attempts for {}", invoice.id);
    }
}

fn one_invoice_per_period(invoices: &[Invoice]) {
    let mut periods = BTreeMap::<String, Vec<&Invoice>>::new();
    let bills_a_period = |i: &&Invoice| i.period_index.is_some() && i.status.as_str() != "void";
    for invoice in invoices.iter().filter(bills_a_period) {
        if let Some(subscription) = &invoice.subscription_id {
            periods.entry(subscription.to_string()).or_default().push(invoice);
        }
    }
    for (subscription, mut invoices) in periods {
        invoices.sort_by_key(|invoice| invoice.period_index);
        for pair in invoices.windows(2) {
            assert!(pair[0].period_index < pair[1].period_index, "I6: {subscription} has a period twice");
            assert!(pair[0].period_end <= pair[1].period_start, "I6: periods of {subscription} overlap");
        }
    }
}

fn numbers_without_gaps(invoices: &[Invoice]) {
    let mut series = BTreeMap::<String, Vec<i64>>::new();
    for invoice in invoices {
        if let (Some(id), Some(seq)) = (&invoice.series_id, invoice.seq) {
            series.entry(id.to_string()).or_default().push(seq);
        }
    }
    for (id, mut numbers) in series {
        numbers.sort_unstable();
        let whole: Vec<i64> = (1..=i64::try_from(numbers.len()).unwrap()).collect();
        assert_eq!(numbers, whole, "I15: the numbers of series {id}");
    }
}
