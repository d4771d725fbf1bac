//! One document of every kind in every language of documents, with amounts from the domain's own rules.

use super::super::samples;
use domain::invoice::assemble::{Assembled, LineInput, assemble};
use domain::invoice::credit_note::{self, BilledLine, CreditReason, Part, Request, Taxed};
use domain::tax::{TaxBehaviour, TaxRate};
use templates::invoice::{
    Buyer, CreditNoteDocument, CreditedLine, InvoiceDocument, InvoiceLine, InvoicePayment, ReceiptDocument,
};
use templates::page::Method;
use templates::{Lang, Renderer, invoice};

/// Where a customer lives, and how the wares are called there.
struct Place {
    lang: &'static str,
    currency: &'static str,
    company: &'static str,
    address: [&'static str; 2],
    country: &'static str,
    vat_id: &'static str,
    plan: &'static str,
    storage: &'static str,
    comment: &'static str,
}

const PLACES: [Place; 6] = [
    Place {
        lang: "en",
        currency: "EUR",
        company: "Analytical Engines Ltd",
        address: ["12 St James's Square", "Dublin D02 XY45"],
        country: "IE",
        vat_id: "IE6388047V",
        plan: "Team plan, monthly",
        storage: "Extra storage, 500 GB, kept in the European Union & mirrored twice",
        comment: "two seats were not used",
    },
    Place {
        lang: "de",
        currency: "EUR",
        company: "Österreichische Brückenbau GmbH",
        address: ["Mariahilfer Straße 45", "1060 Wien"],
        country: "AT",
        vat_id: "ATU12345678",
        plan: "Tarif „Team“, monatlich",
        storage: "Zusätzlicher Speicher, 500 GB, in der Europäischen Union & doppelt gespiegelt",
        comment: "zwei Plätze wurden nicht genutzt",
    },
    Place {
        lang: "ar",
        currency: "EUR",
        company: "شركة المثال المحدودة",
        address: ["طريق الملك فهد 12", "الرياض 11564"],
        country: "NL",
        vat_id: "NL123456789B01",
        plan: "اشتراك شهري، خطة Team",
        storage: "مساحة تخزين إضافية 500 جيجابايت داخل الاتحاد الأوروبي",
        comment: "لم يُستخدم مقعدان",
    },
    Place {
        lang: "he",
        currency: "EUR",
        company: "חברת הדוגמה בע״מ",
        address: ["רחוב הרצל 12", "תל אביב 6688312"],
        country: "NL",
        vat_id: "NL123456789B01",
        plan: "מנוי חודשי, תוכנית Team",
        storage: "שטח אחסון נוסף 500 ג״ב באיחוד האירופי",
        comment: "שני מושבים לא נוצלו",
    },
    Place {
        lang: "ja",
        currency: "JPY",
        company: "株式会社サンプル 髙橋",
        address: ["東京都千代田区丸の内一丁目", "100-0005"],
        country: "NL",
        vat_id: "NL123456789B01",
        plan: "チームプラン、月額",
        storage: "追加ストレージ 500 GB、欧州連合内に保存、二重化",
        comment: "二席が未使用のため",
    },
    Place {
        lang: "th",
        currency: "EUR",
        company: "บริษัท ตัวอย่าง จำกัด",
        address: ["ถนนสุขุมวิท 21", "กรุงเทพมหานคร 10110"],
        country: "NL",
        vat_id: "NL123456789B01",
        plan: "แพ็กเกจทีม รายเดือน",
        storage: "พื้นที่จัดเก็บเพิ่ม 500 GB น้ำที่ปั่น",
        comment: "ไม่ได้ใช้สองที่นั่ง",
    },
];

/// A rendered document.
pub(super) struct Sample {
    /// Of its files.
    pub name: String,
    pub html: String,
    pub number: String,
}

/// Every kind in every language, and long invoices for both directions.
pub(super) fn every(words: &Renderer) -> Vec<Sample> {
    let mut samples: Vec<Sample> = PLACES.iter().flat_map(|place| kinds(words, place)).collect();
    for lang in ["de", "ar"] {
        let Some(place) = PLACES.iter().find(|place| place.lang == lang) else { continue };
        samples.push(of_invoice(words, place, "long", &long(place)));
    }
    samples
}

fn kinds(words: &Renderer, place: &Place) -> [Sample; 4] {
    let (note, receipt) = (credit_note(place), receipt(place));
    let sample = |kind: &str, html: Result<String, _>, number: &str| Sample {
        name: format!("{}-{kind}", place.lang),
        html: html.unwrap(),
        number: number.to_owned(),
    };
    [
        of_invoice(words, place, "invoice", &paid(place)),
        of_invoice(words, place, "reverse-charge", &reverse_charge(place)),
        sample("credit-note", invoice::credit_note_html(words, &note), &note.number),
        sample("receipt", invoice::receipt_html(words, &receipt), &receipt.number),
    ]
}

fn of_invoice(words: &Renderer, place: &Place, kind: &str, document: &InvoiceDocument) -> Sample {
    let html = invoice::invoice_html(words, document).unwrap();
    Sample { name: format!("{}-{kind}", place.lang), html, number: document.number.clone() }
}

/// An ordinary one, paid by card.
fn paid(place: &Place) -> InvoiceDocument {
    let document = sold(place, &wares(place), TaxRate(190_000), 0);
    InvoiceDocument { amount_paid: document.total, amount_due: 0, payment: Some(by_card()), ..document }
}

/// To a business in another country of the Union, with a discount and part of it paid from the balance.
fn reverse_charge(place: &Place) -> InvoiceDocument {
    let document = sold(place, &wares(place), TaxRate::ZERO, 12_000);
    InvoiceDocument {
        taxes: Vec::new(),
        reverse_charge: true,
        credit_applied: 20_000,
        amount_due: document.total - 20_000,
        ..document
    }
}

/// Sixty lines.
fn long(place: &Place) -> InvoiceDocument {
    let seats: Vec<_> = (1..=60).map(|seat| (format!("{} {seat}", place.plan), 1, 2_500)).collect();
    sold(place, &seats, TaxRate(190_000), 0)
}

/// Two seats and the storage are taken back: a part of it to the card, the rest to the balance.
fn credit_note(place: &Place) -> CreditNoteDocument {
    let invoice = paid(place);
    let amounts = amounts(&wares(place), TaxRate(190_000), 0);
    let billed = amounts.lines.iter().map(|line| BilledLine {
        rate: TaxRate(190_000),
        billed: Taxed { net: line.net, tax: line.tax },
        credited: Taxed::default(),
    });
    let billed: Vec<_> = billed.collect();
    let request = Request::Lines(vec![(0, Part::Net(20_000)), (1, Part::Rest)]);
    let credited = credit_note::credit(&billed, &request).unwrap();
    let line = |taken: &credit_note::CreditedLine| CreditedLine {
        description: invoice.lines[taken.line].description.clone(),
        period: invoice.lines[taken.line].period,
        tax_rate: TaxRate(190_000),
        net: taken.amount.net,
        tax: taken.amount.tax,
    };
    CreditNoteDocument {
        number: "CN-2026-00007".into(),
        issued_on: "2026-12-02".parse().unwrap(),
        reason: CreditReason::Goodwill,
        comment: Some(place.comment.to_owned()),
        lines: credited.lines.iter().map(line).collect(),
        taxes: credited.by_rate,
        total: credited.total,
        to_refund: credited.total - 5_000,
        refund_method: by_card().method,
        to_balance: 5_000,
        to_offset: 0,
        invoice,
    }
}

fn receipt(place: &Place) -> ReceiptDocument {
    let invoice = paid(place);
    ReceiptDocument {
        number: "RC-2026-00031".into(),
        payment: by_card(),
        amount: invoice.amount_paid,
        invoice,
    }
}

fn by_card() -> InvoicePayment {
    let method = Method { kind: "card".into(), brand: "visa".into(), last4: "4242".into() };
    InvoicePayment { on: "2026-11-21".parse().unwrap(), method: Some(method) }
}

/// Description, quantity and unit amount of each line.
type Wares = Vec<(String, i64, i64)>;

fn wares(place: &Place) -> Wares {
    vec![(place.plan.to_owned(), 12, 10_000), (place.storage.to_owned(), 1, 4_950)]
}

fn amounts(wares: &Wares, tax_rate: TaxRate, discount: i64) -> Assembled {
    let input = |(index, (_, quantity, unit_amount)): (usize, &(String, i64, i64))| LineInput {
        quantity: *quantity,
        unit_amount: *unit_amount,
        discount: if index == 0 { discount } else { 0 },
        tax_rate,
        behaviour: TaxBehaviour::Exclusive,
    };
    assemble(&wares.iter().enumerate().map(input).collect::<Vec<_>>()).unwrap()
}

/// An open invoice.
fn sold(place: &Place, wares: &Wares, tax_rate: TaxRate, discount: i64) -> InvoiceDocument {
    let amounts = amounts(wares, tax_rate, discount);
    let sample = samples::paid();
    let line = |(ware, line): (&(String, i64, i64), &domain::invoice::assemble::AssembledLine)| InvoiceLine {
        description: ware.0.clone(),
        period: sample.service,
        quantity: ware.1,
        unit_amount: ware.2,
        amount: line.amount,
        tax_rate,
    };
    InvoiceDocument {
        lang: Lang::parse(place.lang).unwrap(),
        currency: place.currency.parse().unwrap(),
        buyer: Buyer {
            name: String::new(),
            company: place.company.to_owned(),
            address: place.address.map(str::to_owned).to_vec(),
            country: place.country.to_owned(),
            vat_id: Some(place.vat_id.to_owned()),
        },
        lines: wares.iter().zip(&amounts.lines).map(line).collect(),
        subtotal: amounts.subtotal,
        discount: amounts.discount,
        taxes: amounts.by_rate,
        total: amounts.total,
        credit_applied: 0,
        amount_paid: 0,
        amount_due: amounts.total,
        payment: None,
        ..sample.clone()
    }
}
