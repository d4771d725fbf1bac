//! Invoices for the tests and for `examples/pdf.rs`.

use chrono::NaiveDate;
use domain::invoice::assemble::TaxGroup;
use domain::tax::{TaxBehaviour, TaxRate};
use templates::Lang;
use templates::invoice::{Buyer, InvoiceDocument, InvoiceLine, InvoicePayment, Seller};
use templates::page::{Method, Period};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

fn texts(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn november() -> Option<Period> {
    Some(Period { from: day("2026-11-01"), to: day("2026-11-30") })
}

fn line(description: &str, quantity: i64, unit_amount: i64, percent: u32) -> InvoiceLine {
    InvoiceLine {
        description: description.to_owned(),
        period: november(),
        quantity,
        unit_amount,
        amount: quantity * unit_amount,
        tax_rate: TaxRate(percent * 10_000),
    }
}

fn group(percent: u32, taxable: i64, tax: i64) -> TaxGroup {
    TaxGroup { rate: TaxRate(percent * 10_000), taxable, tax }
}

/// English, two lines, paid by card.
pub fn paid() -> InvoiceDocument {
    let Ok(currency) = "EUR".parse() else { unreachable!("the euro is a currency") };
    InvoiceDocument {
        lang: Lang::EN,
        brand: "Fieldnote".into(),
        color: [0x27, 0x43, 0xd6],
        number: "FN-2026-00042".into(),
        issued_on: day("2026-11-21"),
        due_on: Some(day("2026-12-05")),
        service: november(),
        seller: Seller {
            name: "Fieldnote Software GmbH".into(),
            address: texts(&["Torstraße 123", "10119 Berlin"]),
            country: "DE".into(),
            vat_id: Some("DE123456789".into()),
            registration: Some("Amtsgericht Berlin HRB 123456".into()),
            email: Some("billing@fieldnote.example".into()),
            website: Some("fieldnote.example".into()),
        },
        buyer: Buyer {
            name: "Ada Lovelace".into(),
            company: "Analytical Engines Ltd".into(),
            address: texts(&["12 St James's Square", "Dublin D02 XY45"]),
            country: "IE".into(),
            vat_id: Some("IE6388047V".into()),
        },
        currency,
        behaviour: TaxBehaviour::Exclusive,
        lines: vec![
            line("Team plan, monthly", 12, 10_000, 19),
            line("Extra storage, 500 GB, kept in the European Union & mirrored twice", 1, 4_950, 19),
        ],
        subtotal: 124_950,
        discount: 12_000,
        taxes: vec![group(19, 112_950, 21_461)],
        total: 134_411,
        credit_applied: 0,
        amount_paid: 134_411,
        amount_due: 0,
        payment: Some(InvoicePayment {
            on: day("2026-11-21"),
            method: Some(Method { kind: "card".into(), brand: "visa".into(), last4: "4242".into() }),
        }),
        reverse_charge: false,
        notes: Vec::new(),
    }
}

/// German, many lines of two rates, not paid yet.
pub fn long() -> InvoiceDocument {
    let seats = (1..=40).map(|n| line(&format!("Arbeitsplatz {n}, Tarif „Team“"), 1, 2_500, 19));
    let mut lines: Vec<_> = seats.collect();
    lines.push(line(
        "Handbuch zur Einführung, gedruckt, mit einem Umschlag aus Leinen und Lesebändchen",
        3,
        4_000,
        7,
    ));
    InvoiceDocument {
        lang: Lang::parse("de").unwrap_or(Lang::EN),
        number: "FN-2026-00043".into(),
        lines,
        subtotal: 112_000,
        discount: 0,
        taxes: vec![group(7, 12_000, 840), group(19, 100_000, 19_000)],
        total: 131_840,
        credit_applied: 1_840,
        amount_paid: 0,
        amount_due: 130_000,
        payment: None,
        notes: texts(&["Bitte überweisen Sie den Betrag unter Angabe der Rechnungsnummer."]),
        ..paid()
    }
}

/// Prices with tax inside, buyer and wares in the script of `lang`.
pub fn in_script(lang: &str, company: &str, address: &str, description: &str) -> InvoiceDocument {
    InvoiceDocument {
        lang: Lang::parse(lang).unwrap_or(Lang::EN),
        behaviour: TaxBehaviour::Inclusive,
        buyer: Buyer {
            name: String::new(),
            company: company.to_owned(),
            address: texts(&[address]),
            country: "DE".into(),
            vat_id: None,
        },
        lines: vec![line(description, 2, 5_950, 19)],
        subtotal: 11_900,
        discount: 0,
        taxes: vec![group(19, 10_000, 1_900)],
        total: 11_900,
        amount_paid: 11_900,
        ..paid()
    }
}

/// One invoice each in Arabic, Hebrew, Thai, Japanese, Chinese, Korean and Russian.
pub fn scripts() -> Vec<InvoiceDocument> {
    vec![
        in_script("ar", "شركة المثال المحدودة", "طريق الملك فهد 12، الرياض", "اشتراك شهري خطة Pro للفريق"),
        in_script("he", "חברת הדוגמה בע״מ", "רחוב הרצל 12, תל אביב", "מנוי חודשי Pro לצוות"),
        in_script("th", "บริษัท ตัวอย่าง จำกัด", "ถนนสุขุมวิท กรุงเทพมหานคร", "แพ็กเกจทีม รายเดือน น้ำที่ปั่น"),
        in_script("ja", "株式会社サンプル 髙橋", "東京都千代田区丸の内一丁目", "チームプラン、月額"),
        in_script("zh", "示例有限公司 堃喆", "上海市浦东新区世纪大道", "团队版，按月订阅"),
        in_script("ko", "주식회사 예시", "서울특별시 강남구 테헤란로 12", "팀 요금제, 월간"),
        in_script("ru", "ООО «Пример»", "Москва, Тверская ул., 12", "Тариф «Команда», ежемесячно"),
    ]
}
