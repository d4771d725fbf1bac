//! The hash chain of a series: every finalised document carries the hash of the one before it.
//!
//! `hash = SHA-256(previous hash ‖ canonical bytes)`, with 32 zero bytes before the first. Whoever edits, removes,
//! inserts or reorders documents has to change every later hash and the head of the series; a head that was noted
//! elsewhere (an export, an auditor's copy) then shows it.

use crate::currency::Currency;
use crate::tax::{TaxBehaviour, TaxRate};
use chrono::{Datelike, NaiveDate};
use data_encoding::HEXLOWER_PERMISSIVE;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// First bytes of all canonical bytes. A document keeps the version it was finalised under.
const VERSION: &[u8] = b"portico-document/1";

/// SHA-256 of a document and all before it in its series; written in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash([u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a hash of the document chain has 64 hexadecimal digits")]
pub struct BadHash;

impl ChainHash {
    /// What stands before the first document of a series.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl FromStr for ChainHash {
    type Err = BadHash;
    fn from_str(text: &str) -> Result<Self, BadHash> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| BadHash)?;
        bytes.try_into().map(Self).map_err(|_| BadHash)
    }
}

/// A finalised document, as far as it can never change: not what was paid of it later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalisedDocument {
    /// `invoice`, `credit_note` or `receipt`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Id of its series.
    pub series: String,
    /// Position in the series, from 1.
    pub seq: i64,
    /// Number as printed.
    pub number: String,
    /// Date as printed.
    pub issue_date: NaiveDate,
    /// The document it is about; credit notes name their invoice.
    pub about: Option<String>,
    /// Why it was written.
    pub reason: String,
    /// Id of the customer.
    pub customer: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Seller as stored.
    pub seller: String,
    /// Buyer as stored.
    pub buyer: String,
    /// Language it is written in.
    pub locale: String,
    /// Tax evidence as stored.
    pub tax_decision: Option<String>,
    /// Lines before discount.
    pub subtotal: i64,
    /// Taken off.
    pub discount: i64,
    /// Tax contained in the total.
    pub tax: i64,
    /// The total.
    pub total: i64,
    /// Its lines, in order.
    pub lines: Vec<FinalisedLine>,
}

/// A line of a finalised document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalisedLine {
    /// Its words.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// Price of one.
    pub unit_amount: i64,
    /// Before discount.
    pub amount: i64,
    /// Taken off.
    pub discount: i64,
    /// Its rate.
    pub tax_rate: TaxRate,
    /// Whether the amount contains the tax.
    pub tax_behaviour: TaxBehaviour,
    /// Without tax.
    pub net: i64,
    /// Its tax.
    pub tax: i64,
    /// First second it is for, Unix time.
    pub service_start: Option<i64>,
    /// First second after it, Unix time.
    pub service_end: Option<i64>,
    /// The formula as stored.
    pub formula: Option<String>,
}

impl FinalisedDocument {
    /// The bytes that are hashed: the version, then every field in the order of the struct. Each is written as its
    /// length (8 bytes, big endian) and its bytes, so no two documents share their bytes; numbers are 8 bytes, big
    /// endian; what is absent is one byte 0, what may be absent and is there follows a byte 1.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut out = Canonical(VERSION.to_vec());
        for text in [&self.kind, &self.id, &self.series] {
            out.text(text);
        }
        out.number(self.seq);
        out.text(&self.number);
        out.number(i64::from(self.issue_date.num_days_from_ce()));
        out.optional(self.about.as_deref(), Canonical::text);
        for text in [&self.reason, &self.customer] {
            out.text(text);
        }
        out.text(self.currency.code());
        for text in [&self.seller, &self.buyer, &self.locale] {
            out.text(text);
        }
        out.optional(self.tax_decision.as_deref(), Canonical::text);
        for amount in [self.subtotal, self.discount, self.tax, self.total] {
            out.number(amount);
        }
        out.length(self.lines.len());
        for line in &self.lines {
            line.write(&mut out);
        }
        out.0
    }
}

impl FinalisedLine {
    fn write(&self, out: &mut Canonical) {
        out.text(&self.description);
        for number in [self.quantity, self.unit_amount, self.amount, self.discount] {
            out.number(number);
        }
        out.number(i64::from(self.tax_rate.0));
        out.text(self.tax_behaviour.as_str());
        out.number(self.net);
        out.number(self.tax);
        out.optional(self.service_start, Canonical::number);
        out.optional(self.service_end, Canonical::number);
        out.optional(self.formula.as_deref(), Canonical::text);
    }
}

struct Canonical(Vec<u8>);

impl Canonical {
    fn length(&mut self, length: usize) {
        // A usize is never wider than 64 bits.
        self.0.extend((length as u64).to_be_bytes());
    }

    fn field(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend(bytes);
    }

    fn text(&mut self, text: &str) {
        self.field(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.field(&number.to_be_bytes());
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl Fn(&mut Self, T)) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// The hash of a document that follows `previous`.
pub fn next_hash(previous: ChainHash, canonical_bytes: &[u8]) -> ChainHash {
    let hash = Sha256::new().chain_update(previous.0).chain_update(canonical_bytes).finalize();
    ChainHash(hash.into())
}

/// A document as it is stored: what it says, and the hashes beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Position in the series.
    pub seq: i64,
    /// The stored hash of the document before.
    pub previous: ChainHash,
    /// The stored hash of this one.
    pub hash: ChainHash,
    /// Its bytes, made from the stored document now.
    pub canonical_bytes: Vec<u8>,
}

/// The first place where a chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrokenChain {
    /// Another document was expected here: one is missing, doubled or out of place.
    #[error("document {expected} of the series is missing or out of place")]
    Sequence {
        /// The position.
        expected: i64,
    },
    /// It does not follow the document before it.
    #[error("document {seq} of the series does not follow the one before it")]
    Previous {
        /// The position.
        seq: i64,
    },
    /// It is not what was hashed.
    #[error("document {seq} of the series was changed after it was finalised")]
    Changed {
        /// The position.
        seq: i64,
    },
    /// The series has another end than its head says.
    #[error("the series ends with document {last}, and its head says otherwise")]
    Head {
        /// Position of the last document; 0 if there is none.
        last: i64,
    },
}

/// Checks all documents of a series, in the order of their positions. `head` is the series' count of documents and
/// its last hash.
pub fn verify(links: &[Link], head: (i64, ChainHash)) -> Result<(), BrokenChain> {
    let mut at = (0, ChainHash::START);
    for link in links {
        let expected = at.0 + 1;
        if link.seq != expected {
            return Err(BrokenChain::Sequence { expected });
        }
        if link.previous != at.1 {
            return Err(BrokenChain::Previous { seq: link.seq });
        }
        if next_hash(link.previous, &link.canonical_bytes) != link.hash {
            return Err(BrokenChain::Changed { seq: link.seq });
        }
        at = (link.seq, link.hash);
    }
    if at == head { Ok(()) } else { Err(BrokenChain::Head { last: at.0 }) }
}
