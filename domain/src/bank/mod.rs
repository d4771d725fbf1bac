//! Payments by bank transfer: the reference that a customer writes, the code they scan, and the statement in which their
//! money arrives.

pub mod camt053;
pub mod epc_qr;
pub mod iban;
pub mod reference;

/// The remainder by 97 of ISO 7064, letters counting 10 to 35. None when anything else than letters and digits occurs.
fn mod97(text: impl Iterator<Item = char>) -> Option<u32> {
    text.map(|c| c.to_digit(36)).try_fold(0, |rest, digit| {
        let digit = digit?;
        Some(if digit < 10 { (rest * 10 + digit) % 97 } else { (rest * 100 + digit) % 97 })
    })
}

/// `text` in groups of four, as people read and write it.
fn grouped(text: &str) -> String {
    let mut grouped = String::new();
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(c);
    }
    grouped
}

/// As written on paper: without blanks, in capitals.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}
