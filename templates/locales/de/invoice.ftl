# Die Rechnung als Dokument (PDF).

document-invoice = Rechnung
document-number = Rechnungsnummer
document-issued = Rechnungsdatum
document-due = Fällig am
document-service = Leistungszeitraum
document-from = Rechnungssteller
document-to = Rechnungsempfänger
document-vat-id = USt-IdNr. { $id }

document-headline = { $amount } offen
document-headline-due = { $amount } fällig am { $date }
document-headline-paid = { $amount } bezahlt am { $date }

document-description = Beschreibung
document-quantity = Menge
document-unit-price = Einzelpreis
document-vat = USt.
document-amount = Betrag

document-subtotal = Zwischensumme
document-discount = Rabatt
document-tax = USt. { $rate } auf { $amount }
document-tax-included = Enthaltene USt. { $rate } auf { $amount }
document-total = Gesamtbetrag
document-credit = Angerechnetes Guthaben
document-paid = Bezahlt
document-owed = Offener Betrag

document-paid-with = Bezahlt am { $date } mit { $method }. Vielen Dank.
document-paid-on = Bezahlt am { $date }. Vielen Dank.
document-reverse-charge = Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge, Artikel 196 der Richtlinie 2006/112/EG).
document-page = Seite { $page } von { $pages }
